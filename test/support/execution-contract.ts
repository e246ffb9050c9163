/** What every executor promises. The same programs and the same questions for each of them. */
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExecutionSpec } from '../../src/domain/execution-spec.js';
import type { Outcome } from '../../src/domain/outcome.js';
import type { Executor } from '../../src/execution/port.js';
import { newId, type SpecChanges, type TestBlobs, WRITE } from './execution-setup.js';

/** An executor with two slots, and what the contract has to see of it. */
export interface ContractBench {
  readonly executor: Executor;
  readonly blobs: TestBlobs;
  /** Folder with `train.csv` that every view shows. */
  readonly input: string;
  spec(program: string, changes?: SpecChanges): ExecutionSpec;
  /** Another executor over the same executions, as another process would have. */
  another(): Executor;
  /** How often the program of this execution was started. */
  starts(id: string): number;
  /** Whether anything of it is left. */
  traces(id: string): boolean;
  close(): Promise<void> | void;
}

export interface ContractOptions {
  /** What an execution may cost beside its program, seconds. */
  readonly overheadSeconds: number;
  /** Cores that a program of one core may use: its own, or all of the machine's. */
  readonly pinned: boolean;
  /** How long programs run that are to run side by side; longer than the time between two starts. Default 0.4. */
  readonly overlapSeconds?: number;
}

