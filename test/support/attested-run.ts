/** A task, really prepared by the evaluator, and a run of it in a memory store: ready for the isolation probe. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Guarded } from '../../src/activities/dependencies.js';
import type { PreparedTask } from '../../src/domain/split.js';
import type { TaskSource } from '../../src/domain/task.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { RUNTIME_FOLDER, testPython } from './execution-setup.js';
import { type MemoryStore, memoryStore, RUN } from './memory-store.js';

export interface AttestedRun {
  readonly root: string;
  readonly store: MemoryStore;
  readonly prepared: PreparedTask;
  readonly guarded: Guarded;
  close(): void;
}

/** 300 labelled rows in `mode`, private answers beside them, and the probe of the product. */
export async function attestedRun(mode: 'holdout' | 'folds'): Promise<AttestedRun> {
  const root = mkdtempSync(join(tmpdir(), 'automlgen-attested-'));
  chmodSync(root, 0o755);
  const source = writeTask(join(root, 'task'));
  const evaluator = createPythonEvaluator({ python: testPython(), runtimeFolder: RUNTIME_FOLDER });
  const folder = join(root, 'prepared', RUN);
  const prepared = await evaluator.prepare({ source, splitSeed: 1, mode, cheapPrograms: true, folder });
  await evaluator.close();
  const store = memoryStore();
  const run = store.saved.runs.get(RUN)!;
  store.saved.runs.set(RUN, { ...run, source, prepared });
  const guarded = {
    probe: join(RUNTIME_FOLDER, 'automlgen_runtime', 'isolation_probe.py'),
    places: [{ what: 'prepared tasks of other runs', path: join(root, 'prepared'), vital: true }],
    servers: [{ what: 'connect to nothing', host: '127.0.0.1', port: 1, vital: true }],
  };
  return { root, store, prepared, guarded, close: () => rmSync(root, { recursive: true, force: true }) };
}

function writeTask(folder: string): TaskSource {
  const privateFolder = join(folder, 'private');
  mkdirSync(folder);
  mkdirSync(privateFolder, { mode: 0o700 });
  const row = (index: number) => `${index},${(index * 37) % 101},${(index * 13) % 7}`;
  const label = (index: number) => ((index * 37) % 101 > 50 ? 'yes' : 'no');
  const rows = Array.from({ length: 400 }, (_, index) => index);
  const [train, test] = [rows.filter((index) => index % 4 !== 0), rows.filter((index) => index % 4 === 0)];
  const lines = (head: string, body: readonly string[]) => [head, ...body, ''].join('\n');
  writeFileSync(
    join(folder, 'train.csv'),
    lines(
      'id,a,b,y',
      train.map((index) => `${row(index)},${label(index)}`),
    ),
  );
  writeFileSync(join(folder, 'test.csv'), lines('id,a,b', test.map(row)));
  writeFileSync(
    join(privateFolder, 'answers.csv'),
    lines(
      'id,y',
      test.map((index) => `${index},${label(index)}`),
    ),
  );
  const task = { id: 'toy', train: 'train.csv', test: 'test.csv', target: 'y', metric: 'auc' as const, drop: [] };
  return { task, folder, privateFolder };
}
