/** An API server that holds Jobs and pods in memory, for what lists and watches them, and fails as it is told. It takes all else, and has no logs. */
import type { Gateway, RequestOptions } from '../../../src/execution/kubernetes/gateway.js';
import { LABELS } from '../../../src/execution/kubernetes/names.js';
import type { Job, Pod } from '../../../src/execution/kubernetes/objects.js';
import type { JobName } from '../../../src/execution/kubernetes/parts.js';

export type Kind = 'jobs' | 'pods';
type Kept = Job | Pod;

export interface FakeApi {
  readonly gateway: Gateway;
  put(kind: Kind, object: Kept): void;
  /** Removes all of a kind. */
  empty(kind: Kind): void;
  /** Changes what a list shows, and tells no watch. */
  silently(kind: Kind, change: { readonly added?: Kept; readonly removed?: Kept }): void;
  /** To every open watch. */
  say(event: object): void;
  endWatches(): void;
  breakWatches(error: Error): void;
  /** Lists and new watches meet it from now on; without a kind those of both. */
  refuse(error: Error | undefined, kind?: Kind): void;
  /** Lists that were asked for. */
  lists(): number;
  /** Watches that are open. */
  watches(): number;
}

interface Watch {
  readonly kind: Kind;
  tell(event: object): void;
  end(error?: Error): void;
}

export function fakeApi(): FakeApi {
  const objects = { jobs: new Map<string, Kept>(), pods: new Map<string, Kept>() };
  const events: { readonly kind: Kind; readonly version: number; readonly event: object }[] = [];
  const open = new Set<Watch>();
  const refused = new Map<Kind, Error>();
  let version = 1;
  let lists = 0;

  const versioned = <T extends Kept>(object: T): T => {
    version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
  };
  const happen = (kind: Kind, event: object): void => {
    events.push({ kind, version, event });
    for (const watch of open) if (watch.kind === kind) watch.tell(event);
  };
  const gateway: Gateway = {
    server: 'http://fake',
    request: async <T>(path: string, { method = 'GET' }: RequestOptions = {}) => {
      if (method !== 'GET') return {} as T;
      lists += 1;
      const kind = kindOf(path);
      const refusal = refused.get(kind);
      if (refusal) throw refusal;
      return { items: [...objects[kind].values()], metadata: { resourceVersion: String(version) } } as T;
    },
    async *lines(path, { query, signal }) {
      if (path.endsWith('/log')) return;
      const kind = kindOf(path);
      const refusal = refused.get(kind);
      if (refusal) throw refusal;
      const from = Number(query?.resourceVersion);
      const before = events.filter((one) => one.kind === kind && one.version > from).map(({ event }) => event);
      yield* watchOf(kind, before, open, signal);
    },
    mostOpen: () => open.size,
    close: () => undefined,
  };
  return {
    gateway,
    put(kind, given) {
      const object = versioned(given);
      const known = objects[kind].has(nameOf(object));
      objects[kind].set(nameOf(object), object);
      happen(kind, { type: known ? 'MODIFIED' : 'ADDED', object });
    },
    empty(kind) {
      for (const object of [...objects[kind].values()]) {
        objects[kind].delete(nameOf(object));
        happen(kind, { type: 'DELETED', object: versioned(object) });
      }
    },
    silently(kind, { added, removed }) {
      if (removed) objects[kind].delete(nameOf(removed));
      if (added) objects[kind].set(nameOf(added), versioned(added));
    },
    say(event) {
      for (const watch of open) watch.tell(event);
    },
    endWatches() {
      for (const watch of open) watch.end();
    },
    breakWatches(error) {
      for (const watch of open) watch.end(error);
    },
    refuse(error, only) {
      for (const kind of only ? [only] : (['jobs', 'pods'] as const))
        if (error) refused.set(kind, error);
        else refused.delete(kind);
    },
    lists: () => lists,
    watches: () => open.size,
  };
}

async function* watchOf(
  kind: Kind,
  before: readonly object[],
  open: Set<Watch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const queue = [...before];
  let over: { readonly error?: Error } | undefined;
  let wake = (): void => undefined;
  const watch: Watch = {
    kind,
    tell(event) {
      queue.push(event);
      wake();
    },
    end(error) {
      over ??= { ...(error && { error }) };
      wake();
    },
  };
  const stop = (): void => watch.end(new Error('aborted'));
  signal?.addEventListener('abort', stop);
  open.add(watch);
  try {
    for (;;) {
      for (let event = queue.shift(); event; event = queue.shift()) yield JSON.stringify(event);
      if (over?.error) throw over.error;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    open.delete(watch);
    signal?.removeEventListener('abort', stop);
  }
}

function kindOf(path: string): Kind {
  return path.endsWith('/pods') ? 'pods' : 'jobs';
}

function nameOf({ metadata }: Kept): string {
  return metadata.name;
}

export function jobOf(name: JobName, uid = `job of ${name}`): Job {
  return { metadata: { name, uid, labels: { [LABELS.job]: name } } };
}

export function podOf(name: JobName): Pod {
  return { metadata: { name: `${name}-x`, uid: `pod of ${name}`, labels: { [LABELS.job]: name } } };
}
