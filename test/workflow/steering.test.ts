/** Orders to a run: what they change, and that a wrong one leaves no trace. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChooseInput, ProposeInput } from '../../src/activities/contract.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import { NO_COST } from '../../src/search/cost.js';
import { Chain, openSandbox, type Sandbox } from '../support/activation-harness.js';
import { SCRIPT, type Script, scriptedInput } from '../support/scripted-activities.js';

let sandbox: Sandbox;
let chain: Chain;

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

const status = () => chain.query<RunStatus>('status');
const finished = async () => (await chain.query<GraphPage>('graph')).nodes;
const proposals = () => chain.of<ProposeInput>('proposeNode').length;

/** A run of which some nodes have finished and two programs are running. */
async function midway(search = {}, script: Partial<Script> = {}): Promise<Chain> {
  chain = await Chain.start(
    sandbox,
    { ...SCRIPT, failing: 0.3, ...script },
    scriptedInput({ executions: 30, ...search }),
  );
  return chain.play(() => proposals() >= 8 && chain.running('executeNode') === 2);
}

describe('pause and resume', () => {
  test('a pause lets programs end, starts nothing, and stops the clock', async () => {
    await midway();
    const before = proposals();
    expect(await chain.update('pause')).toMatchObject({ kind: 'completed', value: { phase: 'paused' } });
    await chain.wait(60_000);
    const paused = await status();
    expect(paused).toMatchObject({ phase: 'paused', inFlight: [] });
    expect(proposals()).toBe(before);
    await chain.wait(3_000_000);
    expect((await status()).elapsedMs).toBe(paused.elapsedMs);
    await chain.update('resume');
    await chain.play();
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'executions' } });
    expect((await finished()).length).toBe(30);
  });

  test('asked to finish while paused, a run delivers', async () => {
    await midway();
    await chain.update('pause');
    await chain.wait(10_000);
    expect(await chain.update('finish')).toMatchObject({ kind: 'completed' });
    await chain.play();
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'asked' } });
  });
});

describe('limits', () => {
  test('finish ends the search at once and charges nothing for what was stopped', async () => {
    await midway();
    const before = (await finished()).length;
    const at = chain.nowMs;
    await chain.update('finish');
    await chain.play();
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'asked' } });
    expect((await finished()).length).toBe(before);
    expect(chain.nowMs - at).toBeLessThan(5_000);
  });

  test('a spent time budget ends the search before its reserve begins', async () => {
    chain = await Chain.start(sandbox, SCRIPT, scriptedInput({ budgetMs: 20_000, executions: 10_000 }));
    await chain.play();
    const { startedMs, nowMs } = await status();
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'budget' } });
    expect(chain.scheduled.find(({ name }) => name === 'chooseFinal')?.atMs).toBeLessThanOrEqual(startedMs + 17_100);
    expect(nowMs - startedMs).toBeLessThanOrEqual(20_000);
  });

  test('a smaller budget cancels what no longer fits, and starts nothing more', async () => {
    await midway();
    const { executions } = await status();
    await chain.update('setBudget', { executions: executions.spent + 1 });
    await chain.wait(1);
    expect((await status()).inFlight.length).toBeLessThan(2);
    const started = chain.of('executeNode').length;
    await chain.play();
    expect(chain.of('executeNode').length).toBe(started + 1);
    expect(chain.outcome).toMatchObject({ result: { reason: 'executions' } });
  });

  test('more slots run more programs at once', async () => {
    await midway();
    await chain.update('setSlots', 4);
    let most = 0;
    await chain.play(() => {
      most = Math.max(most, chain.running('executeNode'));
      return false;
    });
    expect(most).toBe(4);
  });
});

