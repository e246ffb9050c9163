/** From what the probe wrote in each view to an attestation. Pure; whatever is missing counts against it. */
import { z } from 'zod';
import { type Attestation, type AttestedView, Mount, type ProbeAttempt } from '../domain/attestation.js';
import type { ViewHash } from './view-hash.js';

/** What one view's probe leaves (`python/automlgen_runtime/isolation_probe.py`). */
export const ProbeReply = z.object({
  attempts: z.array(z.object({ what: z.string(), target: z.string(), reached: z.boolean(), detail: z.string() })),
  mounts: z.array(Mount),
  environment: z.array(z.string()),
  input: z.string(),
});
export type ProbeReply = z.infer<typeof ProbeReply>;

export interface Evidence extends Pick<Attestation, 'runId' | 'executionId' | 'at' | 'level' | 'network'> {
  /** By view, in the order in which they ran. */
  readonly views: Readonly<Record<string, ViewHash>>;
  /** By view; one that did not run to its end is missing. */
  readonly replies: Readonly<Record<string, ProbeReply>>;
  /** Targets, as `path` or `host:port`, that matter for answers or scores. */
  readonly vital: ReadonlySet<string>;
  /** Targets that trusted code did not find either. */
  readonly missing: ReadonlySet<string>;
  /** How the execution ended, when not as it should. */
  readonly trouble?: string;
}

export function attestationOf(evidence: Evidence): Attestation {
  const { views, replies, vital, missing, trouble, ...facts } = evidence;
  const attempts = attemptsOf(evidence);
  const seen = Object.entries(views).map(
    ([name, view]): AttestedView => ({
      name,
      ...view,
      seen: replies[name]?.input === view.hash,
    }),
  );
  const unfinished = trouble ?? silence(views, replies);
  const first = Object.values(replies)[0];
  return {
    schemaVersion: 1,
    ...facts,
    mounts: first?.mounts ?? [],
    environment: first?.environment ?? [],
    views: seen,
    attempts,
    sealed:
      unfinished === undefined &&
      seen.length > 0 &&
      seen.every((view) => view.seen) &&
      attempts.some(({ result }) => result === 'refused') &&
      attempts.every(({ result }) => result !== 'reached'),
    ...(unfinished !== undefined && { unfinished }),
  };
}

function silence(views: Evidence['views'], replies: Evidence['replies']): string | undefined {
  const silent = Object.keys(views).filter((name) => replies[name] === undefined);
  return silent.length === 0 ? undefined : `the probe left nothing in ${silent.join(', ')}`;
}

/** One for each thing that was tried; reached in one view is reached. */
function attemptsOf(evidence: Evidence): ProbeAttempt[] {
  const found = new Map<string, ProbeAttempt>();
  for (const [view, { attempts }] of Object.entries(evidence.replies))
    for (const attempt of attempts) {
      const key = `${attempt.what}|${attempt.target}`;
      const before = found.get(key);
      if (before === undefined || (attempt.reached && before.result !== 'reached'))
        found.set(key, judged(attempt, view, evidence));
    }
  return [...found.values()];
}

function judged(attempt: ProbeReply['attempts'][number], view: string, evidence: Evidence): ProbeAttempt {
  const { what, target, reached, detail } = attempt;
  const vital = evidence.vital.has(target) || VITAL.test(what) || (HANDED_ON.test(what) && isRace(evidence));
  if (reached) return { what, target, vital, result: 'reached', detail: `in view ${view}: ${detail}` };
  return { what, target, vital, result: evidence.missing.has(target) ? 'absent' : 'refused', detail };
}

/** Of the attempts that the probe thinks of itself, those by which answers could be had or scores changed. */
const VITAL =
  /^(files named like ours|(the environment|the memory|the open files) of other|the worker's env|change the input)/;
/** What one view leaves to the next: answers, where the views are folds. */
const HANDED_ON = / of an earlier view$/;

function isRace({ views }: Evidence): boolean {
  return Object.keys(views).some((name) => name.startsWith('fold'));
}
