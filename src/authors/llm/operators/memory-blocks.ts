/** What is remembered and known: knowledge items with ids, repaired failures, attempts alike, the branch, lessons, hints. */
import type { KnowledgeEntry } from '../../../domain/knowledge-entry.js';
import type { ProposalRequest } from '../../port.js';
import type { Attempt, BranchDigest, Memory, PastFix } from '../memory/memory.js';
import type { CountTokens } from '../views/budgeted.js';
import { cleaned, oneLine } from '../views/untrusted.js';
import type { Block } from './assemble.js';
import { listBlock } from './block.js';
import { hostless } from './hostless.js';
import { shown } from './numbers.js';
import type { Visibility } from './visibility.js';

const MOST = { knowledge: 2_600, fixes: 1_500, similar: 700, path: 800, branch: 900, lessons: 500, hints: 800 };

/** The entries that a prompt of this sight offers; crediting is limited to them. */
export function offered({ knowledge }: ProposalRequest, sight: Visibility): readonly KnowledgeEntry[] {
  const { most, levels } = sight.knowledge;
  return knowledge
    .map(({ entry }) => entry)
    .filter(({ kind, level }) =>
      kind === 'debug-recipe' || levels === 'recipes'
        ? kind === 'debug-recipe' && levels === 'recipes'
        : levels.includes(level),
    )
    .slice(0, most);
}

export function knowledgeBlock(request: ProposalRequest, sight: Visibility, count: CountTokens): Block {
  const heading = '# Knowledge items: advice to weigh, cited by id when used';
  const items = offered(request, sight).map(knowledgeItem);
  return listBlock({ name: 'knowledge', heading, label: 'knowledge items', most: MOST.knowledge }, items, count);
}

/** Short and in one piece: id, summary, the first paragraph of how, settings, pitfalls in a line. */
function knowledgeItem({ id, name, summary, params, body }: KnowledgeEntry): string {
  const settings = params
    .slice(0, 6)
    .map((each) => `${each.name} ${each.default}${each.range ? ` (${each.range.join(' to ')})` : ''}`);
  return [
    `[${id}] ${oneLine(name, 100)}: ${oneLine(summary, 300)}`,
    ...section(body, 'How', 420),
    ...(settings.length > 0 ? [`  settings: ${oneLine(settings.join('; '), 300)}`] : []),
    ...section(body, 'Pitfalls', 220),
  ].join('\n');
}

function section(body: string, title: string, most: number): readonly string[] {
  const text = cleaned(body).match(
    new RegExp(`^##\\s+${title}[^\\n]*\\n([\\s\\S]*?)(?=^##\\s|(?![\\s\\S]))`, 'm'),
  )?.[1];
  return text === undefined || text.trim() === '' ? [] : [`  ${title.toLowerCase()}: ${oneLine(text, most)}`];
}

export function fixesBlock({ fixes }: Memory, count: CountTokens): Block {
  const heading = '# Failures of this kind that were repaired in this run';
  return listBlock({ name: 'fixes', heading, label: 'past repairs', most: MOST.fixes }, fixes.map(fixText), count);
}

function fixText({ failed, fixed, message, changes, diff }: PastFix): string {
  const repair =
    diff === undefined ? changes.map((change) => `  ${oneLine(change)}`).join('\n') : diff.replace(/^/gm, '  ');
  return `- ${failed}: ${oneLine(hostless(message), 240)} → repaired by ${fixed}:\n${repair}`;
}

export function similarBlock({ similar }: Memory, count: CountTokens): Block {
  const heading = '# Attempts of this run that are like what may come next: what paid and what did not';
  const shape = { name: 'similar', heading, label: 'similar attempts', most: MOST.similar } as const;
  return listBlock(shape, similar.map(attemptItem), count);
}

/** Nearest to the parent first, so that what is cut is the distant past; told in order of time where all fits. */
export function pathBlock({ path }: Memory, count: CountTokens): Block {
  const heading = '# How the program at hand came about, latest step first';
  const items = [...path].reverse().map(attemptItem);
  return listBlock({ name: 'path', heading, label: 'history of the branch', most: MOST.path }, items, count);
}

export function branchBlock({ branch }: Memory, count: CountTokens): Block {
  const shape = {
    name: 'branch',
    heading: '# The branch so far',
    label: 'digest of the branch',
    most: MOST.branch,
  } as const;
  return listBlock(shape, branch ? digestLines(branch) : [], count);
}

export function digestLines(branch: BranchDigest): readonly string[] {
  const { head, nodes, failed, best, since, paid, lost, failures } = branch;
  return [
    `branch ${head}: ${nodes} programs ended, ${failed} failed`,
    ...(best
      ? [`best: ${best.nodeId} with ${shown(best.score, 5)}; ${since.valid} valid programs since, ${since.all} in all`]
      : []),
    ...paid.map((attempt) => `paid: ${attemptText(attempt)}`),
    ...lost.map((attempt) => `did not pay: ${attemptText(attempt)}`),
    ...failures.map(
      ({ signature, times }) =>
        `failed ${times} ${times === 1 ? 'time' : 'times'}: ${oneLine(hostless(signature), 160)}`,
    ),
  ];
}

function attemptItem(attempt: Attempt): string {
  return `- ${attemptText(attempt)}`;
}

function attemptText({ nodeId, operator, summary, changes, result, gain, message }: Attempt): string {
  const what = oneLine(changes.length > 0 ? changes.join('; ') : summary, 240);
  const size = gain === undefined ? '' : ` (${gain < 0 ? '−' : '+'}${shown(Math.abs(gain), 3)})`;
  const why = result === 'failed' && message !== undefined ? `: ${oneLine(hostless(message), 160)}` : '';
  return `${nodeId} (${operator}): ${what} → ${result}${size}${why}`;
}

export function lessonsBlock({ lessons }: Memory, count: CountTokens): Block {
  const heading = '# What earlier runs on tasks of this kind found';
  const items = lessons.map(({ kind, family, text, effect }) => {
    const size = effect === undefined ? '' : ` (${shown(effect, 2)} standard errors)`;
    return `- ${kind}, ${oneLine(family, 40)}: ${oneLine(text, 240)}${size}`;
  });
  return listBlock({ name: 'lessons', heading, label: 'lessons of earlier runs', most: MOST.lessons }, items, count);
}

export function hintsBlock({ hints }: ProposalRequest, count: CountTokens): Block {
  const shape = {
    name: 'hints',
    heading: '',
    label: 'hints of the person who runs the search',
    most: MOST.hints,
  } as const;
  return listBlock(
    shape,
    [...hints].reverse().map((hint) => `- ${oneLine(hint, 1_000)}`),
    count,
  );
}
