/** `report.md`: what was tried, what worked, how the answer was chosen, how far to trust it. */
import type { Candidate } from '../domain/evaluation.js';
import type { Score } from '../domain/score.js';
import { searchOutcome } from '../domain/search-outcome.js';
import type { NodeRecord } from '../store/nodes.js';
import { isolationNotice, isolationSection } from './attestation.js';
import { auditText } from './audits.js';
import { choiceFacts, memberRows, membersText, overText } from './choice-facts.js';
import { executionSection, executionUse } from './execution-use.js';
import type { RunFacts } from './facts.js';
import { markdownRows } from './markdown.js';
import { modelSection } from './model-section.js';
import { durationText, scoreText } from './number.js';

export function reportMarkdown(facts: RunFacts): string {
  const sections = [
    heading(facts),
    isolationNotice(facts),
    result(facts),
    choice(facts),
    search(facts),
    curve(facts),
    failures(facts),
    modelSection(facts),
    executionSection(facts.ledger && executionUse(facts.ledger, facts.nodes)),
    trust(facts),
    isolationSection(facts),
    files(facts),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading({ run, reason, message }: RunFacts): string {
  const { card, split } = run.prepared;
  return [
    `# ${card.title}`,
    '',
    `Run \`${run.runId}\`: ${card.modality}, ${card.taskType}, metric **${card.metric}** (${card.direction}). ${card.rows.train} labelled rows, ${card.rows.test} to predict.`,
    `${rulerText(split)}: ${split.reason}`,
    message === undefined ? `The search ended because ${reasonText(reason)}.` : `The search ended early. ${message}`,
  ].join('\n');
}

function rulerText({ mode, folds, rows }: RunFacts['run']['prepared']['split']): string {
  switch (mode) {
    case 'folds':
      return `Scored by ${folds} frozen folds`;
    case 'holdout':
      return `Scored by ${rows.search} + ${rows.final} hidden rows`;
    case 'script':
      return 'Scores are **self-reported**: every program scored itself, and nobody checked it';
  }
}

function reasonText(reason: string): string {
  const texts: Readonly<Record<string, string>> = {
    budget: 'its time was spent',
    executions: 'its executions were spent',
    exhausted: 'the author had nothing new to offer',
    asked: 'somebody asked it to finish',
    cancelled: 'it was cancelled',
  };
  return texts[reason] ?? reason;
}

function result({ run, choice, grade }: RunFacts): string {
  const rows: string[][] = [
    ['Baseline (no program)', scoreText(run.prepared.baseline), sourceText(run.prepared.baseline)],
  ];
  const single = choice?.candidates.find((candidate) => candidate.kind === 'single');
  if (single) rows.push(['Best single', scoreText(single.pooled), sourceText(single.pooled)]);
  if (choice)
    rows.push([
      `**Chosen: ${kindText(choice.chosen)}**`,
      `**${scoreText(choice.estimate)}**`,
      `${sourceText(choice.estimate)}, ${choice.estimate.rows} rows`,
    ]);
  const lines = ['## Result', '', ...markdownRows(['', run.prepared.card.metric, 'measured by'], rows)];
  if (grade) lines.push('', gradeText(grade));
  return lines.join('\n');
}

function sourceText(score: Score): string {
  const texts: Readonly<Record<Score['source'], string>> = {
    hidden: 'us, on rows whose labels no program could read',
    folds: 'us, out of fold',
    'hidden-unprotected': 'us, but no sandbox kept programs from the answers',
    script: 'the program itself',
  };
  return texts[score.source];
}

function gradeText(grade: NonNullable<RunFacts['grade']>): string {
  const medal = grade.variant
    ? 'no medal (the data differ from those the board was recorded with)'
    : grade.medal === 'none'
      ? 'no medal'
      : `**${grade.medal}**`;
  const reference = grade.reference
    ? ` Against the reference program (${scoreText(grade.reference.score)}): ${grade.reference.delta >= 0 ? 'better' : 'worse'} by ${Math.abs(grade.reference.delta).toPrecision(3)} ± ${grade.reference.pairedSE.toPrecision(2)} (paired).`
    : '';
  return `On the private answers: **${scoreText(grade.score)}**, baseline ${scoreText(grade.baseline)}; rank ${grade.rank} of ${grade.entries} on the bundled board, ${medal}.${reference} A medal on a board of our own is a convenience, not a claim.`;
}

function kindText(candidate: Candidate): string {
  if (candidate.members.length === 1) return `single ${candidate.members[0]?.nodeId ?? ''}`;
  return `${candidate.kind === 'blend' ? 'blend' : 'mean'} of ${candidate.members.length}`;
}

function choice({ choice: final }: RunFacts): string {
  if (!final) return '## Choice\n\nNo valid program was found: the submission is the baseline.';
  const rows = final.candidates.map((candidate) => [
    candidate.kind === final.chosen.kind ? `**${candidate.kind}**` : candidate.kind,
    membersText(candidate),
    scoreText(candidate.pooled),
    overText(candidate),
  ]);
  return [
    '## Choice',
    '',
    ...markdownRows(['candidate', 'members', 'pooled', 'over the best single'], rows),
    '',
    ...choiceFacts(final).map(([name, text]) => `- **${name}**: ${text}`),
    '',
    ...markdownRows(['member', 'weight', 'run again on all labels'], memberRows(final)),
  ].join('\n');
}

function search({ nodes }: RunFacts): string {
  const best = rankedNodes(nodes).slice(0, 10);
  const rows = best.map(({ node, score }) => [
    node.nodeId,
    node.operator,
    node.parent ?? 'root',
    node.family,
    scoreText(score),
    node.summary,
  ]);
  return ['## Best programs', '', ...markdownRows(['node', 'by', 'from', 'family', 'score', 'what it is'], rows)].join(
    '\n',
  );
}

function rankedNodes(nodes: readonly NodeRecord[]): readonly { readonly node: NodeRecord; readonly score: Score }[] {
  const scored = nodes.flatMap((node) => {
    const outcome = searchOutcome(node);
    return outcome.kind === 'valid' ? [{ node, score: outcome.evaluation.score }] : [];
  });
  const sign = scored[0]?.score.direction === 'minimise' ? 1 : -1;
  return scored.sort((a, b) => sign * (a.score.value - b.score.value));
}

/** Best so far: one row for each improvement. */
function curve({ events, run }: RunFacts): string {
  const started = events[0]?.atMs ?? 0;
  const sign = run.prepared.card.direction === 'minimise' ? -1 : 1;
  const rows: string[][] = [];
  let best: number | undefined;
  for (const event of events) {
    if (event.kind !== 'finished') continue;
    if (best !== undefined && sign * (event.score.value - best) <= 0) continue;
    best = event.score.value;
    rows.push([durationText(event.atMs - started), event.nodeId, scoreText(event.score)]);
  }
  return rows.length === 0 ? '' : ['## Best so far', '', ...markdownRows(['after', 'node', 'score'], rows)].join('\n');
}

function failures({ nodes }: RunFacts): string {
  const messages = new Map<string, { count: number; example: string }>();
  for (const node of nodes) {
    const outcome = searchOutcome(node);
    if (outcome.kind !== 'failed') continue;
    const seen = messages.get(outcome.failure);
    messages.set(outcome.failure, {
      count: (seen?.count ?? 0) + 1,
      example: seen?.example ?? `${node.nodeId}: ${outcome.message}`,
    });
  }
  if (messages.size === 0) return '';
  const rows = [...messages].map(([kind, { count, example }]) => [kind, String(count), example.slice(0, 160)]);
  return ['## Failures', '', ...markdownRows(['class', 'programs', 'first one'], rows)].join('\n');
}

function trust({ run, nodes }: RunFacts): string {
  const { split } = run.prepared;
  return [
    '## How far to trust it',
    '',
    ...trustInSplit(split),
    `- Sandbox: ${sandboxText(run.sandbox)}`,
    ...audits(nodes),
    ...(run.warnings ?? []).map((warning) => `- ${warning}`),
  ].join('\n');
}

function sandboxText(sandbox: string | undefined): string {
  if (sandbox === undefined) return 'unknown.';
  if (sandbox === 'pod')
    return 'pod. Each view of a program ran in a Kubernetes Job of its own, which held its input folder and nothing else of the run.';
  return sandbox === 'process'
    ? 'none (process). Nothing kept programs from the rest of this machine, hidden answers included: scores are only as honest as the programs.'
    : `${sandbox}. Programs saw the input folder of their view and nothing else of this machine.`;
}

/** Scores far beyond their siblings: no fault, but somebody should look for a leak. */
function audits(nodes: readonly NodeRecord[]): readonly string[] {
  return nodes.flatMap((node) =>
    node.evaluation?.kind === 'valid' && node.evaluation.audit ? [auditText(node.nodeId, node.evaluation.audit)] : [],
  );
}

function trustInSplit(split: RunFacts['run']['prepared']['split']): readonly string[] {
  if (split.mode === 'script')
    return [
      '- No row of this task could be hidden. Every score is the last `automlgen_score=` line of a program: it may be measured on rows it had learnt from, on another scale, or wrong. Errors of such scores are not known (n/a).',
    ];
  return [
    `- Split: ${split.relation}${split.stratified ? ', stratified' : ''}, seed ${split.seed}, hash \`${split.hash.slice(0, 16)}\`; frozen before the first program was written.`,
  ];
}

function files({ choice: final, calls }: RunFacts): string {
  const solution =
    final && final.chosen.members.length > 1
      ? '`solution.py` runs `members/*.py` and averages them'
      : '`solution.py` is the program';
  return `## Files\n\n\`submission.csv\` is the answer; ${solution} (see \`reproduce.sh\`); \`nodes.csv\` lists every program, \`events.jsonl\` every step of the search${calls ? ', `calls.csv` every call of the model' : ''}.`;
}
