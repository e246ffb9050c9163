/** One knowledge entry for a terminal: what it is, when, with which numbers, and what it rests on. */
import { styleText } from 'node:util';
import type { KnowledgeEntry, Parameter } from '../../domain/knowledge-entry.js';
import { dim } from './table.js';

export function entryLines(entry: KnowledgeEntry): readonly string[] {
  return [
    `${styleText('bold', entry.name)}  ${dim(`${entry.id}, ${entry.kind}`)}`,
    entry.summary,
    '',
    ...labelled('use when', entry.whenToUse),
    ...labelled('not when', entry.whenNot),
    ...labelled('signature', entry.signature === undefined ? [] : [entry.signature]),
    ...labelled('params', entry.params.map(parameterText)),
    ...labelled('needs', entry.deps),
    ...labelled('requires', entry.requires),
    ...labelled('improves', entry.improves),
    '',
    entry.body,
    '',
    ...labelled('evidence', entry.evidence.map(evidenceText)),
    dim(`reviewed by ${entry.review.by}, ${entry.review.checked}; ${entry.origin}`),
  ];
}

const LABEL_WIDTH = 11;

/** The label once, its lines in one column; nothing when there are none. */
function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${dim((index === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`);
}

function parameterText({ name, default: value, range, values, log, portfolio, note }: Parameter): string {
  const span = range ? `${range[0]} to ${range[1]}${log ? ', log' : ''}` : values?.join(' | ');
  const details = [span, portfolio && `try ${portfolio.join(', ')}`, note].filter((detail) => detail !== undefined);
  return `${name} = ${value}${details.length > 0 ? dim(`  (${details.join('; ')})`) : ''}`;
}

function evidenceText({ type, claim, source, checked }: KnowledgeEntry['evidence'][number]): string {
  return `${claim} ${dim(`(${[type, source, checked].filter((part) => part !== undefined).join(', ')})`)}`;
}
