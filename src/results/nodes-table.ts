/** `nodes.csv`: one row for each program of the run. */

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
  const { evaluation } = node;
  const executions = Object.values(node.executions ?? {}).filter((execution) => execution.attempt !== 'refit');
  const broken = executions.find((execution) => execution.kind !== 'finished');
  const score = evaluation?.kind === 'valid' && !broken ? evaluation.score : undefined;
  const failure = broken?.kind ?? (evaluation?.kind === 'invalid' ? evaluation.failure : undefined);
  return [
    node.nodeId,
    node.operator,
    node.variant,
    node.parent ?? 'root',
    node.references.join(' '),
    node.family,
    score ? 'valid' : executions.length === 0 ? 'not run' : 'failed',
    failure,
    score?.value,
    score?.standardError,
    score?.rows,
    executions.reduce((sum, execution) => sum + execution.seconds, 0).toFixed(2),
    node.knowledge.join(' '),
    node.summary,
    node.changes.join('; '),
    broken?.message ?? (evaluation?.kind === 'invalid' ? evaluation.message : ''),
  ];
}
