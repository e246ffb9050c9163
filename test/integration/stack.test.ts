// The embedded stack for real: servers on loopback in a cache of their own, which are killed, restarted and stopped. Downloads are
// taken from the user's cache where it has them; they never change once they are there.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { cacheFolder } from '../../src/stack/cache-folder.js';
import type { StackConnections } from '../../src/stack/connections.js';
import { down } from '../../src/stack/down.js';
import { isFree } from '../../src/stack/ports.js';
import { isSameProcess } from '../../src/stack/process-identity.js';
import type { StackProgress } from '../../src/stack/progress.js';
import { readState } from '../../src/stack/state-file.js';
import { status } from '../../src/stack/status.js';
import { up } from '../../src/stack/up.js';

const root = mkdtempSync(join(tmpdir(), 'automlgen-stack-'));
const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...inherited } = process.env;
const environment: NodeJS.ProcessEnv = { ...inherited, AUTOMLGEN_CACHE: root };
const pieces = ['temporal', 'database', 'sandbox'] as const;
const servers = () => readState(join(root, 'stack.json')).servers;
const children: ChildProcess[] = [];
let first: StackConnections;

beforeAll(async () => {
  const shared = cacheFolder(inherited).tools;
  if (existsSync(shared)) symlinkSync(shared, join(root, 'tools'));
  first = await up({ pieces, environment });
}, 180_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await down({ environment });
  rmSync(root, { recursive: true, force: true });
});

async function upWithProgress(): Promise<{ connections: StackConnections; progress: StackProgress[] }> {
  const progress: StackProgress[] = [];
  const connections = await up({ pieces, environment, onProgress: (line) => progress.push(line) });
  return { connections, progress };
}

test('a second `up` re-uses both servers and says so', async () => {
  const before = servers();
  const started = performance.now();
  const { connections, progress } = await upWithProgress();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(connections).toEqual(first);
  expect(servers()).toEqual(before);
  expect(progress.filter(({ kind }) => kind === 'start' || kind === 'get')).toEqual([]);
  const reused = progress.filter(({ message }) => message.includes('running since')).map(({ piece }) => piece);
  expect(reused.sort()).toEqual(['database', 'temporal']);
});

test('writes that were acknowledged survive kill -9, and the server comes back at the same address', async () => {
  const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITER, first.mongodbUri], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(writer);
  let output = '';
  writer.stdout!.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const acknowledged = (): number[] => output.split('\n').slice(0, -1).map(Number);
  while (acknowledged().length < 300) await sleep(20);
  const { pid } = servers().database!;
  process.kill(pid, 'SIGKILL');
  await once(writer, 'exit');
  const again = await up({ pieces, environment });
  expect(again.mongodbUri).toBe(first.mongodbUri);
  expect(servers().database!.pid).not.toBe(pid);
  const client = new MongoClient(again.mongodbUri, { serverSelectionTimeoutMS: 5_000 });
  const found = new Set((await client.db().collection<{ _id: number }>('kill').find().toArray()).map(({ _id }) => _id));
  await client.close();
  expect(acknowledged().filter((id) => !found.has(id))).toEqual([]);
  expect(found.size).toBeGreaterThanOrEqual(300);
});

test('a killed Temporal is started again with its file and its ports', async () => {
  const { pid, dataPath } = servers().temporal!;
  process.kill(pid, 'SIGKILL');
  const { connections, progress } = await upWithProgress();
  expect(connections.temporalAddress).toBe(first.temporalAddress);
  expect(connections.temporalUiUrl).toBe(first.temporalUiUrl);
  expect(servers().temporal).toMatchObject({ dataPath });
  expect(progress.filter(({ kind }) => kind === 'start').map(({ piece }) => piece)).toEqual(['temporal']);
  const page = await fetch(connections.temporalUiUrl!);
  expect(page.status).toBe(200);
});

test('a pid that another process has got since is not killed', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  children.push(bystander);
  await once(bystander, 'spawn');
  const path = join(root, 'stack.json');
  const state = JSON.parse(readFileSync(path, 'utf8'));
  const real = state.servers.database;
  writeFileSync(
    path,
    JSON.stringify({ ...state, servers: { ...state.servers, database: { ...real, pid: bystander.pid } } }),
  );
  const report = await status(environment);
  expect(report.pieces.find(({ piece }) => piece === 'database')?.state).toBe('stopped');
  expect(await down({ environment })).toEqual({ stopped: ['temporal'] });
  expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  expect(await isSameProcess(real.pid, real.startTime)).toBe(true);
  writeFileSync(path, JSON.stringify({ format: 1, servers: { database: real } }));
  expect(await down({ environment })).toEqual({ stopped: ['database'] });
});

