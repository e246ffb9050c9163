/**
 * What the cluster knows about our executions: one list and watch for Jobs and one for pods, for the whole process. A watch may end
 * or fall silent without an error, so each is followed by a whole list; the last state of a pod is kept when it is gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from './gateway.js';
import { jobNameOf, SELECTOR } from './names.js';
import type { Job, ObjectList, ObjectMeta, Pod } from './objects.js';
import type { JobName } from './parts.js';

export interface Seen {
  /** Undefined before it was seen and once it is gone. */
  readonly job?: Job;
  /** Its last state, also when it is gone. */
  readonly pod?: Pod;
  readonly podGone: boolean;
  /** Was there, and is not any more. */
  readonly jobGone: boolean;
}

export interface Mirror {
  /** Resolves when both lists have been read once. Throws what the first list throws, and may then be called again. */
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
  /** Drops what is kept of an execution, as soon as its Job and pod are gone. */
  forget(name: JobName): void;
  /** Something outside the cluster has happened to it: its results are here. */
  wake(name: JobName): void;
  close(): void;
}

interface Entry {
  job?: Job;
  pod?: Pod;
  podGone: boolean;
  jobGone: boolean;
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

const PAGE = 500;
/** Beyond the time that the server was asked to end the watch after. */
const SILENCE_MS = 10_000;
const LONGEST_PAUSE_MS = 5000;

export function createMirror(gateway: Gateway, namespace: string, relistSeconds: number): Mirror {
  const entries = new Map<JobName, Entry>();
  const listeners = new Map<JobName | '*', Set<() => void>>();
  const released = new Set<JobName>();
  const ended = new AbortController();
  let started: Promise<void> | undefined;

  const entryOf = (name: JobName): Entry => {
    const entry = entries.get(name) ?? { podGone: false, jobGone: false };
    entries.set(name, entry);
    return entry;
  };
  const drop = (name: JobName): void => {
    const entry = entries.get(name);
    if (!released.has(name) || entry?.job || (entry?.pod && !entry.podGone)) return;
    entries.delete(name);
    released.delete(name);
  };
  const tell = (name: JobName): void => {
    drop(name);
    for (const key of [name, '*'] as const) for (const listener of [...(listeners.get(key) ?? [])]) listener();
  };
  const jobs = kindOf<Job>({
    set: (entry, job) => {
      entry.job = job;
      entry.jobGone = false;
    },
    gone: (entry) => {
      entry.jobGone ||= entry.job !== undefined;
      delete entry.job;
    },
    current: (entry) => entry.job,
  });
  const pods = kindOf<Pod>({
    set: (entry, pod) => {
      entry.pod = pod;
      entry.podGone = false;
    },
    gone: (entry, last) => {
      if (last) entry.pod = last;
      entry.podGone = entry.pod !== undefined;
    },
    current: (entry) => (entry.podGone ? undefined : entry.pod),
  });

  function kindOf<T extends { readonly metadata: ObjectMeta }>(how: {
    readonly set: (entry: Entry, object: T) => void;
    readonly gone: (entry: Entry, last?: T) => void;
    readonly current: (entry: Entry) => T | undefined;
  }) {
    const put = (object: T): void => {
      const name = jobNameOf(object.metadata);
      if (name === undefined) return;
      const entry = entryOf(name);
      if (isOlder(object, how.current(entry))) return;
      how.set(entry, object);
      tell(name);
    };
    return {
      put,
      remove(object: T): void {
        const name = jobNameOf(object.metadata);
        const entry = name === undefined ? undefined : entries.get(name);
        if (name === undefined || !entry) return;
        if (how.current(entry)?.metadata.uid !== object.metadata.uid) return;
        how.gone(entry, object);
        tell(name);
      },
      /** A list is the whole truth: what is not in it is gone, but for what came after it was asked for. */
      replace(items: readonly T[], askedAt: ReadonlySet<T>): void {
        const present = new Set(items.map(({ metadata }) => metadata.uid));
        for (const item of items) put(item);
        for (const [name, entry] of entries) {
          const known = how.current(entry);
          if (!known || present.has(known.metadata.uid) || !askedAt.has(known)) continue;
          how.gone(entry);
          tell(name);
        }
      },
      known: (): ReadonlySet<T> => new Set([...entries.values()].flatMap((entry) => how.current(entry) ?? [])),
    };
  }

  type Kind<T extends { readonly metadata: ObjectMeta }> = ReturnType<typeof kindOf<T>>;

  async function list<T extends { readonly metadata: ObjectMeta }>(path: string, kind: Kind<T>): Promise<string> {
    const items: T[] = [];
    const known = kind.known();
    let page: ObjectList<T> | undefined;
    do {
      page = await gateway.request<ObjectList<T>>(path, {
        query: { labelSelector: SELECTOR, limit: PAGE, continue: page?.metadata.continue || undefined },
        signal: ended.signal,
      });
      items.push(...page.items);
    } while (page.metadata.continue);
    kind.replace(items, known);
    return page.metadata.resourceVersion;
  }

  async function watch<T extends { readonly metadata: ObjectMeta }>(path: string, kind: Kind<T>, from: string) {
    const lines = gateway.lines(path, {
      query: {
        labelSelector: SELECTOR,
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: from,
        timeoutSeconds: relistSeconds,
      },
      idleMs: relistSeconds * 1000 + SILENCE_MS,
      signal: ended.signal,
    });
    for await (const line of lines) {
      const { type, object } = JSON.parse(line) as WatchEvent<T>;
      if (type === 'ADDED' || type === 'MODIFIED') kind.put(object);
      else if (type === 'DELETED') kind.remove(object);
      else if (type === 'ERROR') return;
    }
  }

  async function follow<T extends { readonly metadata: ObjectMeta }>(path: string, kind: Kind<T>, from: string) {
    let version = from;
    for (let failures = 0; !ended.signal.aborted; ) {
      try {
        await watch(path, kind, version);
        version = await list(path, kind);
        failures = 0;
      } catch {
        // Nothing is lost: the next list tells the same. Whoever waits has time limits of its own.
        failures += 1;
        await sleep(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures), undefined, { signal: ended.signal }).catch(
          () => {},
        );
        version = (await list(path, kind).catch(() => undefined)) ?? version;
      }
    }
  }

