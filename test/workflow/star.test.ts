/** MLE-STAR's schedule as a whole run: the number of its programs, and that nothing that happens to its workers changes its graph. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { EvaluateInput, ExecuteInput, PackageInput } from '../../src/activities/contract.js';
import type { NodeId } from '../../src/domain/ids.js';
import type { SearchNode } from '../../src/domain/node.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import { Chain, openSandbox, type Sandbox } from '../support/activation-harness.js';
import { answerOf, SCRIPT, type Script, scriptedInput } from '../support/scripted-activities.js';

/** L (M + 3 merges that pay + T (1 + K)) + R = 2 (4 + 3 + 4 · 5) + 5, with the paper's numbers. */
const PROGRAMS = 59;
const COUNTS = { draft: 8, merge: 6, ablate: 8, 'refine-block': 32, aggregate: 5 };

let sandbox: Sandbox;
let chain: Chain;

/** Nothing fails, and a program scores what `worth` says of its number. */
function scoring(worth: (number: number) => number): Script {
  const at = (nodeId: NodeId): number => worth(Number(nodeId.slice(1)));
  const override: Script['override'] = (name, input) => {
    if (name !== 'evaluateNode') return undefined;
    const { nodeId, against } = input as EvaluateInput;
    const answer = answerOf(SCRIPT, name, input) as { readonly score: object };
    const versus = Object.fromEntries(
      Object.entries(against).map(([what, other]) => {
        const delta = at(nodeId) - at(other as NodeId);
        return [what, { against: other, delta, pairedSE: 0.0001, rows: 1000 }];
      }),
    );
    return { afterMs: 3, answer: { ...answer, score: { ...answer.score, value: at(nodeId) }, versus } };
  };
  return { ...SCRIPT, failing: 0, override };
}

/** Who comes later scores more: every merge and every plan pays. */
const RISING = scoring((number) => 0.5 + number / 1000);
/** All ties: merges take them, plans do not. */
const EQUAL = scoring(() => 0.7);

interface Run {
  readonly nodes: readonly SearchNode[];
  readonly references: GraphPage['references'];
  readonly status: RunStatus;
}

async function run(script: Script, slots: number, continueAsNewEvents?: number): Promise<Run> {
  const search = { policy: 'star', slots, executions: 1000 } as const;
  const more = continueAsNewEvents === undefined ? {} : { continueAsNewEvents };
  chain = await Chain.start(sandbox, script, scriptedInput(search, more));
  await chain.play();
  const { nodes, references } = await chain.query<GraphPage>('graph');
  return { nodes, references, status: await chain.query<RunStatus>('status') };
}

const counted = (nodes: readonly SearchNode[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(nodes.map(({ operator }) => operator))].map((operator) => [
      operator,
      nodes.filter((node) => node.operator === operator).length,
    ]),
  );

/** Through with its schedule, each program run once, the best of them run on all rows and delivered. */
function expectDelivered({ nodes, status }: Run): void {
  expect(counted(nodes)).toEqual(COUNTS);
  expect(status).toMatchObject({ phase: 'done', inFlight: [], executions: { spent: PROGRAMS } });
  expect(status.nodes).toMatchObject({ valid: PROGRAMS, failed: 0 });
  expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'exhausted', folder: '/results' } });
  expect([...chain.executions.keys()].filter((id) => id.endsWith('|refit'))).toEqual([`${status.best?.nodeId}|refit`]);
  expect(chain.executions.size).toBe(PROGRAMS + 1);
  expect(chain.of<PackageInput>('packageRun')).toMatchObject([{ refits: [{ nodeId: status.best?.nodeId }] }]);
  expect(nodes.find(({ id }) => id === status.best?.nodeId)?.operator).not.toBe('ablate');
}

/** How often a later link asked again for what was in flight, under the same id. */
function adopted(activity: 'executeNode' | 'evaluateNode'): number {
  const asked = chain.scheduled
    .filter(({ name }) => name === activity)
    .map(({ input }) => input as EvaluateInput | ExecuteInput)
    .map((input) => `${input.nodeId}|${'attempt' in input ? input.attempt : 'scored'}`);
  return asked.length - new Set(asked).size;
}

describe('the schedule of MLE-STAR', () => {
  let whole: Run;
  let commands: readonly string[];

  beforeAll(async () => {
    sandbox = await openSandbox();
    whole = await run(RISING, 1);
    commands = [...chain.commands];
    expectDelivered(whole);
    await chain.close();
  });
  afterEach(() => chain.close());
  afterAll(() => sandbox.destroy());

  test('is as long where all programs are equal, two at a time, over many links: merges take ties, plans do not', async () => {
    const tied = await run(EQUAL, 2, 100);
    expect(chain.lengths.length).toBeGreaterThan(5);
    expect(adopted('executeNode')).toBeGreaterThan(0);
    expectDelivered(tied);
    const parentsOf = ({ nodes }: Run) =>
      new Set(nodes.filter(({ operator }) => operator === 'refine-block').map(({ parent }) => parent)).size;
    expect(parentsOf(tied)).toBe(2);
    expect(parentsOf(whole)).toBe(8);
  });

  test('is replayed to the letter by a worker that has lost it', async () => {
    expect((await run(RISING, 1)).nodes).toEqual(whole.nodes);
    expect(chain.commands).toEqual(commands);
  });

  // Seven events are the fewest with which a link gets anything done: it hands over as soon as nothing is being proposed.
  test('comes to the same graph when the run continues as new at every event', async () => {
    const cut = await run(RISING, 1, 7);
    expect(chain.lengths.length).toBeGreaterThanOrEqual(2 * PROGRAMS);
    expect(adopted('executeNode')).toBeGreaterThanOrEqual(50);
    expect(adopted('evaluateNode')).toBe(PROGRAMS);
    expectDelivered(cut);
    expect(cut.nodes).toEqual(whole.nodes);
    expect(cut.references).toEqual(whole.references);
    const sequence = [...chain.recorded.keys()].sort((a, b) => a - b);
    expect(sequence).toEqual(sequence.map((_, index) => index));
    expect(chain.events().filter(({ kind }) => kind === 'finished')).toHaveLength(PROGRAMS);
  });
});
