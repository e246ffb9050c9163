/**
 * What the cluster knows about our executions: one list and watch for Jobs and one for pods, for the whole process. The last state of
 * a pod is kept when it is gone.
 */
import type { Gateway } from './gateway.js';
import { createFollower, type Log } from './mirror-follower.js';
import { createListeners } from './mirror-listeners.js';
import { createMirrorStore, type Seen } from './mirror-store.js';
import type { Job, Pod } from './objects.js';
import type { JobName } from './parts.js';
import type { KubernetesSettings } from './settings.js';

export interface Mirror {
  /**
   * Resolves when both lists have been read once. Throws what the first list throws, and may then be called again; later it throws the
   * server's refusal (401, 403) while that has stood for `lostSeconds`: what is here is then too old to wait for.
   */
  ready(): Promise<void>;
  of(name: JobName): Seen;
  /** Jobs that are there now. */
  jobs(): readonly Job[];
  /** Resolves at the next change of this execution, after `ms`, or when `signal` aborts. */
  changed(name: JobName, ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves at the next change of anything, or after `ms`. */
  anyChange(ms: number, signal?: AbortSignal): Promise<void>;
  /** Puts in what a request has just answered, ahead of the watch. */
  learn(job: Job): void;
  /**
   * Drops what is kept of an execution, as soon as its Job and pod are gone. Of others, for example of other replicas, it is dropped
   * when both have been gone for `lostSeconds` and nobody has asked meanwhile.
   */
  forget(name: JobName): void;
  /** Something outside the cluster has happened to it: its results are here. */
  wake(name: JobName): void;
  /** How many executions something is kept of. */
  size(): number;
  close(): void;
}

export type MirrorSettings = Pick<KubernetesSettings, 'namespace' | 'relistSeconds' | 'lostSeconds'>;

/** Asks nothing before it is first called `ready`. */
export function createMirror(gateway: Gateway, settings: MirrorSettings, log: Log = () => undefined): Mirror {
  const { namespace, relistSeconds } = settings;
  const patienceMs = settings.lostSeconds * 1000;
  const ended = new AbortController();
  const listeners = createListeners<JobName>();
  const store = createMirrorStore({ keepMs: patienceMs, onChange: listeners.tell, isAwaited: listeners.has });
  const common = { gateway, relistSeconds, patienceMs, log, signal: ended.signal, onList: store.prune };
  const followers = [
    createFollower<Job>({ ...common, path: `/apis/batch/v1/namespaces/${namespace}/jobs`, kind: store.jobs }),
    createFollower<Pod>({ ...common, path: `/api/v1/namespaces/${namespace}/pods`, kind: store.pods }),
  ];
  let started: Promise<void> | undefined;

  async function start(): Promise<void> {
    const begun = await Promise.all(followers.map((one) => one.read()));
    for (const follow of begun) follow();
  }

  return {
    async ready() {
      started ??= start().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      await started;
      for (const { refusal } of followers) {
        const refused = refusal();
        if (refused) throw refused;
      }
    },
    of: store.of,
    jobs: store.present,
    changed: (name, ms, signal) => listeners.next(name, ms, signal),
    anyChange: (ms, signal) => listeners.next('*', ms, signal),
    learn: store.jobs.put,
    forget: store.release,
    wake: listeners.tell,
    size: store.size,
    close: () => ended.abort(),
  };
}
