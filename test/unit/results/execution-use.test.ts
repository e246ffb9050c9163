import { expect, test } from '@jest/globals';
import { blobIdOf, executionIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import { executionLine, executionSection, executionUse } from '../../../src/results/execution-use.js';
import type { LedgerRow } from '../../../src/store/ledger.js';
import type { NodeExecution } from '../../../src/store/nodes.js';
import { RUN } from '../../support/memory-store.js';

const TRIED = [
  [1, '1', 'infrastructure', 3, 0],
  [1, '2', 'finished', 60, 30],
  [1, 'refit-2', 'finished', 90, 40],
  [2, '1', 'timeout', 120, 0],
  [2, 'refit', 'infrastructure', 5, 1],
] as const;

function world() {
  const nodes = [1, 2].map((number) => {
    const executions: Record<string, NodeExecution> = {};
    for (const [of, attempt, kind, seconds] of TRIED) {
      if (of !== number) continue;
      const executionId = executionIdOf(RUN, nodeIdOf(of), attempt);
      const told = { outcomeRef: blobIdOf('o'), message: '', cpuSeconds: 0, peakMemoryMiB: 0 };
      executions[attempt] = { executionId, attempt, kind, seconds, ...told };
    }
    return { executions };
  });
  const row = (callId: string, seconds: number, gpuSeconds: number): LedgerRow => ({
    runId: RUN,
    callId,
    nodeId: nodeIdOf(1),
    kind: 'execution',
    cost: { seconds, gpuSeconds, usd: 0, tokens: 0, executions: 1 },
    at: new Date(),
  });
  const ledger = TRIED.map(([of, attempt, , seconds, gpu]) =>
    row(executionIdOf(RUN, nodeIdOf(of), attempt), seconds, gpu),
  );
  return { nodes, ledger: [...ledger, row('probe', 0, 0)] };
}

test('what the machines gave is told apart: search, lost tries, runs on all labels', () => {
  const { nodes, ledger } = world();
  const use = executionUse(ledger, nodes);
  expect(use).toEqual({
    all: { executions: 5, seconds: 278, gpuSeconds: 71 },
    search: { executions: 2, seconds: 180, gpuSeconds: 30 },
    lost: { executions: 2, seconds: 8, gpuSeconds: 1 },
    refits: { executions: 1, seconds: 90, gpuSeconds: 40 },
  });
  expect(executionLine(use)).toBe(
    'programs 4 min 38 s in 5 executions, GPU 1 min 11 s · 2 lost to the machine, 8 s · 1 on all labels, 1 min 30 s',
  );
  expect(executionSection(use)).toMatch(/^## Machine time\n\n- programs 4 min 38 s/);
});

test('of one node only its own is counted, and nothing is no section', () => {
  const { nodes, ledger } = world();
  expect(executionLine(executionUse(ledger, nodes.slice(1)))).toBe(
    'programs 2 min 05 s in 2 executions, GPU 1 s · 1 lost to the machine, 5 s',
  );
  expect(executionLine(executionUse([], nodes))).toBe('programs 0 s in 0 executions');
  expect(executionSection(executionUse(ledger, []))).toBe('');
  expect(executionSection(undefined)).toBe('');
});
