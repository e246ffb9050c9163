/**
 * A recorded landscape as a world that policies search: real scores, real costs, real rows. What the author would write and nobody has
 * recorded is not offered, and nothing stands in for it. Scores and costs of single programs are those that were measured; of a mean, the
 * predictions are exactly those of its members, averaged, and the cost is the sum of theirs.
 */
import type { World, WorldBlend, WorldRun } from '../world.js';
import { type Answers, answersOf, meanOver } from './answers.js';
import { ideasFor } from './ideas.js';
import { keyOf, type RecordedPlan } from './plan.js';
import type { Recording } from './recording.js';
import { measure, pairedDifference, scoreOf } from './row-metrics.js';

/** Blends that complementarity is measured with, as in the evaluator. */
const WEIGHTS = [0.25, 0.5, 0.75] as const;
/** With fewer rows a gain is noise. */
const LEAST_ROWS = 300;
/** The composer needs a few milliseconds, an activity some more. */
const PROPOSE_SECONDS = 0.05;

export interface RecordedWorld extends World<RecordedPlan> {
  readonly answers: Answers;
}

export function recordedWorld(recording: Recording): RecordedWorld {
  const answers = answersOf(recording);
  return {
    answers,
    direction: recording.direction,
    nothing: recording.constant,
    keyOf,
    familyOf: (plan) => familyOf(recording, plan),
    propose(move, isTaken, random) {
      for (const plan of ideasFor(recording, move, random)) {
        if (!isTaken(keyOf(plan))) return { plan, seconds: PROPOSE_SECONDS };
      }
      return { seconds: PROPOSE_SECONDS };
    },
    run: (plan) => runOf(recording, answers, plan),
    versus: (plan, other) => pairedDifference(answers.rows.search, answers.measured(plan), answers.measured(other)),
    complement: (plan, others) => complements(answers, plan, others),
  };
}

/** A mean fails as the first of its members that does. */
function runOf({ programs, startSeconds }: Recording, answers: Answers, plan: RecordedPlan): WorldRun {
  const members = plan.map((member) => programs[member]);
  const seconds = startSeconds + members.reduce((sum, member) => sum + (member?.seconds ?? 0), 0);
  const failed = members.find((member) => !member || member.search === null);
  if (failed || members.length === 0) return { kind: 'failed', failure: failed?.failure ?? 'exception', seconds };
  const [only] = members;
  if (members.length === 1 && only && only.search !== null && only.test !== null) {
    return { kind: 'valid', validation: only.search, truth: only.test, seconds };
  }
  const truth = scoreOf(answers.rows.test, answers.of(plan).test);
  return { kind: 'valid', validation: answers.measured(plan).value, truth, seconds };
}

function familyOf({ programs, families }: Recording, plan: RecordedPlan): string {
  const [first, ...others] = new Set(plan.map((member) => programs[member]?.family ?? -1));
  return others.length > 0 ? 'blend' : (families[first ?? -1] ?? 'other');
}

function complements(answers: Answers, plan: RecordedPlan, others: readonly RecordedPlan[]): readonly WorldBlend[] {
  const { rows, comparable } = answers;
  const mine = comparable(plan);
  if (mine.length < LEAST_ROWS) return [];
  const { sign } = rows.search;
  return others.map((other, place) => {
    const theirs = comparable(other);
    const [own, their] = [answers.measured(plan), answers.measured(other)];
    const better = sign * their.value > sign * own.value ? their : own;
    const blends = WEIGHTS.map((weight) => meanOver([mine, theirs], [weight, 1 - weight]));
    const scores = blends.map((blend) => sign * scoreOf(rows.search, blend));
    const best = blends[scores.indexOf(Math.max(...scores))] ?? mine;
    const { delta, pairedSE } = pairedDifference(rows.search, measure(rows.search, best), better);
    return { with: place, gain: delta, standardError: pairedSE };
  });
}
