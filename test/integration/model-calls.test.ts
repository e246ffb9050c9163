/** The ledger of model calls on a real database: written ahead, found again, paid once, capped together, honest about what was lost. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createModelCalls, type ModelCallsOptions } from '../../src/activities/model-calls.js';
import { createRecordActivities } from '../../src/activities/record.js';
import { CapReachedError, RunEndedError } from '../../src/authors/llm/calls.js';
import { type Model, ModelError, type ModelReply, NEVER_SENT } from '../../src/authors/llm/model.js';
import { nodeIdOf, type RunId, runIdOf } from '../../src/domain/ids.js';
import type { ModelPrices } from '../../src/domain/model-price.js';
import type { Caps } from '../../src/domain/run-config.js';
import { meterOf } from '../../src/store/call-row.js';
import { type ScratchStore, scratchStore } from '../support/scratch-store.js';
import { ADAPTERS, KEY } from '../support/stub-model.js';

const PRICES: ModelPrices = { m: { input: 2, cachedInput: 0.5, output: 8 } };
const USAGE = { input: 100, cachedInput: 60, output: 50, reasoning: 10 };
/** (40 × 2 + 60 × 0.5 + 50 × 8) millionths of a dollar. */
const USD = 510e-6;

let scratch: ScratchStore;
let runs = 0;
beforeAll(async () => {
  scratch = await scratchStore();
}, 300_000);
afterAll(() => scratch.close());

type Answer = () => Promise<Partial<ModelReply>>;

interface World {
  readonly answer?: Answer;
  readonly caps?: Caps;
  readonly prices?: ModelPrices;
  readonly more?: Partial<ModelCallsOptions>;
}

/** A run of its own; `attempt` makes what one attempt at its first proposal is given. */
function world({ answer = async () => ({}), caps = {}, prices = PRICES, more: common = {} }: World = {}) {
  runs += 1;
  const runId: RunId = runIdOf('ledger', new Date('2026-01-02T00:00:00Z'), `aaaa${String(runs).padStart(2, 'a')}`);
  const sent: string[] = [];
  const model: Model = {
    api: 'chat',
    async complete(request, { signal }) {
      sent.push(request.messages[0]?.content ?? '');
      const abandoned = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      const reply = { text: `reply ${sent.length}`, model: 'm-1', finish: 'stop' as const, seconds: 1.5, usage: USAGE };
      return { ...reply, requestId: `id-${sent.length}`, ...(await Promise.race([answer(), abandoned])) };
    },
  };
  const attempt = (node = 1, more: Partial<ModelCallsOptions> = {}) =>
    createModelCalls({
      store: scratch.store,
      model,
      run: { runId, config: { caps, prices } },
      nodeId: nodeIdOf(node),
      operator: 'draft',
      signal: new AbortController().signal,
      abandon: new AbortController().signal,
      timing: { beatMs: 100, silentMs: 1_000 },
      ...common,
      ...more,
    });
  const rows = () => scratch.store.calls.ofRun(runId);
  const meter = () => scratch.store.calls.meter(runId);
  return { runId, sent, attempt, rows, meter };
}

const ask = (content = 'Write a program.', maxOutputTokens = 1_000) => ({
  model: 'm',
  messages: [{ role: 'user' as const, content }],
  maxOutputTokens,
});

async function expectTrueMeter({ rows, meter }: Pick<ReturnType<typeof world>, 'rows' | 'meter'>): Promise<void> {
  const counted = await meter();
  expect(counted).toEqual(meterOf(await rows(), counted?.revision));
}

