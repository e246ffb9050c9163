/** A worker process that runs executions in a cluster and may be killed at any time: started by `worker-process.ts`. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { ExecutionSpec } from '../../../src/domain/execution-spec.js';
import { createKubernetesExecutor } from '../../../src/execution/kubernetes/executor.js';
import { createGateway } from '../../../src/execution/kubernetes/gateway.js';
import { KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';
import { folderBlobs } from '../execution-setup.js';

export interface WorkerOrder {
  readonly settings: unknown;
  readonly root: string;
  readonly blobs: string;
  /** JSON lines: the executions to bring to their end. */
  readonly specs: string;
  /** One line for each that has ended: id, outcome. */
  readonly done: string;
  /** A line with each new number of connections that it has had at the same time. */
  readonly connections: string;
  readonly atOnce: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
const gateway = createGateway();
const executor = createKubernetesExecutor({
  settings: KubernetesSettings.parse(order.settings),
  className: 'cpu',
  root: order.root,
  blobs: folderBlobs(order.blobs),
  gateway,
});

let told = 0;
function tellConnections(): void {
  if (gateway.mostOpen() === told) return;
  told = gateway.mostOpen();
  appendFileSync(order.connections, `${told}\n`);
}
// It may be killed at any time.
const counting = setInterval(tellConnections, 100);

await executor.serve();
process.stdout.write('working\n');
const ended = new Set(existsSync(order.done) ? linesOf(order.done).map((line) => line.split(' ')[0]) : []);
const specs = linesOf(order.specs).map((line) => ExecutionSpec.parse(JSON.parse(line)));
const waiting = specs.filter(({ id }) => !ended.has(id));
await Promise.all(Array.from({ length: order.atOnce }, lane));
// What was recorded and not released before a kill.
await Promise.all(specs.filter(({ id }) => ended.has(id)).map(({ id }) => executor.release(id)));
clearInterval(counting);
tellConnections();
await executor.close();
process.exit(0);

async function lane(): Promise<void> {
  for (let spec = waiting.shift(); spec; spec = waiting.shift()) {
    const outcome = await executor.wait(await executor.submit(spec));
    appendFileSync(order.done, `${spec.id} ${outcome.kind} ${outcome.cause ?? ''}\n`);
    await executor.release(spec.id);
  }
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trim().split('\n').filter(Boolean);
}
