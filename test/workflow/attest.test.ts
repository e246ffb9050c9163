/** The isolation probe beside the search: begun once, outside the slots, waited for but not without end. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Chain, openSandbox, type Sandbox } from '../support/activation-harness.js';
import type { Script } from '../support/scripted-activities.js';
import { SCRIPT, scriptedInput } from '../support/scripted-activities.js';

const RECEIPT = { sealed: true, attempts: 30, readable: [] as string[], ref: 'attestation' };

let sandbox: Sandbox;
let chain: Chain;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => chain.close());
afterAll(() => sandbox.destroy());

const probe =
  (reply: ReturnType<NonNullable<Script['override']>>): NonNullable<Script['override']> =>
  (name) =>
    name === 'attestRun' ? reply : undefined;

async function play(
  override: Script['override'],
  search: Parameters<typeof scriptedInput>[0] = {},
  more: Parameters<typeof scriptedInput>[1] = {},
): Promise<Chain> {
  const script = { ...SCRIPT, ...(override && { override }) };
  chain = await Chain.start(sandbox, script, scriptedInput(search, more));
  return chain.play();
}

const cancels = () => chain.commands.filter((command) => command.includes('requestCancelActivity')).length;

const endMs = () => chain.scheduled.findLast(({ name }) => name === 'packageRun')?.atMs ?? 0;

test('begins with the search and takes none of its slots', async () => {
  await play(probe({ afterMs: 2500, answer: RECEIPT }), { slots: 2, executions: 12 });
  const begun = chain.scheduled.find(({ name }) => name === 'attestRun');
  const prepared = chain.scheduled.find(({ name }) => name === 'prepareRun');
  expect(begun!.atMs - prepared!.atMs).toBeLessThan(50);
  expect(chain.of('attestRun')).toEqual([{ runId: scriptedInput().runId }]);
  const early = chain.scheduled.filter(({ name, atMs }) => name === 'executeNode' && atMs < begun!.atMs + 2000);
  expect(early.length).toBeGreaterThanOrEqual(2);
  expect(await chain.details()).toContain('30 attempts to reach the answers, all refused');
});

test('results wait for it, a minute at most', async () => {
  await play(probe({ afterMs: 30_000, answer: RECEIPT }));
  const waited = endMs();
  await chain.close();
  await play(probe({ never: true }));
  const gaveUp = endMs();
  expect(chain.outcome?.kind).toBe('completed');
  expect(cancels()).toBe(1);
  await chain.close();
  await play(undefined);
  const plain = endMs();
  expect(cancels()).toBe(0);
  expect(waited - plain).toBeGreaterThan(20_000);
  expect(gaveUp - plain).toBeGreaterThan(50_000);
  expect(gaveUp - plain).toBeLessThan(70_000);
});

test('a probe that cannot be run does not fail the run', async () => {
  await play(probe({ afterMs: 10, fault: 'no executor' }));
  expect(chain.outcome).toMatchObject({ kind: 'completed', result: { reason: 'executions' } });
  expect(await chain.details()).not.toContain('isolation');
});

test('what was reached is shown, and so is what is not proven', async () => {
  await play(probe({ afterMs: 10, answer: { ...RECEIPT, sealed: false, readable: ['the hidden labels'] } }));
  expect(await chain.details()).toContain('Scores are not protected: a program could reach the hidden labels.');
  await chain.close();
  await play(probe({ afterMs: 10, answer: { ...RECEIPT, sealed: false } }));
  expect(await chain.details()).toContain('Isolation is not proven');
});

test('the next link of a chain asks again only where it has not ended', async () => {
  const long = { executions: 25, slots: 1 };
  await play(undefined, long, { continueAsNewEvents: 150 });
  expect(chain.link).toBeGreaterThan(0);
  expect(chain.of('attestRun')).toHaveLength(1);
  expect(await chain.details()).toContain('30 attempts');
  await chain.close();
  await play(probe({ never: true }), long, { continueAsNewEvents: 150 });
  expect(chain.of('attestRun').length).toBe(chain.link + 1);
});
