/** From the supervisor's status to the outcome that the rest of the product knows. */
import type { ExecutionSpec } from '../../domain/execution-spec.js';
import type { Outcome, OutputFile } from '../../domain/outcome.js';
import { classify, type Verdict } from './classify.js';
import type { Status } from './status.js';

type Ending = Pick<Outcome, 'kind' | 'message' | 'cause'>;

export function outcomeOf(status: Status, spec: Pick<ExecutionSpec, 'limits'>, files: readonly OutputFile[]): Outcome {
  const last = status.views.at(-1);
  const seconds = sum(status.views.map((view) => view.seconds));
  return {
    ...endingOf(status, spec),
    ...(last?.exitCode != null && { exitCode: last.exitCode }),
    ...(last?.signal != null && { signal: last.signal }),
    seconds,
    cpuSeconds: sum(status.views.map((view) => view.cpuSeconds)),
    gpuSeconds: seconds * status.gpus,
    peakMemoryMiB: Math.max(0, ...status.views.map((view) => view.peakMemoryMiB)),
    milestones: status.milestones,
    viewSeconds: Object.fromEntries(status.views.map((view) => [view.name, view.seconds])),
    stdoutTail: status.stdoutTail,
    stderrHead: status.stderrHead,
    stderrTail: status.stderrTail,
    files: [...files],
  };
}

function endingOf(status: Status, { limits }: Pick<ExecutionSpec, 'limits'>): Ending {
  if (status.cause !== null) return { kind: 'infrastructure', cause: status.cause, message: status.message };
  if (status.cancelled !== null) return { kind: 'cancelled', message: `Cancelled: ${status.cancelled}.` };
  const stuck = status.views.find((view) => !view.stopped);
  if (stuck)
    return {
      kind: 'infrastructure',
      cause: 'not-stopped',
      message: `A process of view ${stuck.name} could not be ended within 5 s.`,
    };
  const stderr = `${status.stderrHead}\n${status.stderrTail}`;
  for (const view of status.views) {
    const verdict: Verdict | undefined = classify({ view, stderr, ...limits });
    if (verdict) return verdict;
  }
  const total = sum(status.views.map((view) => view.seconds));
  return { kind: 'finished', message: `Finished in ${total.toFixed(1)} s.` };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