export function executorContract(make: () => ContractBench | Promise<ContractBench>, options: ContractOptions): void {
  let bench: ContractBench;
  beforeAll(async () => {
    bench = await make();
  });
  afterAll(() => bench.close());

  async function run(program: string, changes?: SpecChanges): Promise<Outcome> {
    const handle = await bench.executor.submit(bench.spec(program, changes));
    const outcome = await bench.executor.wait(handle);
    await bench.executor.release(handle.id);
    return outcome;
  }

  describe('a program that does its work', () => {
    test('finishes with its file in the blob store and its output', async () => {
      const outcome = await run(`import os\nprint(os.listdir('input'), open('input/train.csv').read())\n${WRITE}`);
      expect(outcome).toMatchObject({ kind: 'finished', exitCode: 0, milestones: 7 });
      expect(outcome.stdoutTail).toContain("['train.csv'] id,x,y\n1,2,3");
      expect(outcome.files.map(({ view, name, bytes }) => [view, name, bytes])).toEqual([
        ['main', 'submission.csv', 9],
      ]);
      expect(bench.blobs.text(outcome.files[0]!.blob)).toBe('id,y\n1,0\n');
      expect(outcome.seconds).toBeGreaterThan(0);
      expect(outcome.viewSeconds).toEqual({ main: expect.any(Number) });
    });

    test('brings back the optional file too, and knows its environment', async () => {
      const outcome = await run(
        `import os, getpass, pathlib\nprint(os.environ['OMP_NUM_THREADS'], os.environ['PYTHONHASHSEED'], os.environ['EXTRA'],
       getpass.getuser(), os.nice(0), pathlib.Path.home(), len(os.sched_getaffinity(0)))
open('working/probabilities.csv', 'w').write('p')\n${WRITE}`,
        { environment: { EXTRA: 'yes' } },
      );
      expect(outcome.files.map((file) => file.name)).toEqual(['submission.csv', 'probabilities.csv']);
      // Ten below whoever started it; the lowest there is, is 19.
      const niceness = Math.min(19, getPriority() + 10);
      expect(outcome.stdoutTail).toMatch(new RegExp(`^1 0 yes candidate ${niceness} /\\S+ \\d+\\n$`));
      if (options.pinned) expect(outcome.stdoutTail).toMatch(/ 1\n$/);
    });

    test('runs each view in folders of its own, in order', async () => {
      const program = `import os
print(sorted(os.listdir('working')), [name for name in os.listdir(os.environ['TMPDIR']) + os.listdir() if name == 'left'])
open(os.environ['TMPDIR'] + '/left', 'w').write('x'); open('working/left', 'w').write('x'); open('left', 'w').write('x')
open('working/submission.csv', 'w').write(open('input/train.csv').read())`;
      const views = ['fold1', 'fold2'].map((name) => ({ name, input: bench.input }));
      const outcome = await run(program, { views });
      expect(outcome.kind).toBe('finished');
      expect(Object.keys(outcome.viewSeconds)).toEqual(['fold1', 'fold2']);
      expect(outcome.files.map((file) => file.view)).toEqual(['fold1', 'fold2']);
      // The output of the last view is kept: it found nothing of the first.
      expect(outcome.stdoutTail).toBe('[] []\n');
    });

    test('stops at the first view that fails', async () => {
      const views = ['fold1', 'fold2'].map((name) => ({ name, input: bench.input }));
      const outcome = await run('raise ValueError("no")', { views });
      expect(outcome).toMatchObject({ kind: 'exception', message: 'ValueError: no', exitCode: 1 });
      expect(Object.keys(outcome.viewSeconds)).toEqual(['fold1']);
    });
  });

  describe('a program that fails', () => {
    test.each([
      ['syntax', 'def broken(:\n  pass', /SyntaxError/],
      ['exception', 'import missing_module_of_mine', /ModuleNotFoundError: No module named 'missing_module_of_mine'/],
      ['no-output', 'print("done")', /did not write working\/submission.csv/],
      ['memory', 'raise MemoryError("asked for too much")', /more than 512 MiB/],
      ['gpu-memory', 'raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")', /CUDA out of memory/],
      ['exception', 'import os, signal; os.kill(os.getpid(), signal.SIGSEGV)', /SIGSEGV|Segmentation fault/],
      ['exception', 'import sys; sys.exit(3)', /exit code 3/],
      ['timeout', 'import time; time.sleep(60)', /still running after 1 s/],
      ['bad-format', "import os; os.symlink('/etc/hostname', 'working/submission.csv')", /is a symbolic link/],
    ])('%s', async (kind, program, message) => {
      const outcome = await run(program, kind === 'timeout' ? { limits: { runSeconds: 1 } } : {});
      expect(outcome.kind).toBe(kind);
      expect(outcome.message).toMatch(message);
      expect(outcome.files).toEqual([]);
    });

    test('says how far it got', async () => {
      const program = `import json\n\ndef read_table():\n    return open('input/train.csv').read()\n\ntable = read_table()\nraise KeyError('y')`;
      expect(await run(program)).toMatchObject({ kind: 'exception', milestones: 2 });
    });
  });

  describe('one execution, many callers', () => {
    test('two racing submits start it once, and both get the outcome', async () => {
      const spec = bench.spec(`import time; time.sleep(0.5)\n${WRITE}`);
      const other = bench.another();
      const handles = await Promise.all([bench.executor.submit(spec), other.submit(spec)]);
      expect(handles.map((handle) => handle.adopted).sort()).toEqual([false, true]);
      const [first, second] = await Promise.all([bench.executor.wait(handles[0]!), other.wait(handles[1]!)]);
      expect(first).toEqual(second);
      expect(bench.starts(spec.id)).toBe(1);
      expect(await bench.executor.submit(spec)).toEqual({ id: spec.id, adopted: true });
      expect(bench.starts(spec.id)).toBe(1);
      await bench.executor.release(spec.id);
      expect(bench.traces(spec.id)).toBe(false);
    });

    test('never more at once than there are slots; those who wait are queued and then run', async () => {
      const timed = `import time\nbegun = time.time()\ntime.sleep(${options.overlapSeconds ?? 0.4})\n${WRITE}\nprint(begun, time.time())`;
      const phases = new Set<string>();
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const spec = bench.spec(timed);
          const handle = await bench.executor.submit(spec, { onProgress: ({ phase }) => phases.add(phase) });
          const outcome = await bench.executor.wait(handle);
          await bench.executor.release(spec.id);
          return outcome;
        }),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('finished'));
      // By the programs' own clock: the caller hears of an end later than the next one in the queue.
      const spans = outcomes.map(({ stdoutTail }) => stdoutTail.trim().split(' ').map(Number));
      const at = (moment: number): number => spans.filter(([from = 0, to = 0]) => from <= moment && moment < to).length;
      expect(Math.max(...spans.map(([from = 0]) => at(from)))).toBe(2);
      expect(phases).toEqual(new Set(['queued']));
    });

    test('an abort while waiting for a slot leaves it in the queue; a cancel takes it out', async () => {
      const long = [0, 1].map(() => bench.spec('import time; time.sleep(30)'));
      await Promise.all(long.map((spec) => bench.executor.submit(spec)));
      const waiting = bench.spec(WRITE);
      await expect(bench.executor.submit(waiting, { signal: AbortSignal.timeout(600) })).rejects.toThrow();
      await bench.executor.cancel(waiting.id, 'not needed');
      expect(bench.starts(waiting.id)).toBe(0);
      expect(await bench.executor.wait({ id: waiting.id, adopted: true })).toMatchObject({
        kind: 'cancelled',
        message: 'Cancelled: not needed.',
      });
      await Promise.all(long.map((spec) => bench.executor.cancel(spec.id, 'over')));
      // Their tokens are free again at once.
      expect(await run(WRITE)).toMatchObject({ kind: 'finished' });
    });
  });

  describe('the end of an execution', () => {
    test('cancel returns when nothing runs, and is harmless afterwards', async () => {
      const spec = bench.spec('import time; time.sleep(60)');
      const handle = await bench.executor.submit(spec);
      await sleep(200);
      const before = Date.now();
      await bench.executor.cancel(spec.id, 'a better one was found');
      expect(Date.now() - before).toBeLessThan(3000 + 1000 * options.overheadSeconds);
      await bench.executor.cancel(spec.id, 'again');
      expect(await bench.executor.wait(handle)).toMatchObject({
        kind: 'cancelled',
        message: 'Cancelled: a better one was found.',
      });
      await bench.executor.cancel(newId(), 'never heard of');
    });

    test('release refuses while it runs; sweep stops and removes what nobody asks for', async () => {
      const kept = bench.spec(WRITE);
      const orphan = bench.spec('import time; time.sleep(60)');
      await bench.executor.wait(await bench.executor.submit(kept));
      await bench.executor.submit(orphan);
      await expect(bench.executor.release(orphan.id)).rejects.toThrow(/still runs/);
      const report = await bench.executor.sweep(async (id) => id === kept.id);
      expect(report.kept).toEqual([kept.id]);
      expect(report.removed).toContain(orphan.id);
      expect(bench.traces(orphan.id)).toBe(false);
      await expect(bench.executor.wait({ id: orphan.id, adopted: true })).rejects.toThrow(/No execution .*recorded/);
    });
  });

  test('costs little beside the program itself', async () => {
    await run(WRITE);
    const took: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const before = performance.now();
      const outcome = await run(WRITE);
      took.push((performance.now() - before) / 1000 - outcome.seconds);
    }
    // Best of five, with room for a busy machine.
    expect(took.sort((a, b) => a - b)[0]).toBeLessThan(options.overheadSeconds);
  });
}
