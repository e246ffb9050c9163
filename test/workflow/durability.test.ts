/** What a run survives: its own length, cancellation, lost infrastructure, and any order in which things end. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  ChooseInput,
  ExecuteInput,
  PackageInput,
  ProposeInput,
  RecordInput,
} from '../../src/activities/contract.js';
import type { NodeId } from '../../src/domain/ids.js';
import type { Reference, SearchNode } from '../../src/domain/node.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import { initialState } from '../../src/search/initial-state.js';
import type { SearchState } from '../../src/search/state.js';
import { BATCH_EVENTS } from '../../src/workflows/event-log.js';
import type { CompetitionInput, Handover } from '../../src/workflows/input.js';
import { nextPart, PART_BYTES, type Part, type StoredPart } from '../../src/workflows/parts.js';
import { Chain, openSandbox, type Sandbox, START_MS } from '../support/activation-harness.js';
import {
  answerOf,
  NOTHING,
  type Reply,
  SCRIPT,
  type Script,
  scriptedInput,
  unit,
} from '../support/scripted-activities.js';

let sandbox: Sandbox;
let chain: Chain;

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

const status = () => chain.query<RunStatus>('status');
/** Kinds of activities in the order in which they were asked for. */
const order = () => chain.scheduled.map(({ name }) => name);
const nodeOf = (input: unknown) => (input as ExecuteInput).nodeId;
const graph = () => chain.query<GraphPage>('graph');

async function start(search = {}, script: Partial<Script> = {}, more = {}): Promise<Chain> {
  chain = await Chain.start(sandbox, { ...SCRIPT, ...script }, scriptedInput(search, more));
  return chain;
}

describe('continue-as-new', () => {
  test('hands running programs over: no execution starts twice, and the graph is that of one long run', async () => {
    const plain = await (await start({ executions: 25, slots: 1 })).play();
    const expected = (await graph()).nodes;
    await plain.close();
    await (await start({ executions: 25, slots: 1 }, {}, { continueAsNewEvents: 150 })).play();
    expect(chain.lengths.length).toBeGreaterThan(3);
    expect(chain.nowMs - START_MS).toBeLessThan(30_000);
    expect((await graph()).nodes).toEqual(expected);
    expect(await status()).toMatchObject({ continuations: chain.lengths.length - 1, phase: 'done' });
  });

  test('adopts under the same execution id, with several programs running', async () => {
    const script = { executeMs: ({ nodeId }: ExecuteInput) => 2000 + Math.round(6000 * unit(nodeId)) };
    await (await start({ executions: 18, slots: 3 }, script, { continueAsNewEvents: 100 })).play();
    const asked = chain.scheduled
      .filter(({ name }) => name === 'executeNode')
      .map(({ input, link }) => {
        const { nodeId, attempt } = input as ExecuteInput;
        return { id: `${nodeId}|${attempt}`, link };
      });
    const adopted = asked.filter(({ id, link }) => asked.some((other) => other.id === id && other.link < link));
    expect(adopted.length).toBeGreaterThanOrEqual(3);
    expect(chain.executions.size).toBe(19);
    expect(chain.nowMs - START_MS).toBeLessThan(50_000);
    expect((await graph()).nodes).toHaveLength(18);
  });

  test('asks for a slow proposal again under the same node id', async () => {
    const override: Script['override'] = (name, input) => {
      if (name !== 'proposeNode') return undefined;
      return { afterMs: 70_000 + Math.round(90_000 * unit(nodeOf(input))), answer: answerOf(SCRIPT, name, input) };
    };
    await (await start({ executions: 10, slots: 3 }, { override }, { continueAsNewEvents: 40 })).play();
    const ids = chain.of<ProposeInput>('proposeNode').map(({ nodeId }) => nodeId);
    expect(new Set(ids).size).toBeLessThan(ids.length);
    expect((await graph()).nodes).toHaveLength(10);
  });

  test('keeps every event, in one gapless sequence over all links', async () => {
    await (await start({ executions: 25 }, {}, { continueAsNewEvents: 150 })).play();
    const sequence = [...chain.recorded.keys()].sort((a, b) => a - b);
    expect(sequence).toEqual(sequence.map((_, index) => index));
    expect(chain.events().filter(({ kind }) => kind === 'finished' || kind === 'failed')).toHaveLength(25);
    expect(chain.events().filter(({ kind }) => kind === 'prepared')).toHaveLength(1);
  });

  test('carries a pause, a hint and a changed budget over', async () => {
    await start({ executions: 25 }, {}, { continueAsNewEvents: 120 });
    await chain.play(() => chain.of('executeNode').length >= 3);
    await chain.update('hint', 'think');
    await chain.update('setBudget', { executions: 20 });
    await chain.play();
    expect(chain.link).toBeGreaterThan(1);
    expect(chain.of<ProposeInput>('proposeNode').at(-1)?.hints).toEqual(['think']);
    expect((await graph()).nodes).toHaveLength(20);
  });
});

