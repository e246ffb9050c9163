import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cacheFolder } from '../../../src/stack/cache-folder.js';
import { packageFile } from '../../../src/stack/package-root.js';
import { contentHash, fillOnce, type ToolName, toolFolder } from '../../../src/stack/tool-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder is complete or not there, and is filled once', async () => {
  const tool = join(folder, 'tool-1');
  const failing = fillOnce(tool, async (temporary) => {
    writeFileSync(join(temporary, 'half'), '');
    throw new Error('cut short');
  });
  await expect(failing).rejects.toThrow('cut short');
  expect(readdirSync(folder)).toEqual([]);
  // What a killed process left behind.
  mkdirSync(`${tool}.part`);
  writeFileSync(join(`${tool}.part`, 'stale'), '');
  let fills = 0;
  const fill = async (temporary: string): Promise<void> => {
    fills += 1;
    writeFileSync(join(temporary, 'whole'), 'x');
  };
  expect(await fillOnce(tool, fill)).toBe(tool);
  expect(await fillOnce(tool, fill)).toBe(tool);
  expect(fills).toBe(1);
  expect(readdirSync(tool)).toEqual(['whole']);
  expect(readdirSync(folder)).toEqual(['tool-1']);
});

test('the hash follows the content, and tools have folders of their own', () => {
  const file = join(folder, 'a.lock');
  writeFileSync(file, 'one');
  const before = contentHash([file]);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  writeFileSync(file, 'two');
  expect(contentHash([file])).not.toBe(before);
  const names: ToolName[] = ['uv', 'temporal', 'sandbox', 'java', 'jars'];
  const cache = cacheFolder({ AUTOMLGEN_CACHE: folder });
  expect(new Set(names.map((name) => toolFolder(cache, name))).size).toBe(names.length);
});

test('every lock file pins versions and hashes of all its lines and names no host', () => {
  const locks = readdirSync(packageFile('python')).filter((name) => name.endsWith('.lock'));
  expect(locks).toHaveLength(10);
  for (const name of locks) {
    const text = readFileSync(packageFile('python', name), 'utf8');
    const pins = text.split('\n').filter((line) => /^[a-z]/i.test(line));
    expect(pins.length).toBeGreaterThan(0);
    for (const pin of pins) expect(pin).toMatch(/^[a-z0-9._-]+==[0-9][\w.]*( ; .*)? \\$/i);
    expect(text.match(/--hash=sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThanOrEqual(pins.length);
    expect(text).not.toMatch(/https?:|index-url|find-links/);
    expect(existsSync(packageFile('python', name.replace('.lock', '.in')))).toBe(true);
  }
  const jars = readFileSync(packageFile('src', 'stack', 'embedded-mongo', 'jars.lock'), 'utf8')
    .trim()
    .split('\n');
  for (const jar of jars) expect(jar).toMatch(/^[0-9a-f]{64} [\w.-]+:[\w.-]+:[\w.-]+$/);
});
