/** A node record as an attempt: how it ended, and whether that was better than its parent. */

import { errorSignature } from '../../../domain/error-signature.js';
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
  const { evaluation } = node;
  if (evaluation?.kind === 'valid') return { kind: 'valid' };
  if (evaluation) return failed(evaluation.code, evaluation.message);
  const last = Object.values(node.executions ?? {})
    .filter(({ attempt }) => attempt !== 'refit')
    .at(-1);
  if (!last || ['finished', 'infrastructure', 'cancelled'].includes(last.kind)) return { kind: 'running' };
  return failed(last.kind, last.message);
}

function failed(kind: string, message: string): Ending {
  return { kind: 'failed', signature: errorSignature(kind, message), message };
}

export function attemptOf(node: NodeRecord): Attempt {
  const { nodeId, operator, summary, changes, evaluation } = node;
  const { kind, message } = endingOf(node);
  const score = evaluation?.kind === 'valid' ? evaluation.score.value : undefined;
  const paired = evaluation?.kind === 'valid' ? evaluation.versus.parent : undefined;
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
