/** The digest of a branch: recorded facts only, the same for every author. */
import type { NodeId } from '../../../domain/ids.js';
import { searchOutcome } from '../../../domain/search-outcome.js';
import type { NodeRecord } from '../../../store/nodes.js';
import { attemptOf, endingOf } from './attempt.js';
import type { Attempt, BranchDigest } from './memory.js';

const MOST_CHANGES = 4;
const MOST_FAILURES = 4;
/** Valid nodes, and nodes of any kind, without a new best of the branch: the patience of the published plateau prompt (MLEvolve). */
const STALLED = { valid: 2, all: 5 };

/** `head` opened the branch; `nodes` are all of the run. */
export function branchDigest(head: NodeRecord, nodes: readonly NodeRecord[]): BranchDigest {
  const members = branchOf(head, nodes).filter((node) => endingOf(node).kind !== 'running');
  const attempts = members.map(attemptOf);
  const failed = attempts.filter(({ result }) => result === 'failed');
  const best = bestOf(members);
  const after = best === undefined ? members : members.slice(members.indexOf(best.node) + 1);
  const since = { valid: after.filter((node) => endingOf(node).kind === 'valid').length, all: after.length };
  const changed = attempts.filter((attempt) => attempt.operator !== 'debug' && attempt.gain !== undefined);
  return {
    head: head.nodeId,
    nodes: members.length,
    failed: failed.length,
    ...(best && { best: { nodeId: best.node.nodeId, score: best.score } }),
    since,
    stalled: best !== undefined && (since.valid >= STALLED.valid || since.all >= STALLED.all),
    paid: largest(changed, 'better'),
    lost: largest(changed, 'worse'),
    failures: counted(members),
  };
}

/** In the order of the records, which is that of the decisions. */
function branchOf(head: NodeRecord, nodes: readonly NodeRecord[]): readonly NodeRecord[] {
  const inside = new Set<NodeId>([head.nodeId]);
  return nodes.filter((node) => {
    if (node.nodeId === head.nodeId) return true;
    if (node.parent === undefined || !inside.has(node.parent)) return false;
    inside.add(node.nodeId);
    return true;
  });
}

/** The first of equals. */
function bestOf(nodes: readonly NodeRecord[]): { readonly node: NodeRecord; readonly score: number } | undefined {
  let best: { readonly node: NodeRecord; readonly score: number; readonly good: number } | undefined;
  for (const node of nodes) {
    const outcome = searchOutcome(node);
    if (outcome.kind !== 'valid') continue;
    const { value, direction } = outcome.evaluation.score;
    const good = direction === 'maximise' ? value : -value;
    if (best === undefined || good > best.good) best = { node, score: value, good };
  }
  return best;
}

function largest(attempts: readonly Attempt[], result: Attempt['result']): readonly Attempt[] {
  return attempts
    .filter((attempt) => attempt.result === result)
    .sort((a, b) => Math.abs(b.gain ?? 0) - Math.abs(a.gain ?? 0))
    .slice(0, MOST_CHANGES);
}

function counted(nodes: readonly NodeRecord[]): BranchDigest['failures'] {
  const times = new Map<string, number>();
  for (const node of nodes) {
    const { signature } = endingOf(node);
    if (signature !== undefined) times.set(signature, (times.get(signature) ?? 0) + 1);
  }
  return [...times]
    .map(([signature, count]) => ({ signature, times: count }))
    .sort((a, b) => b.times - a.times)
    .slice(0, MOST_FAILURES);
}
