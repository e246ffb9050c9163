// One landscape of the replay, in a process of its own: the task as JSON in, what was played as JSON out.

import { replayOne } from './replay.mjs';

console.log(JSON.stringify(replayOne(JSON.parse(process.argv[2]))));
