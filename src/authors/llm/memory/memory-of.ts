/** Memory from node records alone: pure, so that the same records and request give the same memory. */

import { errorType } from '../../../domain/error-signature.js';
import type { NodeId } from '../../../domain/ids.js';
import type { NodeRecord } from '../../../store/nodes.js';
import type { ProposalRequest } from '../../port.js';
import { attemptOf, endingOf } from './attempt.js';
import { branchDigest } from './branch.js';
import type { Memory, PastFix } from './memory.js';
import { similarAttempts } from './similar.js';

const MOST_FIXES = 2;
const LONGEST_PATH = 10;

export function memoryOf(nodes: readonly NodeRecord[], request: ProposalRequest): Memory {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const parent = request.parent && byId.get(request.parent.nodeId);
  const path = parent ? lineTo(parent, byId) : [];
  const branch = path[0] && branchDigest(path[0], nodes);
  return {
    fixes: request.operator === 'debug' && parent ? pastFixes(parent, nodes, byId) : [],
    similar: similarAttempts(nodes, request, new Set(path.map(({ nodeId }) => nodeId))),
    path: path.slice(-LONGEST_PATH).map(attemptOf),
    ...(branch && { branch }),
    lessons: [],
  };
}

/** From the head of the branch to the node itself. */
function lineTo(node: NodeRecord, byId: ReadonlyMap<NodeId, NodeRecord>): readonly NodeRecord[] {
  const line: NodeRecord[] = [];
  for (let at: NodeRecord | undefined = node; at && !line.includes(at); at = at.parent && byId.get(at.parent))
    line.unshift(at);
  return line;
}

/** Failed parent, healthy child by `debug`: those with the same signature first, then those with the same type of error; latest first. */
function pastFixes(
  failure: NodeRecord,
  nodes: readonly NodeRecord[],
  byId: ReadonlyMap<NodeId, NodeRecord>,
): readonly PastFix[] {
  const { signature } = endingOf(failure);
  if (signature === undefined) return [];
  const repairs = nodes.flatMap((fixed) => {
    const failed = fixed.operator === 'debug' && fixed.parent ? byId.get(fixed.parent) : undefined;
    if (!failed || endingOf(fixed).kind !== 'valid') return [];
    const was = endingOf(failed);
    if (was.signature === undefined || errorType(was.signature) !== errorType(signature)) return [];
    const fix: PastFix = {
      signature: was.signature,
      failed: failed.nodeId,
      fixed: fixed.nodeId,
      message: was.message ?? '',
      changes: fixed.changes,
      before: failed.programRef,
      after: fixed.programRef,
    };
    return [fix];
  });
  const same = (fix: PastFix): number => (fix.signature === signature ? 1 : 0);
  return repairs
    .reverse()
    .sort((a, b) => same(b) - same(a))
    .slice(0, MOST_FIXES);
}
