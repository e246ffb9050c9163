/** What a worker is told by whoever operates it, through the environment: the chart sets these. */
import { UserError } from '../domain/errors.js';

export interface Operations {
  /** Class of machines whose programs this worker looks after; part of the name of its task queue. */
  readonly executionClass: string;
  /** Absent: nothing is served. */
  readonly healthPort?: number;
  /** Metrics of the workflow engine's SDK for Prometheus; absent: none. */
  readonly metricsPort?: number;
  /** Absent: any worker may go on with any run, which replay tests and patches have to allow. */
  readonly version?: { readonly deploymentName: string; readonly buildId: string };
}

export const OPERATIONS_ENVIRONMENT = {
  AUTOMLGEN_EXECUTION_CLASS: 'Class of machines this worker serves; its task queue is execute-<class>. Default cpu.',
  AUTOMLGEN_HEALTH_PORT: 'Serves /livez and /readyz.',
  AUTOMLGEN_METRICS_PORT: 'Serves /metrics of the workflow engine’s SDK.',
  TEMPORAL_DEPLOYMENT_NAME: 'With TEMPORAL_WORKER_BUILD_ID: a run stays with the version that it began with.',
  TEMPORAL_WORKER_BUILD_ID: 'Version of this worker.',
  AUTOMLGEN_WORKER: 'none: commands start no worker of their own, because workers run elsewhere.',
} as const;

/** @throws UserError `option-invalid` for a port or a class that cannot be one. */
export function operationsFrom(environment: NodeJS.ProcessEnv): Operations {
  const deploymentName = environment.TEMPORAL_DEPLOYMENT_NAME;
  const buildId = environment.TEMPORAL_WORKER_BUILD_ID;
  const healthPort = portOf(environment, 'AUTOMLGEN_HEALTH_PORT');
  const metricsPort = portOf(environment, 'AUTOMLGEN_METRICS_PORT');
  return {
    executionClass: classOf(environment.AUTOMLGEN_EXECUTION_CLASS || 'cpu'),
    ...(healthPort !== undefined && { healthPort }),
    ...(metricsPort !== undefined && { metricsPort }),
    ...(deploymentName && buildId && { version: { deploymentName, buildId } }),
  };
}

/** @throws UserError `option-invalid` for an executor that there is not. */
export function runsInCluster(environment: NodeJS.ProcessEnv): boolean {
  const name = environment.AUTOMLGEN_EXECUTOR || 'local';
  if (name === 'local' || name === 'kubernetes') return name === 'kubernetes';
  throw new UserError('option-invalid', `AUTOMLGEN_EXECUTOR ${name} is not known.`, 'Choose local or kubernetes.');
}

function classOf(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,29}[a-z0-9])?$/.test(name)) return name;
  throw new UserError(
    'option-invalid',
    `AUTOMLGEN_EXECUTION_CLASS ${name} is no name of a class.`,
    'Use lower-case letters, digits and hyphens, for example gpu.',
  );
}

function portOf(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new UserError('option-invalid', `${name} ${text} is no port.`, 'Give a number from 1 to 65535.');
}
