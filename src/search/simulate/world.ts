/**
 * What a simulated search moves on: a made-up or recorded space of programs. The search never sees a plan; it sees names of nodes, scores and
 * failures, as it does in a real run. A world holds no state of its own between calls: the same arguments give the same answer, so that two
 * policies which try the same plan on the same seed meet the same fate.
 */
import type { Direction } from '../../domain/metric.js';
import type { ReferenceKind } from '../../domain/node.js';
import type { ImproveVariant, Operator } from '../../domain/operator.js';
import type { FailureClass } from '../../domain/outcome.js';

/** Uniform in [0, 1); each call gives the next number of one stream. */
export type Random = () => number;

/** One expansion in the words of the world: the plans behind the nodes that the policy named. */
export interface WorldMove<Plan> {
  readonly operator: Operator;
  readonly variant?: ImproveVariant;
  /** Absent below the root. A failed plan for `debug`, a valid one for all else. */
  readonly parent?: Plan;
  /** Finished plans that inform the new one, in the order in which the policy named them. */
  readonly references: readonly { readonly plan: Plan; readonly kind: ReferenceKind }[];
  /** The best valid plans so far, best first, at most ten: what an author is told of the run. */
  readonly best?: readonly Plan[];
}

/** Without a plan nothing new can be made of this move any more: it is closed at this parent. */
export interface WorldProposal<Plan> {
  readonly plan?: Plan;
  /** Time of the author, seconds. */
  readonly seconds: number;
}

/** How a program ends. Scores are in the unit of the world's metric; `truth` is what the search never sees. */
export type WorldRun =
  | { readonly kind: 'valid'; readonly validation: number; readonly truth: number; readonly seconds: number }
  | { readonly kind: 'failed'; readonly failure: FailureClass; readonly milestones?: number; readonly seconds: number };

/** Paired difference of two validations on common rows; `delta` > 0: the first is better, whatever the direction. */
export interface WorldPair {
  readonly delta: number;
  readonly pairedSE: number;
}

/** Gain of the best blend of a plan with another over the better of the two, > 0: the blend is better. */
export interface WorldBlend {
  /** Place in the list of the others. */
  readonly with: number;
  readonly gain: number;
  readonly standardError: number;
}

export interface World<Plan> {
  readonly direction: Direction;
  /** True value of a search without a valid program, and of the time before the first. */
  readonly nothing: number;
  /** Plans with equal keys are one program: it is not run twice. A repaired program has a key of its own. */
  readonly keyOf: (plan: Plan) => string;
  /** Model family, what diversity is counted in. */
  readonly familyOf: (plan: Plan) => string;
  /** A plan whose key is not taken. `isTaken` knows what finished, what failed and what is in flight. */
  readonly propose: (move: WorldMove<Plan>, isTaken: (key: string) => boolean, random: Random) => WorldProposal<Plan>;
  readonly run: (plan: Plan, random: Random) => WorldRun;
  /** Of two valid plans. Absent: the search compares plain scores. */
  readonly versus?: (plan: Plan, other: Plan) => WorldPair;
  /** Of a valid plan with the best valid ones so far. Absent: nothing is measured, and `fuse` is blind. */
  readonly complement?: (plan: Plan, others: readonly Plan[]) => readonly WorldBlend[];
}
