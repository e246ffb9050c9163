/** What the isolation probe is told to try, and whether trusted code finds it there: what nobody can reach proves nothing. */
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { PreparedTask } from '../domain/split.js';
import type { RunRecord } from '../store/runs.js';
import type { Guarded, GuardedPlace, GuardedServer } from './dependencies.js';

const CONNECT_MS = 1000;
/** Shorter values of the environment are equal by chance. */
const LEAST_VALUE = 8;
/** Variables that every program may know. */
const HARMLESS = /^(PATH|LANG|LC_\w+|TZ|TERM|USER|LOGNAME|PYTHON\w+|MPLBACKEND)$/;
/** Names that a walk through all folders must not meet. */
const NAMES = ['labels.csv', 'answers.csv', 'temporal.db'];

export interface Targets {
  readonly places: readonly GuardedPlace[];
  readonly servers: readonly GuardedServer[];
}

/** Everything of this run and of this machine that a program has no business with. */
export function targetsOf(
  run: RunRecord & { readonly prepared: PreparedTask },
  guarded: Guarded,
  own: { readonly program: string; readonly port: number },
): Targets {
  const { hiddenFolder, predictionsFolder, views } = run.prepared;
  const { folder, privateFolder, task } = run.source;
  const inViews = Object.entries(views).flatMap(([name, path]) => [
    { what: `the folder of view ${name} by its own path`, path, vital: true },
    { what: `the labels of view ${name} by their own path`, path: join(path, 'train.csv'), vital: true },
  ]);
  const places = [
    { what: 'the hidden labels', path: join(hiddenFolder, 'labels.csv'), vital: true },
    { what: 'the ids of the test rows', path: join(hiddenFolder, 'test_ids.csv'), vital: true },
    { what: 'the folder of hidden labels', path: hiddenFolder, vital: true },
    { what: 'predictions of other programs', path: predictionsFolder, vital: false },
    { what: 'the prepared task', path: dirname(hiddenFolder), vital: true },
    ...inViews,
    { what: "the task's own labelled rows", path: join(folder, task.train), vital: true },
    { what: "the task's folder", path: folder, vital: true },
    ...(privateFolder === undefined
      ? []
      : [
          { what: 'the private answers', path: join(privateFolder, 'answers.csv'), vital: true },
          { what: 'the folder of private answers', path: privateFolder, vital: true },
        ]),
    { what: 'the results of this run', path: run.config.resultsFolder, vital: false },
    { what: 'a stored program', path: own.program, vital: false },
    ...guarded.places,
  ];
  return {
    places,
    servers: [
      ...guarded.servers,
      { what: 'connect to a server of this test', host: '127.0.0.1', port: own.port, vital: false },
    ],
  };
}

/** The text of the probe with what it is told written into it. */
export function probeProgram(source: string, targets: Targets, told: { level: string; nonce: string }): string {
  const given = {
    ...told,
    ...targets,
    names: NAMES,
    processes: [process.pid, process.ppid].filter((pid) => pid > 1),
    worker: process.argv.join(' ').slice(0, 200),
    environment: hashesOf(process.env, told.nonce),
  };
  return source.replace('"@GIVEN@"', () => JSON.stringify(JSON.stringify(given)));
}

/** Names by salted hash of their values. */
function hashesOf(environment: NodeJS.ProcessEnv, salt: string): Readonly<Record<string, string>> {
  const secret = Object.entries(environment).filter(
    ([name, value]) => !HARMLESS.test(name) && (value?.length ?? 0) >= LEAST_VALUE,
  );
  return Object.fromEntries(
    secret.map(([name, value]) => [
      createHash('sha256')
        .update(salt + value)
        .digest('hex'),
      name,
    ]),
  );
}

/** Those that matter for answers or scores. */
export function vitalOf({ places, servers }: Targets): ReadonlySet<string> {
  const paths = places.filter(({ vital }) => vital).map(({ path }) => path);
  return new Set([...paths, ...servers.filter(({ vital }) => vital).map(({ host, port }) => `${host}:${port}`)]);
}

/** Targets, as `path` or `host:port`, that trusted code does not find either. */
export async function missingOf({ places, servers }: Targets): Promise<ReadonlySet<string>> {
  const paths = places.map(async ({ path }) => ((await isThere(path)) ? [] : [path]));
  const ports = servers.map(async ({ host, port }) => ((await answers(host, port)) ? [] : [`${host}:${port}`]));
  return new Set((await Promise.all([...paths, ...ports])).flat());
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** A server that anybody on this machine can reach; closed by the caller. */
export async function openServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: address !== null && typeof address === 'object' ? address.port : 0 };
}
