/** Bad input never starts a run: one sentence with the value, the next step, exit code 2. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandLine } from '../support/command-line.js';

const cli = commandLine();
const ROWS = Array.from({ length: 40 }, (_, index) => index);
const train = (line: (index: number) => string, head = 'id,a,b,y'): string => `${head}\n${ROWS.map(line).join('\n')}\n`;
const GOOD = train((i) => `${i},${i * 3},${i % 5},${i % 2}`);
const TEST = `id,a,b\n${ROWS.map((i) => `${100 + i},${i},${i % 5}`).join('\n')}\n`;

interface Case {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly args?: readonly string[];
  readonly says: readonly string[];
}

const tables = (more: readonly string[] = []): readonly string[] => [
  '--train',
  'train.csv',
  '--test',
  'test.csv',
  ...more,
];
/** The budget is short in case a fault is not noticed: then a run is started. */
const asked = tables(['--target', 'y', '--metric', 'auc', '--budget', '40s']);

const CASES: readonly Case[] = [
  { name: 'unknown metric', args: tables(['--target', 'y', '--metric', 'rsme']), says: ['rsme', 'metric-unknown'] },
  {
    name: 'missing target column',
    args: tables(['--target', 'price', '--metric', 'rmse']),
    says: ['price', 'target-missing'],
  },
  { name: 'empty target', files: { 'train.csv': train((i) => `${i},${i},${i},`) }, says: ['y', 'target-empty'] },
  {
    name: 'one-class target',
    files: { 'train.csv': train((i) => `${i},${i},${i},7`) },
    says: ['7', 'target-one-class'],
  },
  {
    name: 'different columns',
    files: { 'test.csv': `id,c,d\n${ROWS.map((i) => `${i},1,2`).join('\n')}\n` },
    says: ['columns-differ'],
  },
  {
    name: 'duplicate ids',
    files: { 'test.csv': `id,a,b\n${ROWS.map(() => '5,1,2').join('\n')}\n` },
    says: ['5', 'ids-duplicate'],
  },
  {
    name: 'not UTF-8',
    files: { 'train.csv': Buffer.from(GOOD.replace('0,0,0,0', '0,0,0,é'), 'latin1') },
    says: ['train.csv', 'csv-encoding'],
  },
  { name: 'no rows', files: { 'test.csv': 'id,a,b\n' }, says: ['test.csv', 'csv-empty'] },
  { name: 'no such path', args: ['nowhere'], says: ['nowhere', 'path-missing'] },
  { name: 'budget too small', args: [...asked.slice(0, -2), '--budget', '5s'], says: ['5 s', 'budget-too-small'] },
  {
    name: 'a budget that is no duration',
    args: [...asked.slice(0, -2), '--budget', 'soon'],
    says: ['soon', 'option-invalid'],
  },
  {
    name: 'a typo in task.toml',
    files: { 'task.toml': 'id = "x"\ntarget = "y"\nmetrik = "auc"\n' },
    args: ['.'],
    says: ['metrik', 'metric', 'task-invalid'],
  },
];

test.each(CASES)('$name', async ({ files = {}, args = asked, says }) => {
  const folder = join(cli.folder, String(Math.random()).slice(2));
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ 'train.csv': GOOD, 'test.csv': TEST, ...files }))
    writeFileSync(join(folder, name), text);
  const { code, stderr, stdout } = await cli.in(folder).run('run', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const text of says) expect(stderr).toContain(text);
  expect(stderr).not.toContain('    at ');
});
