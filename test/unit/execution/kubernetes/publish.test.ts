/** Tables on the volume of the programs: one copy of each view, readable for others, and none that nobody uses. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import { type Part, partsOf } from '../../../../src/execution/kubernetes/parts.js';
import { dataFor, foldersOf, removeStale } from '../../../../src/execution/kubernetes/publish.js';

const HOUR_MS = 3600 * 1000;
let folder: string;
let volume: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-publish-'));
  volume = join(folder, 'volume');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function partFor(name: string): Part {
  const input = join(folder, name);
  if (!existsSync(input)) {
    mkdirSync(join(input, 'images'), { recursive: true, mode: 0o700 });
    writeFileSync(join(input, 'train.csv'), name, { mode: 0o600 });
    writeFileSync(join(input, 'images', 'a.png'), name, { mode: 0o600 });
  }
  const spec = ExecutionSpec.parse({
    id: 'aml-aaaaaaaaaaaaaaaaaaaa',
    runId: 'task-20260101-abcdef',
    nodeId: 'n1',
    program: 'a'.repeat(64),
    views: [{ name: 'main', input }],
    limits: { cpus: 1, memoryMiB: 1, diskMiB: 1, shmMiB: 1, gpus: 0, pids: 1, runSeconds: 1 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv'],
  });
  const [part] = partsOf(spec);
  if (!part) throw new Error('no part');
  return part;
}

/** Name of the folder on the volume. */
async function publish(name: string): Promise<string> {
  const data = await dataFor({ data: { mode: 'claim', claim: 'tables', folder: volume } }, partFor(name));
  if (data.mode !== 'claim') throw new Error('not on the claim');
  expect(data.claim).toBe('tables');
  return data.folders.main ?? '';
}

const age = (name: string, hours: number): void => {
  const then = new Date(Date.now() - hours * HOUR_MS);
  utimesSync(join(volume, name), then, then);
};
const nobody = new Set<string>();

test('processes at the same moment leave one whole copy that every user can read', async () => {
  const names = await Promise.all(Array.from({ length: 8 }, () => publish('one')));
  expect(new Set(names).size).toBe(1);
  expect(readdirSync(volume)).toEqual([names[0]]);
  const copy = join(volume, names[0] ?? '');
  expect(readFileSync(join(copy, 'images', 'a.png'), 'utf8')).toBe('one');
  const modeOf = (path: string): number => statSync(join(copy, path)).mode & 0o777;
  expect([modeOf('.'), modeOf('images'), modeOf('train.csv'), modeOf('images/a.png')]).toEqual([
    0o755, 0o755, 0o644, 0o644,
  ]);
});

test('a view that changed is another one', async () => {
  const before = await publish('one');
  writeFileSync(join(folder, 'one', 'train.csv'), 'longer than before');
  expect(await publish('one')).not.toBe(before);
});

test('what nobody used for a day goes, and nothing else', async () => {
  const [used, asked, unused] = [await publish('used'), await publish('asked'), await publish('unused')];
  mkdirSync(join(volume, `.${unused}.1.half`));
  mkdirSync(join(volume, `.${unused}.2.half`));
  mkdirSync(join(volume, 'of-somebody-else'));
  for (const name of readdirSync(volume)) age(name, 25);
  age(`.${unused}.2.half`, 1);
  expect(await publish('used')).toBe(used);
  const inUse = await foldersOf([partFor('asked')]);
  expect([...inUse]).toEqual([asked]);
  await removeStale(volume, inUse);
  expect(readdirSync(volume).sort()).toEqual([asked, used, `.${unused}.2.half`, 'of-somebody-else'].sort());
  expect(readFileSync(join(volume, asked, 'train.csv'), 'utf8')).toBe('asked');
  // Asked for again, it is there again.
  expect(await publish('unused')).toBe(unused);
  expect(readFileSync(join(volume, unused, 'train.csv'), 'utf8')).toBe('unused');
});

test('while it is cleared away, whoever needs it has it in the end', async () => {
  for (let turn = 0; turn < 30; turn += 1) {
    const name = await publish('one');
    age(name, 25);
    await Promise.all([removeStale(volume, nobody), publish('one'), removeStale(volume, nobody)]);
    expect(readFileSync(join(volume, await publish('one'), 'images', 'a.png'), 'utf8')).toBe('one');
    expect(readdirSync(volume)).toEqual([name]);
  }
});

test('a view that is gone, and a volume that is not there, stand in nobody’s way', async () => {
  await removeStale(volume, nobody);
  const part = partFor('one');
  rmSync(join(folder, 'one'), { recursive: true });
  expect(await foldersOf([part])).toEqual(new Set());
});
