/**
 * Keeps one kind of objects as the cluster has them, by a list and a watch. A watch may end or fall silent without an error, so each
 * is followed by a whole list. Nothing is lost by a failure, as the next list tells the same; none passes without a word.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, isStatus, parseApiError } from './api-error.js';
import type { Gateway } from './gateway.js';
import type { MirrorKind, Named } from './mirror-store.js';
import { SELECTOR } from './names.js';
import type { ObjectList } from './objects.js';

/** Receives what whoever operates the worker should read. */
export type Log = (message: string) => void;

export interface Follower {
  /** Reads the list once; what is returned then follows it until `signal` aborts. @throws ApiError what the list meets. */
  read(): Promise<() => void>;
  /** The server's refusal (401, 403) when every list since `patienceMs` has met one; undefined while lists are read. */
  refusal(): ApiError | undefined;
}

export interface FollowOptions<T extends Named> {
  readonly gateway: Gateway;
  readonly path: string;
  readonly kind: MirrorKind<T>;
  /** How long a watch lasts. */
  readonly relistSeconds: number;
  readonly patienceMs: number;
  /** After each whole list. */
  readonly onList: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

const PAGE = 500;
/** Beyond the time that the server was asked to end the watch after. */
const SILENCE_MS = 10_000;
/** From one list to the next, whatever ended the watch between them. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** The first of failures in a row is logged, and each 25th: with the longest pauses about every two minutes. */
const LOG_EVERY = 25;

export function createFollower<T extends Named>(options: FollowOptions<T>): Follower {
  const trouble = troubleOf(options);
  return {
    async read() {
      const version = await list(options);
      return () => void keepFollowing(options, trouble, version);
    },
    refusal: trouble.refusal,
  };
}

async function keepFollowing<T extends Named>(
  options: FollowOptions<T>,
  trouble: Trouble,
  first: string,
): Promise<void> {
  const { signal } = options;
  for (let version = first; !signal.aborted; ) {
    const watched = await tried(watch(options, version));
    await pause('fault' in watched ? trouble.pauseMs() : SHORTEST_PAUSE_MS, signal);
    const read = await tried(list(options));
    if ('value' in read) version = read.value;
    if (!signal.aborted) trouble.note(watched, read);
  }
}

/** Reads all pages. @returns the version that a watch may begin at. */
async function list<T extends Named>({ gateway, path, kind, signal, onList }: FollowOptions<T>): Promise<string> {
  const items: T[] = [];
  const known = kind.known();
  let page: ObjectList<T> | undefined;
  do {
    page = await gateway.request<ObjectList<T>>(path, {
      query: { labelSelector: SELECTOR, limit: PAGE, continue: page?.metadata.continue || undefined },
      signal,
    });
    items.push(...page.items);
  } while (page.metadata.continue);
  kind.replace(items, known);
  onList();
  return page.metadata.resourceVersion;
}

/** Returns when the server ends it, also because `from` is too old for it (410). @throws ApiError another refusal. */
async function watch<T extends Named>(
  { gateway, path, kind, relistSeconds, signal }: FollowOptions<T>,
  from: string,
): Promise<void> {
  const query = {
    labelSelector: SELECTOR,
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: from,
    timeoutSeconds: relistSeconds,
  };
  try {
    for await (const line of gateway.lines(path, { query, idleMs: relistSeconds * 1000 + SILENCE_MS, signal })) {
      const { type, object } = JSON.parse(line) as WatchEvent<T>;
      if (type === 'ADDED' || type === 'MODIFIED') kind.put(object);
      else if (type === 'DELETED') kind.remove(object);
      else if (type === 'ERROR') throw refusalIn(object);
    }
  } catch (error) {
    if (!isStatus(error, 410)) throw error;
  }
}

/** The server tells in the stream what it would have told by a status. */
function refusalIn(status: unknown): ApiError {
  const { code } = Object(status) as { readonly code?: unknown };
  return parseApiError(typeof code === 'number' ? code : 500, JSON.stringify(status), undefined);
}

interface Trouble extends Pick<Follower, 'refusal'> {
  /** A turn is over: how its watch ended, and its list, which alone makes what is known old. */
  note(watched: Tried<unknown>, read: Tried<unknown>): void;
  /** Grows with the failures in a row. */
  pauseMs(): number;
}

function troubleOf({ path, patienceMs, log }: Pick<FollowOptions<Named>, 'path' | 'patienceMs' | 'log'>): Trouble {
  let failures = 0;
  let refused: { readonly since: number; readonly error: ApiError } | undefined;
  return {
    note(watched, read) {
      const unread = 'fault' in read ? read.fault : undefined;
      // A server that is away is waited for; only what it refuses itself does not go away.
      refused = isRefusal(unread) ? { since: refused?.since ?? Date.now(), error: unread } : undefined;
      const failed = [read, watched].find((one) => 'fault' in one);
      if (!failed) {
        if (failures > 1) log(`${path} is followed again after ${failures} failures.`);
        failures = 0;
        return;
      }
      failures += 1;
      if (failures > 1 && failures % LOG_EVERY !== 0) return;
      log(`${path} cannot be ${failed === read ? 'listed' : 'watched'} (failure ${failures}): ${textOf(failed.fault)}`);
    },
    pauseMs: () => Math.min(LONGEST_PAUSE_MS, 2 * SHORTEST_PAUSE_MS * 2 ** failures),
    refusal: () => (refused && Date.now() - refused.since >= patienceMs ? refused.error : undefined),
  };
}

function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Tried<T> = { readonly value: T } | { readonly fault: unknown };

function tried<T>(work: Promise<T>): Promise<Tried<T>> {
  return work.then(
    (value) => ({ value }),
    (fault: unknown) => ({ fault }),
  );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
