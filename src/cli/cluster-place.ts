/** Which cluster and namespace a command looks at: the worker's settings where they are, else the environment and the defaults. */
import { KubernetesSettings, loadKubernetesSettings } from '../execution/kubernetes/settings.js';

export interface ClusterPlace {
  readonly namespace: string;
  /** Absent: the kubeconfig's own. */
  readonly context?: string;
}

/** Looking needs neither image nor endpoint, so that a kubeconfig alone is enough. */
export function clusterPlace(environment: NodeJS.ProcessEnv = process.env): ClusterPlace {
  if (environment.AUTOMLGEN_KUBERNETES) {
    const { namespace, context } = loadKubernetesSettings(environment);
    return { namespace, ...(context !== undefined && { context }) };
  }
  const { namespace } = KubernetesSettings.pick({ namespace: true }).parse({
    namespace: environment.AUTOMLGEN_KUBERNETES_NAMESPACE || undefined,
  });
  return { namespace };
}
