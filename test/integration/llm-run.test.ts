/** A bundled competition searched by the model author, against the stub of the embedded stack: programs, money and where they came from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { commandLine } from '../support/command-line.js';

const cli = commandLine();
const Ended = z.object({ runId: z.string(), folder: z.string() });
const Nodes = z.array(z.object({ nodeId: z.string(), summary: z.string(), family: z.string() }));

test('demo --author llm --stub writes programs, counts what they cost and says that nobody is charged', async () => {
  const wanted = ['--author', 'llm', '--stub=--latency 0 --buggy 0', '--budget', '30s', '--executions', '2'];
  const { runId, folder } = Ended.parse(await cli.json('demo', 'p02-birthweight', ...wanted));
  const nodes = Nodes.parse(await cli.json('show', '--run', runId));
  expect(nodes.length).toBeGreaterThan(0);
  for (const { family, summary } of nodes) {
    expect(['linear', 'lightgbm', 'forest', 'gradient-boosting']).toContain(family);
    expect(summary).toMatch(/model|LightGBM|trees|boosting/);
  }
  const report = readFileSync(join(folder, 'report.md'), 'utf8');
  expect(report).toMatch(/\*\*Paid\*\*: \$0\.\d+ for \d+ calls/);
  expect(report).toContain('made up for the stub: nobody is charged');
  const [head, ...calls] = readFileSync(join(folder, 'calls.csv'), 'utf8').trim().split('\n');
  expect(head).toContain('step');
  expect(calls.some((call) => call.includes('draft'))).toBe(true);
  expect(calls.length).toBeGreaterThanOrEqual(2 * nodes.length);
}, 180_000);

test('a run without a way to its model is refused before anything is started', async () => {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: server } = process.env;
  delete process.env.OPENAI_API_KEY;
  delete process.env.OPENAI_BASE_URL;
  const refused = await cli.run('demo', '--author', 'llm', '--model', 'gpt-5', '--json');
  if (key !== undefined) process.env.OPENAI_API_KEY = key;
  if (server !== undefined) process.env.OPENAI_BASE_URL = server;
  expect({ code: refused.code, told: refused.stdout.includes('OPENAI_API_KEY is not set') }).toEqual({
    code: 2,
    told: true,
  });
}, 60_000);
