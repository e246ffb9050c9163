import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importedAnswers } from '../../../src/tasks/importers/imported-answers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'answers-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a folder that no import made names no answers; an imported one names their folder', async () => {
  expect(await importedAnswers(folder)).toBeUndefined();
  writeFileSync(join(folder, 'benchmark.json'), JSON.stringify({ answers: '/data/private/answers.csv' }));
  expect(await importedAnswers(folder)).toBe('/data/private');
});

test.each([
  ['half of it', '{"answers": "/da', 'it is not JSON'],
  ['none named', '{"id": "x"}', 'it has no `answers`'],
  ['another shape', '[1]', 'it has no `answers`'],
])('a file that cannot be understood is never taken for none: %s', async (_name, text, why) => {
  writeFileSync(join(folder, 'benchmark.json'), text);
  await expect(importedAnswers(folder)).rejects.toMatchObject({
    code: 'benchmark-invalid',
    message: `${join(folder, 'benchmark.json')} does not say where the private answers lie: ${why}.`,
  });
});

test('nor is one that cannot be read', async () => {
  mkdirSync(join(folder, 'benchmark.json'));
  await expect(importedAnswers(folder)).rejects.toMatchObject({ message: expect.stringContaining('EISDIR') });
});
