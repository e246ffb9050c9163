// Plays cells on as many threads as are wanted. The order of the results does not depend on them.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** `tasks` are plain objects with a `cell` and the names of `contestants`; the answer holds one list of results for each task. */
export async function playAll(dist, tasks, { threads, say }) {
  const results = new Array(tasks.length);
  let [next, done] = [0, 0];
  const one = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(new URL('./worker.mjs', import.meta.url)), { workerData: { dist } });
      const feed = () => {
        if (next < tasks.length) worker.postMessage({ place: next, task: tasks[next++] });
        else worker.terminate().then(resolve, reject);
      };
      worker.on('error', reject);
      worker.on('message', ({ place, result }) => {
        results[place] = result;
        done += 1;
        say(done, tasks.length);
        feed();
      });
      feed();
    });
  await Promise.all(Array.from({ length: threads }, one));
  return results;
}
