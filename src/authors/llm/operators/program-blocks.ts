/** What changes by node: the program at hand, how it did, what was tried around it. All of it is data, programs of our own making included. */
import type { KnownProgram, ProposalRequest } from '../../port.js';
import { Plan } from '../replies.js';
import type { CountTokens } from '../views/budgeted.js';
import { oneLine } from '../views/untrusted.js';
import type { Block } from './assemble.js';
import { dataBlock, listBlock, plainBlock } from './block.js';
import { hostless } from './hostless.js';
import { pairedText, scoreText, shown } from './numbers.js';
import type { Visibility } from './visibility.js';

/** A repair without the error is a guess. */
const LEAST_FAILURE = 500;
const MOST = { plan: 700, output: 2_500, reference: 2_500, siblings: 900, best: 600 };

export function programBlock(program: string, view: 'whole' | 'outline', heading: string, count: CountTokens): Block {
  const label = view === 'whole' ? 'program' : 'program in outline';
  const shape = { name: 'program', heading, label, kind: 'code' } as const;
  return dataBlock(view === 'whole' ? shape : { ...shape, most: MOST.reference }, program, count);
}

/** The parent as far as the table lets it be seen, named `what`. */
export function parentBlocks(parent: KnownProgram, sight: Visibility, count: CountTokens): readonly Block[] {
  const view = sight.parent;
  if (!view) return [];
  return [
    programBlock(parent.program, view.program, `# The program at hand (${parent.nodeId})`, count),
    ...(view.plan ? [planBlock(parent, count)] : []),
    ...(view.score ? [plainBlock('score', resultText(parent))] : []),
    ...(view.output ? [outputBlock(parent, view.output, count)] : []),
  ];
}

function planBlock(known: KnownProgram, count: CountTokens): Block {
  const shape = { name: 'plan', heading: '', label: `plan of ${known.nodeId}`, kind: 'text', most: MOST.plan } as const;
  return dataBlock(shape, planText(known), count);
}

/** A plan of this author in its own fields, any other as JSON. */
export function planText({ plan, summary, changes }: KnownProgram): string {
  const known = Plan.safeParse(plan);
  const fields = known.success
    ? (['data', 'features', 'model', 'training'] as const).map((name) => `${name}: ${oneLine(known.data[name], 600)}`)
    : [`plan: ${oneLine(JSON.stringify(plan) ?? '', 1_200)}`];
  const changed = changes.map((change) => `changed: ${oneLine(change)}`);
  return [`summary: ${oneLine(summary)}`, ...fields, ...changed].join('\n');
}

/** Ours: numbers only. */
function resultText({ nodeId, score, versus, seconds, status }: KnownProgram): string {
  const parts = [
    score
      ? `${nodeId} scored ${scoreText(score)}`
      : `${nodeId} has no score${status === 'failed' ? ': it failed' : ''}`,
    ...(versus?.parent ? [`against its own parent: ${pairedText(versus.parent)}`] : []),
    ...(versus?.best ? [`against the best of the run at that time: ${pairedText(versus.best)}`] : []),
    ...(seconds === undefined ? [] : [`it ran ${shown(seconds, 3)} s in all`]),
  ];
  return `${parts.join('; ')}.`;
}

function outputBlock(parent: KnownProgram, view: 'tail' | 'failure', count: CountTokens): Block {
  const text = view === 'tail' ? (parent.outcome?.stdoutTail ?? '') : failureText(parent);
  const label = view === 'tail' ? `what ${parent.nodeId} printed` : `how ${parent.nodeId} failed`;
  const least = view === 'failure' ? LEAST_FAILURE : 0;
  const shape = { name: 'output', heading: '', label, kind: 'log', most: MOST.output, least } as const;
  return dataBlock(shape, hostless(text), count);
}

