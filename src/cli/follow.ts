/** Watches a run until it ends: a live tree on a terminal, plain lines elsewhere. The run does not depend on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunClient } from '../client/runs.js';
import type { RunResult } from '../domain/run-status.js';
import { graphSoFar } from './graph-so-far.js';
import type { Links } from './render/live.js';
import { liveLines } from './render/live.js';
import { createPainter } from './render/painter.js';
import { createPlainLog } from './render/plain-log.js';

const EVERY_MS = 500;
const KEEP_MS = 5_000;
/** Workers restart and chains continue within a few frames; after so many without an answer in a row somebody wants to know why. */
const SILENT_FRAMES = 20;

export type FollowEnd = { readonly kind: 'ended'; readonly result: RunResult } | { readonly kind: 'detached' };

/**
 * Returns when the run has ended or somebody pressed Ctrl-C, which leaves the run alone. `keepWorking` is called every few seconds: it
 * replaces a worker that has died.
 * @throws the run's own failure, as `WorkflowFailedError`.
 */
export async function follow(
  run: RunClient,
  links: Links,
  keepWorking: () => Promise<void>,
  everyMs: number = EVERY_MS,
): Promise<FollowEnd> {
  const detach = new AbortController();
  const onInterrupt = (): void => detach.abort();
  process.once('SIGINT', onInterrupt);
  const show = process.stderr.isTTY ? liveView(run, links) : plainView(run);
  const ended = run.result().then((result): FollowEnd => ({ kind: 'ended', result }));
  const detached = new Promise<FollowEnd>((resolve) => {
    detach.signal.addEventListener('abort', () => resolve({ kind: 'detached' }));
  });
  const stop = new AbortController();
  const painting = paint(show, everyMs, stop.signal);
  const keeping = keep(keepWorking, stop.signal);
  keeping.catch(() => undefined);
  try {
    return await Promise.race([ended, detached, keeping]);
  } finally {
    ended.catch(() => undefined);
    stop.abort();
    await painting;
    await show.frame().catch(() => undefined);
    show.end();
    process.removeListener('SIGINT', onInterrupt);
  }
}

/** Somebody has to do the work that is being watched. Rejects when it cannot be done. */
async function keep(keepWorking: () => Promise<void>, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(KEEP_MS, undefined, { signal });
    await keepWorking();
  }
}

interface View {
  frame(): Promise<void>;
  /** The run gives no answer, and this is why; a frame that comes after all stands in its place. */
  silent(why: string): void;
  end(): void;
}

async function paint(show: View, everyMs: number, signal: AbortSignal): Promise<void> {
  for (let failed = 0; !signal.aborted; ) {
    try {
      await show.frame();
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed === SILENT_FRAMES) show.silent(error instanceof Error ? error.message : String(error));
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function silence(why: string): string {
  return `The run does not answer: ${why} It goes on by itself; Ctrl-C stops watching.`;
}

function liveView(run: RunClient, links: Links): View {
  const painter = createPainter(process.stderr);
  const graphNow = graphSoFar(run);
  return {
    silent: (why) => painter.paint([silence(why)]),
    async frame() {
      const [status, graph] = await Promise.all([run.status(), graphNow()]);
      const screen = { columns: process.stderr.columns ?? 100, rows: process.stderr.rows ?? 30 };
      painter.paint(liveLines(status, graph, links, screen));
    },
    end: () => painter.end(),
  };
}

function plainView(run: RunClient): View {
  const log = createPlainLog((line) => process.stderr.write(`${line}\n`));
  const graphNow = graphSoFar(run);
  return {
    silent: (why) => process.stderr.write(`${silence(why)}\n`),
    async frame() {
      const [status, graph] = await Promise.all([run.status(), graphNow()]);
      log.update(status, graph);
    },
    end: () => undefined,
  };
}