describe('a call', () => {
  test('is a row with its worst case before it is a request, and has its price, tokens and texts when it has ended', async () => {
    const seen: unknown[] = [];
    const w = world({
      answer: async () => {
        seen.push(...(await w.rows()), await w.meter());
        return {};
      },
    });
    const calls = w.attempt();
    const reply = await calls.call({ step: 'draft', request: ask() });
    expect(reply).toMatchObject({ text: 'reply 1', found: false, usage: USAGE });
    const [row, before] = seen;
    expect(row).toMatchObject({ callId: 'n1/draft', try: 1, state: 'begun', model: 'm', operator: 'draft' });
    expect(before).toMatchObject({ paid: { calls: 0 }, inFlight: { calls: 1 } });
    const [done] = await w.rows();
    expect(done).toMatchObject({ state: 'done', usage: USAGE, nanoUsd: 510_000, counted: 'server', requestId: 'id-1' });
    expect(await scratch.store.blobs.readText(done?.promptRef ?? ('' as never))).toContain('Write a program.');
    expect(calls.cost()).toEqual({ usd: USD, tokens: 150, seconds: 1.5 });
    expect(await w.meter()).toMatchObject({
      paid: { calls: 1, tokens: 150, usd: USD },
      inFlight: { calls: 0, usd: 0 },
    });
    await expectTrueMeter(w);
  });

  test('is found again by its name and paid once, with the same price for the node', async () => {
    const w = world();
    const first = await w.attempt().call({ step: 'draft', request: ask() });
    const again = w.attempt();
    expect(await again.call({ step: 'draft', request: ask('worded otherwise') })).toEqual({ ...first, found: true });
    expect(again.cost()).toEqual({ usd: USD, tokens: 150, seconds: 1.5 });
    expect(w.sent).toHaveLength(1);
    await expectTrueMeter(w);
  });

  test('of a model without a price costs an unknown amount, never nothing', async () => {
    const w = world({ prices: {} });
    const calls = w.attempt();
    await calls.call({ step: 'draft', request: ask() });
    expect(calls.cost()).toEqual({ usd: null, tokens: 150, seconds: 1.5 });
    expect((await w.meter())?.paid).toMatchObject({ usd: null, tokens: 150 });
    await expectTrueMeter(w);
  });

  test('whose server does not count is counted here', async () => {
    const w = world({ answer: async () => ({ text: 'one two three four', usage: undefined as never }) });
    await w.attempt().call({ step: 'draft', request: ask() });
    const [row] = await w.rows();
    expect(row).toMatchObject({ state: 'done', counted: 'here', usage: { cachedInput: 0, output: 4 } });
    await expectTrueMeter(w);
  });
});

describe('what was not answered', () => {
  test.each([
    ['a complaint', new ModelError('busy', 'busy', { status: 429 }), 'failed'],
    ['a server that is not there', new ModelError('away', 'refused', { code: NEVER_SENT }), 'failed'],
    ['a reply that broke off', new ModelError('away', 'broke off'), 'lost'],
    ['a gateway that lost patience', new ModelError('away', 'late', { status: 504 }), 'lost'],
    ['a call that was given up', new Error('cancelled'), 'lost'],
  ])('%s: the next try is another row', async (_what, error, state) => {
    let faults = 1;
    const w = world({
      answer: async () => {
        faults -= 1;
        if (faults >= 0) throw error;
        return {};
      },
    });
    await expect(w.attempt().call({ step: 'draft', request: ask() })).rejects.toBe(error);
    await w.attempt().call({ step: 'draft', request: ask() });
    expect((await w.rows()).map((row) => [row.try, row.state])).toEqual([
      [1, state],
      [2, 'done'],
    ]);
    const meter = await w.meter();
    expect([meter?.failed, meter?.lost.calls]).toEqual(state === 'failed' ? [1, 0] : [0, 1]);
    if (state === 'lost') expect(meter?.lost.usd).toBeGreaterThan(1_000 * 8e-6);
    await expectTrueMeter(w);
  });
});

