// Plays cells on as many threads as are wanted. The order of the results does not depend on them.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * `tasks` are plain objects with a `cell` and the names of `contestants`; the answer holds one list of results for each task. What the journal
 * knows is not played again. After `untilMs` no task is begun any more; those left out are undefined.
 */
export async function playAll(dist, tasks, { threads, journal, untilMs, say }) {
  const keys = tasks.map((task) => JSON.stringify(task));
  const results = keys.map((key) => journal.known.get(key));
  const left = tasks.map((_, place) => place).filter((place) => results[place] === undefined);
  let done = tasks.length - left.length;
  const one = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(new URL('./worker.mjs', import.meta.url)), { workerData: { dist } });
      const feed = () => {
        const place = Date.now() < untilMs ? left.shift() : undefined;
        if (place !== undefined) worker.postMessage({ place, task: tasks[place] });
        else worker.terminate().then(resolve, reject);
      };
      worker.on('error', reject);
      worker.on('message', ({ place, result }) => {
        results[place] = result;
        journal.add(keys[place], result);
        done += 1;
        say(done, tasks.length);
        feed();
      });
      feed();
    });
  await Promise.all(Array.from({ length: threads }, one));
  return results;
}
