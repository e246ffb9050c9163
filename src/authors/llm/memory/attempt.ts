/** A node record as an attempt: how it ended, and whether that was better than its parent. */

import { errorSignature } from '../../../domain/error-signature.js';
import { searchOutcome } from '../../../domain/search-outcome.js';
import type { NodeRecord } from '../../../store/nodes.js';
import type { Attempt } from './memory.js';

export interface Ending {
  readonly kind: 'valid' | 'failed' | 'running';
  /** Of a failure. */
  readonly signature?: string;
  readonly message?: string;
}

/** Infrastructure and cancellation are nobody's failure: such a node counts as running. */
export function endingOf(node: NodeRecord): Ending {
  const outcome = searchOutcome(node);
  if (outcome.kind !== 'failed') return { kind: outcome.kind === 'valid' ? 'valid' : 'running' };
  const { code, message } = outcome;
  return { kind: 'failed', signature: errorSignature(code, message), message };
}

export function attemptOf(node: NodeRecord): Attempt {
  const { nodeId, operator, summary, changes } = node;
  const { kind, message } = endingOf(node);
  const outcome = searchOutcome(node);
  const evaluation = outcome.kind === 'valid' ? outcome.evaluation : undefined;
  const score = evaluation?.score.value;
  const paired = evaluation?.versus.parent;
  return {
    nodeId,
    operator,
    summary,
    changes,
    result: paired ? resultOf(paired) : kind,
    ...(paired && { gain: paired.delta }),
    ...(score !== undefined && { score }),
    ...(message !== undefined && { message }),
  };
}

function resultOf({ delta, pairedSE }: { readonly delta: number; readonly pairedSE: number }): Attempt['result'] {
  if (Math.abs(delta) <= pairedSE) return 'even';
  return delta > 0 ? 'better' : 'worse';
}
