/** What one program may use by default, where this command's runs are executed: the limits of this machine, or those of a class. */
import { classOf, loadKubernetesSettings } from '../execution/kubernetes/settings.js';
import { type DefaultLimits, defaultLimits } from '../execution/local/limits.js';
import { operationsFrom, runsInCluster } from '../worker/operations.js';

export interface ExecutionDefaults extends DefaultLimits {
  /** Absent: the queue of the only class that a machine of its own has. */
  readonly executionClass?: string;
}

/** @throws UserError `kubernetes-settings-invalid`, `option-invalid`. */
export function executionDefaults(slots?: number, environment: NodeJS.ProcessEnv = process.env): ExecutionDefaults {
  if (!runsInCluster(environment)) return defaultLimits(slots);
  const { executionClass } = operationsFrom(environment);
  const machine = classOf(loadKubernetesSettings(environment), executionClass);
  const { cpus, memoryMiB, diskMiB, shmMiB, gpus, pids } = machine;
  return {
    slots: slots ?? machine.slots,
    limits: { cpus, memoryMiB, diskMiB, shmMiB, gpus, pids },
    executionClass,
  };
}
