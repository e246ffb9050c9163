/** One run from its task to its results, in the real sandbox and without a server. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChooseInput, ExecuteInput, PackageInput, ProposeInput } from '../../src/activities/contract.js';
import type { NodeId } from '../../src/domain/ids.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import { apply } from '../../src/search/apply.js';
import { initialState } from '../../src/search/initial-state.js';
import type { CompetitionInput } from '../../src/workflows/input.js';
import { Chain, openSandbox, type Sandbox } from '../support/activation-harness.js';
import { SCRIPT, type Script, scriptedInput } from '../support/scripted-activities.js';

let sandbox: Sandbox;
let chain: Chain;

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

async function start(input: CompetitionInput, script: Partial<Script> = {}): Promise<Chain> {
  chain = await Chain.start(sandbox, { ...SCRIPT, ...script }, input);
  return chain;
}

describe('a run', () => {
  test('prepares, searches to its cap, refits the choice and packages it', async () => {
    await (await start(scriptedInput())).play();
    const status = await chain.query<RunStatus>('status');
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { folder: '/results', reason: 'executions' } });
    expect(status).toMatchObject({ phase: 'done', executions: { spent: 12, cap: 12 }, inFlight: [] });
    expect(status.nodes.valid + status.nodes.failed).toBe(12);
    const best = status.best?.nodeId;
    expect(chain.of<ExecuteInput>('executeNode').at(-1)).toMatchObject({
      nodeId: best,
      attempt: 'refit',
      views: ['full'],
    });
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([{ refits: [{ nodeId: best }], reason: 'executions' }]);
  });

  test('never runs more programs than it has slots, and uses all of them', async () => {
    await start(scriptedInput({ slots: 3, executions: 20 }));
    let most = 0;
    await chain.play(() => {
      most = Math.max(most, chain.running('executeNode'));
      return false;
    });
    expect(most).toBe(3);
    expect((await chain.query<RunStatus>('status')).utilisation).toBeGreaterThan(0.8);
  });

  test('takes no more slots than the executor has', async () => {
    await start(scriptedInput({ slots: 4 }), { capacity: 1 });
    let most = 0;
    await chain.play(() => {
      most = Math.max(most, chain.running('executeNode'));
      return false;
    });
    expect(most).toBe(1);
    expect((await chain.query<RunStatus>('status')).slots).toBe(1);
  });

  test('leaves events whose fold is the graph that it answers with', async () => {
    const input = scriptedInput();
    await (await start(input)).play();
    const start0 = initialState({ config: input.config.search, direction: 'maximise', startedMs: 0, slots: 2 });
    const startedMs = (await chain.query<RunStatus>('status')).startedMs;
    const folded = chain.events().reduce(apply, { ...start0, clock: { ...start0.clock, startedMs, nowMs: startedMs } });
    const graph = await chain.query<GraphPage>('graph');
    expect([...chain.recorded.keys()].sort((a, b) => a - b)).toEqual(chain.events().map((_, index) => index));
    expect(Object.values(folded.nodes).sort((a, b) => a.ordinal - b.ordinal)).toEqual(graph.nodes);
    expect(folded.reservations).toEqual([]);
  });

  test('costs at most 40 events and one record per node', async () => {
    await (await start(scriptedInput({ executions: 40, slots: 3 }))).play();
    expect((chain.lengths[0] ?? 0) / 40).toBeLessThan(40);
    expect(chain.of('recordEvents').length).toBeLessThanOrEqual(42);
  });

  test('puts each kind of work on its queue and names it', async () => {
    await (await start({ ...scriptedInput(), queuePrefix: 'blue-' })).play();
    const queues = new Map(chain.scheduled.map(({ name, queue }) => [name, queue]));
    expect(Object.fromEntries(queues)).toEqual({
      prepareRun: 'blue-evaluate',
      proposeNode: 'blue-author',
      executeNode: 'blue-execute-cpu',
      attestRun: 'blue-execute-cpu',
      evaluateNode: 'blue-evaluate',
      recordEvents: 'blue-search',
      chooseFinal: 'blue-evaluate',
      packageRun: 'blue-evaluate',
    });
    const child = chain.of<ProposeInput>('proposeNode').find((input) => input.parent !== undefined);
    const line = chain.scheduled.find(({ summary }) => summary.startsWith(`${child?.nodeId} `))?.summary;
    expect(line).toContain(`← ${child?.parent}`);
    expect(chain.scheduled.every(({ summary }) => summary !== '' && Buffer.byteLength(summary) <= 200)).toBe(true);
  });

  test('shows itself in the details and the search attributes', async () => {
    await (await start(scriptedInput())).play();
    const details = await chain.details();
    expect(details).toContain('**done** · best 0.');
    expect(details).toMatch(/executions █{20} 12 of 12/);
    expect(details.match(/^\| n\d+ \|/gm)).toHaveLength(5);
    const upserts = chain.commands.filter((command) => command.includes('SearchPhase'));
    expect(upserts.length).toBeGreaterThanOrEqual(4);
    expect(upserts.length).toBeLessThanOrEqual(8);
    expect(upserts.at(-1)).toContain('BestScore');
  });

  test('sets no attribute where the server does not know them', async () => {
    await (await start({ ...scriptedInput(), searchAttributes: false })).play();
    expect(chain.commands.some((command) => command.includes('SearchPhase'))).toBe(false);
    expect(chain.outcome?.kind).toBe('completed');
  });

  test('answers its graph by pages, and explains its nodes', async () => {
    await (await start(scriptedInput())).play();
    const first = await chain.query<GraphPage>('graph', { limit: 5 });
    const second = await chain.query<GraphPage>('graph', { from: first.next, limit: 500 });
    expect(first.nodes.map((node) => node.ordinal)).toEqual([0, 1, 2, 3, 4]);
    expect(second.nodes.map((node) => node.ordinal)).toEqual([5, 6, 7, 8, 9, 10, 11]);
    expect(second.next).toBeUndefined();
    const { id, parent, operator } = second.nodes[0]!;
    expect(await chain.query('explain', id)).toMatchObject({ nodeId: id, parent, operator, why: { policy: 'mcgs' } });
    expect(await chain.query('node', id)).toMatchObject({ kind: 'finished', node: { id } });
    await expect(chain.query('node', 'n999')).rejects.toThrow('no node n999');
    await expect(chain.query('explain', 'constructor')).rejects.toThrow('no node constructor');
  });
});

describe('folds', () => {
  const folds = { mode: 'folds', failing: 0.1 } as const;

  test('a program that has earned the other folds runs them in its slot, under an id of its own', async () => {
    await start(scriptedInput({ slots: 1, executions: 8 }), folds);
    let most = 0;
    await chain.play(() => {
      most = Math.max(most, chain.running('executeNode'));
      return false;
    });
    const runs = chain.of<ExecuteInput>('executeNode');
    const earned = runs.filter((run) => run.attempt === '1-folds');
    expect(earned.length).toBeGreaterThan(0);
    expect(earned.every((run) => run.views.join() === 'fold2,fold3,fold4,fold5')).toBe(true);
    expect(runs.filter((run) => run.attempt === '1')).toHaveLength(8);
    const scored = chain.of<{ nodeId: NodeId; outcomeRefs: string[] }>('evaluateNode');
    const again = scored.filter(({ nodeId }) => nodeId === earned[0]?.nodeId);
    expect(again.map(({ outcomeRefs }) => outcomeRefs.length)).toEqual([1, 2]);
    expect(most).toBe(1);
    expect((await chain.query<RunStatus>('status')).executions.spent).toBe(8);
  });

  test('the time of all folds is charged to the node', async () => {
    await start(scriptedInput({ slots: 1, executions: 6 }), {
      ...folds,
      executeMs: (input) => 100 * input.views.length,
    });
    await chain.play();
    const earned = new Set(
      chain.of<ExecuteInput>('executeNode').flatMap((run) => (run.attempt === '1-folds' ? [run.nodeId] : [])),
    );
    const { nodes } = await chain.query<GraphPage>('graph');
    expect(earned.size).toBeGreaterThan(0);
    for (const node of nodes) expect(node.cost.seconds).toBeCloseTo(earned.has(node.id) ? 0.5 : 0.1, 9);
  });

  test('a program that is cut short on its other folds keeps the score of its first', async () => {
    const executeMs = (input: ExecuteInput): number => (input.attempt === '1-folds' ? 3_600_000 : 200);
    await start(scriptedInput({ slots: 1, budgetMs: 60_000, executions: 50 }), { ...folds, failing: 0, executeMs });
    await chain.play();
    const { nodes } = await chain.query<GraphPage>('graph');
    const cut = chain.of<ExecuteInput>('executeNode').filter((run) => run.attempt === '1-folds');
    expect(cut).toHaveLength(1);
    const [long] = nodes.filter((node) => node.id === cut[0]?.nodeId);
    expect(long).toMatchObject({ status: 'valid', score: { value: expect.any(Number) } });
    expect(long?.cost.seconds).toBeGreaterThan(10);
    const [choice] = chain.of<ChooseInput>('chooseFinal');
    expect(choice?.nodes.map((node) => node.nodeId)).toContain(long?.id);
    expect(
      chain.events().filter((event) => 'nodeId' in event && event.nodeId === long?.id && event.kind === 'cancelled'),
    ).toEqual([]);
  });
});
