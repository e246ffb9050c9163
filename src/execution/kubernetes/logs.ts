/**
 * The log of a container, followed across broken connections: each line bears its time, and a new connection begins at the last one
 * that was seen. The server keeps logs only as long as the pod, so what is wanted has to be read while it is there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.js';
import type { Gateway } from './gateway.js';
import { containerOf, isOver as isOverPod, type Pod } from './objects.js';

export interface LogLine {
  /** RFC 3339 with nanoseconds, as the server writes it. */
  readonly time: string;
  readonly text: string;
}

export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Nothing for this long: the connection is made anew. */
  readonly idleMs?: number;
  /** Only what came after this line. */
  readonly after?: LogLine;
}

const IDLE_MS = 60_000;
const PAUSE_MS = 500;

/** Ends when the container has, when the pod is gone, or at `signal`; never throws for a broken connection. */
export async function* followLog(gateway: Gateway, source: LogSource, options: FollowOptions): AsyncGenerator<LogLine> {
  const { signal, idleMs = IDLE_MS } = options;
  const place = placeAfter(options.after);
  while (!signal.aborted) {
    place.begin();
    try {
      const last = await hasEnded(gateway, source);
      const query = { container: source.container, follow: true, timestamps: true, sinceTime: place.since() };
      for await (const line of gateway.lines(pathOf(source), { query, idleMs, signal })) {
        const read = parse(line);
        if (place.isNew(read)) yield read;
      }
      // A connection that broke between server and node ends for us as if the log did.
      if (last) return;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    } catch (error) {
      if (isOver(error)) return;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** The last lines; empty when there is no log any more. */
export async function tailOfLog(gateway: Gateway, source: LogSource, lines: number): Promise<readonly LogLine[]> {
  const query = { container: source.container, timestamps: true, tailLines: lines };
  const found: LogLine[] = [];
  try {
    for await (const line of gateway.lines(pathOf(source), { query, idleMs: 10_000 })) found.push(parse(line));
  } catch {
    // The pod or its log is gone, or its node does not answer: what was read counts.
  }
  return found;
}

interface Place {
  readonly since: () => string | undefined;
  /** To be called before each connection. */
  readonly begin: () => void;
  /** False for a line that was seen before: `sinceTime` has the precision of seconds. */
  readonly isNew: (line: LogLine) => boolean;
}

/** Where a follower is. Several lines may bear the same time, so those of the last time are counted. */
function placeAfter(after: LogLine | undefined): Place {
  let since = after?.time;
  let seenThen = after ? 1 : 0;
  let again = 0;
  return {
    since: () => since,
    begin() {
      again = 0;
    },
    isNew({ time }) {
      if (since !== undefined && time < since) return false;
      again = time === since ? again + 1 : 1;
      if (time === since && again <= seenThen) return false;
      since = time;
      seenThen = again;
      return true;
    },
  };
}

function parse(line: string): LogLine {
  const space = line.indexOf(' ');
  return { time: line.slice(0, Math.max(0, space)), text: line.slice(space + 1) };
}

/** Whatever the log of a container that has ended holds, one connection brings all of it. */
async function hasEnded(gateway: Gateway, { namespace, pod, container }: LogSource): Promise<boolean> {
  const found = await gateway.request<Pod>(`/api/v1/namespaces/${namespace}/pods/${pod}`);
  return isOverPod(found) || containerOf(found, container)?.state?.terminated !== undefined;
}

function pathOf({ namespace, pod }: LogSource): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
}

/** The pod is gone, or the container never ran. */
function isOver(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 400 || error.status === 403);
}
