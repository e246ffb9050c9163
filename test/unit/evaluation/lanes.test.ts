/** The real adapter with a program in Python's place: which requests wait for which. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChooseRequest, EvaluateRequest, Evaluator } from '../../../src/evaluation/port.js';
import { createPythonEvaluator } from '../../../src/evaluation/python.js';

/** Scores at once, and never ends a choice. Writes down what it was asked. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const lines = require('node:readline').createInterface({ input: process.stdin });
process.stderr.write('started\\n');
lines.on('line', (line) => {
  const { id, method } = JSON.parse(line);
  appendFileSync(__filename + '.asked', process.pid + ' ' + method + '\\n');
  const result = { kind: 'invalid', failure: 'bad-format', code: 'ids-missing', message: 'Rows are missing.' };
  if (method === 'evaluate') process.stdout.write(JSON.stringify({ id, result }) + '\\n');
});
`;

let folder: string;
let python: string;
let evaluator: Evaluator;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-lanes-'));
  python = join(folder, 'python.cjs');
  writeFileSync(python, PROGRAM);
  chmodSync(python, 0o755);
  log = '';
  evaluator = createPythonEvaluator({
    python,
    runtimeFolder: folder,
    processes: 1,
    onLog: (text) => {
      log += text;
    },
  });
});
afterEach(async () => {
  await evaluator.close();
  rmSync(folder, { recursive: true, force: true });
});

const asked = () => readFileSync(`${python}.asked`, 'utf8').trim().split('\n');
const until = async (holds: () => boolean) => {
  for (let turn = 0; turn < 500 && !holds(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 20));
};
const choosing = (signal: AbortSignal) => evaluator.choose({} as ChooseRequest, { signal });
const score = () => evaluator.evaluate({} as EvaluateRequest);

describe('the Python evaluator', () => {
  it('scores while a choice is under way, by a process of its own', async () => {
    const giving = new AbortController();
    const choice = choosing(giving.signal).catch((error: unknown) => error);
    await until(() => log.includes('started'));
    for (let round = 0; round < 3; round += 1) expect(await score()).toMatchObject({ kind: 'invalid' });
    await until(() => asked().length === 4);
    const by = (method: string) =>
      new Set(asked().flatMap((line) => (line.endsWith(method) ? [line.split(' ')[0]] : [])));
    expect([by('choose').size, by('evaluate').size]).toEqual([1, 1]);
    expect([...by('choose')]).not.toEqual([...by('evaluate')]);
    giving.abort(new Error('not wanted'));
    expect(await choice).toMatchObject({ message: 'not wanted' });
  });

  it('does not begin a choice that was given up while another was under way', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const under = choosing(first.signal).catch((error: unknown) => error);
    const waiting = choosing(second.signal);
    second.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await until(() => log.includes('started'));
    first.abort(new Error('ended'));
    expect(await under).toMatchObject({ message: 'ended' });
    expect(log.match(/started/g)).toHaveLength(1);
  });
});
