/** The checks of `doctor`: each looks or tries, none starts a server or fetches anything, and only `--try` makes something. */
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../domain/errors.js';
import { findBasePython } from '../stack/base-python.js';
import { cacheFolder, freeSpace, inMegabytes } from '../stack/cache-folder.js';
import { inspectDatabase } from '../stack/database-check.js';
import { atLeast } from '../stack/find-program.js';
import { packageVersions } from '../stack/python-packages.js';
import { withoutSecrets } from '../stack/server.js';
import { type PieceStatus, type StackStatus, status } from '../stack/status.js';
import { inspectTemporal } from '../stack/temporal-check.js';
import { places } from './places.js';

/** `blocked`: no run works until it is mended. `warning`: a run works, but weaker or only after a download. */
export interface Finding {
  readonly about: string;
  readonly level: 'fine' | 'warning' | 'blocked';
  readonly found: string;
  /** One command or action; absent when there is nothing to do. */
  readonly fix?: string;
}

export interface CheckOptions {
  /** Also what makes something for a moment: a Job in the cluster. */
  readonly try: boolean;
}

type Check = (options: CheckOptions) => Promise<readonly Finding[]>;

const INSTALL = 'automlgen stack up';

export const CHECKS: Readonly<Record<string, Check>> = {
  node: async () => [nodeFinding(process.versions.node)],
  disk: checkDisk,
  python: checkPython,
  sandbox: checkSandbox,
  temporal: checkTemporal,
  database: checkDatabase,
  model: async () => (await import('./doctor-model.js')).checkModel(),
  kubernetes: async (options) => (await import('./doctor-kubernetes.js')).checkKubernetes(options),
};

export function nodeFinding(version: string): Finding {
  return atLeast(version, '20.19')
    ? { about: 'node', level: 'fine', found: version }
    : { about: 'node', level: 'blocked', found: `${version} is too old`, fix: 'Install Node 20.19 or later.' };
}

async function checkDisk(): Promise<readonly Finding[]> {
  const { root } = cacheFolder(process.env);
  const folder = await nearestExisting(root);
  try {
    await access(folder, constants.W_OK);
  } catch {
    return [
      {
        about: 'disk',
        level: 'blocked',
        found: `${folder} cannot be written`,
        fix: 'Set AUTOMLGEN_CACHE to a folder that can.',
      },
    ];
  }
  const bytes = await freeSpace(folder);
  const found = `${inMegabytes(bytes)} free at ${root}`;
  if (bytes > 5e9) return [{ about: 'disk', level: 'fine', found }];
  const fix = 'Free some space, or set AUTOMLGEN_CACHE to a folder on a larger disk.';
  return [{ about: 'disk', level: bytes > 1e9 ? 'warning' : 'blocked', found, fix }];
}

async function nearestExisting(path: string): Promise<string> {
  return access(path).then(
    () => path,
    () => nearestExisting(dirname(path)),
  );
}

async function checkPython(): Promise<readonly Finding[]> {
  const piece = await statusOf('python');
  if (piece.state === 'missing') {
    try {
      const base = await findBasePython({ environment: process.env });
      const found = `CPython ${base.version} at ${base.path}; the packages are not installed yet (290 MB)`;
      return [{ about: 'python', level: 'warning', found, fix: INSTALL }];
    } catch (error) {
      return [failed('python', error)];
    }
  }
  if (piece.problem !== undefined) return [{ about: 'python', level: 'blocked', found: piece.problem, fix: INSTALL }];
  const { versions, broken } = await packageVersions(piece.where);
  const found = `${piece.version} with ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}`;
  const fine: Finding = { about: 'python', level: 'fine', found };
  return [
    fine,
    ...Object.entries(broken).map(([name, reason]) => brokenModule(name, reason, dirname(dirname(piece.where)))),
  ];
}

function brokenModule(name: string, reason: string, folder: string): Finding {
  const fix = process.env.AUTOMLGEN_PYTHON
    ? `Install ${name} for ${process.env.AUTOMLGEN_PYTHON}, or unset AUTOMLGEN_PYTHON.`
    : `rm -r ${folder} && ${INSTALL}`;
  return { about: 'python', level: 'blocked', found: `${name} cannot be imported: ${reason}`, fix };
}

