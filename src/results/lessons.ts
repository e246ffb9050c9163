/** What a finished run taught, for tasks of the same kind: its best program, changes that paid and did not, failures that were repaired. */
import { errorSignature } from '../domain/error-signature.js';
import type { NodeId, RunId } from '../domain/ids.js';
import { type Lesson, lessonTraitsOf } from '../domain/lesson.js';
import { searchOutcome } from '../domain/search-outcome.js';
import type { TaskCard } from '../domain/task-card.js';
import type { NodeRecord } from '../store/nodes.js';

const MOST = { paid: 3, lost: 2, repaired: 3 };
/** A change that is smaller than its error twice over taught nothing. */
const CLEAR = 2;
const LONGEST = 240;

/** The same run and time give the same lessons. Names of the task's columns, classes and the task itself are blanked. */
export function lessonsOf(
  run: { readonly runId: RunId; readonly card: TaskCard },
  nodes: readonly NodeRecord[],
  at: Date,
): readonly Lesson[] {
  const blank = blanker(run.card);
  const lesson = (node: NodeRecord, kind: Lesson['kind'], more: Partial<Lesson> = {}): Lesson => ({
    id: `${run.runId}/${node.nodeId}`,
    traits: lessonTraitsOf(run.card),
    kind,
    operator: node.operator,
    family: node.family.slice(0, 40),
    text: blank(kind === 'best' || node.changes.length === 0 ? node.summary : node.changes.join('; ')),
    ...more,
    at: at.toISOString(),
  });
  const best = bestOf(nodes);
  const changed = effects(nodes).filter(({ node }) => node !== best);
  return [
    ...(best ? [lesson(best, 'best')] : []),
    ...changed
      .filter(({ effect }) => effect > CLEAR)
      .slice(0, MOST.paid)
      .map(({ node, effect }) => lesson(node, 'paid', { effect })),
    ...changed
      .filter(({ effect }) => effect < -CLEAR)
      .slice(-MOST.lost)
      .map(({ node, effect }) => lesson(node, 'lost', { effect })),
    ...repairs(nodes)
      .filter(({ node }) => node !== best)
      .slice(0, MOST.repaired)
      .map(({ node, signature }) => lesson(node, 'repaired', { signature: blank(signature) })),
  ];
}

function bestOf(nodes: readonly NodeRecord[]): NodeRecord | undefined {
  const good = (node: NodeRecord): number => {
    const evaluation = validOf(node);
    if (!evaluation || evaluation.audit?.verdict === 'suspicious') return Number.NEGATIVE_INFINITY;
    const { value, direction } = evaluation.score;
    return direction === 'maximise' ? value : -value;
  };
  const [first, ...others] = nodes.filter((node) => good(node) > Number.NEGATIVE_INFINITY);
  return others.reduce<NodeRecord | undefined>((best, node) => (best && good(node) > good(best) ? node : best), first);
}

function validOf(node: NodeRecord) {
  const outcome = searchOutcome(node);
  return outcome.kind === 'valid' ? outcome.evaluation : undefined;
}

/** Changes of a healthy program, largest gain first, in standard errors of the paired difference. */
function effects(nodes: readonly NodeRecord[]): readonly { readonly node: NodeRecord; readonly effect: number }[] {
  return nodes
    .flatMap((node) => {
      const paired = validOf(node)?.versus.parent;
      if (!paired || node.operator === 'debug' || paired.pairedSE <= 0) return [];
      return [{ node, effect: Math.max(-99, Math.min(99, paired.delta / paired.pairedSE)) }];
    })
    .sort((a, b) => b.effect - a.effect);
}

/** One for each signature, the first. */
function repairs(nodes: readonly NodeRecord[]): readonly { readonly node: NodeRecord; readonly signature: string }[] {
  const byId = new Map<NodeId, NodeRecord>(nodes.map((node) => [node.nodeId, node]));
  const seen = new Set<string>();
  return nodes.flatMap((node) => {
    const parent = node.operator === 'debug' && validOf(node) && node.parent && byId.get(node.parent);
    if (!parent) return [];
    const failed = searchOutcome(parent);
    if (failed.kind !== 'failed') return [];
    const signature = errorSignature(failed.code, failed.message);
    if (seen.has(signature)) return [];
    seen.add(signature);
    return [{ node, signature }];
  });
}

/** Names of three letters and more, longest first, so that no part of one is left. */
function blanker(card: TaskCard): (text: string) => string {
  const { columns, classes = [], targets = [], target, idColumn, taskId, title, submissionColumns } = card;
  const names = [...columns.map(({ name }) => name), ...classes, ...targets, ...submissionColumns];
  const all = [...names, target, idColumn, taskId, title].filter((name) => /\p{L}[\p{L}\p{N}_-]{2,}/u.test(name));
  const sorted = [...new Set(all)].sort((a, b) => b.length - a.length).map(escaped);
  const pattern =
    sorted.length === 0
      ? undefined
      : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${sorted.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  return (text) => (pattern ? text.replace(pattern, '…') : text).replace(/\s+/g, ' ').slice(0, LONGEST);
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