describe('guidance', () => {
  test('a hint reaches every later proposal', async () => {
    await midway();
    const before = proposals();
    await chain.update('hint', '  use ratios ');
    await chain.play();
    const hints = chain.of<ProposeInput>('proposeNode').map((input) => input.hints);
    expect(hints.slice(0, before).flat()).toEqual([]);
    expect(hints.slice(before).every((texts) => texts.join() === 'use ratios')).toBe(true);
  });

  test('a pruned node gets no children and is not chosen', async () => {
    await midway();
    const best = (await status()).best!.nodeId;
    const at = chain.nowMs;
    await chain.update('prune', best);
    await chain.play();
    const later = chain.scheduled.filter(({ name, atMs }) => name === 'proposeNode' && atMs > at);
    expect(later.length).toBeGreaterThan(5);
    expect(later.some(({ input }) => (input as ProposeInput).parent === best)).toBe(false);
    expect(chain.of<ChooseInput>('chooseFinal')[0]?.nodes.some(({ nodeId }) => nodeId === best)).toBe(false);
  });

  test('a pinned node is named to the final choice', async () => {
    await midway();
    const worst = (await finished()).filter((node) => node.status === 'valid').at(-1)!.id;
    await chain.update('pin', worst);
    await chain.play();
    expect(chain.of<ChooseInput>('chooseFinal')[0]?.pinned).toEqual([worst]);
  });
});

describe('a person adds a program', () => {
  const mine = { programRef: 'a'.repeat(64), summary: 'my idea', family: 'lightgbm' };
  const added = () => chain.of<ProposeInput>('proposeNode').filter((input) => input.added !== undefined);
  const node = async (id: string) => (await finished()).find((each) => each.id === id);

  test('it opens a branch of its own, is run and scored, and the author is not asked for it', async () => {
    await midway({}, { failing: 0 });
    const answer = await chain.update('addProgram', mine);
    const { nodeId } = (answer as { value: { nodeId: string } }).value;
    expect(answer).toMatchObject({
      kind: 'completed',
      value: { message: `${nodeId} runs as soon as a slot is free.` },
    });
    expect(added()).toEqual([expect.objectContaining({ nodeId, operator: 'draft', added: mine })]);
    expect(await chain.query('explain', nodeId)).toMatchObject({ why: { reason: 'added by a person' } });
    await chain.play();
    expect(await node(nodeId)).toMatchObject({ parent: 'root', branch: nodeId, status: 'valid' });
    expect((await finished()).length).toBe(30);
  });

  test('below a node it belongs to the branch of that node', async () => {
    await midway({}, { failing: 0 });
    const parent = (await finished())[0]!;
    const answer = await chain.update('addProgram', { ...mine, parent: parent.id });
    const { nodeId } = (answer as { value: { nodeId: string } }).value;
    await chain.play();
    expect(await node(nodeId)).toMatchObject({ parent: parent.id, branch: parent.branch, operator: 'improve' });
  });

  test('while paused it waits; a refused one leaves no node and closes nothing', async () => {
    const refuse = (name: string, input: unknown) =>
      name === 'proposeNode' && (input as ProposeInput).added?.summary === 'again'
        ? { afterMs: 1, answer: { kind: 'rejected', reason: 'duplicate', cost: NO_COST } }
        : undefined;
    await midway({}, { failing: 0, override: refuse });
    await chain.update('pause');
    await chain.wait(5_000);
    const executed = chain.of('executeNode').length;
    await chain.update('addProgram', mine);
    for (let count = 0; count < 4; count += 1) await chain.update('addProgram', { ...mine, summary: 'again' });
    await chain.wait(5_000);
    expect(chain.of('executeNode').length).toBe(executed);
    await chain.update('resume');
    await chain.play();
    const nodes = await finished();
    expect(nodes.filter(({ id }) => added().some((input) => input.nodeId === id))).toHaveLength(1);
    expect(nodes).toHaveLength(30);
  });
});

