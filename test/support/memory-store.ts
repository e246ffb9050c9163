/** A store that lives in memory, and a run in it that is ready to be searched. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodeId, type RunId, runIdOf } from '../../src/domain/ids.js';
import type { Lesson } from '../../src/domain/lesson.js';
import { RunConfig } from '../../src/domain/run-config.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import type { PreparedTask } from '../../src/domain/split.js';
import type { TaskSource } from '../../src/domain/task.js';
import { createBlobs } from '../../src/store/blobs.js';
import type { LedgerRow } from '../../src/store/ledger.js';
import { bestLessons, type Lessons } from '../../src/store/lessons.js';
import type { NodeRecord } from '../../src/store/nodes.js';
import type { RunRecord } from '../../src/store/runs.js';
import type { Store } from '../../src/store/store.js';
import { type MemoryCalls, memoryCalls } from './memory-calls.js';

export const RUN: RunId = runIdOf('weights', new Date('2026-01-02T00:00:00Z'), 'aaaaaa');

export const PREPARED: PreparedTask = {
  card: {
    taskId: 'weights',
    title: 'Weights',
    modality: 'tabular',
    taskType: 'regression',
    metric: 'rmse',
    direction: 'minimise',
    predictions: 'value',
    target: 'y',
    idColumn: 'id',
    submissionColumns: ['y'],
    targetRange: [0, 10],
    rows: { train: 100, test: 50 },
    columns: [{ name: 'x', kind: 'number', missing: 0, unique: 90, inTest: true }],
    regimes: ['tiny'],
    packages: { numpy: '2.4.0', pandas: '3.0.0', 'scikit-learn': '1.9.0' },
    warnings: [],
  },
  split: {
    mode: 'folds',
    reason: 'fewer than 5,000 labelled rows',
    relation: 'random',
    stratified: true,
    seed: 1,
    rows: { labelled: 100, search: 100, final: 0 },
    folds: 5,
    hash: 'f'.repeat(64),
  },
  views: { fold1: '/views/fold1', fold2: '/views/fold2', full: '/views/full' },
  hiddenFolder: '/hidden',
  predictionsFolder: '/predictions',
  baselineSubmission: '/baseline.csv',
  baseline: { value: 3, standardError: 0.1, rows: 100, direction: 'minimise', source: 'folds' },
};

const SOURCE: TaskSource = {
  task: { id: 'weights', train: 'train.csv', test: 'test.csv', target: 'y', metric: 'rmse', drop: [] },
  folder: '/tasks/weights',
};

export interface MemoryStore extends Store {
  readonly calls: MemoryCalls;
  readonly saved: {
    readonly runs: Map<RunId, RunRecord>;
    readonly nodes: Map<NodeId, NodeRecord>;
    readonly events: SearchEvent[];
    readonly ledger: Map<string, LedgerRow>;
  };
}

function memoryLessons(): Lessons {
  const saved = new Map<string, Lesson>();
  return {
    save: async (lessons) => {
      for (const lesson of lessons) saved.set(lesson.id, lesson);
    },
    recall: async (traits, { except, limit }) =>
      bestLessons(
        [...saved.values()].filter(({ id }) => !id.startsWith(`${except}/`)),
        traits,
        limit,
      ),
  };
}

export function memoryStore(): MemoryStore {
  const folder = mkdtempSync(join(tmpdir(), 'memory-store-'));
  const config = RunConfig.parse({
    search: {},
    limits: { cpus: 1, memoryMiB: 1024, diskMiB: 512, shmMiB: 64, gpus: 0, pids: 128 },
    resultsFolder: join(folder, 'results'),
  });
  const runs = new Map<RunId, RunRecord>([
    [RUN, { runId: RUN, source: SOURCE, config, startedAt: new Date(), prepared: PREPARED, sandbox: 'full' }],
  ]);
  const nodes = new Map<NodeId, NodeRecord>();
  const events: SearchEvent[] = [];
  const ledger = new Map<string, LedgerRow>();
  const merge = (id: NodeId, part: object): void => {
    nodes.set(id, { ...(nodes.get(id) ?? {}), ...part } as NodeRecord);
  };
  return {
    saved: { runs, nodes, events, ledger },
    blobs: createBlobs(join(folder, 'blobs')),
    runs: {
      save: async (run) => void runs.set(run.runId, { ...(runs.get(run.runId) ?? {}), ...run } as RunRecord),
      find: async (id) => runs.get(id),
      latest: async (limit) =>
        [...runs.values()].sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime()).slice(0, limit),
      beginningWith: async (prefix, limit) =>
        [...runs.values()]
          .filter(({ runId }) => runId.startsWith(prefix))
          .sort((a, b) => (a.runId < b.runId ? 1 : -1))
          .slice(0, limit),
    },
    nodes: {
      async propose(node) {
        const known = nodes.get(node.nodeId);
        const twin = [...nodes.values()].some(
          (other) => other.programRef && other.nodeId !== node.nodeId && other.fingerprint === node.fingerprint,
        );
        if (!known?.programRef && !twin) merge(node.nodeId, node);
        const kept = nodes.get(node.nodeId);
        return kept?.programRef ? kept : undefined;
      },
      save: async (node) => merge(node.nodeId, node),
      saveExecution: async (_run, id, execution) =>
        merge(id, { executions: { ...nodes.get(id)?.executions, [execution.attempt]: execution } }),
      settleView: async (runId, nodeId, viewRef) => {
        if (!nodes.has(nodeId)) merge(nodeId, { runId, nodeId, viewRef });
        return nodes.get(nodeId)?.viewRef ?? viewRef;
      },
      find: async (_run, id) => nodes.get(id),
      ofRun: async () => [...nodes.values()].filter((node) => node.programRef !== undefined),
    },
    events: {
      append: async (_run, from, fresh) => void events.splice(from, fresh.length, ...fresh),
      read: async () => events,
    },
    calls: memoryCalls(),
    lessons: memoryLessons(),
    ledger: {
      record: async (row) => void ledger.set(row.callId, row),
      ofRun: async () => [...ledger.values()],
      runOf: async (callId) => ledger.get(callId)?.runId,
    },
    database: { close: async () => undefined } as unknown as Store['database'],
    close: async () => undefined,
  };
}