/** What was printed, then how it ended, then the verdict: a log that is cut keeps its end. */
export function failureText({ outcome, evaluation }: KnownProgram): string {
  const verdict = evaluation?.kind === 'invalid' ? `evaluator: ${evaluation.code}: ${evaluation.message}` : '';
  const end = outcome && outcome.kind !== 'finished' ? `ended: ${outcome.kind}: ${outcome.message}` : '';
  const { stderrHead = '', stderrTail = '', stdoutTail = '' } = { ...outcome };
  const errors = stderrTail.includes(stderrHead) ? stderrTail : `${stderrHead}\n${stderrTail}`;
  return [
    stdoutTail && `standard output:\n${stdoutTail.trimEnd()}`,
    errors.trim() && `standard error:\n${errors.trimEnd()}`,
    end,
    verdict,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

export function referenceBlocks(
  references: readonly KnownProgram[],
  sight: Visibility,
  count: CountTokens,
): readonly Block[] {
  const view = sight.references;
  if (!view) return [];
  const shown = references.slice(0, view.most);
  const most = view.program === 'whole' ? undefined : Math.floor((2 * MOST.reference) / Math.max(2, shown.length));
  return shown.map((known) => referenceBlock(known, view, most, count));
}

/** One block, so that a program never stands without saying whose it is. */
function referenceBlock(
  known: KnownProgram,
  view: NonNullable<Visibility['references']>,
  most: number | undefined,
  count: CountTokens,
): Block {
  const { nodeId, score, program, outcome } = known;
  const outline = view.program === 'outline' ? ' in outline' : '';
  const frame = { name: 'references', heading: '' } as const;
  const parts = [
    ...(view.plan ? [planBlock(known, count)] : []),
    ...(view.program
      ? [dataBlock({ ...frame, label: `program of ${nodeId}${outline}`, kind: 'code' }, program, count)]
      : []),
    ...(view.output
      ? [
          dataBlock(
            { ...frame, label: `what ${nodeId} printed`, kind: 'log' },
            hostless(outcome?.stdoutTail ?? ''),
            count,
          ),
        ]
      : []),
  ];
  const result = view.score && score ? ` It scored ${scoreText(score)}.` : '';
  return {
    name: 'references',
    ...(most !== undefined && { most }),
    within: (tokens) => {
      let left = tokens - HEADING_TOKENS;
      const texts = parts.map((part) => {
        const text = part.within(Math.min(left, part.most ?? Number.POSITIVE_INFINITY));
        left -= count(text);
        return text;
      });
      const inside = texts.filter((text) => text !== '').join('\n\n');
      return inside === '' ? '' : `# Another program: ${nodeId}.${result}\n\n${inside}`;
    },
  };
}

const HEADING_TOKENS = 30;

const SIBLINGS = {
  draft: {
    heading: '# Drafts that exist or are being written: be different from all of them',
    label: 'other drafts',
  },
  aggregate: {
    heading: '# Programs of this kind that exist: combine in another way, by what their scores teach',
    label: 'other aggregations',
  },
  change: {
    heading: '# Already tried on this program: do not repeat it, learn from it',
    label: 'other changes of the program at hand',
  },
} as const;

/** Newest first. An aggregation is told of the others, a draft of all that stands at the root. */
export function siblingsBlock({ siblings, operator }: ProposalRequest, count: CountTokens): Block {
  const rooted = operator === 'draft' || operator === 'aggregate';
  const { heading, label } = SIBLINGS[rooted ? operator : 'change'];
  const alike = operator === 'aggregate' ? siblings.filter((known) => known.operator === 'aggregate') : siblings;
  const items = [...alike].reverse().map((known) => attemptLine(known, rooted));
  return listBlock({ name: 'siblings', heading, label, most: MOST.siblings }, items, count);
}

export function bestBlock({ best }: ProposalRequest, count: CountTokens): Block {
  const shape = {
    name: 'best',
    heading: '# The best programs of the run',
    label: 'best programs',
    most: MOST.best,
  } as const;
  return listBlock(
    shape,
    best.map((known) => attemptLine(known, true)),
    count,
  );
}

function attemptLine(known: KnownProgram, whole: boolean): string {
  const { nodeId, operator, summary, changes, status, score, versus, family, outcome, evaluation } = known;
  const what =
    whole || changes.length === 0
      ? `${oneLine(family, 40)}: ${oneLine(summary, 200)}`
      : oneLine(changes.join('; '), 300);
  const why = evaluation?.kind === 'invalid' ? evaluation.message : (outcome?.message ?? '');
  const result =
    status === 'failed'
      ? `failed: ${oneLine(hostless(why), 200)}`
      : status === undefined
        ? 'not ended'
        : versus?.parent && !whole
          ? pairedText(versus.parent)
          : score
            ? `scored ${shown(score.value, 5)}`
            : 'valid';
  return `- ${nodeId} (${operator}): ${what} → ${result}`;
}
