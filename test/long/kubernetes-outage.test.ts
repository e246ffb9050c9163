/** The API server is killed and comes back while Jobs run: watches begin again, and every outcome arrives once. A server of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { exits } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const COUNT = 12;
const SCRIPT = 'test/kubernetes/tier/api-tier.sh';

describeOnTier('an API server that is away for five seconds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-outage-'));
  const run = join(folder, 'run');
  const environment = { ...process.env, K8S_TIER_RUN: run, K8S_TIER_MINIMAL: '1', K8S_TIER_PORT: '' };
  const shared = process.env.AUTOMLGEN_TEST_KUBERNETES;
  let bench: ClusterBench;
  beforeAll(async () => {
    execFileSync(SCRIPT, ['start'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
    process.env.AUTOMLGEN_TEST_KUBERNETES = run;
    bench = await createClusterBench({
      // Some end before it, most while it is away, some after it.
      fate: () => exits({ ms: 1000 + Math.random() * 9000 }),
      settings: { relistSeconds: 5 },
      nodes: 2,
      machine: { slots: COUNT },
    });
  }, 120_000);
  afterAll(async () => {
    await bench?.close().catch(() => undefined);
    process.env.AUTOMLGEN_TEST_KUBERNETES = shared;
    execFileSync(SCRIPT, ['stop'], { env: environment, stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test(`${COUNT} Jobs: one pod each, one outcome each, whoever waited and whoever comes later`, async () => {
    const specs = Array.from({ length: COUNT }, () => bench.spec('print(1)'));
    const handles = await Promise.all(specs.map((spec) => bench.executor.submit(spec)));
    let ended = 0;
    const waits = handles.map((handle) =>
      bench.executor.wait(handle).finally(() => {
        ended += 1;
      }),
    );
    for (let turn = 0; turn < 100 && bench.kubelet.arrivals().size < COUNT; turn += 1) await sleep(100);
    const before = ended;
    const restart = killApiServer(run);
    await sleep(5000);
    const during = ended;
    const began = Date.now();
    restart();
    const outcomes = await Promise.all(waits);
    const seconds = (Date.now() - began) / 1000;
    process.stdout.write(
      `\n  ${COUNT} Jobs: ${before} had ended before the API server was killed, ${during - before} while it was away, the rest ${seconds.toFixed(1)} s after its start\n`,
    );
    expect(during).toBeLessThan(COUNT);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(COUNT).fill('finished'));
    expect(outcomes.every(({ files }) => files.length === 1)).toBe(true);
    expect([...bench.kubelet.arrivals().values()]).toEqual(Array(COUNT).fill(1));
    // Another process is told the same, and the same executor goes on with new work.
    const other = bench.another();
    expect(await Promise.all(handles.map((handle) => other.wait(handle)))).toEqual(outcomes);
    const after = bench.spec('print(2)');
    expect(await bench.executor.wait(await bench.executor.submit(after))).toMatchObject({ kind: 'finished' });
    await Promise.all([...specs, after].map(({ id }) => bench.executor.release(id)));
  }, 180_000);
});

/** Returns what starts it again, with the same words; all it knows is in etcd. */
function killApiServer(folder: string): () => void {
  const file = join(folder, 'kube-apiserver.pid');
  const pid = Number(readFileSync(file, 'utf8'));
  const [program = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  process.kill(pid, 'SIGKILL');
  return () => {
    const child = spawn(program, words, { detached: true, stdio: 'ignore' });
    child.unref();
    writeFileSync(file, `${child.pid}\n`);
  };
}