describe('a state too large for a history', () => {
  /** A run that has so many drafts behind it, with all the numbers that real ones have. */
  function largeState(input: CompetitionInput, count: number): SearchState {
    const { search } = input.config;
    const state = initialState({ config: search, direction: 'maximise', startedMs: START_MS, slots: search.slots });
    const node = (number: number): SearchNode => {
      const id = `n${number}` as NodeId;
      const others = [1, 2, 3, 4, 5].map((step) => `n${Math.max(1, number - step)}` as NodeId);
      const paired = (against: NodeId) => ({
        against,
        delta: unit(`d|${id}`) - 0.5,
        pairedSE: unit(`p|${id}`),
        rows: 891,
      });
      const [against = id] = others;
      return {
        ...{ id, ordinal: number - 1, parent: 'root', branch: id, operator: 'draft', depth: 1, debugDepth: 0 },
        ...{ status: 'valid', family: 'linear', fingerprint: 'f'.repeat(64) },
        score: {
          value: unit(id) / 2,
          standardError: unit(`e|${id}`),
          rows: 891,
          direction: 'maximise',
          source: 'hidden',
        },
        versus: { parent: paired(against), branchBest: paired(against), best: paired(against) },
        complement: others.map((other) => ({ with: other, gain: unit(`${id}|${other}`), standardError: unit(other) })),
        cost: { ...NOTHING, seconds: 10 * unit(`s|${id}`), executions: 1 },
      };
    };
    const nodes = Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index + 1}`, node(index + 1)]));
    const references = Array.from({ length: count / 2 }, (_, index) => {
      return { from: `n${index + 1}`, to: `n${index + 2}`, kind: 'cross-branch' } as Reference;
    });
    return { ...state, nodes, references, nextNode: count + 1, spent: { ...NOTHING, executions: count } };
  }

  function takenOver(input: CompetitionInput, state: Handover['state']): CompetitionInput {
    const handover: Handover = {
      schemaVersion: 1,
      state,
      facts: answerOf(SCRIPT, 'prepareRun', { runId: input.runId }) as Handover['facts'],
      progress: [],
      unrecorded: [],
      sequence: 7,
      meter: { busyMs: 0, slotMs: 0, atMs: START_MS },
      trouble: { proposals: 0, unscored: [], probes: 0, probing: false },
      continuations: 1,
    };
    return { ...input, handover };
  }

  const PRECISE = { ...SCRIPT, precise: true };
  const chosen = (events: readonly SearchEvent[]) =>
    events.flatMap((event) => (event.kind === 'reserved' ? [[event.nodeId, event.seed, event.references]] : []));
  /** What a run has read and written of stored texts. */
  const moved = (name: 'saveSnapshot' | 'loadSnapshot') => chain.of<{ ref?: string; snapshot?: string }>(name);

  test('of an earlier version, in one blob, is read, and goes on in parts', async () => {
    const count = 300;
    const input = scriptedInput({ executions: count + 12 }, { continueAsNewEvents: 150 });
    const state = largeState(input, count);
    expect(JSON.stringify(state).length).toBeGreaterThan(256 * 1024);
    const before = { before: JSON.stringify(state) };
    chain = await Chain.start(sandbox, PRECISE, takenOver(input, { ref: 'before', sha256: '0' }), before);
    await chain.play();
    expect(chain.outcome?.kind).toBe('completed');
    expect(moved('loadSnapshot')[0]).toEqual({ ref: 'before', sha256: '0' });
    expect(moved('loadSnapshot').slice(1)).toContainEqual({ ref: 'snapshot-2', sha256: '0' });
    expect(await status()).toMatchObject({ executions: { spent: count + 12 }, continuations: chain.lengths.length });
    expect((await graph()).nodes).toHaveLength(count + 12);
    expect(Math.min(...chain.recorded.keys())).toBe(7);
  });

  test('of thousands of nodes never travels in one piece, and what is stored once is not stored again', async () => {
    const count = 5000;
    const input = scriptedInput({ executions: count + 16, slots: 1 }, { continueAsNewEvents: 120 });
    const state = largeState(input, count);
    expect(JSON.stringify(state).length).toBeGreaterThan(4 * 1024 * 1024);
    const before = { before: JSON.stringify({ nodes: Object.values(state.nodes), references: state.references }) };
    // One part of 5 MB, as no run would have stored it: the harness must refuse it.
    const whole = { ref: 'before', sha256: '0', nodes: count, references: count / 2 };
    const rest = { ...state, nodes: {}, references: [] };
    const refused = Chain.start(sandbox, PRECISE, takenOver(input, { parts: [whole], rest }), before);
    await expect(refused).rejects.toThrow(/the result of loadSnapshot is a payload of \d{7} bytes/);
    const parts: StoredPart[] = [];
    const texts: Record<string, string> = {};
    for (let part = nextPart(state, parts, PART_BYTES); part; part = nextPart(state, parts, PART_BYTES)) {
      const ref = `part-${parts.length}`;
      texts[ref] = JSON.stringify(part);
      parts.push({ ref, sha256: '0', nodes: part.nodes.length, references: part.references.length });
    }
    expect(parts.length).toBeGreaterThan(20);
    chain = await Chain.start(sandbox, PRECISE, takenOver(input, { parts, rest }), texts);
    await chain.play();
    expect(chain.outcome?.kind).toBe('completed');
    // The server suggests to continue from the first moment on; a link ends by what it adds itself.
    expect(chain.sizes[0]).toBeGreaterThan(4 * 1024 * 1024);
    expect(chain.lengths.length).toBeGreaterThanOrEqual(2);
    expect(chain.lengths.length).toBeLessThanOrEqual(5);
    expect(moved('saveSnapshot')).toEqual([]);
    expect(moved('loadSnapshot')).toHaveLength(parts.length * chain.lengths.length);
    expect(await status()).toMatchObject({ executions: { spent: count + 16 } });
    const page = await graph();
    expect([page.nodes.length, page.next]).toEqual([500, 500]);
  });

  test('leads to the same decisions as one that was never put down', async () => {
    const search = { executions: 40, slots: 1 };
    const plain = await (await start(search, { precise: true })).play();
    const expected = (await graph()).nodes;
    await plain.close();
    const input = { ...scriptedInput(search, { continueAsNewEvents: 150 }), inlineBytes: 6000 };
    chain = await Chain.start(sandbox, PRECISE, input);
    await chain.play();
    expect((await graph()).nodes).toEqual(expected);
    expect(chosen(chain.events())).toEqual(chosen(plain.events()));
    expect(moved('saveSnapshot').length).toBeGreaterThan(5);
    // Each text is stored once: a later link adds to what the ones before have stored.
    expect(new Set(moved('saveSnapshot').map(({ snapshot }) => snapshot)).size).toBe(moved('saveSnapshot').length);
    const nodes = moved('saveSnapshot').flatMap(({ snapshot }) => (JSON.parse(snapshot ?? '') as Part).nodes);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  });

  test('whose programs end while it is stored loses none of them', async () => {
    const slow: Script['override'] = (name) =>
      name === 'saveSnapshot' ? { afterMs: 900, answer: undefined } : undefined;
    const input = { ...scriptedInput({ executions: 30, slots: 3 }, { continueAsNewEvents: 120 }), inlineBytes: 6000 };
    chain = await Chain.start(sandbox, { ...PRECISE, override: slow }, input);
    await chain.play();
    expect(chain.link).toBeGreaterThan(1);
    expect(moved('saveSnapshot').length).toBeGreaterThan(2);
    expect((await graph()).nodes).toHaveLength(30);
    expect(chain.executions.size).toBe(31);
    const sequence = [...chain.recorded.keys()].sort((a, b) => a - b);
    expect(sequence).toEqual(sequence.map((_, index) => index));
  });
});

describe('the results', () => {
  test('are packaged when every event is in the store, also where writing is slow', async () => {
    const slow: Script['override'] = (name) =>
      name === 'recordEvents' ? { afterMs: 2000, answer: undefined } : undefined;
    await start({ executions: 8 }, { override: slow, executeMs: () => 100 });
    let missing: number | undefined;
    await chain.play(() => {
      if (order().includes('packageRun')) missing ??= chain.running('recordEvents');
      return false;
    });
    expect(missing).toBe(0);
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([
      expect.not.objectContaining({ unrecorded: expect.anything() }),
    ]);
    expect(order().lastIndexOf('recordEvents')).toBeLessThan(order().indexOf('packageRun'));
    expect(chain.events().filter(({ kind }) => kind === 'finished' || kind === 'failed')).toHaveLength(8);
  });

  test('tell of events that a store which was away has not taken', async () => {
    let away = true;
    const override: Script['override'] = (name) =>
      name === 'recordEvents' && away ? { afterMs: 5, fault: 'no primary' } : undefined;
    await start({ executions: 60, slots: 4 }, { override, precise: true });
    await chain.play(() => order().includes('packageRun'));
    const [{ unrecorded = 0 } = {}] = chain.of<PackageInput>('packageRun');
    expect(unrecorded).toBeGreaterThan(200);
    away = false;
    await chain.play();
    expect(chain.recorded.size).toBeGreaterThanOrEqual(unrecorded);
    // In order and without a gap, none of the writes larger than the others may be.
    const writes = chain.of<RecordInput>('recordEvents');
    expect(Math.max(...writes.map(({ events }) => events.length))).toBe(BATCH_EVENTS);
    const sequence = [...chain.recorded.keys()].sort((a, b) => a - b);
    expect(sequence).toEqual(sequence.map((_, index) => index));
    expect(chain.events().filter(({ kind }) => kind === 'finished' || kind === 'failed')).toHaveLength(60);
  });

  test('do not wait for a store that does not answer', async () => {
    const silent: Script['override'] = (name) => (name === 'recordEvents' ? { never: true } : undefined);
    await start({ executions: 4 }, { override: silent });
    await chain.play(() => order().includes('packageRun'));
    expect(chain.nowMs - START_MS).toBeGreaterThan(10_000);
    expect(chain.nowMs - START_MS).toBeLessThan(20_000);
  });
});

describe('cancel', () => {
  test('stops what runs, delivers the best of what exists without refits, and ends as cancelled', async () => {
    await start({ executions: 30 });
    await chain.play(() => chain.of('executeNode').length >= 6 && chain.running('executeNode') === 2);
    const best = (await status()).best!.nodeId;
    await chain.cancel();
    await chain.play();
    expect(chain.outcome).toEqual({ kind: 'cancelled' });
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([
      { reason: 'cancelled', refits: [], choice: { shortlist: [best] } },
    ]);
    expect(await status()).toMatchObject({ phase: 'cancelled', inFlight: [], result: { bestNode: best } });
    expect(chain.events().filter(({ kind }) => kind === 'cancelled')).toHaveLength(2);
  });

  test('delivers the baseline when nothing has a score yet', async () => {
    await start();
    await chain.play(() => chain.running('executeNode') === 2);
    await chain.cancel();
    await chain.play();
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([{ choice: null, reason: 'cancelled' }]);
    expect(chain.of('chooseFinal')).toEqual([]);
  });

  test('during the refit the choice is delivered without it', async () => {
    await start({}, { executeMs: ({ attempt }) => (attempt === 'refit' ? 100_000 : 300) });
    await chain.play(() => chain.of<ExecuteInput>('executeNode').some(({ attempt }) => attempt === 'refit'));
    await chain.cancel();
    await chain.play();
    expect(chain.outcome).toEqual({ kind: 'cancelled' });
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([{ refits: [], reason: 'cancelled' }]);
  });

  test('during its further folds a program keeps the score of its first', async () => {
    const executeMs = ({ attempt }: ExecuteInput): number => (attempt === '1-folds' ? 3_600_000 : 200);
    await start({ slots: 1 }, { mode: 'folds', failing: 0, executeMs });
    const cut = (): ExecuteInput | undefined =>
      chain.of<ExecuteInput>('executeNode').find(({ attempt }) => attempt === '1-folds');
    await chain.play(() => cut() !== undefined);
    await chain.wait(5000);
    await chain.cancel();
    await chain.play();
    const long = (await graph()).nodes.find(({ id }) => id === cut()?.nodeId);
    expect(long).toMatchObject({ status: 'valid', score: { value: expect.any(Number) } });
    expect(long?.cost.seconds).toBeGreaterThan(4);
    const [choice] = chain.of<ChooseInput>('chooseFinal');
    expect(choice?.nodes.map(({ nodeId }) => nodeId)).toContain(long?.id);
    expect(chain.events()).toContainEqual(expect.objectContaining({ kind: 'finished', nodeId: long?.id }));
  });

  test('before the task is prepared nothing is delivered', async () => {
    await start({}, { override: (name) => (name === 'prepareRun' ? { never: true } : undefined) });
    await chain.cancel();
    await chain.play();
    expect(chain.outcome).toEqual({ kind: 'cancelled' });
    expect(chain.of('packageRun')).toEqual([]);
  });
});

describe('infrastructure', () => {
  const lost = ({ nodeId }: ExecuteInput): Reply => {
    const answer = {
      kind: 'infrastructure',
      executionId: nodeId,
      cause: 'supervisor-lost',
      message: 'gone',
      cost: NOTHING,
    };
    return { afterMs: 50, answer };
  };

  test('a lost execution is tried again under a new id and charged to nobody', async () => {
    const override: Script['override'] = (name, input) =>
      name === 'executeNode' && (input as ExecuteInput).attempt === '1' ? lost(input as ExecuteInput) : undefined;
    await (await start({ executions: 8 }, { override, failing: 0 })).play();
    expect(await status()).toMatchObject({ nodes: { valid: 8, failed: 0 }, executions: { spent: 8 } });
    const attempts = chain.of<ExecuteInput>('executeNode').map(({ nodeId, attempt }) => `${nodeId} ${attempt}`);
    expect(attempts).toContain('n1 2');
    expect(new Set(attempts).size).toBe(attempts.length);
  });

  test('three tries later a program goes back and is taken up again with a higher number', async () => {
    const override: Script['override'] = (name, input) => {
      const { nodeId, attempt } = input as ExecuteInput;
      return name === 'executeNode' && nodeId === 'n2' && Number(attempt) <= 3
        ? lost(input as ExecuteInput)
        : undefined;
    };
    await (await start({ executions: 8, slots: 1 }, { override, failing: 0 })).play();
    const tries = chain.of<ExecuteInput>('executeNode').filter(({ nodeId }) => nodeId === 'n2');
    expect(tries.map(({ attempt }) => attempt).slice(0, 4)).toEqual(['1', '2', '3', '4']);
    expect(chain.events().filter(({ kind }) => kind === 'released')).toHaveLength(1);
    expect((await status()).nodes).toMatchObject({ valid: 8, failed: 0 });
  });

  test('when it stays down the run is blocked, probes with growing distance, and heals by itself', async () => {
    let down = true;
    const override: Script['override'] = (name, input) =>
      name === 'executeNode' && down ? lost(input as ExecuteInput) : undefined;
    await start({ executions: 8, slots: 2 }, { override, failing: 0 });
    await chain.wait(20_000);
    const blocked = await status();
    expect(blocked).toMatchObject({ phase: 'blocked', blocked: expect.stringContaining('supervisor-lost') });
    const before = chain.of('executeNode').length;
    await chain.wait(10 * 60_000);
    const later = await status();
    const probes = (chain.of('executeNode').length - before) / 3;
    expect(probes).toBeGreaterThanOrEqual(3);
    expect(probes).toBeLessThanOrEqual(6);
    expect(later.elapsedMs - blocked.elapsedMs).toBeLessThan(5_000);
    expect(later.executions.spent).toBe(0);
    expect(await chain.details()).toContain('blocked: supervisor-lost');
    down = false;
    await chain.play();
    expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'executions' } });
    expect((await status()).nodes).toMatchObject({ valid: 8, failed: 0 });
  });

  test('a program that takes its machine down every time is set aside; the others go on', async () => {
    const override: Script['override'] = (name, input) =>
      name === 'executeNode' && (input as ExecuteInput).nodeId === 'n3' ? lost(input as ExecuteInput) : undefined;
    await (await start({ executions: 12, slots: 2 }, { override, failing: 0 })).play();
    expect(chain.outcome?.kind).toBe('completed');
    const { nodes } = await graph();
    expect(nodes.some(({ id }) => id === 'n3')).toBe(false);
    expect(nodes.length).toBeGreaterThanOrEqual(11);
  });

  test('an author that does not answer blocks the run, and closes no place in the graph', async () => {
    let down = true;
    const override: Script['override'] = (name) =>
      name === 'proposeNode' && down ? { afterMs: 10, fault: 'no route' } : undefined;
    await start({ executions: 8 }, { override });
    await chain.wait(5_000);
    expect(await status()).toMatchObject({ phase: 'blocked', blocked: 'author: no route', nodes: { rejected: 0 } });
    down = false;
    await chain.update('resume');
    await chain.play();
    expect((await graph()).nodes).toHaveLength(8);
  });

  test('a program that the evaluator cannot score is run once more and then set aside', async () => {
    const override: Script['override'] = (name, input) =>
      name === 'evaluateNode' && (input as ExecuteInput).nodeId === 'n2'
        ? { afterMs: 10, fault: 'crashed' }
        : undefined;
    await (await start({ executions: 8, slots: 1 }, { override, failing: 0 })).play();
    expect(chain.of<ExecuteInput>('executeNode').filter(({ nodeId }) => nodeId === 'n2')).toHaveLength(2);
    const set = chain.events().find((event) => event.kind === 'cancelled' && event.nodeId === 'n2');
    expect(set).toMatchObject({ why: 'not scored twice, evaluator: crashed' });
    expect(chain.outcome?.kind).toBe('completed');
  });

  test('a task that cannot be prepared fails the run with its reason', async () => {
    await start(
      {},
      { override: (name) => (name === 'prepareRun' ? { afterMs: 5, fault: 'no target column' } : undefined) },
    );
    await chain.play();
    expect(chain.outcome).toEqual({ kind: 'failed', message: 'no target column' });
    expect((await status()).phase).toBe('failed');
  });

  test('an execution that nobody looks after is taken up again when its time, and that of waiting, is over', async () => {
    const own = { runSecondsCap: 600 };
    await (await start({ ...own, slots: 1 }, { mode: 'folds', failing: 0 })).play();
    const halfAnHour = 1800;
    const executions = chain.scheduled.filter(({ name }) => name === 'executeNode');
    for (const { input, limitMs } of executions) {
      const { views, runSeconds } = input as ExecuteInput;
      expect(limitMs).toBeGreaterThan(1000 * (views.length * runSeconds + halfAnHour));
      expect(limitMs).toBeLessThan(1000 * (views.length * (runSeconds + 61) + halfAnHour));
    }
    expect(new Set(executions.map(({ limitMs }) => limitMs)).size).toBeGreaterThan(2);
    // A program may be scored for ten minutes after others that were.
    const scoring = chain.scheduled.find(({ name }) => name === 'evaluateNode');
    expect(scoring?.limitMs).toBeGreaterThan(2 * 600_000);
  });

  test('a refit that is lost three times is left out', async () => {
    const override: Script['override'] = (name, input) =>
      name === 'executeNode' && (input as ExecuteInput).attempt.startsWith('refit')
        ? lost(input as ExecuteInput)
        : undefined;
    await (await start({}, { override })).play();
    const refits = chain.of<ExecuteInput>('executeNode').filter(({ attempt }) => attempt.startsWith('refit'));
    expect(refits.map(({ attempt }) => attempt)).toEqual(['refit', 'refit-2', 'refit-3']);
    expect(chain.of<PackageInput>('packageRun')[0]?.refits).toEqual([]);
  });
});

describe('determinism', () => {
  test('two runs of one script give the same commands, to the letter', async () => {
    const first = await (await start({ executions: 20, slots: 3 })).play();
    const { commands } = first;
    await first.close();
    await (await start({ executions: 20, slots: 3 })).play();
    expect(chain.commands).toEqual(commands);
  });

  test.each([1, 2, 3, 4, 5, 6])('any order of completion gives a consistent graph (%i)', async (order) => {
    const executeMs = ({ nodeId, attempt }: ExecuteInput) =>
      10 + Math.round(3000 * unit(`${order}|${nodeId}|${attempt}`) ** 3);
    const script = { executeMs, proposeMs: 1 + 97 * (order % 3), failing: 0.1 * order, seed: order };
    await (await start({ executions: 30, slots: 1 + order, seed: order }, script, { continueAsNewEvents: 250 })).play();
    const { nodes, references, inFlight } = await graph();
    const known = new Set(nodes.map(({ id }) => id));
    expect(nodes.map(({ ordinal }) => ordinal)).toEqual(nodes.map((_, index) => index));
    expect(nodes.every(({ parent }) => parent === 'root' || known.has(parent))).toBe(true);
    expect(nodes.every(({ depth, parent }) => depth === 1 || parent !== 'root')).toBe(true);
    expect(references.every(({ from }) => known.has(from))).toBe(true);
    expect(inFlight).toEqual([]);
    expect(nodes).toHaveLength(30);
    expect(chain.executions.size).toBe(31);
  });
});
