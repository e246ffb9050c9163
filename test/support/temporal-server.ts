/** A Temporal server of a test's own: a free port, a database file of its own, killed and started again at will. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../src/stack/search-attributes.js';

export interface TemporalServer {
  readonly address: string;
  readonly uiPort: number;
  /** kill −9. The database file stays. */
  kill(): Promise<void>;
  /** Starts again on the same port and file. */
  start(): Promise<void>;
  /** Stops and removes everything. */
  close(): Promise<void>;
}

export async function startTemporal(): Promise<TemporalServer> {
  const program = temporalProgram();
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-temporal-'));
  const port = await freePort();
  const uiPort = await freePort();
  const address = `127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const place = [
      '--ip',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--ui-port',
      `${uiPort}`,
      '--db-filename',
      join(folder, 'db'),
    ];
    const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${type}`,
    ]);
    const quiet = ['--log-level', 'error'];
    child = spawn(program, ['server', 'start-dev', ...place, ...attributes, ...quiet], { stdio: 'ignore' });
    await ready(address, child);
  };
  const kill = async (): Promise<void> => {
    if (child) await killed(child);
    child = undefined;
  };
  await start();
  return {
    address,
    uiPort,
    kill,
    start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends SIGKILL and waits until the process is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** `AUTOMLGEN_TEST_TEMPORAL`, else what the embedded stack has installed, else the one on PATH. */
function temporalProgram(): string {
  const tools = join(process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache/automlgen'), 'tools');
  const installed = existsSync(tools) ? readdirSync(tools).filter((name) => name.startsWith('temporal-')) : [];
  const candidates = [
    process.env.AUTOMLGEN_TEST_TEMPORAL ?? '',
    ...installed.map((name) => join(tools, name, 'bin', 'temporal')),
    ...(process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'temporal')),
  ];
  const found = candidates.find((path) => path !== '' && existsSync(path));
  if (!found)
    throw new Error('No Temporal server found: run `automlgen stack up` once, or set AUTOMLGEN_TEST_TEMPORAL.');
  return found;
}

async function ready(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The Temporal server ended with ${child.exitCode}.`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1000 });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return await connection.close();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`The Temporal server at ${address} did not become ready in 30 s.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
