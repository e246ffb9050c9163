/** Objects for the schemas that automlgen asks with, told apart by the names of their fields; every other schema is filled by chance. */

import { editsBetween, type LineEdit } from '../programs/line-edits.js';
import { changedProgram, programFor } from '../programs/program.js';
import { offeredItems, shownProgram } from '../programs/shown.js';
import { drawOf } from '../random.js';
import type { JsonSchema } from '../request.js';

export interface Question {
  readonly prompt: string;
  /** Draws of this answer come from it: the same question, the same answer. */
  readonly draw: string;
  /** Whether the conversation holds a reply already: then the second try succeeds. */
  readonly again: boolean;
}

export interface Habits {
  /** Share of new programs that crash. */
  readonly buggy: number;
  /** Share of the edits that do not fit at first. */
  readonly clumsy: number;
  /** Share of the programs that a review or the usage gate objects to. */
  readonly strict: number;
}

/** Absent for a schema that is not one of ours. */
export function replyFor(schema: JsonSchema, question: Question, habits: Habits): object | undefined {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const has = (...names: readonly string[]): boolean => names.every((name) => name in properties);
  // Somebody else's schema may well have a plan in words.
  if (properties.plan?.type === 'string') return undefined;
  if (has('verdict', 'edits')) return review(question, habits);
  if (has('usage', 'edits')) return usage(question, habits);
  if (has('plan', 'edits')) return changes(question, habits);
  if (has('plan', 'program')) return wholeProgram(question, habits);
  if (has('notes', 'code')) return step(question);
  return undefined;
}

function wholeProgram({ prompt, draw, again }: Question, { buggy }: Habits): object {
  if (/ablation script/.test(prompt) && /"component"/.test(prompt))
    return { plan: plan(prompt, draw, 'Ablation', 'ablation'), program: ablation(draw) };
  const { title, program, family } = programFor(prompt, draw, again ? 0 : buggy);
  return { plan: plan(prompt, draw, title, family), program };
}

function changes({ prompt, draw, again }: Question, { buggy, clumsy }: Habits): object {
  const shown = shownProgram(prompt) ?? '';
  const { title, program, family } = changedProgram(shown, draw, again ? 0 : buggy);
  const edits = editsBetween(shown, program.trimEnd());
  const slips = !again && drawOf(draw, 'clumsy') < clumsy;
  return { plan: plan(prompt, draw, title, family), changes: [title], edits: slips ? edits.map(misquoted) : edits };
}

/** Copied from memory: close to what is there, and not the same. */
function misquoted({ search, replace }: LineEdit): LineEdit {
  return { search: `${search.replace(/=/, ' =  ')}  # as before`, replace };
}

function review({ prompt, draw }: Question, { strict }: Habits): object {
  const program = shownProgram(prompt);
  const lines = program?.split('\n') ?? [];
  const seeded = lines.filter(
    (line) => line.includes('random_state=0') && lines.indexOf(line) === lines.lastIndexOf(line),
  );
  const [line] = seeded;
  const approval = { verdict: 'approve', reasons: [], edits: [] };
  if (drawOf(draw, 'strict') >= strict) return approval;
  if (drawOf(draw, 'verdict') < 0.3)
    return { verdict: 'reject', reasons: ['Something is fitted on rows to predict.'], edits: [] };
  if (line === undefined) return approval;
  const edits = [{ search: line, replace: line.replace('random_state=0', 'random_state=1') }];
  return { verdict: 'patch', reasons: ['The seed of the run is not used.'], edits };
}

function usage({ prompt, draw }: Question, { strict }: Habits): object {
  const shown = shownProgram(prompt);
  if (shown === undefined || drawOf(draw, 'strict') >= strict) {
    return { usage: 'all-used', unused: [], edits: [], program: '' };
  }
  const { title, program } = changedProgram(shown, draw, 0);
  return { usage: 'improved', unused: [title], edits: editsBetween(shown, program.trimEnd()), program: '' };
}

function step({ prompt, draw }: Question): object {
  const { program } = programFor('', draw, 0);
  const lines = program.split('\n');
  const third = Math.ceil(lines.length / 3);
  const part = /step 1 of 4/.test(prompt) ? 0 : /step 2 of 4/.test(prompt) ? 1 : 2;
  return {
    notes: 'Names as in the code.',
    code: lines.slice(part * third, (part + 1) * third).join('\n'),
    knowledge: items(prompt, draw),
  };
}

function plan(prompt: string, draw: string, title: string, family: string): object {
  return {
    summary: title.slice(0, 120),
    family,
    data: 'Columns as they are; texts as a few components of their word counts.',
    features: 'Numbers, frequencies of categories.',
    model: title,
    training: 'One fit on all labelled rows.',
    knowledge: items(prompt, draw),
  };
}

/** One of the offered items, half of the time. */
function items(prompt: string, draw: string): readonly string[] {
  const offered = offeredItems(prompt);
  const item = offered[Math.floor(2 * drawOf(draw, 'item') * offered.length)];
  return item === undefined ? [] : [item];
}

/** The form of an ablation's output without its substance: the stub measures nothing, and says so. */
function ablation(draw: string): string {
  const line = (component: string): string =>
    `print('{"component": "${component}", "score": ${(0.5 + 0.1 * drawOf(draw, component)).toFixed(4)}}')`;
  return `# Numbers of a stub: nothing is measured here.\n${['baseline', 'features', 'model'].map(line).join('\n')}\n`;
}
