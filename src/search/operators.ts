/** Which operator to apply where: the dispatch of AutoMLGen (arXiv 2510.08511, section 3.3) with measured triggers. */
import type { SearchNode } from '../domain/node.js';
import { sampleVariant } from './bandit.js';
import { progress } from './budget.js';
import { isClosed, openVariants } from './closed.js';
import { validNodes } from './elite.js';
import { graphOf } from './graph.js';
import type { Move, Source } from './move.js';
import { draw } from './random.js';
import { complementary, leaders, ofOtherFamilies, trajectory } from './references.js';
import type { Selection } from './select.js';
import { globalWindow, isBranchStagnant, isGloballyStagnant } from './stagnation.js';
import type { SearchState } from './state.js';

/** Share of `fuse` among the expansions where it may fire: the released code's fusion_vs_evolution_prob. */
const FUSE_SHARE = 0.3;
/** The same without a measurement, in `mcgs`: see the table of docs/policies.md. */
const BLIND_SHARE = 0.3;
/** Before half-time branches are too young to be mixed. */
export const HALF_TIME = 0.5;
/** Later than this a new branch has no time left to grow. */
const LAST_AGGREGATION = 0.83;

export type Expansion = Pick<Move, 'operator' | 'variant' | 'references' | 'reason' | 'draws'>;

export interface Partners {
  readonly references: readonly Source[];
  /** Why these, for people. */
  readonly cause: string;
}

/** The move at a node that selection ended on: debug a failed one; fuse, evolve or improve a healthy one. */
export function moveAt(state: SearchState, { node, path }: Selection): Move | undefined {
  const expansion =
    node.status === 'failed' ? debug(node) : (fuse(state, node) ?? evolve(state, node) ?? improve(state, node));
  return expansion && moveOf(node, expansion, path);
}

/** The expansion as a move below `node`. */
export function moveOf(node: SearchNode, expansion: Expansion, path: Move['path'] = []): Move {
  return { parent: node.id, branch: node.branch, path, ...expansion };
}

export function debug(node: SearchNode): Expansion {
  const step = `debug step ${node.debugDepth + 1}`;
  return {
    operator: 'debug',
    references: [],
    reason: `${node.id} failed (${node.failure ?? 'unknown'}): ${step}`,
    draws: {},
  };
}

/** Nothing when every variant is closed at the node. */
export function improve(state: SearchState, node: SearchNode): Expansion | undefined {
  const sampled = sampleVariant(state, openVariants(state, node.id));
  if (!sampled) return undefined;
  const { variant, draws } = sampled;
  return { operator: 'improve', variant, references: [], reason: `improve ${node.id} by ${variant}`, draws };
}

function evolve(state: SearchState, node: SearchNode): Expansion | undefined {
  return isBranchStagnant(state, node.branch) ? evolution(state, node) : undefined;
}

/** For a node of a stagnant branch that has a history to learn from. */
export function evolution(state: SearchState, node: SearchNode): Expansion | undefined {
  if (!state.config.evolve || isClosed(state, node.id, 'evolve')) return undefined;
  const references = trajectory(state, node);
  if (references.length === 0) return undefined;
  return { operator: 'evolve', references, reason: `branch ${node.branch} is stagnant: evolve ${node.id}`, draws: {} };
}

/** With measured partners at any time, blindly only in a stagnant branch of the second half; in either case for a share of the expansions. */
function fuse(state: SearchState, node: SearchNode): Expansion | undefined {
  const blindShare = state.config.fuseBlind ?? BLIND_SHARE;
  return fusion(state, node, (chance) => fusionPartners(state, node, chance < blindShare), blindShare);
}

/** For three in ten of the expansions, or `share` if that is more: with the partners that `find` names for the draw, if any. */
export function fusion(
  state: SearchState,
  node: SearchNode,
  find: (chance: number) => Partners,
  share: number = FUSE_SHARE,
): Expansion | undefined {
  if (!state.config.fuse || isClosed(state, node.id, 'fuse')) return undefined;
  const chance = draw(state.streams.operator, 0);
  if (chance >= Math.max(share, FUSE_SHARE)) return undefined;
  const { references, cause } = find(chance);
  const names = references.map(({ from }) => from).join(', ');
  if (references.length === 0) return undefined;
  return { operator: 'fuse', references, reason: `${cause}: fuse ${node.id} with ${names}`, draws: { fuse: chance } };
}

function fusionPartners(state: SearchState, node: SearchNode, blindly: boolean): Partners {
  const measured = complementary(state, node);
  if (measured.length > 0) return { references: measured, cause: 'measured complementarity' };
  const late = blindly && progress(state) >= HALF_TIME && isBranchStagnant(state, node.branch);
  return { references: late ? ofOtherFamilies(state, node) : [], cause: `branch ${node.branch} is stagnant` };
}

/**
 * A new branch from the best of all, when nothing has beaten the best for `window` nodes and there is time left to grow it. One at a time, and
 * the slot is reserved before anything is written.
 */
export function aggregate(state: SearchState, window: number = globalWindow(state)): Move | undefined {
  if (!state.config.aggregate || isClosed(state, 'root', 'aggregate')) return undefined;
  const share = progress(state);
  if (share < HALF_TIME || share > LAST_AGGREGATION || graphOf(state).operators.aggregate >= state.config.aggregations)
    return undefined;
  if (state.reservations.some(({ operator }) => operator === 'aggregate')) return undefined;
  if (!hasTwoGrownBranches(state) || !isGloballyStagnant(state, window)) return undefined;
  return {
    parent: 'root',
    operator: 'aggregate',
    references: leaders(state),
    reason: 'no new best for long: aggregate the best of each branch',
    path: [],
    draws: { progress: share },
  };
}

/** True as soon as two branches with two valid nodes each are found. */
function hasTwoGrownBranches(state: SearchState): boolean {
  const once = new Set<string>();
  const grown = new Set<string>();
  for (const { branch } of validNodes(state)) {
    if (once.has(branch)) grown.add(branch);
    once.add(branch);
    if (grown.size === 2) return true;
  }
  return false;
}
