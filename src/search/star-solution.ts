/**
 * How far one of MLE-STAR's solutions has come (arXiv 2506.15692, algorithms 1 and 2), read off the graph: first programs, merges in the
 * order of their scores, then for each outer step an ablation and the plans tried on the block that it names.
 *
 * The published algorithm 2 keeps a best program but never says that the next step starts from it; here it does, and only from one that
 * is better than the program before. All plans of a step are considered. A step whose programs all failed changes nothing.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import type { Operator } from '../domain/operator.js';
import { canDebug, isClosed } from './closed.js';
import { canDraft } from './drafts.js';
import { childrenOf, graphOf } from './graph.js';
import { gain, rounded } from './is-better.js';
import type { Move, Source } from './move.js';
import { debug, moveOf } from './operators.js';
import { prunedNodes } from './pruned.js';
import type { StarNumbers } from './star-numbers.js';
import type { Reservation, SearchState } from './state.js';

/** `move`: what comes next. `wait`: it is on its way. `done`: nothing is left to do, `best` is what came of it. */
export type Stage =
  | { readonly kind: 'move'; readonly move: Move }
  | { readonly kind: 'wait' }
  | { readonly kind: 'done'; readonly best: SearchNode | undefined };

const WAIT = { kind: 'wait' } as const;

/** A child of the graph, finished or on its way. */
export type Made = { readonly node: SearchNode } | { readonly work: Reservation };

/** What a program became: itself, or the last of its repairs. `wait` while something of it is in flight. */
type Outcome = { readonly kind: 'valid' | 'failed'; readonly node: SearchNode } | Exclude<Stage, { kind: 'done' }>;

/** `drafts` are the first programs of this solution, in the order of their decision. */
export function solutionStage(state: SearchState, drafts: readonly Made[], numbers: StarNumbers): Stage {
  if (drafts.length < numbers.models && canDraft(state)) {
    return next({ parent: 'root', operator: 'draft', references: [], reason: 'a first program', path: [], draws: {} });
  }
  const first = settledAll(state, drafts);
  if (!('nodes' in first)) return first;
  const ranked = [...first.nodes].sort((a, b) => rounded(gain(b) - gain(a)));
  const [best, ...others] = ranked;
  if (!best) return { kind: 'done', best: undefined };
  const merged = mergeStage(state, best, others, numbers);
  return merged.kind === 'done' && merged.best ? refineStage(state, merged.best, numbers) : merged;
}

/** Each candidate in the order of its score is taken into the base; a tie is taken, and the first that does not pay ends it (or not). */
function mergeStage(
  state: SearchState,
  first: SearchNode,
  others: readonly SearchNode[],
  { mergeAll }: StarNumbers,
): Stage {
  let base = first;
  for (const candidate of others) {
    const child = madeBelow(state, base.id, 'merge').find((made) => mergedFrom(state, made).includes(candidate.id));
    if (!child) {
      if (isClosed(state, base.id, 'merge')) break;
      const references: readonly Source[] = [{ from: candidate.id, kind: 'merge' }];
      return step(base, 'merge', references, `merge ${candidate.id}, the next best, into ${base.id}`);
    }
    const outcome = settled(state, child);
    if (outcome.kind === 'wait' || outcome.kind === 'move') return outcome;
    const pays = outcome.kind === 'valid' && rounded(gain(outcome.node) - gain(base)) >= 0;
    if (pays) base = outcome.node;
    else if (!mergeAll) break;
  }
  return { kind: 'done', best: base };
}

/** T times: measure which part matters, then try K plans on it, one after the other, since each planner reads how the last one did. */
function refineStage(state: SearchState, start: SearchNode, { outer, inner }: StarNumbers): Stage {
  let base = start;
  const used = new Set<NodeId>();
  const pruned = prunedNodes(state);
  for (let round = 0; round < outer; round += 1) {
    const ablation = madeBelow(state, base.id, 'ablate').find(
      (made) => !used.has(idOf(made)) && !pruned.has(idOf(made)),
    );
    if (!ablation) {
      if (isClosed(state, base.id, 'ablate')) break;
      return step(base, 'ablate', [], `ablation ${round + 1} of ${outer}: which part of ${base.id} matters`);
    }
    if ('work' in ablation) return WAIT;
    const { id } = ablation.node;
    used.add(id);
    const plans = madeBelow(state, base.id, 'refine-block').filter((made) => mergedFrom(state, made).includes(id));
    const outcomes = settledAll(state, plans);
    if (!('nodes' in outcomes)) return outcomes;
    if (plans.length < inner && !isClosed(state, base.id, 'refine-block')) {
      const reason = `plan ${plans.length + 1} of ${inner} for the block that ${id} names`;
      return step(base, 'refine-block', [{ from: id, kind: 'merge' }], reason);
    }
    base = bestOf([base, ...outcomes.nodes]) ?? base;
  }
  return { kind: 'done', best: base };
}

/** The first of equals: what was there before stays unless it is beaten. */
export function bestOf(nodes: readonly SearchNode[]): SearchNode | undefined {
  return nodes.reduce<SearchNode | undefined>(
    (best, node) => (!best || rounded(gain(node) - gain(best)) > 0 ? node : best),
    undefined,
  );
}

/** Finished and reserved children made by one operator, in the order of their decision. */
export function madeBelow(state: SearchState, parent: SearchNode['parent'], operator: Operator): readonly Made[] {
  const finished = childrenOf(graphOf(state), parent).map((node) => ({ node }));
  const onTheWay = state.reservations.filter((work) => work.parent === parent).map((work) => ({ work }));
  return [...finished, ...onTheWay]
    .filter((made) => ('node' in made ? made.node : made.work).operator === operator)
    .sort((a, b) => Number(idOf(a).slice(1)) - Number(idOf(b).slice(1)));
}

/** All of them ended: those with a score. Otherwise what is still to be done for one of them. */
export function settledAll(
  state: SearchState,
  all: readonly Made[],
): { readonly nodes: readonly SearchNode[] } | Exclude<Stage, { kind: 'done' }> {
  const outcomes = all.map((made) => settled(state, made));
  for (const outcome of outcomes) if (outcome.kind === 'move') return outcome;
  if (outcomes.some((outcome) => outcome.kind === 'wait')) return WAIT;
  return { nodes: outcomes.flatMap((outcome) => (outcome.kind === 'valid' ? outcome.node : [])) };
}

/** Follows the repairs of a failed program; a pruned one counts as failed for good. */
function settled(state: SearchState, made: Made): Outcome {
  if ('work' in made) return WAIT;
  const { node } = made;
  if (prunedNodes(state).has(node.id)) return { kind: 'failed', node };
  if (node.status === 'valid') return { kind: 'valid', node };
  const [repair] = madeBelow(state, node.id, 'debug');
  if (repair) return settled(state, repair);
  return canDebug(state, node) ? { kind: 'move', move: moveOf(node, debug(node)) } : { kind: 'failed', node };
}

function mergedFrom(state: SearchState, made: Made): readonly NodeId[] {
  const id = idOf(made);
  return state.references.filter(({ to }) => to === id).map(({ from }) => from);
}

function idOf(made: Made): NodeId {
  return 'node' in made ? made.node.id : made.work.nodeId;
}

function step(parent: SearchNode, operator: Operator, references: readonly Source[], reason: string): Stage {
  return next(moveOf(parent, { operator, references, reason, draws: {} }));
}

function next(move: Move): Stage {
  return { kind: 'move', move };
}
