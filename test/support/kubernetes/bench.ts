/** A Kubernetes executor over the API tier, with fake nodes that do what a test says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionSpec } from '../../../src/domain/execution-spec.js';
import { createKubernetesExecutor, type KubernetesExecutor } from '../../../src/execution/kubernetes/executor.js';
import { KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';
import { folderBlobs, inputBelow, type SpecChanges, specsOver, type TestBlobs } from '../execution-setup.js';
import { type FakeKubelet, type FakeKubeletOptions, startFakeKubelet } from './fake-kubelet.js';
import { createNamespace, deleteNamespace, openTier, type Tier } from './tier.js';

export interface ClusterBench {
  readonly tier: Tier;
  readonly namespace: string;
  readonly root: string;
  readonly input: string;
  readonly blobs: TestBlobs;
  readonly settings: KubernetesSettings;
  readonly executor: KubernetesExecutor;
  readonly kubelet: FakeKubelet;
  spec(program: string, changes?: SpecChanges): ExecutionSpec;
  /** Another executor over the same cluster and records, as another process would have. */
  another(changes?: BenchChanges): KubernetesExecutor;
  close(): Promise<void>;
}

export interface ClusterBenchOptions extends Pick<FakeKubeletOptions, 'fate'>, BenchChanges {
  readonly nodes?: number;
  readonly node?: FakeKubeletOptions['node'];
}

export interface BenchChanges {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly machine?: Readonly<Record<string, unknown>>;
  /** Folder of its records and its secret, below `root`: another one is another installation. */
  readonly home?: string;
}

export async function createClusterBench(options: ClusterBenchOptions): Promise<ClusterBench> {
  const tier = openTier();
  const namespace = await createNamespace(tier);
  const root = mkdtempSync(join(tmpdir(), 'automlgen-cluster-'));
  const input = inputBelow(root);
  const blobs = folderBlobs(join(root, 'blobs'));
  const port = await freePort();
  const settings = KubernetesSettings.parse({
    namespace,
    image: 'localhost/runner:test',
    artefacts: { listen: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` },
    graceSeconds: 2,
    ...options.settings,
    classes: { cpu: { slots: 2, nodeSelector: { fake: namespace }, ...options.machine } },
  });
  const kubelet = await startFakeKubelet(tier, {
    nodes: options.nodes ?? 1,
    prefix: namespace,
    fate: options.fate,
    ...(options.node && { node: options.node }),
  });
  const opened: KubernetesExecutor[] = [];
  const another = (changes: BenchChanges = {}): KubernetesExecutor => {
    const machine = { ...settings.classes.cpu, ...changes.machine };
    const changed = KubernetesSettings.parse({ ...settings, ...changes.settings, classes: { cpu: machine } });
    const executor = createKubernetesExecutor({
      settings: changed,
      className: 'cpu',
      root: join(root, changes.home ?? 'executor'),
      blobs,
    });
    opened.push(executor);
    return executor;
  };
  const executor = another();
  await executor.serve();
  return {
    tier,
    namespace,
    root,
    input,
    blobs,
    settings,
    executor,
    kubelet,
    another,
    spec: specsOver(input, blobs),
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await kubelet.close();
      await deleteNamespace(tier, namespace);
      tier.gateway.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
