/** The real evaluator process behind the port: replies, faults, losses. Needs AUTOMLGEN_PYTHON with numpy, scipy, pandas. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UserError } from '../../src/domain/errors.js';
import { NodeId } from '../../src/domain/ids.js';
import { METRICS } from '../../src/domain/metric.js';
import { createPool } from '../../src/evaluation/pool.js';
import type { EvaluateRequest, Evaluator, LocalOutput } from '../../src/evaluation/port.js';
import { ProcessLost, startProcess } from '../../src/evaluation/process.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { preparedTask } from '../support/prepared-task.js';

const python = process.env.AUTOMLGEN_PYTHON;
const runtimeFolder = resolve('python');
const withPython = python === undefined ? describe.skip : describe;

withPython('the Python evaluator', () => {
  let root: string;
  let evaluator: Evaluator;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'automlgen-evaluator-'));
    evaluator = createPythonEvaluator({ python: python!, runtimeFolder });
  });
  afterAll(async () => {
    await evaluator.close();
    await rm(root, { recursive: true, force: true });
  });

  it('scores a submission, compares it, and chooses and writes a blend', async () => {
    const task = await preparedTask(join(root, 'whole'), 400);
    const first = await evaluator.evaluate(await request(task, 'n1', 2));
    const second = await evaluator.evaluate({
      ...(await request(task, 'n2', 1)),
      against: { best: NodeId.parse('n1') },
      elite: [NodeId.parse('n1')],
    });
    if (first.kind !== 'valid' || second.kind !== 'valid') throw new Error(JSON.stringify([first, second]));
    expect(first.score.value).toBeGreaterThan(2);
    expect(first.score.value).toBeLessThan(2.14);
    expect(second.versus.best?.delta).toBeCloseTo(first.score.value - second.score.value, 9);
    expect(second).toMatchObject({ complete: true, next: [], fragile: false });
    const choice = await evaluator.choose({
      prepared: task.prepared,
      nodes: [1, 2].map((k) => ({ nodeId: NodeId.parse(`n${k}`), family: 'linear', seconds: 1, value: 3 - k })),
      pinned: [],
      refitSeconds: 0,
    });
    expect(choice.shortlist).toEqual(['n2', 'n1']);
    const path = join(root, 'whole', 'submission.csv');
    const written = await evaluator.writeSubmission({
      prepared: task.prepared,
      members: choice.chosen.members,
      refits: [],
      path,
    });
    expect(written.rows).toBe(100);
    expect((await readFile(path, 'utf8')).split('\n').slice(0, 1)).toEqual(['id,target']);
  });

  it('answers a bad submission as data, with the class and a sentence', async () => {
    const task = await preparedTask(join(root, 'bad'), 50);
    const good = await request(task, 'n1', 1);
    await writeFile(good.files[0]!.path, 'id,target\nr0,1\n');
    const reply = await evaluator.evaluate(good);
    expect(reply).toMatchObject({ kind: 'invalid', failure: 'bad-format', code: 'ids-missing' });
  });

  it('turns a fault of input into a UserError with the next step', async () => {
    const task = await preparedTask(join(root, 'fault'), 20);
    const source = {
      task: { id: 'x', train: 't', test: 't', target: 'y', metric: 'rmse' as const, drop: [] },
      folder: root,
    };
    const graded = evaluator.grade({ source, prepared: task.prepared, submission: 'nowhere' });
    await expect(graded).rejects.toThrow(UserError);
    await expect(graded).rejects.toMatchObject({ code: 'path-missing', next: expect.stringContaining('practice') });
  });

  it('reports an interpreter that is not there', async () => {
    const task = await preparedTask(join(root, 'none'), 20);
    const broken = createPythonEvaluator({ python: join(root, 'no-such-python'), runtimeFolder });
    await expect(broken.evaluate(await request(task, 'n1', 1))).rejects.toMatchObject({ code: 'python-missing' });
    await broken.close();
  });
});

withPython('losing the process', () => {
  const pools: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  function pool(size = 1) {
    const made = createPool(() => startProcess({ python: python!, runtimeFolder }), size);
    pools.push(made);
    return made;
  }

  it('replaces a process that was killed, and serves those who waited', async () => {
    const one = pool();
    const before = await pidOf(one);
    const [lost, ...waiting] = [one.request('ping', {}, 20_000), pidOf(one), pidOf(one)];
    process.kill(before, 'SIGKILL');
    await expect(lost).rejects.toThrow(ProcessLost);
    const after = await Promise.all(waiting);
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before);
  });

  it('replaces a process that takes too long', async () => {
    const one = pool();
    await expect(one.request('ping', {}, 20)).rejects.toThrow(/more than 20 ms for ping/);
    expect(await pidOf(one)).toBeGreaterThan(1);
  });

  it('runs as many processes as asked for, and refuses after closing', async () => {
    const two = pool(2);
    const pids = await Promise.all([pidOf(two), pidOf(two), pidOf(two), pidOf(two)]);
    expect(new Set(pids).size).toBe(2);
    await two.close();
    await expect(pidOf(two)).rejects.toThrow(/closed/);
    for (const pid of new Set(pids)) expect(() => process.kill(pid, 0)).toThrow();
  });

  it('refuses requests after closing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'automlgen-closed-'));
    const task = await preparedTask(folder, 50);
    const evaluator = createPythonEvaluator({ python: python!, runtimeFolder });
    expect(await evaluator.evaluate(await request(task, 'n1', 1))).toMatchObject({ kind: 'valid' });
    await evaluator.close();
    await expect(evaluator.evaluate(await request(task, 'n2', 1))).rejects.toThrow(/closed/);
    await rm(folder, { recursive: true, force: true });
  });

  it('knows the same metrics, directions and kinds as the domain', async () => {
    const answer = (await pool().request('metrics', {}, 20_000)) as { result: Record<string, unknown> };
    const ours = Object.entries(METRICS).map(([name, { direction, predictions }]) => [
      name,
      { direction, predictions },
    ]);
    expect(answer.result).toEqual(Object.fromEntries(ours));
  });
});

async function pidOf(pool: { request(method: string, params: unknown, timeoutMs: number): Promise<unknown> }) {
  const reply = (await pool.request('ping', {}, 20_000)) as { result: { pid: number } };
  return reply.result.pid;
}

type Task = Awaited<ReturnType<typeof preparedTask>>;

async function request(task: Task, node: string, error: number): Promise<EvaluateRequest> {
  const folder = join(task.folder, node);
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'submission.csv');
  const lines = task.rows.map(
    ({ id, truth }, row) => `${id},${truth + (row % 2 === 0 ? error : -error) * (1 + (row % 7) / 100)}`,
  );
  const text = ['id,target', ...lines].join('\n');
  await writeFile(path, text);
  const file: LocalOutput = { view: 'main', name: 'submission.csv', bytes: text.length, path };
  return {
    prepared: task.prepared,
    nodeId: NodeId.parse(node),
    family: 'linear',
    files: [file],
    against: {},
    elite: [],
    unprotected: false,
  };
}
