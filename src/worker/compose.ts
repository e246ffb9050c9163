/** The composition root: which real thing stands behind each port of a worker. */
import { join } from 'node:path';
import type { Dependencies } from '../activities/dependencies.js';
import { createComposer } from '../authors/composer/composer.js';
import { modelOfServer } from '../authors/llm/environment.js';
import { createPythonEvaluator } from '../evaluation/python.js';
import { loadEntries } from '../knowledge/load.js';
import { seedKnowledge } from '../knowledge/seed.js';
import { createKnowledgeBase } from '../knowledge/store.js';
import { openStore } from '../store/store.js';
import { chooseAuthor } from './authors.js';
import { endingWithActivities } from './evaluator.js';
import { chooseExecutor } from './executor.js';
import { guardedBy } from './guarded.js';

export interface WorkerSettings {
  readonly mongodbUri: string;
  /** Interpreter with the pinned packages: candidates and the evaluator. */
  readonly python: string;
  readonly bwrap?: string;
  /** Root of the installed package. */
  readonly packageFolder: string;
  readonly blobFolder: string;
  readonly preparedFolder: string;
  readonly executionFolder: string;
  /** Cache of the embedded stack; programs may read the interpreter in it and nothing else. */
  readonly cacheFolder: string;
  /** host:port of the workflow engine. */
  readonly temporalAddress?: string;
}

/** Programs that are scored at the same time; each process holds the predictions that it compares with. */
const SCORING_PROCESSES = 2;

export interface Composition {
  readonly dependencies: Dependencies;
  /** Takes results from programs that run elsewhere; for a worker that runs programs. */
  serve(): Promise<void>;
  close(): Promise<void>;
}

export async function compose(
  settings: WorkerSettings & {
    /** Receives what the evaluator's processes write to standard error. */
    readonly onEvaluatorLog: (text: string) => void;
    /** Receives what the executor cannot do for now. */
    readonly onExecutorLog: (text: string) => void;
  },
): Promise<Composition> {
  const runtimeFolder = join(settings.packageFolder, 'python');
  const store = await openStore({ uri: settings.mongodbUri, blobFolder: settings.blobFolder });
  const entries = loadEntries();
  await seedKnowledge(store.database.db, entries);
  const { onEvaluatorLog: onLog } = settings;
  const processes = SCORING_PROCESSES;
  const evaluator = createPythonEvaluator({ python: settings.python, runtimeFolder, processes, onLog });
  const { executor, seenAs, serve, close } = chooseExecutor({ ...settings, runtimeFolder }, store.blobs);
  const composer = createComposer({
    entries,
    templatesFolder: join(settings.packageFolder, 'src', 'authors', 'composer', 'templates'),
  });
  const dependencies: Dependencies = {
    store,
    evaluator: endingWithActivities(evaluator),
    executor,
    authorFor: chooseAuthor(composer),
    modelFor: (model) => modelOfServer(model, process.env).model,
    knowledge: createKnowledgeBase({ db: store.database.db }),
    preparedFolder: settings.preparedFolder,
    guarded: guardedBy({ ...settings, runtimeFolder, ...(seenAs !== undefined && { seenAs }) }),
  };
  return {
    dependencies,
    serve,
    async close() {
      await close();
      await evaluator.close();
      await store.close();
    },
  };
}
