/** E_ref: which finished nodes inform a new one. They are recorded and drawn, and no reward flows along them. */
import type { NodeId } from '../domain/ids.js';
import type { BranchId, SearchNode } from '../domain/node.js';
import { branchLeaders, topNodes } from './elite.js';
import { ancestorsOf, byNumber } from './graph.js';
import type { Source } from './move.js';
import type { SearchState } from './state.js';

/** AutoMLGen, table 4: max_history_num and max_agg_num. */
const MOST_ANCESTORS = 7;
const MOST_LEADERS = 7;
/** One named technique is to be adopted; more partners blur it. */
const MOST_PARTNERS = 3;
/** The same in MLEvolve, for `mcgs-paper`. */
const PUBLISHED_PARTNERS = 5;
const PUBLISHED_PER_BRANCH = 2;
/** Partners are sought among the best so many: a poor program has little to lend. */
const CANDIDATES = 100;

/** For `evolve`: the way that led to the parent, nearest ancestor first. Empty at the head of a branch. */
export function trajectory(state: SearchState, parent: SearchNode): readonly Source[] {
  return ancestorsOf(state, parent.id)
    .slice(0, MOST_ANCESTORS)
    .map(({ id }) => ({ from: id, kind: 'trajectory' }));
}

/** For `aggregate`: the best node of each branch, best first. */
export function leaders(state: SearchState): readonly Source[] {
  return branchLeaders(state)
    .slice(0, MOST_LEADERS)
    .map(({ id }) => ({ from: id, kind: 'aggregate' }));
}

/** For `fuse`: nodes of other branches whose measured blend with the parent gains more than one standard error, largest gain first. */
export function complementary(state: SearchState, parent: SearchNode): readonly Source[] {
  const gains = complementGains(state, parent);
  if (gains.size === 0) return [];
  const gainOf = (node: SearchNode) => gains.get(node.id) ?? 0;
  return foreign(state, parent)
    .filter((node) => gains.has(node.id))
    .sort((a, b) => gainOf(b) - gainOf(a) || byNumber(a, b))
    .slice(0, MOST_PARTNERS)
    .map(crossBranch);
}

/** For `fuse` without a measurement: the best node of each other model family, best first. */
export function ofOtherFamilies(state: SearchState, parent: SearchNode): readonly Source[] {
  const seen = new Set([parent.family]);
  return foreign(state, parent)
    .filter((node) => !seen.has(node.family) && seen.add(node.family))
    .slice(0, MOST_PARTNERS)
    .map(crossBranch);
}

/** For the published `fuse`: the best nodes of other branches, no more than two of each, by rank and not by the number of their branch. */
export function bestOfBranches(state: SearchState, parent: SearchNode): readonly Source[] {
  const members = new Map<BranchId, number>();
  return foreign(state, parent)
    .filter(({ branch }) => {
      const count = (members.get(branch) ?? 0) + 1;
      members.set(branch, count);
      return count <= PUBLISHED_PER_BRANCH;
    })
    .slice(0, PUBLISHED_PARTNERS)
    .map(crossBranch);
}

/** Good nodes of other branches with which the parent was not fused yet, best first. */
function foreign(state: SearchState, parent: SearchNode): readonly SearchNode[] {
  const fused = fusedWith(state, parent.id);
  return topNodes(state, CANDIDATES).filter((node) => node.branch !== parent.branch && !fused.has(node.id));
}

/** Partners of every fusion that had `id` as its parent, or had it as a reference, in flight included. */
function fusedWith(state: SearchState, id: NodeId): ReadonlySet<NodeId> {
  const partners = new Set<NodeId>();
  const parentOf = new Map(state.reservations.map((reservation) => [reservation.nodeId, reservation.parent]));
  for (const { from, to, kind } of state.references) {
    if (kind !== 'cross-branch') continue;
    const parent = parentOf.get(to) ?? state.nodes[to]?.parent;
    if (parent === id) partners.add(from);
    if (from === id && parent && parent !== 'root') partners.add(parent);
  }
  return partners;
}

/** Gains above one standard error, by partner; a pair is measured when the later of the two is scored. */
function complementGains(state: SearchState, parent: SearchNode): ReadonlyMap<NodeId, number> {
  const gains = new Map<NodeId, number>();
  for (const { with: partner, gain, standardError } of parent.complement ?? []) {
    if (gain > standardError) gains.set(partner, gain);
  }
  for (const node of topNodes(state, CANDIDATES)) {
    const measured = node.complement?.find((entry) => entry.with === parent.id);
    if (measured && measured.gain > measured.standardError) gains.set(node.id, measured.gain);
  }
  return gains;
}

function crossBranch({ id }: SearchNode): Source {
  return { from: id, kind: 'cross-branch' };
}
