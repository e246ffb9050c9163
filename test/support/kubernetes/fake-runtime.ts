/** A container runtime for the fake kubelet: each container's own command in bubblewrap, with the volumes that its pod gives it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Fate, Life } from './fake-kubelet.js';
import { ended, type FullContainer, type FullPod, started, starting, terminated, waiting } from './fake-pod.js';

export interface RuntimeOptions {
  readonly bwrap: string;
  /** Interpreter that the settings name as the image's. */
  readonly python: string;
  /** Folder with `automlgen_runtime`, likewise. */
  readonly runtimeFolder: string;
  /** Folder behind each PersistentVolumeClaim. */
  readonly claims?: Readonly<Record<string, string>>;
}

const USER = '10001';

interface ImageMounts {
  readonly system: readonly string[];
  /** The interpreter and the entry. */
  readonly own: readonly string[];
}

/** Runs the pod for real: data, collector, program, in the order of a kubelet. */
export function runsForReal(options: RuntimeOptions): Fate {
  const image = imageMounts(options);
  return async (life) => {
    const { pod } = life;
    const folder = mkdtempSync(join(tmpdir(), 'automlgen-pod-'));
    try {
      await life.report(starting(pod));
      await makeVolumes(life, folder, options.claims);
      await runPod(life, folder, { ...options, image });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

async function runPod(
  life: Life,
  folder: string,
  runtime: RuntimeOptions & { readonly image: ImageMounts },
): Promise<void> {
  const { pod, gone } = life;
  const grace = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  const [fetch, collector] = ['fetch', 'collector'].map((name) =>
    pod.spec.initContainers?.find((one) => one.name === name),
  );
  if (fetch) {
    const { code } = await startContainer(runtime, folder, fetch).ended;
    if (code !== 0) {
      await life.report({ ...starting(pod, waiting('PodInitializing'), terminated(code)), phase: 'Failed' });
      return;
    }
  }
  // What is to go before its program began never begins.
  if (gone.aborted) return life.report({ ...starting(pod), phase: 'Failed' });
  const sidecar = collector && startContainer(runtime, folder, collector);
  const startedAt = new Date().toISOString();
  const main = startContainer(runtime, folder, mainOf(pod), (line) => life.logs.write(pod.metadata.name, line));
  await life.report(started(pod));
  const stop = (): void => main.stop(grace);
  if (gone.aborted) stop();
  gone.addEventListener('abort', stop, { once: true });
  const { code } = await main.ended;
  gone.removeEventListener('abort', stop);
  const state = terminated(code, { startedAt });
  const report = { ...started(pod), containerStatuses: ended(pod, { main: state }).containerStatuses };
  await life.report(report);
  sidecar?.stop(grace);
  const collected = await sidecar?.ended;
  const message = sidecar && readIfThere(sidecar.terminationLog);
  await life.report(
    ended(pod, { main: state, ...(message && { message }), ...(collected && { collector: collected.code }) }),
  );
}

function mainOf(pod: FullPod): FullContainer {
  const [main] = pod.spec.containers;
  if (!main) throw new Error('A pod without containers.');
  return main;
}

async function makeVolumes(
  { pod, gateway }: Life,
  folder: string,
  claims: RuntimeOptions['claims'] = {},
): Promise<void> {
  for (const { name, configMap, persistentVolumeClaim: claim } of pod.spec.volumes) {
    const path = join(folder, 'volumes', name);
    if (claim) {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(claims[claim.claimName] ?? '/nowhere', path);
      continue;
    }
    mkdirSync(path, { recursive: true });
    if (!configMap) continue;
    const map = await configMapOf(gateway, pod.metadata.namespace ?? '', configMap.name);
    for (const { key, path: file } of configMap.items) {
      const binary = map.binaryData?.[key];
      writeFileSync(join(path, file), binary === undefined ? (map.data?.[key] ?? '') : Buffer.from(binary, 'base64'));
    }
  }
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** A kubelet waits for it: it is made after the Job. */
async function configMapOf(gateway: Life['gateway'], namespace: string, name: string): Promise<ConfigMap> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await gateway.request<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
    } catch (error) {
      if (turn > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

interface Container {
  readonly terminationLog: string;
  readonly ended: Promise<{ readonly code: number }>;
  /** TERM to its first process, and KILL after the grace. */
  stop(graceMs: number): void;
}

function startContainer(
  runtime: RuntimeOptions & { readonly image: ImageMounts },
  folder: string,
  container: FullContainer,
  onLine: (line: string) => void = () => undefined,
): Container {
  const terminationLog = join(folder, `${container.name}.message`);
  writeFileSync(terminationLog, '');
  const words = [
    ...runtime.image.system,
    ...[
      '--unshare-user',
      '--uid',
      USER,
      '--gid',
      USER,
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--as-pid-1',
    ],
    ...['--die-with-parent', '--new-session', '--clearenv', '--setenv', 'PATH', '/usr/bin:/bin'],
    ...['--proc', '/proc', '--dev', '/dev', '--bind', terminationLog, '/dev/termination-log'],
    ...container.volumeMounts.flatMap(({ name, mountPath, subPath = '', readOnly }) => [
      readOnly ? '--ro-bind' : '--bind',
      realpathSync(join(folder, 'volumes', name, subPath)),
      mountPath,
    ]),
    // After the volumes: where a test lies below /tmp, the volume of that name would hide it.
    ...runtime.image.own,
    ...['--chdir', '/', '--info-fd', '3', '--', ...container.command],
  ];
  const child = spawn(runtime.bwrap, words, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
  const first = firstProcess(child);
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, onLine);
  const exited = new Promise<{ code: number }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 137 : 1) })),
  );
  return {
    terminationLog,
    ended: exited,
    stop(graceMs) {
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      void exited.then(() => clearTimeout(killer));
      void first.then((pid) => pid !== undefined && signalTo(pid, 'SIGTERM'));
    },
  };
}

function firstProcess(child: ChildProcess): Promise<number | undefined> {
  const info = child.stdio[3] as Readable;
  let text = '';
  return new Promise((resolve) => {
    info.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
    info.once('close', () => resolve(undefined));
  });
}

function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
  });
  stream?.once('end', () => rest !== '' && onLine(rest));
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** The read-only root file system: the system's libraries, the interpreter and the entry. */
function imageMounts({ python, runtimeFolder }: RuntimeOptions): ImageMounts {
  const links = ['bin', 'lib', 'lib32', 'lib64', 'sbin'].flatMap((name) => systemFolder(`/${name}`));
  const code = 'import sys; print(sys.prefix); print(sys.base_prefix)';
  const prefixes = execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim().split('\n');
  const folders = [...new Set([...prefixes, dirname(dirname(python)), runtimeFolder])].filter(
    (path) => !path.startsWith('/usr'),
  );
  return {
    system: [
      ...['--ro-bind', '/usr', '/usr', '--dir', '/tmp', ...links],
      ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache', '--ro-bind-try', '/etc/localtime', '/etc/localtime'],
    ],
    own: folders.flatMap((path) => ['--ro-bind', path, path]),
  };
}

function systemFolder(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  try {
    return ['--symlink', readlinkSync(path), path];
  } catch {
    return ['--ro-bind', path, path];
  }
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
