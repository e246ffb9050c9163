/** A Kubernetes executor over the node tier: a real kubelet, real containers, the runner image. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { Outcome } from '../../../src/domain/outcome.js';
import { createKubernetesExecutor, type KubernetesExecutor } from '../../../src/execution/kubernetes/executor.js';
import { KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';
import { KUBECTL } from '../../kubernetes/chart/chart-tools.js';
import type { ContractBench } from '../execution-contract.js';
import { folderBlobs, inputBelow, type SpecChanges, specsOver } from '../execution-setup.js';
import { freePort } from './bench.js';
import { createNamespace, deleteNamespace, openTier, tierFolder } from './tier.js';

/** Set by `npm run test:node-tier`: name of the runner image on the node. */
const image = process.env.AUTOMLGEN_TEST_NODE_IMAGE;
/** The bridge between the pods and this machine. */
const GATEWAY = process.env.AUTOMLGEN_TEST_NODE_GATEWAY ?? '10.244.0.1';

export const describeOnNode = image === undefined || tierFolder() === undefined ? describe.skip : describe;

export interface NodeBench extends ContractBench {
  readonly namespace: string;
  readonly settings: KubernetesSettings;
  run(program: string, changes?: SpecChanges): Promise<Outcome>;
  kubectl(...args: readonly string[]): string;
}

export async function createNodeBench(): Promise<NodeBench> {
  const tier = openTier();
  const namespace = await createNamespace(tier);
  const root = mkdtempSync(join(tmpdir(), 'automlgen-node-'));
  const input = inputBelow(root);
  const blobs = folderBlobs(join(root, 'blobs'));
  const address = `${GATEWAY}:${await freePort()}`;
  const settings = KubernetesSettings.parse({
    namespace,
    image,
    imagePullPolicy: 'Never',
    artefacts: { listen: address, url: `http://${address}` },
    graceSeconds: 5,
    classes: { cpu: { slots: 2 } },
  });
  const opened: KubernetesExecutor[] = [];
  const another = (): KubernetesExecutor => {
    const executor = createKubernetesExecutor({ settings, className: 'cpu', root: join(root, 'executor'), blobs });
    opened.push(executor);
    return executor;
  };
  const executor = another();
  await executor.serve();
  const kubectl = (...args: readonly string[]): string =>
    execFileSync(
      KUBECTL ?? 'kubectl',
      ['--kubeconfig', join(tier.folder, 'admin.kubeconfig'), '-n', namespace, ...args],
      {
        encoding: 'utf8',
      },
    );
  // Less than a core is asked for, so that two fit a machine of two beside what else it runs.
  const spec = specsOver(input, blobs, { cpus: 0.8, runSeconds: 60 });
  return {
    namespace,
    settings,
    executor,
    blobs,
    input,
    spec,
    another,
    kubectl,
    async run(program, changes) {
      const handle = await executor.submit(spec(program, changes));
      const outcome = await executor.wait(handle);
      await executor.release(handle.id);
      return outcome;
    },
    starts: (id) =>
      kubectl('get', 'events', '-o', 'name', `--field-selector=reason=SuccessfulCreate,involvedObject.name=${id}`)
        .split('\n')
        .filter(Boolean).length,
    traces: (id) =>
      existsSync(join(root, 'executor', 'kubernetes', id)) || kubectl('get', 'jobs', '-o', 'name').includes(id),
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await deleteNamespace(tier, namespace);
      tier.gateway.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
