/** What a suite hears of runs that ended badly, and says of those it hears nothing of. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { RunId } from '../../src/domain/ids.js';
import type { SuiteStatus } from '../../src/domain/suite.js';
import { Chain, openSandbox, type Sandbox, START_MS } from '../support/activation-harness.js';
import { SCRIPT, type Script, scriptedInput } from '../support/scripted-activities.js';

let sandbox: Sandbox;
let chain: Chain;

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

test('a cancelled run whose results cannot be delivered reports that it failed', async () => {
  const override: Script['override'] = (name) =>
    name === 'packageRun' ? { afterMs: 5, fault: 'no space left' } : undefined;
  chain = await Chain.start(
    sandbox,
    { ...SCRIPT, override },
    { ...scriptedInput({ executions: 30 }), reportTo: 'suite-1' },
  );
  await chain.play(() => chain.of('executeNode').length >= 6);
  await chain.cancel();
  await chain.play();
  expect(chain.outcome).toEqual({ kind: 'failed', message: 'no space left' });
  expect(chain.signals).toEqual([
    { name: 'runEnded', to: 'suite-1', input: expect.objectContaining({ state: 'failed', message: 'no space left' }) },
  ]);
  expect(await chain.query('status')).toMatchObject({ phase: 'failed', inFlight: [] });
});

test('a cancelled run that delivers reports once, as cancelled', async () => {
  chain = await Chain.start(sandbox, SCRIPT, { ...scriptedInput({ executions: 30 }), reportTo: 'suite-1' });
  await chain.play(() => chain.of('executeNode').length >= 6);
  await chain.cancel();
  await chain.play();
  expect(chain.outcome).toEqual({ kind: 'cancelled' });
  expect(chain.signals.map(({ input }) => input)).toEqual([expect.objectContaining({ state: 'cancelled' })]);
});

test('runs of a cancelled suite that never report are lost in its last table, and not running', async () => {
  const { source, config } = scriptedInput();
  const items = [1, 2, 3].map((seed) => {
    const runId = `silent-20261121-aaaaa${seed}` as RunId;
    return { runId, competition: 'c', seed, source, splitSeed: seed, searchSeed: seed, resultsFolder: '/results' };
  });
  const common = { suiteId: 'suite-silent', title: 'silent', config, items, folder: '/table' };
  chain = await Chain.startSuite(sandbox, SCRIPT, { ...common, limits: { parallel: 2 } });
  await chain.play(() => chain.children.length === 2);
  await chain.wait(1000);
  await chain.cancel();
  await chain.play();
  expect(chain.outcome).toEqual({ kind: 'cancelled' });
  expect(chain.nowMs - START_MS).toBeGreaterThan(20 * 60_000);
  const [written] = chain.of<{ status: SuiteStatus }>('packageSuite');
  expect(written?.status.rows.map(({ state, message }) => [state, message])).toEqual([
    ['lost', 'The run had not reported 20 minutes after it was cancelled.'],
    ['lost', 'The run had not reported 20 minutes after it was cancelled.'],
    ['skipped', 'The suite was cancelled.'],
  ]);
});
