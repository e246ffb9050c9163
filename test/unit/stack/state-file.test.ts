import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readState, rememberServer, type ServerRecord } from '../../../src/stack/state-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-state-'));
  path = join(folder, 'stack.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record: ServerRecord = {
  pid: 4711,
  startTime: 'boot 12',
  port: 20_001,
  version: 'Temporal CLI 1.9.1',
  flavour: 'temporal',
  dataPath: '/data',
  logPath: '/log',
  startedAt: '2026-11-21T12:00:00.000Z',
};

test('one server is remembered and forgotten without touching the other', () => {
  rememberServer(path, 'temporal', { ...record, uiPort: 20_002 });
  rememberServer(path, 'database', { ...record, pid: 12 });
  expect(readState(path).servers).toEqual({
    temporal: { ...record, uiPort: 20_002 },
    database: { ...record, pid: 12 },
  });
  rememberServer(path, 'temporal', undefined);
  expect(readState(path).servers).toEqual({ database: { ...record, pid: 12 } });
  expect(readdirSync(folder)).toEqual(['stack.json']);
});

test.each([
  ['no file', undefined],
  ['half a file', '{"format":1,"servers":{"temp'],
  ['another format', '{"format":2,"servers":{}}'],
  ['a pid that is none', JSON.stringify({ format: 1, servers: { temporal: { ...record, pid: -1 } } })],
])('%s is an empty state, which can be written over', (_name, text) => {
  if (text !== undefined) writeFileSync(path, text);
  expect(readState(path)).toEqual({ format: 1, servers: {} });
  rememberServer(path, 'database', record);
  expect(readState(path).servers).toEqual({ database: record });
});
