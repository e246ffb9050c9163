/** From the verdict of the cluster and the report of the collector to the outcome that the rest of the product knows. */

import type { Outcome, OutputFile } from '../../domain/outcome.js';
import { outcomeOf } from '../local/outcome.js';
import type { Status } from '../local/status.js';
import type { Verdict } from './evidence.js';
import { containerOf, MAIN, type Pod } from './objects.js';
import type { Part } from './parts.js';

/** The codes of python/automlgen_runtime/entry/pod.py, for when they are all that is left. */
const CODES: Readonly<Record<number, NonNullable<Status['views'][number]['verdict']>>> = {
  124: 'timeout',
  122: 'memory',
  121: 'disk',
  120: 'processes',
};
const NO_OUTPUT = 119;
const SUPERVISOR_FAILED = 118;
const ENDED_FROM_OUTSIDE = 143;

export interface Ended {
  readonly spec: Part;
  readonly verdict: Verdict;
  readonly status: Status | undefined;
  readonly files: readonly OutputFile[];
  /** Files that were delivered and cannot be found. */
  readonly lost: boolean;
  readonly pod: Pod | undefined;
  /** The end of the container's log, for when there is no status. */
  readonly log: string;
}

/** The pod's status wins over what program and supervisor, who share a user, say: except that whole results are results. */
export function outcomeOfExecution(ended: Ended): Outcome {
  const { verdict, status, spec } = ended;
  if (verdict.kind === 'cancelled') return override(ended, { kind: 'cancelled', message: verdict.message });
  if (status && isComplete(ended, status)) return metered(ended, outcomeOf(status, spec, ended.files));
  switch (verdict.kind) {
    case 'exited':
      return ofExit(ended, verdict.exitCode);
    case 'infrastructure':
      return override(ended, { kind: 'infrastructure', cause: verdict.cause, message: verdict.message });
    default:
      return override(ended, { kind: verdict.kind, message: verdict.message });
  }
}

function isComplete({ spec, files }: Ended, { cause, cancelled, views }: Status): boolean {
  if (cause !== null || cancelled !== null || views.length !== spec.views.length) return false;
  const required = spec.outputs[0];
  return views.every(
    ({ failed, name }) => !failed && files.some((file) => file.view === name && file.name === required),
  );
}

function ofExit(ended: Ended, exitCode: number): Outcome {
  const { status, spec, lost } = ended;
  if (!status) return withoutStatus(ended, exitCode);
  const outcome = outcomeOf(status, spec, ended.files);
  if (outcome.kind === 'cancelled')
    return override(ended, {
      kind: 'infrastructure',
      cause: 'killed',
      message: 'The pod was told to end, and nothing says why.',
    });
  if (outcome.kind === 'finished')
    return override(ended, {
      kind: 'infrastructure',
      cause: 'results-lost',
      message: lost ? 'The results were delivered and are not where they should be.' : 'The results did not arrive.',
    });
  return metered(ended, outcome);
}

/** The supervisor was killed with its container, or its report did not come through: exit code and log have to do. */
function withoutStatus(ended: Ended, exitCode: number): Outcome {
  if (exitCode === 0 || exitCode === SUPERVISOR_FAILED || exitCode === ENDED_FROM_OUTSIDE) {
    const cause = exitCode === ENDED_FROM_OUTSIDE ? 'killed' : 'results-lost';
    return override(ended, {
      kind: 'infrastructure',
      cause,
      message: `The container ended with exit code ${exitCode}, and its report did not arrive.`,
    });
  }
  return metered(ended, outcomeOf(statusFrom(ended, exitCode), ended.spec, ended.files));
}

/** What the supervisor would have said, as far as exit code and log tell it. */
function statusFrom({ spec, pod, log }: Ended, exitCode: number): Status {
  const verdict = CODES[exitCode] ?? null;
  const seconds = secondsOf(pod);
  return {
    cause: null,
    message: '',
    cancelled: null,
    views: [
      {
        name: spec.views.at(-1)?.name ?? 'main',
        exitCode: exitCode === NO_OUTPUT ? 0 : exitCode,
        signal: null,
        verdict,
        detail: verdict === 'timeout' ? `still running after ${spec.limits.runSeconds} s` : `exit code ${exitCode}`,
        seconds,
        cpuSeconds: 0,
        peakMemoryMiB: 0,
        outOfMemoryKills: 0,
        stopped: true,
        outputs: spec.outputs.map((name) => ({ name })),
        failed: true,
      },
    ],
    milestones: 0,
    gpus: spec.limits.gpus,
    stdoutTail: '',
    stderrHead: '',
    stderrTail: log,
  };
}

/** The numbers of the status under another ending. */
function override(ended: Ended, ending: Pick<Outcome, 'kind' | 'message' | 'cause'>): Outcome {
  const { status, spec, pod, log } = ended;
  const known = status
    ? outcomeOf(status, spec, [])
    : { ...outcomeOf({ ...statusFrom(ended, 1), views: [] }, spec, []), seconds: secondsOf(pod), stderrTail: log };
  const { cause: _cause, ...rest } = known;
  return metered(ended, { ...rest, ...ending, files: ending.kind === 'cancelled' ? [] : [...ended.files] });
}

/** A device is held for as long as the container runs, not only while the program does. */
function metered({ spec, pod }: Ended, outcome: Outcome): Outcome {
  const held = secondsOf(pod) || outcome.seconds;
  return { ...outcome, gpuSeconds: spec.limits.gpus * Math.max(held, outcome.seconds) };
}

/** How long the main container ran, in whole seconds as Kubernetes keeps them; 0 when that is unknown. */
function secondsOf(pod: Pod | undefined): number {
  const { startedAt, finishedAt } = containerOf(pod, MAIN)?.state?.terminated ?? {};
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
