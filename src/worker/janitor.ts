/** Stops and forgets executions whose run has ended, for example by Temporal's *Terminate*, which runs no code of ours. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Executor, SweepReport } from '../execution/port.js';
import type { Ledger } from '../store/ledger.js';

/** An execution that the store does not know is left alone: it may belong to another store on the same machine. */
export function sweepExecutions(executor: Executor, ledger: Ledger, client: Client): Promise<SweepReport> {
  const running = new Map<string, Promise<boolean>>();
  return executor.sweep(async (id) => {
    const runId = await ledger.runOf(id);
    if (runId === undefined) return true;
    const known = running.get(runId) ?? isRunning(client, runId);
    running.set(runId, known);
    return known;
  });
}

/** A status that is not known here, of a run that is paused or of a newer server, is no reason to stop anything. */
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** The server forgets runs that ended long ago, and no others. */
async function isRunning(client: Client, runId: string): Promise<boolean> {
  try {
    const description = await client.workflow.getHandle(runId).describe();
    return !ENDED.has(description.status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

export interface Janitor {
  /** Sweeps in a moment: an execution was left alone, and its run may have ended. */
  soon(): void;
  /** Returns when nothing is being swept any more, or has not come to its end in a few seconds. */
  close(): Promise<void>;
}

export interface JanitorOptions {
  readonly sweep: () => Promise<SweepReport>;
  readonly log: (message: string, what: Record<string, unknown>) => void;
  readonly everyMs?: number;
  readonly soonMs?: number;
  readonly patienceMs?: number;
}

/**
 * Sweeps at once, every minute and when asked: the end of a run reaches its last programs by their heartbeat, and may come too late for
 * it. One sweep at a time, and nobody waits for it. A janitor that fails must not keep a worker from working: what it left is there the
 * next time.
 */
export function startJanitor(options: JanitorOptions): Janitor {
  const { sweep, log, everyMs = 60_000, soonMs = 500, patienceMs = 5_000 } = options;
  let last = Promise.resolve();
  let queued = false;
  let asked: NodeJS.Timeout | undefined;
  // However often it is asked for while one is under way, one more follows.
  const again = (): void => {
    if (queued) return;
    queued = true;
    last = last.then(() => {
      queued = false;
      return once();
    });
  };
  const once = async (): Promise<void> => {
    try {
      const { removed, failed } = await sweep();
      if (removed.length > 0) log('removed executions of ended runs', { removed });
      if (failed.length > 0) log('executions of ended runs cannot be removed', { failed });
    } catch (error) {
      log('the janitor failed', { error });
    }
  };
  again();
  const timer = setInterval(again, everyMs);
  return {
    soon() {
      asked ??= setTimeout(() => {
        asked = undefined;
        again();
      }, soonMs);
    },
    async close() {
      clearInterval(timer);
      clearTimeout(asked);
      await Promise.race([last, sleep(patienceMs, undefined, { ref: false })]);
    },
  };
}