describe('a wrong order is refused with a sentence and leaves no event', () => {
  const WRONG: readonly [string, unknown[], string][] = [
    ['resume', [], 'not paused'],
    ['setBudget', [{}], 'budgetMs, executions or both'],
    ['setBudget', [null], 'not null'],
    ['setBudget', [{ budgetMs: 9_999 }], 'from 10000'],
    ['setBudget', [{ budgetMs: '60000' }], 'not "60000"'],
    ['setBudget', [{ executions: 0 }], 'from 1 to 1000000, not 0'],
    ['setBudget', [{ executions: 1.5 }], 'not 1.5'],
    ['setSlots', [0], 'from 1 to 8'],
    ['setSlots', [9], 'from 1 to 8, the executor'],
    ['setSlots', ['2'], 'not "2"'],
    ['hint', ['   '], 'not empty'],
    ['hint', ['x'.repeat(501)], 'at most 500 characters, not 501'],
    ['hint', [{ text: 'x' }], 'must be a text'],
    ['prune', ['n999'], 'no node "n999"'],
    ['prune', ['__proto__'], 'no node'],
    ['prune', [17], 'named like "n17", not 17'],
    ['pin', ['root'], 'no node "root"'],
    ['addProgram', [null], 'A program is'],
    ['addProgram', [{ programRef: '../x', summary: 's', family: 'f' }], 'stored blob, not "../x"'],
    ['addProgram', [{ programRef: 'a'.repeat(64), summary: '', family: 'f' }], 'summary must be'],
    ['addProgram', [{ programRef: 'a'.repeat(64), summary: 's', family: 'f', parent: 'n999' }], 'no node "n999"'],
  ];

  test.each(WRONG)('%s %j', async (name, args, message) => {
    await midway();
    const before = await status();
    const answer = await chain.update(name, ...args);
    expect(answer).toMatchObject({ kind: 'rejected', message: expect.stringContaining(message) });
    // Queries are answered by the wall clock: what follows from it may differ by the moment between two of them.
    const utilisation = expect.closeTo(before.utilisation, 6);
    expect({ ...(await status()), nowMs: 0, elapsedMs: 0 }).toEqual({ ...before, nowMs: 0, elapsedMs: 0, utilisation });
    expect(chain.commands.at(-1)).toContain('rejected');
    expect(chain.commands.at(-2)).not.toContain('accepted');
  });

  test('a run takes so many hints, and its author is told the latest of them', async () => {
    await midway();
    for (let hint = 1; hint <= 200; hint += 1) await chain.update('hint', `hint ${hint}`);
    expect(await chain.update('hint', 'one more')).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('takes 200 hints'),
    });
    await chain.play();
    const told = chain.of<ProposeInput>('proposeNode').at(-1)?.hints;
    expect([told?.length, told?.[0], told?.at(-1)]).toEqual([20, 'hint 181', 'hint 200']);
  });

  test('what is in flight, has failed, is pinned or is pruned is told apart', async () => {
    await midway({}, { failing: 0.5 });
    const nodes = await finished();
    const failed = nodes.find((node) => node.status === 'failed')!.id;
    const valid = nodes.find((node) => node.status === 'valid')!.id;
    const inFlight = (await status()).inFlight[0]!.nodeId;
    expect(await chain.update('pin', failed)).toMatchObject({ message: expect.stringContaining('failed; only') });
    expect(await chain.update('pin', inFlight)).toMatchObject({ message: expect.stringContaining('has not finished') });
    await chain.update('pin', valid);
    expect(await chain.update('pin', valid)).toMatchObject({ message: `${valid} is pinned already.` });
    await chain.update('prune', failed);
    expect(await chain.update('prune', failed)).toMatchObject({ message: `${failed} is pruned already.` });
    await chain.update('pause');
    expect(await chain.update('pause')).toMatchObject({ message: 'The run is paused already.' });
  });

  test('before the task is prepared and after the search nothing can be ordered', async () => {
    chain = await Chain.start(sandbox, SCRIPT, scriptedInput());
    expect(await chain.update('pause')).toMatchObject({ message: expect.stringContaining('still being prepared') });
    expect(await status()).toMatchObject({ phase: 'preparing', executions: { spent: 0 } });
    await chain.play(() => chain.of('chooseFinal').length > 0);
    expect(await chain.update('setSlots', 2)).toMatchObject({ message: expect.stringContaining('it is finalising') });
  });
});
