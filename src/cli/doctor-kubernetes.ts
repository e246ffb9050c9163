/** The check of a cluster: every part that a worker with the Kubernetes executor needs, and the command that mends what is missing. */
import { UserError } from '../domain/errors.js';
import { ApiError, isNetworkError } from '../execution/kubernetes/api-error.js';
import { createGateway, type Gateway } from '../execution/kubernetes/gateway.js';
import { type KubernetesSettings, loadKubernetesSettings } from '../execution/kubernetes/settings.js';
import { atLeast } from '../stack/find-program.js';
import type { Finding } from './doctor-checks.js';
import { checkMachines } from './doctor-cluster-machines.js';
import { checkNamespace } from './doctor-cluster-namespace.js';
import { checkAdmission, tryPods } from './doctor-cluster-pod.js';
import { checkRights } from './doctor-cluster-rights.js';
import { forbiddenAddresses } from './doctor-forbidden.js';

export interface ClusterCheckOptions {
  /** Make a Job that tries what a program can reach. */
  readonly try: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A machine without a cluster is a normal state. */
export async function checkKubernetes(options: ClusterCheckOptions): Promise<readonly Finding[]> {
  const environment = options.environment ?? process.env;
  if (!environment.AUTOMLGEN_KUBERNETES && environment.AUTOMLGEN_EXECUTOR !== 'kubernetes') {
    const found = 'not used; programs run on the machine of the worker (docs/deploy.md has the settings)';
    return [{ about: 'kubernetes', level: 'fine', found }];
  }
  let gateway: Gateway | undefined;
  try {
    const settings = loadKubernetesSettings(environment);
    gateway = createGateway(settings.context);
    return await checkCluster(gateway, settings, {
      try: options.try,
      forbidden: options.try ? await forbiddenAddresses(environment) : [],
    });
  } catch (error) {
    return [failed(error, gateway)];
  } finally {
    gateway?.close();
  }
}

/** With any API that answers. */
export async function checkCluster(
  api: Pick<Gateway, 'request' | 'server'>,
  settings: KubernetesSettings,
  options: { readonly try: boolean; readonly forbidden: readonly string[] },
): Promise<readonly Finding[]> {
  const server = await serverFinding(api);
  const checks = [
    checkRights(api, settings.namespace),
    checkNamespace(api, settings),
    checkMachines(api, settings),
    checkAdmission(api, settings),
  ];
  const found = (await Promise.all(checks)).flat();
  const trial = options.try ? await tryPods(api, settings, options.forbidden) : [];
  return [server, ...found, ...trial];
}

async function serverFinding(api: Pick<Gateway, 'request' | 'server'>): Promise<Finding> {
  const { gitVersion } = await api.request<{ readonly gitVersion: string }>('/version', { patienceMs: 5000 });
  const version = gitVersion.replace(/^v/, '');
  const finding = { about: 'kubernetes', found: `Kubernetes ${version} at ${api.server}` } as const;
  if (atLeast(version, '1.31')) return { ...finding, level: 'fine' };
  const fix = 'Use Kubernetes 1.31 or later.';
  return atLeast(version, '1.29') ? { ...finding, level: 'warning', fix } : { ...finding, level: 'blocked', fix };
}

function failed(error: unknown, gateway: Gateway | undefined): Finding {
  const finding = { about: 'kubernetes', level: 'blocked' } as const;
  if (error instanceof UserError) return { ...finding, found: error.message, fix: error.next };
  if (error instanceof ApiError) {
    const fix = error.status === 401 ? 'Renew the credentials: kubectl auth whoami' : 'kubectl auth can-i --list';
    return { ...finding, found: error.message, fix };
  }
  if (isNetworkError(error)) {
    const found = `${gateway?.server ?? 'the cluster'} does not answer (${(error as NodeJS.ErrnoException).code})`;
    return { ...finding, found, fix: 'kubectl cluster-info' };
  }
  throw error;
}
