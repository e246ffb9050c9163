import { describe, expect, it } from '@jest/globals';
import { type Runnable, runWorkers } from '../../../src/worker/run-workers.js';

/** A worker that polls until it is told to stop, and takes a moment to do so. */
function worker() {
  let end: (error?: Error) => void = () => undefined;
  const facts = { stopped: 0, ended: false };
  const made: Runnable = {
    run: () =>
      new Promise((resolve, reject) => {
        end = (error) => {
          facts.ended = true;
          if (error) reject(error);
          else resolve();
        };
      }),
    shutdown() {
      if (facts.ended) throw new Error('IllegalStateError: not running');
      facts.stopped += 1;
      setTimeout(() => end(), 20);
    },
  };
  return { ...made, facts, end: (error?: Error) => end(error) };
}

describe('workers of one process', () => {
  it('run until all have stopped', async () => {
    const [first, second] = [worker(), worker()];
    let over = false;
    const done = runWorkers([first, second]).then(() => {
      over = true;
    });
    first.end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([over, second.facts.stopped]).toEqual([false, 0]);
    second.end();
    await done;
  });

  it('all stop when one fails, and its error is told once they have', async () => {
    const [first, second, third] = [worker(), worker(), worker()];
    const done = runWorkers([first, second, third]);
    third.end();
    second.end(new Error('poll failed'));
    await expect(done).rejects.toThrow('poll failed');
    expect(first.facts).toEqual({ stopped: 1, ended: true });
  });

  it('fail with the first error where several fail', async () => {
    const [first, second] = [worker(), worker()];
    const done = runWorkers([first, second]);
    first.end(new Error('one'));
    second.end(new Error('two'));
    await expect(done).rejects.toThrow('one');
  });
});
