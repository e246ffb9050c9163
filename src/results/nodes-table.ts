/** `nodes.csv`: one row for each program of the run. */

import { searchExecutions, searchOutcome } from '../domain/search-outcome.js';
import type { NodeRecord } from '../store/nodes.js';
import { stringify } from './csv.js';

const COLUMNS = [
  'node',
  'operator',
  'variant',
  'parent',
  'references',
  'family',
  'status',
  'failure',
  'score',
  'standard_error',
  'rows',
  'seconds',
  'knowledge',
  'summary',
  'changes',
  'message',
];

export function nodesCsv(nodes: readonly NodeRecord[]): string {
  return stringify([COLUMNS, ...nodes.map(rowOf)]);
}

function rowOf(node: NodeRecord): readonly (string | number | undefined)[] {
  const executions = searchExecutions(node);
  const outcome = searchOutcome(node);
  const score = outcome.kind === 'valid' ? outcome.evaluation.score : undefined;
  return [
    node.nodeId,
    node.operator,
    node.variant,
    node.parent ?? 'root',
    node.references.join(' '),
    node.family,
    statusOf(outcome),
    outcome.kind === 'failed' ? outcome.failure : undefined,
    score?.value,
    score?.standardError,
    score?.rows,
    executions.reduce((sum, execution) => sum + execution.seconds, 0).toFixed(2),
    node.knowledge.join(' '),
    node.summary,
    node.changes.join('; '),
    outcome.kind === 'failed' ? outcome.message : '',
  ];
}

/** `not scored`: it ran, and the run ended before its score. `lost`: the machine ended every try of it. */
function statusOf(outcome: ReturnType<typeof searchOutcome>): string {
  if (outcome.kind !== 'open') return outcome.kind;
  if (outcome.lost) return 'lost';
  return outcome.execution ? 'not scored' : 'not run';
}