/** Asks the executor itself, which tries namespaces and limits instead of assuming them. */
async function checkSandbox(): Promise<readonly Finding[]> {
  const [sandbox, python] = await Promise.all([statusOf('sandbox'), statusOf('python')]);
  if (python.where === '') {
    return [{ about: 'sandbox', level: 'warning', found: 'not tried: it needs the Python environment', fix: INSTALL }];
  }
  const { createLocalExecutor } = await import('../execution/local/executor.js');
  const here = places();
  try {
    const executor = createLocalExecutor({
      root: here.executions,
      python: python.where,
      ...(sandbox.where !== '' && { bwrap: sandbox.where }),
      runtimeFolder: `${here.package}/python`,
      blobs: { read: notNeeded, saveFile: notNeeded },
    });
    const able = await executor.capabilities();
    const limits = `network ${able.network}, memory limit by ${able.memoryLimit}, process limit by ${able.processLimit}`;
    const found = `level ${able.sandbox}; ${limits}; ${able.slots} at a time on ${able.cpus} cores`;
    const full = able.sandbox === 'full' && able.network === 'blocked';
    const notes = able.notes.map(
      (note): Finding => ({ about: 'sandbox', level: full ? 'fine' : 'warning', found: note }),
    );
    const fix = { fix: 'docs/sandbox.md says what a full sandbox needs.' };
    return [{ about: 'sandbox', level: full ? 'fine' : 'warning', found, ...(full ? {} : fix) }, ...notes];
  } catch (error) {
    return [failed('sandbox', error)];
  }
}

async function checkTemporal(): Promise<readonly Finding[]> {
  const piece = await statusOf('temporal');
  const stopped = notRunning(piece, 'Temporal (45 MB)');
  if (stopped) return [stopped];
  const external = process.env.TEMPORAL_ADDRESS;
  try {
    const report = await inspectTemporal(process.env, external ?? piece.where, external === undefined);
    const found = `server ${report.serverVersion} at ${piece.where}, namespace ${report.namespace}`;
    const fine: Finding = { about: 'temporal', level: 'fine', found };
    const missing = report.missing.map(
      (name): Finding => ({
        about: 'temporal',
        level: 'warning',
        found: `search attribute ${name} is missing`,
        fix: INSTALL,
      }),
    );
    const wrong = report.mismatched.map(
      ({ name, want, have }): Finding => ({
        about: 'temporal',
        level: 'blocked',
        found: `search attribute ${name} is ${have} instead of ${want}`,
        fix: external
          ? 'Remove it there, or use another namespace.'
          : 'automlgen stack down --purge && automlgen stack up',
      }),
    );
    return [fine, ...missing, ...wrong];
  } catch (error) {
    return [failed('temporal', error, piece)];
  }
}

async function checkDatabase(): Promise<readonly Finding[]> {
  const piece = await statusOf('database');
  const stopped = notRunning(piece, 'the embedded store (9 MB, and 35 MB where there is no Java)');
  if (stopped) return [stopped];
  try {
    const { version, milliseconds } = await inspectDatabase(process.env.MONGODB_URI ?? piece.where);
    const what = process.env.MONGODB_URI ? 'MongoDB' : piece.version;
    const found = `${what}, speaks version ${version}, answers in ${milliseconds.toFixed(1)} ms at ${withoutSecrets(piece.where)}`;
    return [{ about: 'database', level: 'fine', found }];
  } catch (error) {
    return [failed('database', error, piece)];
  }
}

function notRunning(piece: PieceStatus, download: string): Finding | undefined {
  if (piece.state === 'missing') {
    return {
      about: piece.piece,
      level: 'warning',
      found: `not installed yet: the first run fetches ${download}`,
      fix: INSTALL,
    };
  }
  if (piece.state !== 'stopped') return undefined;
  return {
    about: piece.piece,
    level: 'fine',
    found: `${piece.version}, not running; every command that needs it starts it`,
  };
}

function failed(about: string, error: unknown, piece?: PieceStatus): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const log = piece?.logPath === undefined ? '' : ` (log: ${piece.logPath})`;
  const fix = error instanceof UserError ? error.next : piece?.state === 'external' ? 'Correct the address.' : INSTALL;
  return { about, level: 'blocked', found: `${message}${log}`, fix };
}

let looked: Promise<StackStatus> | undefined;

async function statusOf(name: PieceStatus['piece']): Promise<PieceStatus> {
  looked ??= status();
  const piece = (await looked).pieces.find((one) => one.piece === name);
  if (!piece) throw new Error(`no piece ${name}`);
  return piece;
}

async function notNeeded(): Promise<never> {
  throw new Error('no file is read or kept while the sandbox is tried');
}
