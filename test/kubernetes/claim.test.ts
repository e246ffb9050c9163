/** Tables on a volume that all pods read: published by the worker, mounted read-only and by view. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RUNTIME_FOLDER, testBwrap, testPython } from '../support/execution-setup.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { bindClaim } from '../support/kubernetes/fake-claim.js';
import type { FullPod } from '../support/kubernetes/fake-pod.js';
import { runsForReal } from '../support/kubernetes/fake-runtime.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const bwrap = testBwrap();

(bwrap === undefined ? describe.skip : describeOnTier)('tables on a claim', () => {
  let bench: ClusterBench;
  let volume: string;
  const pods: FullPod[] = [];
  beforeAll(async () => {
    volume = mkdtempSync(join(tmpdir(), 'automlgen-claim-'));
    const image = { python: testPython(), runtimeFolder: RUNTIME_FOLDER };
    const fate = runsForReal({ ...image, bwrap: bwrap ?? '', claims: { tables: volume } });
    bench = await createClusterBench({
      fate: (pod) => {
        pods.push(pod);
        return fate;
      },
      settings: { ...image, data: { mode: 'claim', claim: 'tables', folder: volume } },
    });
    await bindClaim(bench.tier, bench.namespace, 'tables');
  });
  afterAll(async () => {
    await bench.close();
    rmSync(volume, { recursive: true, force: true });
  });

  function viewFolder(name: string, text: string): string {
    const folder = join(bench.root, name);
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'train.csv'), text, { mode: 0o600 });
    return folder;
  }

  test('each pod sees the view of its own Job, and cannot write to it; nothing is fetched; a sweep tidies up', async () => {
    const views = [1, 2].map((fold) => ({ name: `fold${fold}`, input: viewFolder(`input${fold}`, `fold ${fold}`) }));
    const program = `
import os
try:
    open('input/train.csv', 'a')
except OSError as error:
    print(type(error).__name__, error.errno)
print(os.listdir('input'), open('input/train.csv').read(), sorted(os.listdir('/views')))
open('working/submission.csv', 'w').write(open('input/train.csv').read())`;
    const spec = bench.spec(program, { views });
    const outcome = await bench.executor.wait(await bench.executor.submit(spec));
    await bench.executor.release(spec.id);
    expect(outcome).toMatchObject({ kind: 'finished', stdoutTail: "OSError 30\n['train.csv'] fold 2 ['fold2']\n" });
    expect(outcome.files.map(({ view, blob }) => [view, bench.blobs.text(blob)])).toEqual([
      ['fold1', 'fold 1'],
      ['fold2', 'fold 2'],
    ]);
    const made = pods.filter(({ metadata }) => metadata.labels?.['automlgen.dev/execution'] === spec.id);
    const mounts = made.map(({ spec: { initContainers, containers, volumes } }) => {
      expect(initContainers?.map(({ name }) => name)).toEqual(['collector']);
      expect(volumes.find(({ name }) => name === 'views')?.persistentVolumeClaim).toEqual({
        claimName: 'tables',
        readOnly: true,
      });
      expect(initContainers?.[0]?.volumeMounts.map(({ name }) => name)).not.toContain('views');
      return containers[0]?.volumeMounts.filter(({ name }) => name === 'views');
    });
    expect(mounts).toEqual(
      [1, 2].map((fold) => [
        expect.objectContaining({
          mountPath: `/views/fold${fold}`,
          readOnly: true,
          subPath: expect.stringMatching(/^view-[0-9a-f]{24}$/),
        }),
      ]),
    );
    const folders = mounts.flatMap((all) => all?.map(({ subPath = '' }) => subPath) ?? []);
    expect([...folders].sort()).toEqual(readdirSync(volume).sort());
    expect(folders.map((name) => readFileSync(join(volume, name, 'train.csv'), 'utf8'))).toEqual(['fold 1', 'fold 2']);
    // A pod has another user than the worker.
    expect(folders.map((name) => statSync(join(volume, name, 'train.csv')).mode & 0o777)).toEqual([0o644, 0o644]);
    expect(folders.map((name) => statSync(join(volume, name)).mode & 0o777)).toEqual([0o755, 0o755]);
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    utimesSync(join(volume, folders[0] ?? ''), yesterday, yesterday);
    await bench.executor.sweep(async () => true);
    expect(readdirSync(volume)).toEqual([folders[1]]);
  });
});
