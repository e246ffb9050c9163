/** Several workers that live and end together: a process in which one has failed would look healthy and leave its queue unserved. */

export interface Runnable {
  /** Polls until it is shut down. */
  run(): Promise<void>;
  /** Asks it to stop; throws when it has stopped already. */
  shutdown(): void;
}

/** Ends when all have ended. The first failure stops the others, and is thrown once they have stopped. */
export async function runWorkers(workers: readonly Runnable[]): Promise<void> {
  const failures: unknown[] = [];
  const stopOthers = (failed: Runnable): void => {
    for (const worker of workers) if (worker !== failed) stop(worker);
  };
  await Promise.all(
    workers.map((worker) =>
      worker.run().catch((error: unknown) => {
        failures.push(error);
        if (failures.length === 1) stopOthers(worker);
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

function stop(worker: Runnable): void {
  try {
    worker.shutdown();
  } catch {
    // It has stopped, or is about to.
  }
}
