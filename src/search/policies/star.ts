/**
 * MLE-STAR's schedule (arXiv 2506.15692, algorithms 1 to 3) on the graph of everything else: L solutions side by side, each from M first
 * programs that are merged in the order of their scores, then T times an ablation and K plans for the block that mattered most; at last R
 * ensembles of the solutions, each told of the ones before. Presets: `paper` (M4 T4 K4 L2 R5) and `released` (M2 T1 K2 L2 R2, all merges tried).
 *
 * Guaranteed: without failures the number of programs is fixed before the start, L (M + merges + T (1 + K)) + R; an ablation is never a
 * result; a failed program is repaired in its place and does not end its step; ties keep what was there, but for merges, which take them.
 */
import { isClosed } from '../closed.js';
import type { Move } from '../move.js';
import { type StarNumbers, starNumbers } from '../star-numbers.js';
import { type Made, madeBelow, type Stage, settledAll, solutionStage } from '../star-solution.js';
import type { SearchState } from '../state.js';
import type { SearchPolicy } from './policy.js';

export const star: SearchPolicy = {
  name: 'star',
  choose(state) {
    const numbers = starNumbers(state);
    const stages = solutionsOf(state, numbers).map((drafts) => solutionStage(state, drafts, numbers));
    const move = stages.find((stage) => stage.kind === 'move');
    if (move) return move.move;
    return stages.every((stage) => stage.kind === 'done') ? ensemble(state, stages, numbers) : undefined;
  },
};

/** The first M drafts belong to the first solution, the next M to the second, in the order of their decision. */
function solutionsOf(state: SearchState, { models, solutions }: StarNumbers): readonly (readonly Made[])[] {
  const drafts = madeBelow(state, 'root', 'draft');
  return Array.from({ length: solutions }, (_, place) => drafts.slice(place * models, (place + 1) * models));
}

/** One after the other: each planner reads what the ensembles before it were and how they scored. */
function ensemble(state: SearchState, stages: readonly Stage[], { ensembles }: StarNumbers): Move | undefined {
  const finals = stages.flatMap((stage) => (stage.kind === 'done' && stage.best ? stage.best : []));
  const made = madeBelow(state, 'root', 'aggregate');
  const before = settledAll(state, made);
  if (!('nodes' in before)) return before.kind === 'move' ? before.move : undefined;
  if (finals.length < 2 || made.length >= ensembles || isClosed(state, 'root', 'aggregate')) return undefined;
  return {
    parent: 'root',
    operator: 'aggregate',
    references: finals.map(({ id }) => ({ from: id, kind: 'aggregate' })),
    reason: `ensemble ${made.length + 1} of ${ensembles}`,
    path: [],
    draws: {},
  };
}
