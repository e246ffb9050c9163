/** The last known Job and pod of each execution, from lists, watches and answers, in whatever order they come. */
import { jobNameOf } from './names.js';
import type { Job, ObjectMeta, Pod } from './objects.js';
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

/** An object of the API that may belong to an execution. */
export interface Named {
  readonly metadata: ObjectMeta;
}

/** Jobs, or pods. Objects that belong to no execution of ours are passed over. */
export interface MirrorKind<T extends Named> {
  /** An older version than the known one changes nothing. */
  put(object: T): void;
  remove(object: T): void;
  /** A list is the whole truth: what is not in it is gone, but for what came after it was asked for. */
  replace(items: readonly T[], askedAt: ReadonlySet<T>): void;
  known(): ReadonlySet<T>;
}

export interface MirrorStore {
  readonly jobs: MirrorKind<Job>;
  readonly pods: MirrorKind<Pod>;
  of(name: JobName): Seen;
  /** Jobs that are there now. */
  present(): readonly Job[];
  /** Nobody asks for it any more: it is dropped as soon as its Job and pod are gone. */
  release(name: JobName): void;
  /** Drops what has been gone, and not been asked for, for `keepMs`. */
  prune(): void;
  size(): number;
}

export interface MirrorStoreOptions {
  readonly keepMs: number;
  readonly onChange: (name: JobName) => void;
  /** What somebody waits for is kept. */
  readonly isAwaited: (name: JobName) => boolean;
}

interface Entry {
  job?: Job;
  pod?: Pod;
  podGone: boolean;
  jobGone: boolean;
  released: boolean;
  /** Time of the last change or question, in ms. */
  usedAt: number;
}

export function createMirrorStore({ keepMs, onChange, isAwaited }: MirrorStoreOptions): MirrorStore {
  const entries = new Map<JobName, Entry>();
  const told = (name: JobName): void => {
    const entry = entries.get(name);
    if (entry) entry.usedAt = Date.now();
    if (entry?.released && isGone(entry)) entries.delete(name);
    onChange(name);
  };
  return {
    jobs: kindOf<Job>(entries, told, JOBS),
    pods: kindOf<Pod>(entries, told, PODS),
    of(name) {
      const entry = entries.get(name);
      if (!entry) return { podGone: false, jobGone: false };
      entry.usedAt = Date.now();
      return entry;
    },
    present: () => [...entries.values()].flatMap(({ job }) => job ?? []),
    release(name) {
      const entry = entries.get(name);
      if (!entry) return;
      entry.released = true;
      if (isGone(entry)) entries.delete(name);
    },
    prune() {
      const before = Date.now() - keepMs;
      for (const [name, entry] of entries)
        if (isGone(entry) && entry.usedAt < before && !isAwaited(name)) entries.delete(name);
    },
    size: () => entries.size,
  };
}

function isGone({ job, pod, podGone }: Entry): boolean {
  return job === undefined && (pod === undefined || podGone);
}

/** How an entry holds the objects of one kind. */
interface Holder<T> {
  readonly set: (entry: Entry, object: T) => void;
  readonly gone: (entry: Entry, last?: T) => void;
  readonly current: (entry: Entry) => T | undefined;
}

const JOBS: Holder<Job> = {
  set: (entry, job) => {
    entry.job = job;
    entry.jobGone = false;
  },
  gone: (entry) => {
    entry.jobGone ||= entry.job !== undefined;
    delete entry.job;
  },
  current: (entry) => entry.job,
};

const PODS: Holder<Pod> = {
  set: (entry, pod) => {
    entry.pod = pod;
    entry.podGone = false;
  },
  gone: (entry, last) => {
    if (last) entry.pod = last;
    entry.podGone = entry.pod !== undefined;
  },
  current: (entry) => (entry.podGone ? undefined : entry.pod),
};

function kindOf<T extends Named>(
  entries: Map<JobName, Entry>,
  told: (name: JobName) => void,
  { set, gone, current }: Holder<T>,
): MirrorKind<T> {
  const entryOf = (name: JobName): Entry => {
    const entry = entries.get(name) ?? { podGone: false, jobGone: false, released: false, usedAt: Date.now() };
    entries.set(name, entry);
    return entry;
  };
  const put = (object: T): void => {
    const name = jobNameOf(object.metadata);
    if (name === undefined) return;
    const entry = entryOf(name);
    if (isOlder(object, current(entry))) return;
    // Made again after it was released: somebody asks for it.
    if (current(entry)?.metadata.uid !== object.metadata.uid) entry.released = false;
    set(entry, object);
    told(name);
  };
  return {
    put,
    remove(object) {
      const name = jobNameOf(object.metadata);
      const entry = name === undefined ? undefined : entries.get(name);
      if (name === undefined || !entry) return;
      if (current(entry)?.metadata.uid !== object.metadata.uid) return;
      gone(entry, object);
      told(name);
    },
    replace(items, askedAt) {
      const present = new Set(items.map(({ metadata }) => metadata.uid));
      for (const item of items) put(item);
      for (const [name, entry] of entries) {
        const known = current(entry);
        if (!known || present.has(known.metadata.uid) || !askedAt.has(known)) continue;
        gone(entry);
        told(name);
      }
    },
    known: () => new Set([...entries.values()].flatMap((entry) => current(entry) ?? [])),
  };
}

/** An answer to a request may come before an older event of the watch. Versions of one object are numbers that only grow. */
function isOlder(object: Named, known: Named | undefined): boolean {
  if (known?.metadata.uid !== object.metadata.uid) return false;
  return Number(object.metadata.resourceVersion) < Number(known?.metadata.resourceVersion);
}
