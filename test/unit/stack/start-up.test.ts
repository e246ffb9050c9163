// The scripts that run before anything is installed: plain JavaScript, tested on folders made up for the purpose.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const { isSupported } = await import('../../../bin/node-version.mjs' as string);
const { buildIsCurrent, packagesAreCurrent } = await import('../../../bin/up-to-date.mjs' as string);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'automlgen-start-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a file that was last changed `age` seconds ago. */
function write(name: string, age: number, text = ''): void {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  const at = new Date(Date.now() - age * 1000);
  utimesSync(path, at, at);
  utimesSync(join(path, '..'), at, at);
}

test.each([
  ['20.19.0', true],
  ['20.18.3', false],
  ['18.20.8', false],
  ['22.0.0', true],
  ['24.11.1', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});

test('packages are current while they are newer than the lock file', () => {
  write('package-lock.json', 100, 'a');
  expect(packagesAreCurrent(root)).toBe(false);
  write('node_modules/.package-lock.json', 50);
  expect(packagesAreCurrent(root)).toBe(true);
  write('package-lock.json', 10, 'b');
  expect(packagesAreCurrent(root)).toBe(false);
});

test('a lock file that is newer but the same, as after a checkout, asks for nothing', async () => {
  const { createHash } = await import('node:crypto');
  write('package-lock.json', 10, 'same');
  write('node_modules/.package-lock.json', 50);
  write('node_modules/.automlgen-installed', 50, createHash('sha256').update('same').digest('hex'));
  expect(packagesAreCurrent(root)).toBe(true);
  write('package-lock.json', 5, 'different');
  expect(packagesAreCurrent(root)).toBe(false);
});

test('a build is stale after a change, an addition or a removal below src, and after none elsewhere', () => {
  write('package-lock.json', 100);
  write('src/cli/main.ts', 100);
  write('src/domain/node.ts', 100);
  utimesSync(join(root, 'src'), new Date(0), new Date(0));
  expect(buildIsCurrent(root)).toBe(false);
  write('dist/build.json', 50);
  write('README.md', 1);
  expect(buildIsCurrent(root)).toBe(true);
  write('src/domain/node.ts', 20);
  expect(buildIsCurrent(root)).toBe(false);
  write('dist/build.json', 10);
  expect(buildIsCurrent(root)).toBe(true);
  rmSync(join(root, 'src/domain/node.ts'));
  expect(buildIsCurrent(root)).toBe(false);
});
