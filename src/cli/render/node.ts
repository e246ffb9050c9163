/** One program as text: what it is, how it did, how it ran, why it was made, its source. */
import { styleText } from 'node:util';
import type { Outcome } from '../../domain/outcome.js';
import type { SelectionTrace } from '../../domain/run-event.js';
import type { Paired } from '../../domain/score.js';
import { searchExecutions, searchOutcome } from '../../domain/search-outcome.js';
import { usageLine } from '../../results/model-usage.js';
import { scoreText } from '../../results/number.js';
import { type CallRow, meterOf } from '../../store/call-row.js';
import type { NodeRecord } from '../../store/nodes.js';
import { dim } from './table.js';

export interface NodeFacts {
  readonly node: NodeRecord;
  readonly why?: SelectionTrace;
  readonly outcomes: readonly Outcome[];
  readonly calls?: readonly CallRow[];
  readonly program: string;
}

export function nodeRow(node: NodeRecord): readonly string[] {
  const by = node.variant ? `${node.operator} ${node.variant}` : node.operator;
  return [node.nodeId, by, node.parent ?? 'root', node.family, verdictOf(node), secondsOf(node), node.summary];
}

function secondsOf(node: NodeRecord): string {
  const executions = searchExecutions(node);
  return executions.length === 0 ? '' : executions.reduce((sum, execution) => sum + execution.seconds, 0).toFixed(1);
}

function verdictOf(node: NodeRecord): string {
  const outcome = searchOutcome(node);
  switch (outcome.kind) {
    case 'valid':
      return scoreText(outcome.evaluation.score);
    case 'failed':
      return outcome.code;
    case 'open':
      return outcome.lost ? 'lost' : 'under way';
  }
}

export function nodeLines(facts: NodeFacts): readonly string[] {
  const { node } = facts;
  const references = node.references.length > 0 ? `, with ${node.references.join(', ')}` : '';
  return [
    styleText('bold', `${node.nodeId}  ${node.summary}`),
    `${node.operator}${node.variant ? ` ${node.variant}` : ''} from ${node.parent ?? 'the root'}${references}, family ${node.family}`,
    ...node.changes.map((change) => `  · ${change}`),
    '',
    ...scoreLines(node),
    ...facts.outcomes.flatMap(outcomeLines),
    ...callsLines(facts),
    ...(node.knowledge.length > 0 ? ['', `Knowledge used: ${node.knowledge.join(', ')}`] : []),
    ...(facts.why ? ['', ...whyLines(facts.why)] : []),
    '',
    dim('─'.repeat(72)),
    facts.program.trimEnd(),
  ];
}

function callsLines({ node, calls = [] }: NodeFacts): readonly string[] {
  if (calls.length === 0) return [];
  const steps = calls.map((call) => `${call.step}${call.state === 'done' ? '' : ` (${call.state})`}`).join(', ');
  return ['', usageLine(meterOf(calls)), dim(`  ${steps}; see them with \`automlgen show ${node.nodeId} --prompts\``)];
}

function scoreLines(node: NodeRecord): readonly string[] {
  const outcome = searchOutcome(node);
  if (outcome.kind === 'failed') return [`${styleText('red', outcome.code)}: ${outcome.message}`];
  if (outcome.kind === 'open') return [];
  const { score, versus, fragile } = outcome.evaluation;
  const lines = [
    `${styleText('green', scoreText(score))} on ${score.rows} rows (${score.source})${fragile ? '; fragile: the win rests on 1 % of the rows' : ''}`,
  ];
  const compared: readonly (readonly [string, Paired | undefined])[] = [
    ['its parent', versus.parent],
    ['the best of its branch', versus.branchBest],
    ['the best', versus.best],
  ];
  for (const [name, paired] of compared) {
    if (paired)
      lines.push(
        `  against ${name} (${paired.against}): ${paired.delta >= 0 ? 'better' : 'worse'} by ${Math.abs(paired.delta).toPrecision(3)} ± ${paired.pairedSE.toPrecision(2)}`,
      );
  }
  return lines;
}

function outcomeLines(outcome: Outcome): readonly string[] {
  const views = Object.entries(outcome.viewSeconds).map(([view, seconds]) => `${view} ${seconds.toFixed(1)} s`);
  const head = `${outcome.kind}: ${outcome.message} (${views.join(', ')}; ${outcome.cpuSeconds.toFixed(1)} CPU s, ${Math.round(outcome.peakMemoryMiB)} MiB)`;
  const tail = outcome.kind === 'finished' ? outcome.stdoutTail : outcome.stderrTail;
  return [
    head,
    ...tail
      .trimEnd()
      .split('\n')
      .slice(-12)
      .filter((line) => line !== '')
      .map((line) => dim(`  ${line}`)),
  ];
}

function whyLines(why: SelectionTrace): readonly string[] {
  const steps = why.path.map((step) => {
    const arms = step.arms
      .slice(0, 6)
      .map(
        (arm) =>
          `${arm.arm} ${arm.value.toFixed(3)}+${arm.exploration.toFixed(3)} (${arm.visits} visits, ${arm.inFlight} in flight)`,
      );
    return `  at ${step.at}: ${step.chosen}${arms.length > 0 ? `; ${arms.join('; ')}` : ''}`;
  });
  return [`Why: ${why.reason} (${why.policy})`, ...steps];
}
