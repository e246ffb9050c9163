import { afterEach, expect, jest, test } from '@jest/globals';
import { follow } from '../../../src/cli/follow.js';
import { graphSoFar } from '../../../src/cli/graph-so-far.js';
import type { RunClient } from '../../../src/client/runs.js';
import { nodeIdOf } from '../../../src/domain/ids.js';
import type { SearchNode } from '../../../src/domain/node.js';
import type { GraphPage, RunResult } from '../../../src/domain/run-status.js';

afterEach(() => {
  jest.restoreAllMocks();
});

function finished(ordinal: number): SearchNode {
  const cost = { seconds: 1, gpuSeconds: 0, usd: 0, tokens: 0, executions: 1 };
  const id = nodeIdOf(ordinal + 1);
  const place = { parent: 'root', branch: id, operator: 'draft', depth: 1, debugDepth: 0 } as const;
  return { id, ordinal, ...place, status: 'failed', failure: 'timeout', family: 'linear', fingerprint: '', cost };
}

test('only what has finished since the last look is asked for, and all of it is given', async () => {
  const nodes = [finished(0), finished(1)];
  const asked: number[] = [];
  const graph = async (from = 0): Promise<GraphPage> => {
    asked.push(from);
    const fresh = nodes.filter(({ ordinal }) => ordinal >= from);
    const references = fresh.map(({ id }) => ({ from: nodeIdOf(99), to: id, kind: 'merge' as const }));
    return { nodes: fresh, references, inFlight: [] };
  };
  const look = graphSoFar({ graph });
  expect((await look()).nodes).toHaveLength(2);
  expect((await look()).nodes).toHaveLength(2);
  nodes.push(finished(2), finished(3));
  const last = await look();
  expect(last.nodes.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3]);
  expect(last.references.map(({ to }) => to)).toEqual(['n1', 'n2', 'n3', 'n4']);
  await look();
  expect(asked).toEqual([0, 2, 2, 4]);
});

test('a run that does not answer for long is told once, with the reason; a short silence is not', async () => {
  const said: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const watched = async (failures: number): Promise<void> => {
    let end: (result: RunResult) => void = () => undefined;
    let asked = 0;
    const silent = async (): Promise<never> => {
      asked += 1;
      if (asked === failures) end({} as RunResult);
      throw new Error('no worker polls the queue.');
    };
    const run = {
      status: silent,
      graph: silent,
      result: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    };
    // Status and graph are asked together: two failures a frame.
    await follow(run as unknown as RunClient, {}, async () => undefined, 1);
  };
  await watched(20);
  expect(said).toEqual([]);
  await watched(120);
  expect(said).toEqual([expect.stringMatching(/^The run does not answer: no worker polls the queue\. .*Ctrl-C/)]);
});
