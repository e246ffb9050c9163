import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { registerKnowledge } from '../../../src/cli/knowledge.js';
import { cardWith } from '../../support/knowledge.js';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'knowledge-cli-'));
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

async function run(...args: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerKnowledge(program);
  for (const command of program.commands.flatMap((child) => [child, ...child.commands])) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  await program.parseAsync(['knowledge', ...args], { from: 'user' });
  return lines.join('\n');
}

test('list filters by kind and modality, as a table and as JSON', async () => {
  expect(await run('list', '--kind', 'metric-playbook')).toMatch(/^ID .*\n(.*\n)*strategy\.metric-playbook\.rmse /);
  lines = [];
  const listed = JSON.parse(await run('list', '--level', 'model', '--modality', 'tabular', '--json'));
  const ids = listed.map((entry: { readonly id: string }) => entry.id);
  expect(ids).toContain('model.linear.ridge');
  expect(ids).not.toContain('model.text.sgd-log');
  expect(ids.filter((id: string) => !id.startsWith('model.'))).toEqual([]);
  await expect(run('list', '--kind', 'modell')).rejects.toThrow(/Allowed choices/);
});

test('show takes an id or a part that is unique, and says which there are when it is not', async () => {
  expect(await run('show', 'metric-playbook.rmsle')).toMatch(/^RMSLE playbook .*\n/);
  await expect(run('show', 'qwk')).rejects.toMatchObject({
    code: 'option-invalid',
    next: expect.stringContaining('strategy.metric-playbook.qwk'),
  });
  await expect(run('show', 'no-such-thing')).rejects.toMatchObject({ message: 'No entry is called "no-such-thing".' });
});

test('check tells file and field and sets the exit code', async () => {
  mkdirSync(join(folder, 'model', 'x'), { recursive: true });
  writeFileSync(join(folder, 'model', 'x', 'y.md'), '---\nid: model.x.y\n---\nText.\n');
  expect(await run('check', '--folder', folder)).toMatch(/model\/x\/y\.md: .*summary: .*\n0 entries, 1 complaints\.$/);
  expect(process.exitCode).toBe(1);
  await expect(run('check', '--folder', join(folder, 'none'))).rejects.toMatchObject({ code: 'path-missing' });
});

test('recall ranks for a card and an operator, and refuses what is neither', async () => {
  const card = join(folder, 'card.json');
  writeFileSync(card, JSON.stringify(cardWith({ metric: 'mae' })));
  const recalled = JSON.parse(await run('recall', 'improve.strategy', '--card', card, '--limit', '3', '--json'));
  expect(recalled).toHaveLength(3);
  expect(recalled[0]).toMatchObject({
    id: 'strategy.metric-playbook.mae',
    why: expect.stringMatching(/^purpose 1\.0/),
  });
  await expect(run('recall', 'dream', '--card', card)).rejects.toThrow(/Known: draft, improve/);
  await expect(run('recall', 'draft', '--card', card, '--limit', '0')).rejects.toThrow(/above 0/);
  writeFileSync(card, '{"taskId": 3}');
  await expect(run('recall', 'draft', '--card', card)).rejects.toMatchObject({ code: 'option-invalid' });
});
