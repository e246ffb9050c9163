/** A local executor in a folder of its own, with programs given as text. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ExecutionLimits, ExecutionSpec } from '../../src/domain/execution-spec.js';
import { BlobId, type ExecutionId, executionIdOf, NodeId, RunId } from '../../src/domain/ids.js';
import type { Outcome } from '../../src/domain/outcome.js';
import { createLocalExecutor, type LocalExecutorOptions } from '../../src/execution/local/executor.js';
import type { BlobAccess, Executor } from '../../src/execution/port.js';

export const RUNTIME_FOLDER = join(process.cwd(), 'python');

/** An interpreter with numpy, so that the probes meet a real one; any Python >= 3.11 will do. */
export function testPython(): string {
  const cache =
    process.env.AUTOMLGEN_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'automlgen');
  const candidates = [process.env.AUTOMLGEN_PYTHON, join(cache, 'python', 'bin', 'python')];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  return found ?? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}

/** Undefined when there is none: the suite then checks the labelled fallback. */
export function testBwrap(): string | undefined {
  const given = process.env.AUTOMLGEN_TEST_BWRAP;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'bwrap'));
  return [given, ...onPath].find((path): path is string => path !== undefined && isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface TestBlobs extends BlobAccess {
  put(text: string): BlobId;
  text(id: BlobId): string;
}

export function folderBlobs(folder: string): TestBlobs {
  mkdirSync(folder, { recursive: true });
  const idOf = (bytes: Uint8Array | string) => BlobId.parse(createHash('sha256').update(bytes).digest('hex'));
  return {
    put(text) {
      const id = idOf(text);
      writeFileSync(join(folder, id), text);
      return id;
    },
    text: (id) => readFileSync(join(folder, id), 'utf8'),
    read: async (id) => readFileSync(join(folder, id)),
    async saveFile(path) {
      const bytes = readFileSync(path);
      const id = idOf(bytes);
      copyFileSync(path, join(folder, id));
      return { id, bytes: bytes.length };
    },
  };
}

const RUN = RunId.parse('test-20260101-abcdef');
export const LIMITS: ExecutionLimits = {
  cpus: 1,
  memoryMiB: 512,
  diskMiB: 64,
  shmMiB: 32,
  gpus: 0,
  pids: 64,
  runSeconds: 20,
};

export interface Bench {
  readonly root: string;
  readonly blobs: TestBlobs;
  readonly executor: Executor;
  /** Folder with `train.csv` that every view shows. */
  readonly input: string;
  spec(program: string, changes?: SpecChanges): ExecutionSpec;
  /** Submits, waits and releases. */
  run(program: string, changes?: SpecChanges): Promise<Outcome>;
  /** Another executor over the same folders, as another process would have. */
  another(changes?: Partial<LocalExecutorOptions>): Executor;
  close(): void;
}

export type SpecChanges = Partial<Omit<ExecutionSpec, 'limits'>> & { readonly limits?: Partial<ExecutionLimits> };

/** Makes specs of programs that see one folder; `usual` stands in for some of the limits. */
export function specsOver(input: string, blobs: TestBlobs, usual: Partial<ExecutionLimits> = {}) {
  return (program: string, { limits, ...changes }: SpecChanges = {}): ExecutionSpec => ({
    id: newId(),
    runId: RUN,
    nodeId: NodeId.parse('n1'),
    program: blobs.put(program),
    views: [{ name: 'main', input }],
    network: 'none',
    environment: {},
    outputs: ['submission.csv', 'probabilities.csv'],
    ...changes,
    limits: { ...LIMITS, ...usual, ...limits },
  });
}

/** A new folder with `train.csv`. */
export function inputBelow(root: string): string {
  const input = join(root, 'input');
  mkdirSync(input);
  writeFileSync(join(input, 'train.csv'), 'id,x,y\n1,2,3\n');
  return input;
}

export function createBench(options: Partial<LocalExecutorOptions> = {}): Bench {
  const root = mkdtempSync(join(tmpdir(), 'automlgen-execution-'));
  const input = inputBelow(root);
  const blobs = folderBlobs(join(root, 'blobs'));
  const bwrap = testBwrap();
  const another = (changes: Partial<LocalExecutorOptions> = {}) =>
    createLocalExecutor({
      root: join(root, 'executor'),
      python: testPython(),
      runtimeFolder: RUNTIME_FOLDER,
      blobs,
      ...(bwrap !== undefined && { bwrap }),
      slots: 2,
      ...options,
      ...changes,
    });
  const executor = another();
  const spec = specsOver(input, blobs);
  return {
    root,
    blobs,
    input,
    executor,
    another,
    spec,
    async run(program, changes) {
      const handle = await executor.submit(spec(program, changes));
      const outcome = await executor.wait(handle);
      await executor.release(handle.id);
      return outcome;
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function newId(): ExecutionId {
  return executionIdOf(RUN, NodeId.parse('n1'), randomBytes(8).toString('hex'));
}

/** Pids of living processes that were started with the execution's mark in their environment; needs the right to look. */
export function processesOf(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(`AUTOMLGEN_TEST_MARK=${mark}`))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export const WRITE = "open('working/submission.csv', 'w').write('id,y\\n1,0\\n')\n";
