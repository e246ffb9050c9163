import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { atLeast, findProgram } from '../../../src/stack/find-program.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-path-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, mode: number): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

test('the first executable in the order of PATH; files that are none and relative folders are passed over', async () => {
  program('a/tool', 0o644);
  const second = program('b/tool', 0o755);
  program('c/tool', 0o755);
  const PATH = ['.', 'b', join(folder, 'a'), join(folder, 'b'), join(folder, 'c')].join(':');
  expect(await findProgram('tool', { PATH })).toBe(second);
  expect(await findProgram('tools', { PATH })).toBeUndefined();
  expect(await findProgram('tool', {})).toBeUndefined();
});

test.each([
  ['1.9.1', '1.5.0', true],
  ['1.10.0', '1.9.9', true],
  ['1.5.0', '1.5.0', true],
  ['1.4.99', '1.5.0', false],
  ['0.8.0', '0.11', false],
  ['4', '3.99', true],
  ['20.19', '20.19.0', true],
])('%s is at least %s: %s', (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});