describe('two attempts at one proposal', () => {
  test('a silent owner is given up, and its worst case stands; the next one pays anew', async () => {
    const w = world({ answer: () => (w.sent.length === 1 ? new Promise(() => undefined) : Promise.resolve({})) });
    void w.attempt(1, { timing: { beatMs: 1e6, silentMs: 1_000 } }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    const reply = await w.attempt().call({ step: 'draft', request: ask() });
    expect(reply.text).toBe('reply 2');
    expect((await w.rows()).map((row) => row.state)).toEqual(['lost', 'done']);
    await expectTrueMeter(w);
  });

  test('an owner that has shown signs of life and then falls silent is given up as well', async () => {
    const w = world({ answer: () => (w.sent.length === 1 ? new Promise(() => undefined) : Promise.resolve({})) });
    void w.attempt(1, { timing: { beatMs: 1e6, silentMs: 1_000 } }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    const [row] = await w.rows();
    if (row?.state !== 'begun') throw new Error('no row');
    expect(await scratch.store.calls.beat(row)).toBe(true);
    expect(await scratch.store.calls.beat({ ...row, owner: 'another' })).toBe(false);
    const [beaten] = await w.rows();
    expect(beaten?.seenAt.getTime()).toBeGreaterThanOrEqual(row.seenAt.getTime());
    expect((await w.attempt().call({ step: 'draft', request: ask() })).text).toBe('reply 2');
    expect((await w.rows()).map((each) => each.state)).toEqual(['lost', 'done']);
    expect(await scratch.store.calls.beat(row)).toBe(false);
    await expectTrueMeter(w);
  });

  test('an owner that lives is waited for, and its reply is found: nothing is paid twice', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const w = world({ answer: () => gate.then(() => ({})) });
    // Longer than a busy machine may pause, and shorter than the wait below: it is the beats that count.
    const timing = { beatMs: 100, silentMs: 2_500 };
    const old = w.attempt(1, { timing }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    const late = w.attempt(1, { timing }).call({ step: 'draft', request: ask() });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    release();
    expect((await old).found).toBe(false);
    expect(await late).toMatchObject({ text: 'reply 1', found: true });
    expect(w.sent).toHaveLength(1);
    await expectTrueMeter(w);
  });

  test('a reply that comes after its owner was given up changes no row: it tells what the loss has cost', async () => {
    const { gate, release } = gated();
    const w = world({ answer: () => (w.sent.length === 1 ? gate.then(() => ({})) : Promise.resolve({})) });
    const asleep = w.attempt(1, { timing: { beatMs: 1e6, silentMs: 1_000 } }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    await w.attempt().call({ step: 'draft', request: ask() });
    expect((await w.meter())?.lost.usd).toBeGreaterThan(1_000 * 8e-6);
    release();
    await asleep;
    expect((await w.rows()).map((row) => [row.state, row.state === 'lost' && row.late?.state])).toEqual([
      ['lost', 'done'],
      ['done', false],
    ]);
    expect(await w.meter()).toMatchObject({
      paid: { calls: 1, tokens: 150 },
      lost: { calls: 1, tokens: 150, usd: USD },
    });
    await expectTrueMeter(w);
    const { callId } = (await w.rows())[1] ?? {};
    expect(callId).toBe('n1/draft');
    expect((await w.attempt().call({ step: 'draft', request: ask() })).text).toBe('reply 2');
  });

  test('an owner that was given up and lives breaks its call off and takes the reply of the other one', async () => {
    const w = world({ answer: () => (w.sent.length === 1 ? new Promise(() => undefined) : Promise.resolve({})) });
    // Silent for longer than the other attempt waits, and then awake.
    const slow = w.attempt(1, { timing: { beatMs: 2_500, silentMs: 1_000 } }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    await w.attempt().call({ step: 'draft', request: ask() });
    expect(await slow).toMatchObject({ text: 'reply 2', found: true });
    expect((await w.rows()).map((row) => row.state)).toEqual(['lost', 'done']);
    await expectTrueMeter(w);
  });

  test('a cancelled proposal gives up the call that an attempt left behind makes for it', async () => {
    const w = world({ answer: () => new Promise(() => undefined) });
    const left = new AbortController();
    const timing = { beatMs: 100, silentMs: 1e6 };
    const behind = w.attempt(1, { signal: left.signal, timing }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    left.abort(new Error('moved on'));
    const cancel = new AbortController();
    const cancelled = w.attempt(1, { signal: cancel.signal, abandon: cancel.signal, timing });
    const waiting = cancelled.call({ step: 'draft', request: ask() });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await w.rows()).map((row) => row.state)).toEqual(['begun']);
    cancel.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow();
    await expect(behind).rejects.toThrow('moved on');
    expect(await w.rows()).toMatchObject([{ state: 'lost', cause: 'given up with its proposal' }]);
    expect(w.sent).toHaveLength(1);
    await expectTrueMeter(w);
  });

  test('at the same moment one of them asks', async () => {
    const w = world({ answer: () => new Promise((resolve) => setTimeout(() => resolve({}), 300)) });
    const timing = { beatMs: 100, silentMs: 10_000 };
    const calls = [1, 2, 3, 4].map(() => w.attempt(1, { timing }).call({ step: 'draft', request: ask() }));
    const replies = await Promise.all(calls);
    expect(replies.filter((reply) => !reply.found)).toHaveLength(1);
    expect(w.sent).toHaveLength(1);
    await expectTrueMeter(w);
  });

  test('an attempt that was left behind begins nothing new', async () => {
    const stop = new AbortController();
    const w = world();
    const calls = w.attempt(1, { signal: stop.signal });
    await calls.call({ step: 'draft', request: ask() });
    stop.abort(new Error('moved on'));
    await expect(calls.call({ step: 'review', request: ask() })).rejects.toThrow('moved on');
    expect(w.sent).toHaveLength(1);
  });
});

describe('caps', () => {
  test('calls at the same moment do not pass them together', async () => {
    const w = world({ caps: { calls: 5 }, answer: () => new Promise((resolve) => setTimeout(() => resolve({}), 200)) });
    const asked = Array.from({ length: 12 }, (_, n) => w.attempt(n + 1).call({ step: 'draft', request: ask() }));
    const ends = await Promise.allSettled(asked);
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(5);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(refused[0]).toBeInstanceOf(CapReachedError);
    expect(refused[0].message).toMatch(/cap of 5 calls .*next call may take 1 call/);
    expect(w.sent).toHaveLength(5);
    await expectTrueMeter(w);
  });

  test('a call that only promises stand in the way of waits for them, and is then made', async () => {
    // Two calls cannot be promised together: each may take 8,000 millionths and takes 510.
    const slow = () => new Promise<object>((resolve) => setTimeout(() => resolve({}), 700));
    const w = world({ caps: { usd: 0.01 }, answer: slow });
    await Promise.all([1, 2].map((node) => w.attempt(node).call({ step: 'draft', request: ask() })));
    const rows = await w.rows();
    expect(rows.map((row) => row.state)).toEqual(['done', 'done']);
    expect(rows[1]?.at.getTime()).toBeGreaterThan((rows[0]?.at.getTime() ?? 0) + 600);
    await expectTrueMeter(w);
  });

  test('the worst case is promised, and what is not used of it is free again', async () => {
    // A call may take 1,000 tokens out, 8,000 millionths of a dollar, and a little in; it takes 510.
    const w = world({ caps: { usd: 0.01 } });
    for (let node = 1; ; node += 1) {
      const fits = await w
        .attempt(node)
        .call({ step: 'draft', request: ask() })
        .then(
          () => true,
          () => false,
        );
      if (!fits) break;
    }
    const paid = (await w.meter())?.paid.usd ?? 0;
    // The last one that fitted was begun with at most 0.002 spent, and one more would have been begun below 0.0019.
    expect(paid).toBeLessThanOrEqual(0.002 + USD);
    expect(paid).toBeGreaterThan(0.0019);
    await expect(w.attempt(99).call({ step: 'draft', request: ask() })).rejects.toMatchObject({ cap: 'usd' });
  });

  test('tokens, and money that cannot be counted', async () => {
    const few = world({ caps: { tokens: 900 } });
    await expect(few.attempt().call({ step: 'draft', request: ask() })).rejects.toMatchObject({ cap: 'tokens' });
    const unpriced = world({ caps: { usd: 1000 }, prices: {} });
    const refused = unpriced.attempt().call({ step: 'draft', request: ask() });
    await expect(refused).rejects.toMatchObject({ cap: 'usd', message: expect.stringContaining('unknown amount') });
    expect([...few.sent, ...unpriced.sent]).toEqual([]);
  });
});

describe('a run that has ended', () => {
  test('closes what is still open as lost, counts the meter from the rows, and begins nothing more', async () => {
    const w = world({ answer: () => new Promise(() => undefined) });
    const open = w.attempt().call({ step: 'draft', request: ask() });
    const refused = expect(open).rejects.toBeInstanceOf(RunEndedError);
    await until(() => w.sent.length === 1);
    const meter = await scratch.store.calls.close(w.runId, 'the run had ended');
    expect(meter).toMatchObject({ lost: { calls: 1 }, inFlight: { calls: 0 } });
    expect(await w.rows()).toMatchObject([{ state: 'lost', cause: 'the run had ended' }]);
    // Its next sign of life tells the owner.
    await refused;
    await expect(w.attempt(2).call({ step: 'draft', request: ask() })).rejects.toBeInstanceOf(RunEndedError);
    expect([w.sent.length, (await w.rows()).length]).toEqual([1, 1]);
    await expectTrueMeter(w);
  });

  test('a reply that comes before its owner hears of the end is noted, and closing again counts the same', async () => {
    const { gate, release } = gated();
    const w = world({ answer: () => gate.then(() => ({})) });
    const open = w.attempt(1, { timing: { beatMs: 1e6, silentMs: 1e6 } }).call({ step: 'draft', request: ask() });
    await until(() => w.sent.length === 1);
    await scratch.store.calls.close(w.runId, 'the run had ended');
    release();
    await open;
    expect(await w.rows()).toMatchObject([{ state: 'lost', late: { state: 'done', usage: USAGE, nanoUsd: 510_000 } }]);
    expect(await w.meter()).toMatchObject({ paid: { calls: 0, usd: 0 }, lost: { calls: 1, tokens: 150, usd: USD } });
    await expectTrueMeter(w);
    const { closeLedger } = createRecordActivities({ store: scratch.store });
    expect(await closeLedger({ runId: w.runId })).toMatchObject({ lost: { calls: 1, usd: USD } });
    await expectTrueMeter(w);
    expect(await closeLedger({ runId: world().runId })).toBeNull();
  });

  test('breaks the connection to the server', async () => {
    let closedByUs = 0;
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      const drip = setInterval(() => response.write(': still thinking\n\n'), 50);
      response.on('close', () => {
        clearInterval(drip);
        closedByUs += 1;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      for (const api of ['chat', 'responses'] as const) {
        const model = ADAPTERS[api](`http://127.0.0.1:${port}/v1`, KEY);
        const w = world({ more: { model } });
        const open = w.attempt().call({ step: 'draft', request: ask() });
        const refused = expect(open).rejects.toBeInstanceOf(RunEndedError);
        const before = closedByUs;
        await until(() => asked === before + 1);
        await scratch.store.calls.close(w.runId, 'the run had ended');
        await refused;
        await until(() => closedByUs === before + 1);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

function gated() {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release: () => release() };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
