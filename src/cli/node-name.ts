/** Node names as people write them: `n17`, `17`, `best`. */
import { UserError } from '../domain/errors.js';
import type { NodeId } from '../domain/ids.js';
import { searchOutcome } from '../domain/search-outcome.js';
import type { NodeRecord } from '../store/nodes.js';

/** @throws UserError `node-unknown` naming what there is. */
export function findNode(nodes: readonly NodeRecord[], name: string): NodeRecord {
  const wanted = /^\d+$/.test(name) ? `n${name}` : name.toLowerCase();
  const node = wanted === 'best' ? bestNode(nodes) : nodes.find((candidate) => candidate.nodeId === wanted);
  if (node) return node;
  const last = nodes.at(-1)?.nodeId;
  const what = wanted === 'best' ? 'No program has a score yet.' : `There is no node ${name}.`;
  throw new UserError(
    'node-unknown',
    what,
    last ? `Nodes go from n1 to ${last}, with gaps.` : 'No program was proposed yet; try again in a moment.',
  );
}

export function bestNode(nodes: readonly NodeRecord[]): NodeRecord | undefined {
  const value = (node: NodeRecord): number => {
    const outcome = searchOutcome(node);
    if (outcome.kind !== 'valid') return Number.NEGATIVE_INFINITY;
    const { score } = outcome.evaluation;
    return score.direction === 'maximise' ? score.value : -score.value;
  };
  const [best] = [...nodes].sort((a, b) => value(b) - value(a));
  return best && value(best) > Number.NEGATIVE_INFINITY ? best : undefined;
}

export function isNodeId(text: string): text is NodeId {
  return /^n[1-9]\d*$/.test(text);
}
