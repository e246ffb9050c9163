// One thread of the tournament: plays the contestants of one cell after another.

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const load = (path) => import(pathToFileURL(`${workerData.dist}/${path}`).href);
const { SearchConfig } = await load('domain/search-config.js');
const { CONTESTANTS } = await load('search/simulate/contestants.js');
const { VARIANTS } = await load('search/simulate/variants.js');
const { play } = await load('search/simulate/tournament.js');
const known = new Map([...CONTESTANTS, ...VARIANTS].map((contestant) => [contestant.name, contestant]));
const defaults = SearchConfig.parse({});

parentPort.on('message', ({ place, task }) => {
  const result = task.contestants.map((name) => {
    const { truth, overTime, optimism, nodes, failed, rejected, operators } = play(
      task.cell,
      known.get(name),
      defaults,
    );
    return { truth, overTime, optimism, nodes, failed, rejected, operators };
  });
  parentPort.postMessage({ place, result });
});
