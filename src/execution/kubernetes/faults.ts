/** What the cluster refuses, said to whoever can change it. */
import { UserError } from '../../domain/errors.js';
import { ApiError, isNetworkError } from './api-error.js';
import type { KubernetesSettings } from './settings.js';

/** Runs `work`; a refusal that another try would meet again becomes a fault with its next step. */
export async function explaining<T>({ namespace }: KubernetesSettings, server: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw explained(error, namespace, server);
  });
}

function explained(error: unknown, namespace: string, server: string): unknown {
  if (isNetworkError(error)) {
    const why = (error as Error).message;
    return new UserError(
      'kubernetes-unreachable',
      `The Kubernetes API at ${server} does not answer: ${why}.`,
      'Check KUBECONFIG and the context in the settings, for example with `kubectl get --raw /readyz`.',
      { cause: error },
    );
  }
  if (!(error instanceof ApiError)) return error;
  const options = { cause: error };
  switch (error.status) {
    case 401:
      return new UserError(
        'kubernetes-unreachable',
        `The Kubernetes API at ${server} refuses these credentials: ${error.message}`,
        'Renew the kubeconfig, or mount the token of the worker’s service account.',
        options,
      );
    case 403:
      return new UserError(
        'kubernetes-forbidden',
        `The Kubernetes API at ${server} does not allow it: ${error.message}`,
        `Give the worker’s account the Role of the chart: \`kubectl auth can-i create jobs -n ${namespace}\` has to say yes.`,
        options,
      );
    case 404:
      return new UserError(
        'kubernetes-forbidden',
        `The Kubernetes API at ${server} does not find it: ${error.message}`,
        `Make the namespace, for example with the chart or \`kubectl create namespace ${namespace}\`.`,
        options,
      );
    case 422:
      return new UserError(
        'kubernetes-settings-invalid',
        `The cluster does not take Jobs of this form: ${error.message.slice(0, 500)}`,
        'Correct the class in the file named by AUTOMLGEN_KUBERNETES, its podTemplatePatch first.',
        options,
      );
    default:
      return error;
  }
}
