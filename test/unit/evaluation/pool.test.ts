/** Who waits for whom: with processes that answer when the test says so. */
import { describe, expect, it } from '@jest/globals';
import { createPool } from '../../../src/evaluation/pool.js';
import { type EvaluatorProcess, ProcessLost } from '../../../src/evaluation/process.js';

interface Held {
  readonly method: string;
  readonly process: number;
  answer(): void;
  lose(): void;
}

/** Processes whose requests are held until they are answered; those that are stopped break off, or first answer what they were asked. */
function bench(size: number, { finishes = false } = {}) {
  const held: Held[] = [];
  let started = 0;
  let stopped = 0;
  const pool = createPool(() => {
    const process = ++started;
    let alive = true;
    let lose: (error: Error) => void = () => undefined;
    const made: EvaluatorProcess = {
      get alive() {
        return alive;
      },
      request: (method) =>
        new Promise((resolve, reject) => {
          lose = (error) => {
            alive = false;
            reject(error);
          };
          const fault = () => lose(new ProcessLost(`${method} lost`));
          held.push({ method, process, answer: () => resolve(`${method} by ${process}`), lose: fault });
        }),
      async stop() {
        stopped += 1;
        if (!finishes) lose(new ProcessLost('stopped', { final: true }));
        alive = false;
      },
    };
    return made;
  }, size);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { pool, held, settle, counts: () => ({ started, stopped }) };
}

describe('a pool of evaluator processes', () => {
  it('gives a held process to those who wait, in the order of their coming', async () => {
    const { pool, held, settle, counts } = bench(1);
    const answers = ['a', 'b', 'c'].map((method) => pool.request(method, {}, 1000));
    await settle();
    expect(held.map(({ method }) => method)).toEqual(['a']);
    held[0]?.answer();
    await settle();
    held[1]?.answer();
    await settle();
    held[2]?.answer();
    expect(await Promise.all(answers)).toEqual(['a by 1', 'b by 1', 'c by 1']);
    expect(counts()).toEqual({ started: 1, stopped: 0 });
  });

  it('forgets one who gave up waiting, without touching the one who is served', async () => {
    const { pool, held, settle, counts } = bench(1);
    const giving = new AbortController();
    const first = pool.request('first', {}, 1000);
    const left = pool.request('left', {}, 1000, giving.signal);
    const last = pool.request('last', {}, 1000);
    await settle();
    giving.abort(new Error('not wanted'));
    await expect(left).rejects.toThrow('not wanted');
    held[0]?.answer();
    await settle();
    expect(held.map(({ method }) => method)).toEqual(['first', 'last']);
    held[1]?.answer();
    expect(await Promise.all([first, last])).toEqual(['first by 1', 'last by 1']);
    expect(counts()).toEqual({ started: 1, stopped: 0 });
  });

  it('gives nobody a process that answers while it ends, and no answer to whoever does not want it any more', async () => {
    const { pool, held, settle, counts } = bench(1, { finishes: true });
    const giving = new AbortController();
    const first = pool.request('first', {}, 1000, giving.signal);
    const next = pool.request('next', {}, 1000);
    await settle();
    giving.abort(new Error('not wanted'));
    held[0]?.answer();
    await expect(first).rejects.toThrow('not wanted');
    await settle();
    expect(held.map(({ method, process }) => [method, process])).toEqual([
      ['first', 1],
      ['next', 2],
    ]);
    held[1]?.answer();
    expect(await next).toBe('next by 2');
    expect(counts()).toEqual({ started: 2, stopped: 1 });
  });

  it('ends a request that is not wanted any more with its process, and serves the next by a fresh one', async () => {
    const { pool, held, settle, counts } = bench(1);
    const giving = new AbortController();
    const long = pool.request('long', {}, 1000, giving.signal);
    const next = pool.request('next', {}, 1000);
    await settle();
    giving.abort(new Error('not wanted'));
    await expect(long).rejects.toThrow('not wanted');
    await settle();
    expect(held.at(-1)).toMatchObject({ method: 'next', process: 2 });
    held.at(-1)?.answer();
    expect(await next).toBe('next by 2');
    expect(counts()).toEqual({ started: 2, stopped: 1 });
  });

  it('does not begin what was not wanted before it came', async () => {
    const { pool, held, settle } = bench(1);
    await expect(pool.request('a', {}, 1000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await settle();
    expect(held).toEqual([]);
  });

  it('an abort after the answer stops nothing', async () => {
    const { pool, held, settle, counts } = bench(1);
    const giving = new AbortController();
    const answer = pool.request('a', {}, 1000, giving.signal);
    await settle();
    held[0]?.answer();
    await answer;
    giving.abort();
    await settle();
    expect(counts()).toEqual({ started: 1, stopped: 0 });
  });

  it('replaces a lost process for those who wait, and refuses them when it is closed', async () => {
    const { pool, held, settle, counts } = bench(1);
    const lost = pool.request('lost', {}, 1000);
    const served = pool.request('served', {}, 1000);
    const waiting = pool.request('waiting', {}, 1000);
    await settle();
    held[0]?.lose();
    await expect(lost).rejects.toThrow('lost lost');
    await settle();
    expect(held.at(-1)).toMatchObject({ method: 'served', process: 2 });
    const closed = pool.close();
    await expect(waiting).rejects.toMatchObject({ final: true, message: 'The evaluator is closed.' });
    await expect(served).rejects.toThrow('stopped');
    await closed;
    expect(counts()).toEqual({ started: 2, stopped: 1 });
  });
});
