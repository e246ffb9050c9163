/** A run whose programs a model writes, in the real sandbox and without a server: its meter, its caps, and a model that is not there. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { PackageInput, ProposeInput } from '../../src/activities/contract.js';
import type { ModelMeter } from '../../src/domain/model-meter.js';
import type { RunConfig } from '../../src/domain/run-config.js';
import type { GraphPage, RunStatus } from '../../src/domain/run-status.js';
import type { SearchConfig } from '../../src/domain/search-config.js';
import { Chain, openSandbox, type Sandbox } from '../support/activation-harness.js';
import { answerOf, NOTHING, SCRIPT, type Script, scriptedInput } from '../support/scripted-activities.js';

let sandbox: Sandbox;
let chain: Chain;

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

const PRICE = { usd: 0.1, tokens: 1_000 };
const MODEL = {
  name: 'm',
  review: true,
  usageGate: false,
  draft: 'single',
  contextTokens: 64_000,
  maxOutputTokens: 16_000,
} as const;

function meter(calls: number, usd: number | null = calls * PRICE.usd): ModelMeter {
  const counts = { input: 800 * calls, cachedInput: 600 * calls, output: 200 * calls, reasoning: 0 };
  const none = { calls: 0, tokens: 0, usd: 0 };
  const paid = { calls, tokens: 1_000 * calls, usd, counts, seconds: calls };
  return { paid, failed: 0, lost: none, inFlight: none, revision: calls };
}

/** Every proposal takes one call; the ones from `cappedAt` on are refused by the ledger. */
function priced(cappedAt = Infinity, usd: number | null = PRICE.usd): Script['override'] {
  let calls = 0;
  return (name, input) => {
    if (name !== 'proposeNode') return undefined;
    if (calls + 1 >= cappedAt) {
      const capped = { kind: 'capped', cap: 'usd', message: 'The cap of 0.5 US dollars is reached.', cost: NOTHING };
      return { afterMs: 5, answer: { ...capped, model: meter(calls) } };
    }
    calls += 1;
    const cost = { ...NOTHING, usd, tokens: PRICE.tokens };
    const answer = { ...(answerOf(SCRIPT, name, input) as object), cost, model: meter(calls, usd && calls * usd) };
    return { afterMs: 5, answer };
  };
}

async function start(search: Partial<SearchConfig>, more: Partial<RunConfig>, override: Script['override']) {
  const input = scriptedInput({ slots: 2, proposalsAhead: 1, ...search }, { author: 'llm', model: MODEL, ...more });
  chain = await Chain.start(sandbox, { ...SCRIPT, failing: 0, ...(override && { override }) }, input);
}

const status = () => chain.query<RunStatus>('status');
const graph = () => chain.query<GraphPage>('graph');

describe('what calls have cost', () => {
  test('is in the status and the details, with its caps', async () => {
    await start({ executions: 6 }, { caps: { usd: 5, tokens: 100_000 } }, priced());
    await chain.play();
    const { model, caps, spent } = await status();
    expect(model?.paid.calls).toBe(chain.of('proposeNode').length);
    expect(caps).toEqual({ usd: 5, tokens: 100_000 });
    expect(spent).toMatchObject({ usd: model?.paid.usd, tokens: model?.paid.tokens });
    const details = await chain.details();
    expect(details).toMatch(/money [█░]{20} 0\.\d+ US dollars of 5/);
    expect(details).toMatch(/tokens [█░]{20} \d+ of 100000, 75 % of the input cached/);
  });

  test('survives a continue-as-new', async () => {
    await start({ executions: 12 }, { continueAsNewEvents: 80 }, priced());
    await chain.play();
    expect(chain.link).toBeGreaterThan(0);
    expect((await status()).model?.paid.calls).toBe(chain.of('proposeNode').length);
  });

  test('is n/a where the price is not known, and tokens are told all the same', async () => {
    await start({ executions: 4 }, {}, priced(Infinity, null));
    await chain.play();
    expect((await status()).spent).toMatchObject({ usd: null });
    expect(await chain.details()).toMatch(/money n\/a\n- tokens \d+, 75 %/);
  });

  test('is nowhere in a run without a model', async () => {
    await start({ executions: 4 }, { author: 'composer' }, undefined);
    await chain.play();
    expect(await status()).not.toHaveProperty('model');
    expect(await chain.details()).not.toContain('money');
  });
});

describe('a cap', () => {
  test('ends the proposing: what runs is finished, the best is delivered, and the reason says which', async () => {
    await start({ executions: 40 }, {}, priced(6));
    await chain.play();
    const message = 'The cap of 0.5 US dollars is reached.';
    expect(chain.outcome).toMatchObject({
      kind: 'completed',
      result: { reason: 'budget', message, folder: '/results' },
    });
    expect(chain.of<PackageInput>('packageRun')).toMatchObject([{ reason: 'budget', message, refits: [{}] }]);
    expect((await graph()).nodes).toHaveLength(5);
    expect(chain.events().filter((event) => event.kind === 'capped')).toHaveLength(1);
    expect((await status()).nodes.rejected).toBe(0);
  });

  test('is not walked into: what the next proposal is likely to cost is held against it before', async () => {
    await start({ executions: 40 }, { caps: { usd: 0.75 } }, priced());
    await chain.play();
    const { model } = await status();
    expect(model?.paid.usd).toBeLessThanOrEqual(0.75);
    expect(model?.paid.usd).toBeGreaterThan(0.55);
    expect(chain.outcome).toMatchObject({
      result: { reason: 'budget', message: expect.stringContaining('0.75 US dollars') },
    });
  });

  test('does not stop an author that can do without the model', async () => {
    await start({ executions: 12 }, { author: 'mixed', caps: { usd: 0.2 } }, priced());
    await chain.play();
    expect(chain.outcome).toMatchObject({ result: { reason: 'executions' } });
  });
});

describe('a model that is away', () => {
  test.each(['model-away', 'model-busy', 'model-refused', 'model-missing'])(
    '%s blocks the run for as long as it lasts and closes no place in the graph',
    async (type) => {
      let down = true;
      await start({ executions: 6 }, {}, (name) =>
        name === 'proposeNode' && down ? { afterMs: 10, fault: 'no model', type } : undefined,
      );
      // Seven probes: half a minute, then twice as long each time, at most ten minutes.
      await chain.wait(40 * 60_000);
      const blocked = await status();
      expect(blocked).toMatchObject({ phase: 'blocked', blocked: 'author: no model', nodes: { rejected: 0 } });
      expect(blocked.elapsedMs).toBeLessThan(60_000);
      expect(chain.of<ProposeInput>('proposeNode').length).toBeLessThan(20);
      down = false;
      await chain.play();
      expect((await graph()).nodes).toHaveLength(6);
      expect(chain.outcome?.kind).toBe('completed');
    },
  );

  test('a content policy is about the place: after some probes it is given up', async () => {
    await start({ executions: 6 }, {}, (name) =>
      name === 'proposeNode' ? { afterMs: 10, fault: 'declined', type: 'model-policy' } : undefined,
    );
    await chain.wait(4 * 3_600_000);
    expect((await status()).nodes.rejected).toBeGreaterThan(0);
  });
});
