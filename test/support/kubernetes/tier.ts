/** The API tier that `npm test` starts, or that `test/kubernetes/tier/api-tier.sh start` has started by hand. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { createGateway, type Gateway } from '../../../src/execution/kubernetes/gateway.js';

export interface Tier {
  /** Folder with kubeconfigs and certificates. */
  readonly folder: string;
  readonly gateway: Gateway;
}

/** Undefined where there is none: the tests say so and are skipped; in CI that fails. */
export function tierFolder(): string | undefined {
  const folder = process.env.AUTOMLGEN_TEST_KUBERNETES;
  if (folder) return folder;
  if (process.env.CI === 'true') throw new Error('CI has to test Kubernetes: AUTOMLGEN_TEST_KUBERNETES is not set.');
  return undefined;
}

export const describeOnTier = tierFolder() === undefined ? describe.skip : describe;

export function openTier(): Tier {
  const folder = tierFolder();
  if (folder === undefined) throw new Error('There is no API tier: run test/kubernetes/tier/api-tier.sh start.');
  process.env.KUBECONFIG = join(folder, 'admin.kubeconfig');
  return { folder, gateway: createGateway() };
}

export function certificateOf(
  { folder }: Pick<Tier, 'folder'>,
  name: string,
): { readonly cert: Buffer; readonly key: Buffer } {
  const of = (suffix: string) => readFileSync(join(folder, 'pki', `${name}.${suffix}`));
  return { cert: of('crt'), key: of('key') };
}

/** A namespace of its own for each suite, with the strictest admission rules and the account of the runner. */
export async function createNamespace({ gateway }: Tier, restricted = true): Promise<string> {
  const name = `runs-${randomBytes(4).toString('hex')}`;
  const labels = restricted ? { 'pod-security.kubernetes.io/enforce': 'restricted' } : {};
  await gateway.request('/api/v1/namespaces', { method: 'POST', body: { metadata: { name, labels } } });
  await gateway.request(`/api/v1/namespaces/${name}/serviceaccounts`, {
    method: 'POST',
    body: { metadata: { name: 'automlgen-runner' } },
  });
  return name;
}

export async function deleteNamespace({ gateway }: Tier, name: string): Promise<void> {
  await gateway.request(`/api/v1/namespaces/${name}`, { method: 'DELETE', query: { propagationPolicy: 'Background' } });
}
