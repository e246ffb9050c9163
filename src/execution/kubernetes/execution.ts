/** An execution as the rest of the product asks for it: its views one after the other, each a Job, told as one outcome. */
import type { ExecutionSpec } from '../../domain/execution-spec.js';
import type { ExecutionId } from '../../domain/ids.js';
import type { Outcome } from '../../domain/outcome.js';
import { executionIn, type JobName, partsOf, recordOf } from './parts.js';
import type { Place } from './place.js';
import { forget, stop } from './stop.js';
import { ensureJob, type WaitOptions } from './submit.js';
import { untilEnded } from './wait.js';

/** True when it had been started before. */
export async function submitAll(place: Place, spec: ExecutionSpec, waiting?: WaitOptions): Promise<boolean> {
  // What was asked for first stands.
  const [first, ...rest] = partsOf(await place.records.begin(recordOf(spec.id), spec));
  if (!first || (rest.length > 0 && (await isOver(place, spec.id)))) return true;
  return ensureJob(place, first, waiting);
}

export async function waitForAll(place: Place, id: ExecutionId, waiting?: WaitOptions): Promise<Outcome> {
  const { records } = place;
  const spec = await records.spec(recordOf(id));
  if (!spec) throw new Error(`No execution ${id} is recorded.`);
  const parts = partsOf(spec);
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    const before = await records.outcome(recordOf(id));
    if (before) return before;
    await ensureJob(place, part, waiting);
    const outcome = await untilEnded(place, part, waiting);
    outcomes.push(outcome);
    if (outcome.kind !== 'finished') break;
  }
  return records.end(recordOf(id), together(outcomes));
}

/** Returns the Jobs that it has stopped: none of an execution that had ended. */
export async function stopAll(place: Place, id: ExecutionId, reason: string): Promise<readonly JobName[]> {
  const { records } = place;
  const jobs = await jobsOf(place, id);
  if (jobs.length === 0 || (await records.outcome(recordOf(id)))) return [];
  // Said first: whoever is between two views must not begin the next.
  for (const job of jobs) await records.cancel(job, reason);
  await records.cancel(recordOf(id), reason);
  await stop(place, jobs);
  return jobs;
}

/** Throws when it still runs. */
export async function forgetAll(place: Place, id: ExecutionId): Promise<void> {
  const jobs = await jobsOf(place, id);
  if (jobs.length > 0 && !(await isOver(place, id))) throw new Error(`${id} still runs: cancel it first.`);
  for (const job of jobs) await forget(place, job);
  await forget(place, recordOf(id));
}

/** Where the request cannot be read any more, its records still bear their names. */
async function jobsOf({ records }: Place, id: ExecutionId): Promise<readonly JobName[]> {
  const spec = await records.spec(recordOf(id));
  if (spec) return partsOf(spec).map(({ job }) => job);
  return (await records.jobs()).filter((job) => executionIn(job) === id);
}

async function isOver({ records }: Place, id: ExecutionId): Promise<boolean> {
  return ((await records.outcome(recordOf(id))) ?? (await records.cancelled(recordOf(id)))) !== undefined;
}

/** How the last view ended is how all ended; times add up. */
function together(outcomes: readonly Outcome[]): Outcome {
  const last = outcomes.at(-1);
  if (!last) throw new Error('An execution without views has no outcome.');
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    ...last,
    ...(last.kind === 'finished' && { message: `Finished in ${sum(({ seconds }) => seconds).toFixed(1)} s.` }),
    seconds: sum(({ seconds }) => seconds),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    gpuSeconds: sum(({ gpuSeconds }) => gpuSeconds),
    peakMemoryMiB: Math.max(...outcomes.map(({ peakMemoryMiB }) => peakMemoryMiB)),
    viewSeconds: Object.assign({}, ...outcomes.map(({ viewSeconds }) => viewSeconds)),
    files: outcomes.flatMap(({ files }) => files),
  };
}
