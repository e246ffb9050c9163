/** The artefact endpoint: what a token opens, and what it does not. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import { type ArtefactEndpoint, serveArtefacts } from '../../../../src/execution/kubernetes/artefacts.js';
import { JobName } from '../../../../src/execution/kubernetes/parts.js';
import { openRecords, type Records } from '../../../../src/execution/kubernetes/records.js';
import { grantIn, secretOf, tokenFor } from '../../../../src/execution/kubernetes/tokens.js';

const JOB = JobName.parse('aml-aaaaaaaaaaaaaaaaaaaa');
const SECRET = Buffer.from('secret');
const reports: string[] = [];
let folder: string;
let records: Records;
let endpoint: ArtefactEndpoint;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-artefacts-'));
  mkdirSync(join(folder, 'view', 'images'), { recursive: true });
  writeFileSync(join(folder, 'view', 'train.csv'), 'id,y\n1,2\n');
  writeFileSync(join(folder, 'view', 'images', 'ü.png'), Buffer.from([0, 10, 255]));
  records = openRecords(join(folder, 'records'));
  await records.begin(JOB, ExecutionSpec.parse(spec()));
  endpoint = await serveArtefacts({
    listen: '127.0.0.1:0',
    maxFileMiB: 1,
    secret: SECRET,
    records,
    onReport: (job) => reports.push(job),
  });
  token = tokenFor({ job: JOB, views: { main: join(folder, 'view') }, outputs: ['submission.csv'] }, SECRET);
});
afterAll(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

function spec() {
  return {
    id: JOB,
    runId: 'task-20260101-abcdef',
    nodeId: 'n1',
    program: 'a'.repeat(64),
    views: [{ name: 'main', input: '/x' }],
    limits: { cpus: 1, memoryMiB: 1, diskMiB: 1, shmMiB: 1, gpus: 0, pids: 1, runSeconds: 1 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv'],
  };
}

function ask(method: string, path: string, body?: string | Buffer, bearer = token): Promise<Response> {
  const headers = { authorization: `Bearer ${bearer}` };
  return fetch(`http://127.0.0.1:${endpoint.port}/v1/executions/${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
}

test('takes a known output whole, and the report last', async () => {
  expect((await ask('PUT', `${JOB}/outputs/main/submission.csv`, 'id,y\n1,0\n')).status).toBe(201);
  expect(readFileSync(records.output(JOB, 'main', 'submission.csv'), 'utf8')).toBe('id,y\n1,0\n');
  expect((await ask('PUT', `${JOB}/status`, JSON.stringify({ status: null, files: [] }))).status).toBe(201);
  expect(await records.report(JOB)).toEqual({ status: null, files: [] });
  expect(reports).toEqual([JOB]);
});

test.each([
  ['an output that nobody asked for', 'PUT', `${JOB}/outputs/main/other.csv`, 404],
  ['an output outside', 'PUT', `${JOB}/outputs/main/..%2F..%2Fspec.json`, 404],
  ['another view', 'PUT', `${JOB}/outputs/fold1/submission.csv`, 404],
  ['another execution', 'PUT', 'aml-bbbbbbbbbbbbbbbbbbbb/outputs/main/submission.csv', 401],
  ['another execution’s view', 'GET', 'aml-bbbbbbbbbbbbbbbbbbbb/views/main', 401],
  ['a view by its path', 'GET', `${JOB}/views/..%2F..`, 404],
  ['reading outputs', 'GET', `${JOB}/outputs/main/submission.csv`, 404],
  ['deleting', 'DELETE', `${JOB}/outputs/main/submission.csv`, 404],
  ['more than a file may have', 'PUT', `${JOB}/outputs/main/submission.csv`, 413],
  ['a report that is none', 'PUT', `${JOB}/status`, 400],
])('refuses %s', async (what, method, path, status) => {
  const body = what.startsWith('more') ? Buffer.alloc(1024 * 1024 + 1) : 'x';
  const response = await ask(method, path, method === 'PUT' ? body : undefined);
  expect(response.status).toBe(status);
  expect(readFileSync(records.output(JOB, 'main', 'submission.csv'), 'utf8')).toBe('id,y\n1,0\n');
});

test.each([
  ['none', ''],
  ['garbage', 'abc.def'],
  ['of another secret', tokenFor({ job: JOB, views: {}, outputs: ['submission.csv'] }, Buffer.from('other'))],
  ['with more in it than was signed', 'TAMPERED'],
])('refuses a token: %s', async (_, given) => {
  const [text = '', signature = ''] = token.split('.');
  const grant = JSON.parse(Buffer.from(text, 'base64url').toString());
  const tampered = `${Buffer.from(JSON.stringify({ ...grant, views: { main: '/' } })).toString('base64url')}.${signature}`;
  const response = await ask('GET', `${JOB}/views/main`, undefined, given === 'TAMPERED' ? tampered : given);
  expect(response.status).toBe(401);
  expect(await response.text()).not.toContain(folder);
});

test('a view is sent whole: names, sizes, bytes, and a last line', async () => {
  const bytes = Buffer.from(await (await ask('GET', `${JOB}/views/main`)).arrayBuffer());
  const lines = bytes.toString('latin1').split('\n');
  expect(JSON.parse(Buffer.from(lines[0] ?? '', 'latin1').toString('utf8'))).toEqual({
    path: 'images/ü.png',
    bytes: 3,
  });
  expect(bytes.includes(Buffer.from([0, 10, 255]))).toBe(true);
  expect(JSON.parse(lines.at(-2) ?? '')).toEqual({ end: true, files: 2 });
});

test('what was released takes nothing any more', async () => {
  const gone = JobName.parse('aml-cccccccccccccccccccc');
  const other = tokenFor({ job: gone, views: { main: '/x' }, outputs: ['submission.csv'] }, SECRET);
  expect((await ask('PUT', `${gone}/outputs/main/submission.csv`, 'x', other)).status).toBe(410);
  expect(await records.jobs()).toEqual([JOB]);
});

test('health needs no token', async () => {
  expect((await fetch(`http://127.0.0.1:${endpoint.port}/healthz`)).status).toBe(200);
});

test('who sends its headers a byte at a time is given up', async () => {
  const impatient = await serveArtefacts({
    listen: '127.0.0.1:0',
    maxFileMiB: 1,
    secret: SECRET,
    records,
    headersMs: 400,
  });
  const socket = connect(impatient.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write('GET /healthz HTTP/1.1\r\nx: ');
  const drip = setInterval(() => socket.write('x'), 50);
  await once(socket, 'close');
  clearInterval(drip);
  await impatient.close();
  expect(said).toMatch(/^HTTP\/1.1 408 /);
});

test('racing processes agree on one secret; a given one wins', async () => {
  const path = join(folder, 'made', 'secret');
  const [first, second] = await Promise.all([secretOf(path, undefined), secretOf(path, undefined)]);
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  expect(first.length).toBeGreaterThanOrEqual(32);
  expect(Buffer.from(await secretOf(path, 'given')).toString()).toBe('given');
  expect(grantIn(token, SECRET)).toMatchObject({ job: JOB });
});

test.each([
  ['127.0.0.1:0', ['127.0.0.1']],
  [':0', ['127.0.0.1', ...ipv6()]],
  ...ipv6().map((host): [string, string[]] => [`${host}:0`, [host]]),
])('listens on %s', async (listen, hosts) => {
  const one = await serveArtefacts({ listen, maxFileMiB: 1, secret: SECRET, records });
  try {
    for (const host of hosts) expect((await fetch(`http://${host}:${one.port}/healthz`)).status).toBe(200);
  } finally {
    await one.close();
  }
});

test('what is no address is not listened on', async () => {
  const limits = { maxFileMiB: 1, secret: SECRET, records };
  await expect(serveArtefacts({ listen: '8790', ...limits })).rejects.toMatchObject({
    code: 'kubernetes-settings-invalid',
    message: expect.stringContaining('"8790"'),
  });
  await expect(serveArtefacts({ listen: `127.0.0.1:${endpoint.port}`, ...limits })).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(`127.0.0.1:${endpoint.port} (EADDRINUSE)`),
  });
});

/** The loopback of this machine, where it has one of that family. */
function ipv6(): readonly string[] {
  return (networkInterfaces().lo ?? []).filter(({ family }) => family === 'IPv6').map(({ address }) => `[${address}]`);
}
