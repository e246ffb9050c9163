/**
 * Records the golden histories: real runs on a real server with scripted activities, written to `test/workflow/histories`.
 * Started by `test/long/record-histories.test.ts`; docs/determinism.md says how and when.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { RunId } from '../../src/domain/ids.js';
import type { RunConfig } from '../../src/domain/run-config.js';
import type { RunStatus } from '../../src/domain/run-status.js';
import type { SearchConfig } from '../../src/domain/search-config.js';
import type { History } from '../../src/worker/replay.js';
import type { competitionWorkflow } from '../../src/workflows/competition.js';
import * as messages from '../../src/workflows/messages.js';
import { TASK_QUEUES } from '../../src/workflows/queues.js';
import { scriptedInput } from './scripted-activities.js';
import { bundleWorkflows } from './temporal-bundle.js';
import { killed, startTemporal } from './temporal-server.js';
import { compileWorker, startWorker } from './temporal-worker.js';
import type { WorkerOrder } from './temporal-worker-main.js';

/** What one history is of. `during` is called once the run searches. */
interface Scene {
  readonly name: string;
  readonly search?: Partial<SearchConfig>;
  readonly config?: Partial<RunConfig>;
  readonly inlineBytes?: number;
  readonly order?: Partial<WorkerOrder>;
  readonly during?: (stage: Stage) => Promise<void>;
}

interface Stage {
  readonly handle: Awaited<ReturnType<Client['workflow']['start']>>;
  /** Waits until so many nodes have finished. */
  nodes(count: number): Promise<void>;
  /** Waits until the program of a node runs, and a little more. */
  executing(nodeId: string): Promise<void>;
  /** Kills the worker and starts another. */
  replaceWorker(): Promise<void>;
}

const SCENES: readonly Scene[] = [
  { name: 'plain' },
  { name: 'folds', order: { mode: 'folds' } },
  { name: 'continued', search: { executions: 20 }, config: { continueAsNewEvents: 120 } },
  {
    name: 'parted',
    search: { executions: 14, slots: 1 },
    config: { continueAsNewEvents: 120 },
    inlineBytes: 5000,
  },
  { name: 'released', order: { lost: { n2: 4 } } },
  {
    name: 'cancelled',
    async during({ handle, nodes }) {
      await nodes(4);
      await handle.cancel();
    },
  },
  {
    name: 'paused',
    async during({ handle, nodes }) {
      await nodes(4);
      await handle.executeUpdate(messages.pauseUpdate);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await handle.executeUpdate(messages.resumeUpdate);
    },
  },
  {
    name: 'steered',
    search: { executions: 30 },
    async during({ handle, nodes }) {
      await nodes(4);
      const { best } = await handle.query<RunStatus>('status');
      const page = await handle.query(messages.graphQuery, { limit: 500 });
      const other = page.nodes.find((node) => node.id !== best?.nodeId);
      await handle.executeUpdate(messages.hintUpdate, { args: ['try ratios'] });
      await handle.executeUpdate(messages.setSlotsUpdate, { args: [3] });
      if (best) await handle.executeUpdate(messages.pinUpdate, { args: [best.nodeId] });
      if (other) await handle.executeUpdate(messages.pruneUpdate, { args: [other.id] });
      await handle.executeUpdate(messages.setBudgetUpdate, { args: [{ budgetMs: 7_200_000, executions: 20 }] });
      await nodes(10);
      await handle.executeUpdate(messages.finishUpdate);
    },
  },
  {
    name: 'worker-killed',
    order: { slow: { n4: 3000 } },
    async during({ executing, replaceWorker }) {
      await executing('n4');
      await replaceWorker();
    },
  },
];

const SUFFIX = '20261121-golden';

/** Records all scenes, or `only` one, and returns the names of all. Histories of a continued run are numbered by their link. */
export async function recordHistories(folder: string, only?: string): Promise<readonly string[]> {
  const scenes = SCENES.filter(({ name }) => only === undefined || name === only);
  const scratch = mkdtempSync(join(tmpdir(), 'automlgen-record-'));
  const program = compileWorker(scratch);
  const { codePath } = await bundleWorkflows();
  const server = await startTemporal();
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (scenes.some((scene) => new RegExp(`^${scene.name}(-\\d+)?\\.json$`).test(name))) rmSync(join(folder, name));
  }
  try {
    for (const scene of scenes) {
      const order = { baseMs: 60, spreadMs: 150, slow: {}, failing: 0.2, ...scene.order };
      const newWorker = () => startWorker(program, { address: server.address, codePath, folder: scratch, ...order });
      await recordScene(scene, client, newWorker, folder);
    }
  } finally {
    await connection.close();
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  return readdirSync(folder).sort();
}

async function recordScene(
  scene: Scene,
  client: Client,
  newWorker: () => Promise<ChildProcess>,
  folder: string,
): Promise<void> {
  let worker = await newWorker();
  const runId = `${scene.name}-${SUFFIX}` as RunId;
  const handle = await client.workflow.start<typeof competitionWorkflow>('competitionWorkflow', {
    workflowId: runId,
    taskQueue: TASK_QUEUES.search,
    args: [
      {
        ...scriptedInput({ executions: 12, ...scene.search }, scene.config, runId),
        ...(scene.inlineBytes !== undefined && { inlineBytes: scene.inlineBytes }),
      },
    ],
  });
  const count = async () => {
    const { nodes } = await handle.query<RunStatus>('status');
    return nodes.valid + nodes.failed;
  };
  await scene.during?.({
    handle,
    async nodes(least) {
      while ((await count()) < least) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async executing(nodeId) {
      const runs = async () =>
        (await handle.query<RunStatus>('status')).inFlight.some(
          (work) => work.nodeId === nodeId && work.phase === 'executing',
        );
      while (!(await runs())) await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => setTimeout(resolve, 700));
    },
    async replaceWorker() {
      await killed(worker);
      worker = await newWorker();
    },
  });
  await handle.result().catch((error: unknown) => {
    if (scene.name !== 'cancelled') throw error;
  });
  await saveLinks(client, runId, handle.firstExecutionRunId, join(folder, scene.name));
  await killed(worker);
}

/** Follows the chain from its first link and saves each history. */
async function saveLinks(client: Client, workflowId: string, first: string, path: string): Promise<void> {
  let link: string | undefined = first;
  for (let number = 1; link !== undefined; number += 1) {
    const history: History = await client.workflow.getHandle(workflowId, link).fetchHistory();
    link = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    const name = number === 1 && link === undefined ? path : `${path}-${number}`;
    writeFileSync(`${name}.json`, `${JSON.stringify(JSON.parse(historyToJSON(history)))}\n`);
  }
}