  async function start(): Promise<void> {
    const paths = [`/apis/batch/v1/namespaces/${namespace}/jobs`, `/api/v1/namespaces/${namespace}/pods`] as const;
    const [jobsFrom, podsFrom] = await Promise.all([list(paths[0], jobs), list(paths[1], pods)]);
    void follow(paths[0], jobs, jobsFrom);
    void follow(paths[1], pods, podsFrom);
  }

  const wakeAt = (key: JobName | '*', ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set);
      const wake = (): void => {
        clearTimeout(timer);
        set.delete(wake);
        if (set.size === 0) listeners.delete(key);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      set.add(wake);
      signal?.addEventListener('abort', wake);
      if (signal?.aborted) wake();
    });

  return {
    ready() {
      started ??= start().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    of: (name) => entries.get(name) ?? { podGone: false, jobGone: false },
    jobs: () => [...entries.values()].flatMap(({ job }) => job ?? []),
    changed: (name, ms, signal) => wakeAt(name, ms, signal),
    anyChange: (ms, signal) => wakeAt('*', ms, signal),
    learn: (job) => jobs.put(job),
    forget(name) {
      released.add(name);
      drop(name);
    },
    wake: (name) => tell(name),
    close: () => ended.abort(),
  };
}

/** An answer to a request may come before an older event of the watch. Versions of one object are numbers that only grow. */
function isOlder(
  object: { readonly metadata: ObjectMeta },
  known: { readonly metadata: ObjectMeta } | undefined,
): boolean {
  if (known?.metadata.uid !== object.metadata.uid) return false;
  return Number(object.metadata.resourceVersion) < Number(known?.metadata.resourceVersion);
}