test('two at once start each server once; `down` frees the ports and `--purge` leaves only downloads', async () => {
  const [one, other] = await Promise.all([upWithProgress(), upWithProgress()]);
  expect(one.connections).toEqual(other.connections);
  const started = [...one.progress, ...other.progress].filter(({ kind }) => kind === 'start').map(({ piece }) => piece);
  expect(started.sort()).toEqual(['database', 'temporal']);
  const { temporal, database } = servers();
  const running = await status(environment);
  expect(running.pieces.filter(({ state }) => state === 'running').map(({ pid }) => pid)).toEqual([
    temporal!.pid,
    database!.pid,
  ]);
  expect(await down({ environment, purge: true })).toEqual({
    stopped: ['temporal', 'database'],
    purged: join(root, 'data'),
  });
  expect(await Promise.all([temporal!.port, temporal!.uiPort!, database!.port].map(isFree))).toEqual([
    true,
    true,
    true,
  ]);
  expect(existsSync(join(root, 'data'))).toBe(false);
  expect(existsSync(join(root, 'tools'))).toBe(true);
  expect(await down({ environment })).toEqual({ stopped: [] });
});

test('an address that is named is used, nothing is started, and one where nothing answers is an error', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const MONGODB_URI = `mongodb://someone:secret@127.0.0.1:${port}/?serverSelectionTimeoutMS=500`;
  const attempt = up({ pieces: ['database'], environment: { ...environment, MONGODB_URI } });
  const error = await attempt.catch((reason: unknown) => reason);
  server.close();
  expect(error).toMatchObject({ code: 'server-unreachable', message: expect.stringContaining(`127.0.0.1:${port}`) });
  expect(String(error)).not.toContain('secret');
  expect(servers().database).toBeUndefined();
});

test('a demanded port in use is an error before anything is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const attempt = up({ pieces: ['database'], environment: { ...environment, AUTOMLGEN_DATABASE_PORT: String(port) } });
  await expect(attempt).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(String(port)) });
  server.close();
  expect(servers().database).toBeUndefined();
});

test('without a network and without downloads there is one clear error and nothing half-installed', async () => {
  const empty = join(root, 'empty');
  mkdirSync(empty);
  const proxy = 'http://127.0.0.1:9';
  const cut = { ...environment, AUTOMLGEN_CACHE: empty, HTTPS_PROXY: proxy, HTTP_PROXY: proxy, https_proxy: proxy };
  const error = await up({ pieces: ['sandbox'], environment: cut }).catch((reason: unknown) => reason);
  // A machine with a bubblewrap of its own needs no download.
  if ((error as StackConnections).bwrap !== undefined) return;
  expect(error).toMatchObject({ code: 'download-failed', next: expect.stringContaining('network') });
  expect((error as Error).message).not.toContain('\n');
  expect((await status(cut)).pieces.map(({ state }) => state)).not.toContain('running');
  expect(existsSync(join(empty, 'stack.lock'))).toBe(false);
});

test('a cache that is a file, and one below /proc, are refused at once', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  for (const AUTOMLGEN_CACHE of [file, join(file, 'below'), '/proc/automlgen']) {
    const attempt = up({ pieces: ['sandbox'], environment: { ...environment, AUTOMLGEN_CACHE } });
    await expect(attempt).rejects.toMatchObject({
      code: 'cache-unwritable',
      message: expect.stringContaining(AUTOMLGEN_CACHE),
    });
  }
});

/** Inserts one document after another and prints each number once it is acknowledged, until the server is gone. */
const WRITER = `
import { writeSync } from 'node:fs';
import { MongoClient } from 'mongodb';
const client = new MongoClient(process.argv[1], { serverSelectionTimeoutMS: 1000, retryWrites: false });
const kill = client.db().collection('kill');
let next = 0;
const work = async () => { for (;;) { const _id = next++; await kill.insertOne({ _id, text: 'x'.repeat(500) }); writeSync(1, _id + '\\n'); } };
await Promise.allSettled(Array.from({ length: 8 }, work));
process.exit(0);
`;
