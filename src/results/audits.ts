/** A score far beyond its siblings, and what the look for a leak has found. */
import type { Evaluation } from '../domain/evaluation.js';
import type { NodeId } from '../domain/ids.js';

type Audit = NonNullable<Extract<Evaluation, { kind: 'valid' }>['audit']>;

export function auditText(nodeId: NodeId, { reason, verdict, evidence }: Audit): string {
  const found = evidence.length > 0 ? evidence.join(' ') : 'nothing was found that gives the target away.';
  return `- Look at ${nodeId}: ${reason} Leak audit: ${verdict === 'cleared' ? 'cleared' : '**suspicious**'}; ${found}`;
}
