/** Which executor stands behind the port: programs on this machine, or Jobs in a cluster. */
import { createKubernetesExecutor } from '../execution/kubernetes/executor.js';
import { loadKubernetesSettings } from '../execution/kubernetes/settings.js';
import { createLocalExecutor } from '../execution/local/executor.js';
import type { BlobAccess, Executor } from '../execution/port.js';
import { operationsFrom, runsInCluster } from './operations.js';

export interface ExecutorPlaces {
  readonly python: string;
  readonly bwrap?: string;
  readonly executionFolder: string;
  readonly runtimeFolder: string;
  /** Receives what whoever operates the worker should read about its cluster. */
  readonly onExecutorLog: (text: string) => void;
}

export interface ChosenExecutor {
  readonly executor: Executor;
  /** Where programs on other machines find this one; absent where they run on it. */
  readonly seenAs?: string;
  /** Takes results from programs that run elsewhere; only a worker that runs programs has to. @throws UserError `port-taken`. */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/** @throws UserError `option-invalid`, `kubernetes-settings-invalid`, `kubernetes-unreachable`. */
export function chooseExecutor(
  { executionFolder, onExecutorLog, ...places }: ExecutorPlaces,
  blobs: BlobAccess,
  environment: NodeJS.ProcessEnv = process.env,
): ChosenExecutor {
  if (!runsInCluster(environment)) {
    const executor = createLocalExecutor({ root: executionFolder, ...places, blobs });
    return { executor, serve: async () => undefined, close: async () => undefined };
  }
  const secret = environment.AUTOMLGEN_ARTEFACT_SECRET;
  const settings = loadKubernetesSettings(environment);
  const executor = createKubernetesExecutor({
    settings,
    className: operationsFrom(environment).executionClass,
    root: executionFolder,
    blobs,
    log: onExecutorLog,
    ...(secret && { secret }),
  });
  return {
    executor,
    seenAs: new URL(settings.artefacts.url).hostname.replace(/^\[|\]$/g, ''),
    async serve() {
      await executor.serve();
    },
    close: () => executor.close(),
  };
}
