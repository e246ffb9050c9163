/** One client that holds connections, sends bytes now and then, or floods: the others deliver all the same. Real sockets, two addresses. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import {
  type ArtefactEndpoint,
  type ArtefactOptions,
  serveArtefacts,
} from '../../../../src/execution/kubernetes/artefacts.js';
import { JobName } from '../../../../src/execution/kubernetes/parts.js';
import { openRecords, type Records } from '../../../../src/execution/kubernetes/records.js';
import { tokenFor } from '../../../../src/execution/kubernetes/tokens.js';

const [HOSTILE, GOOD] = ['127.0.0.1', '127.0.0.2'];
const JOB = JobName.parse('aml-aaaaaaaaaaaaaaaaaaaa');
const SECRET = Buffer.from('secret');
const TOKEN = tokenFor({ job: JOB, views: { main: '/x' }, outputs: ['submission.csv'] }, SECRET);
let folder: string;
let records: Records;
let endpoint: ArtefactEndpoint;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-clients-'));
  records = openRecords(folder);
  await records.begin(
    JOB,
    ExecutionSpec.parse({
      id: JOB,
      runId: 'task-20260101-abcdef',
      nodeId: 'n1',
      program: 'a'.repeat(64),
      views: [{ name: 'main', input: '/x' }],
      limits: { cpus: 1, memoryMiB: 1, diskMiB: 1, shmMiB: 1, gpus: 0, pids: 1, runSeconds: 1 },
      network: 'none',
      environment: {},
      outputs: ['submission.csv'],
    }),
  );
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Partial<ArtefactOptions> = {}): Promise<void> {
  endpoint = await serveArtefacts({ listen: '127.0.0.1:0', maxFileMiB: 1, secret: SECRET, records, ...options });
}

/** Connects and says what it is given, and nothing more. */
async function open(from: string, text = ''): Promise<Socket> {
  const socket = connect({ port: endpoint.port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  socket.resume();
  sockets.push(socket);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  if (text !== '') socket.write(text);
  return socket;
}

/** Status of an upload on a connection of its own; 0 when the connection was closed. */
function upload(from: string, body = 'id,y\n1,0\n'): Promise<number> {
  return new Promise((resolve) => {
    const path = `/v1/executions/${JOB}/outputs/main/submission.csv`;
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-length': body.length };
    const asked = request({
      host: '127.0.0.1',
      port: endpoint.port,
      localAddress: from,
      agent: false,
      method: 'PUT',
      path,
      headers,
    });
    asked.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', () => resolve(0));
    asked.end(body);
  });
}

const begun = (bytes: number): string =>
  `PUT /v1/executions/${JOB}/outputs/main/submission.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: ${bytes}\r\n\r\nx`;

const alive = (all: readonly Socket[]): number => all.filter((socket) => !socket.destroyed && !socket.closed).length;

async function settled(all: readonly Socket[], most: number): Promise<number> {
  for (let turn = 0; turn < 100 && alive(all) > most; turn += 1) await sleep(20);
  return alive(all);
}

test.each([
  ['say nothing', ''],
  ['begin a request', 'GET /healthz HTTP/1.1\r\nx: '],
  [
    'have another token',
    `GET /v1/executions/${JOB}/views/main HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b\r\n\r\n`,
  ],
])('300 connections of one address that %s: it keeps few, and another one uploads', async (_, text) => {
  await serve({ limits: { connections: 60 } });
  const held = await Promise.all(Array.from({ length: 300 }, () => open(HOSTILE, text)));
  expect(await Promise.all(Array.from({ length: 3 }, () => upload(GOOD)))).toEqual([201, 201, 201]);
  expect(await settled(held, 32)).toBeLessThanOrEqual(32);
  // Behind a proxy, the good have the address of the bad.
  expect(await upload(HOSTILE)).toBe(201);
});

test('while an address connects again and again, whoever has its address or another one delivers', async () => {
  await serve({ limits: { connections: 60, waitingPerAddress: 8 } });
  const over = new AbortController();
  const flood = (async () => {
    while (!over.signal.aborted) {
      await Promise.all(Array.from({ length: 10 }, () => open(HOSTILE)));
      await sleep(10);
    }
  })();
  await sleep(100);
  for (let turn = 0; turn < 10; turn += 1) expect(await upload(GOOD)).toBe(201);
  over.abort();
  await flood;
  expect(sockets.length).toBeGreaterThan(50);
  expect(await settled(sockets, 8)).toBeLessThanOrEqual(8);
});

test('an execution that holds as many requests as it may is told to come again; nobody else is', async () => {
  const other = JobName.parse('aml-bbbbbbbbbbbbbbbbbbbb');
  await serve();
  const held = await Promise.all(Array.from({ length: 4 }, () => open(HOSTILE, begun(1000))));
  await sleep(200);
  expect(alive(held)).toBe(4);
  expect(await upload(GOOD)).toBe(429);
  const token = tokenFor({ job: other, views: {}, outputs: [] }, SECRET);
  const url = `http://127.0.0.1:${endpoint.port}/v1/executions/${other}/views/main`;
  // It is let in, and has no such view.
  expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
  held[0]?.destroy();
  for (let turn = 0; turn < 100 && (await upload(GOOD)) === 429; turn += 1) await sleep(20);
  expect(await upload(GOOD)).toBe(201);
});

test.each([
  ['an output', begun(1000)],
  ['a report', begun(1000).replace('outputs/main/submission.csv', 'status')],
])('a body that comes a byte at a time is given up, and leaves nothing: %s', async (_, text) => {
  await serve({ bodyMs: 400 });
  const began = Date.now();
  const socket = await open(HOSTILE, text);
  const drip = setInterval(() => socket.write('x'), 50);
  await once(socket, 'close');
  clearInterval(drip);
  expect(Date.now() - began).toBeGreaterThanOrEqual(300);
  expect(Date.now() - began).toBeLessThan(5000);
  expect(await upload(GOOD)).toBe(201);
  const target = records.output(JOB, 'main', 'submission.csv');
  expect(readdirSync(dirname(target))).toEqual(['submission.csv']);
  expect(await records.report(JOB)).toBeUndefined();
});

test.each(['//', '/v1/executions/%E0%A4%A/status', 'http://[', '*'])(
  'a path that is none is not there: %s',
  async (path) => {
    await serve();
    const asked = request({ host: '127.0.0.1', port: endpoint.port, agent: false, path }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(404);
  },
);
