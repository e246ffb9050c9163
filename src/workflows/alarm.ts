/** One timer for all deadlines of the scheduler: a timer costs history events, so a later deadline never starts another. */
import { CancellationScope, sleep } from '@temporalio/workflow';

export interface Alarm {
  /** Makes sure that {@link Alarm.rung} grows at `atMs` at the latest. It may grow earlier. */
  set(atMs: number): void;
  rung(): number;
  stop(): void;
}

/** Deadlines this close together share a timer. */
const TOLERANCE_MS = 50;

export function createAlarm(): Alarm {
  let count = 0;
  let armed: { readonly atMs: number; readonly scope: CancellationScope } | undefined;

  const ring = async (scope: CancellationScope, delayMs: number): Promise<void> => {
    try {
      await scope.run(() => sleep(delayMs));
    } catch {
      return; // Replaced by an earlier deadline, or the run is over.
    }
    armed = undefined;
    count += 1;
  };

  return {
    set(atMs) {
      if (armed !== undefined && armed.atMs <= atMs + TOLERANCE_MS) return;
      armed?.scope.cancel();
      const scope = new CancellationScope();
      armed = { atMs, scope };
      void ring(scope, Math.max(1, atMs - Date.now()));
    },
    rung: () => count,
    stop() {
      armed?.scope.cancel();
      armed = undefined;
    },
  };
}
