/** A run whose money runs out, as its user meets it: real servers, real programs, a model that is a stub over HTTP. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { commandLine } from '../support/command-line.js';

const Ended = z.object({ runId: z.string(), folder: z.string(), reason: z.string(), message: z.string().optional() });
const Ledger = z.object({
  meter: z.object({
    paid: z.object({ calls: z.number(), usd: z.number() }),
    lost: z.object({ usd: z.number() }),
    inFlight: z.object({ calls: z.number() }),
  }),
  calls: z.array(z.object({ state: z.string(), usd: z.number().nullish() })),
});

const CAP = 0.12;

test('it stops before the call that could pass the cap, says so, and leaves a valid submission', async () => {
  const cli = commandLine();
  const stub = ['--author', 'llm', '--stub', '--max-usd', String(CAP)];
  const ended = Ended.parse(await cli.json('demo', 'p02-birthweight', '--budget', '3m', ...stub));
  expect(ended.reason).toBe('budget');
  expect(ended.message).toContain(`cap of ${CAP} US dollars`);
  const { meter, calls } = Ledger.parse(await cli.json('ledger', ended.runId));
  expect(meter.paid.usd + meter.lost.usd).toBeLessThanOrEqual(CAP);
  expect(meter.paid.usd).toBeGreaterThan(0);
  expect(meter.inFlight.calls).toBe(0);
  expect(calls.reduce((sum, { usd }) => sum + (usd ?? 0), 0)).toBeCloseTo(meter.paid.usd, 9);
  const lines = (name: string) => readFileSync(join(ended.folder, name), 'utf8').trim().split('\n');
  expect(lines('submission.csv')).toHaveLength(1393 + 1);
  expect(lines('calls.csv')).toHaveLength(calls.length + 1);
  const report = lines('report.md').join('\n');
  expect(report).toContain('The search ended early. ');
  expect(report).toMatch(/\*\*Paid\*\*: \$0\.\d+ for \d+ calls/);
}, 240_000);
