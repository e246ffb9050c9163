/** The dispatch of AutoMLGen (arXiv 2510.08511, section 3.3) with the triggers as MLEvolve released them, for `mcgs-paper`. */
import type { SearchNode } from '../domain/node.js';
import { progress } from './budget.js';
import type { Move } from './move.js';
import { debug, evolution, fusion, HALF_TIME, improve, moveOf } from './operators.js';
import { bestOfBranches } from './references.js';
import type { Selection } from './select.js';
import { isBranchStuck } from './stagnation.js';
import type { SearchState } from './state.js';

/** θ: valid nodes without progress that make a branch stagnant, and the same after an elite pick. */
export const THETA = 3;
export const ELITE_THETA = 6;

/** Debug a failed node; improve a healthy one, evolve it when its branch is stagnant, from half-time on fuse it three times in ten. */
export function publishedMove(state: SearchState, { node, path }: Selection, theta: number): Move | undefined {
  const expansion = node.status === 'failed' ? debug(node) : healthy(state, node, theta);
  return expansion && moveOf(node, expansion, path);
}

function healthy(state: SearchState, node: SearchNode, theta: number) {
  const stuck = isBranchStuck(state, node.branch, theta);
  const late = stuck && progress(state) >= HALF_TIME;
  const fused = late ? fusion(state, node, () => partners(state, node)) : undefined;
  return fused ?? (stuck ? evolution(state, node) : undefined) ?? improve(state, node);
}

function partners(state: SearchState, node: SearchNode) {
  return { references: bestOfBranches(state, node), cause: `branch ${node.branch} is stagnant` };
}
