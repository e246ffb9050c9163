/**
 * Blocks become a prompt within the model's context. The stable half is cut to a share of the context that depends on nothing but settings and
 * task, so that it is the same for every node; what changes by node shares the rest and is cut in a stated order.
 */
import type { z } from 'zod';
import type { CountTokens } from '../views/budgeted.js';
import type { Prompt, PromptSettings } from './prompt.js';

export interface Block {
  readonly name: BlockName;
  /** The block within so many tokens, '' when nothing of it is worth showing; Infinity for all of it. */
  readonly within: (tokens: number) => string;
  /** Never more than this, however much room there is. */
  readonly most?: number;
  /** Kept until everything else has been shortened as far as it may be. */
  readonly least?: number;
}

/** In this order blocks are shortened, then left out, when a prompt is too long; those above the line of the task come first. */
export const TRIM_ORDER = [
  'lessons',
  'best',
  'similar',
  'siblings',
  'knowledge',
  'path',
  'branch',
  'inputs',
  'profile',
  'references',
  'plan',
  'fixes',
  'description',
  'output',
  'hints',
  'material',
  'program',
] as const;

/** `card`, `scoring`, `resources`, `score` and `now` are short and never cut. */
export type BlockName = (typeof TRIM_ORDER)[number] | 'card' | 'scoring' | 'resources' | 'score' | 'now';

export interface Draft<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly system: string;
  /** The same for every node of a run and this prompt. */
  readonly stable: readonly Block[];
  /** Ends the stable part: what this operator is about. */
  readonly task: string;
  readonly varying: readonly Block[];
  /** The last words. */
  readonly closing: string;
}

/** Tokenizers differ, and servers add marks of their own to each message. */
const MARGIN = 0.06;
const STABLE_SHARE = 0.5;
/** A block of less says nothing. */
const LEAST = 40;
const BREAK = '\n\n';

export function assembled<T>(draft: Draft<T>, settings: PromptSettings): Prompt<T> {
  const { countTokens, contextTokens } = settings;
  const maxOutputTokens = Math.min(settings.maxOutputTokens, Math.floor(contextTokens / 2));
  const room = Math.floor((contextTokens - maxOutputTokens) * (1 - MARGIN)) - countTokens(draft.system);
  const stable = fitted(draft.stable, STABLE_SHARE * room - countTokens(draft.task), countTokens);
  const front = joined([...stable.texts, draft.task]);
  const rest = room - countTokens(front) - countTokens(draft.closing);
  const varying = fitted(draft.varying, rest, countTokens);
  const user = joined([front, ...varying.texts, draft.closing]);
  return {
    name: draft.name,
    messages: [
      { role: 'system', content: draft.system },
      { role: 'user', content: user },
    ],
    schema: draft.schema,
    maxOutputTokens,
    stablePrefix: draft.system.length + front.length + BREAK.length,
    trimmed: [...stable.trimmed, ...varying.trimmed],
  };
}

interface Fitted {
  readonly texts: readonly string[];
  readonly trimmed: readonly string[];
}

/** A block as it stands in the prompt so far. */
interface Shown {
  readonly block: Block;
  readonly text: string;
  readonly tokens: number;
  readonly cut: boolean;
}

function fitted(blocks: readonly Block[], room: number, count: CountTokens): Fitted {
  const shown = blocks.map((block) => atFirst(block, count));
  const inOrder = TRIM_ORDER.flatMap((name) =>
    shown.flatMap(({ block, text }, place) => (block.name === name && text !== '' ? place : [])),
  );
  // First as far as each block allows, then without mercy.
  for (const isLast of [false, true]) {
    for (const place of inOrder) {
      const entry = shown[place];
      const excess = shown.reduce((sum, { tokens }) => sum + tokens, 0) - room;
      if (entry && excess > 0) shown[place] = shortened(entry, excess, isLast ? 0 : (entry.block.least ?? 0), count);
    }
  }
  const trimmed = TRIM_ORDER.filter((name) => shown.some(({ block, cut }) => cut && block.name === name));
  return { texts: shown.map(({ text }) => text), trimmed };
}

function atFirst(block: Block, count: CountTokens): Shown {
  const whole = block.within(Number.POSITIVE_INFINITY);
  const text = block.most === undefined ? whole : block.within(block.most);
  return { block, text, tokens: count(text) + 1, cut: text !== whole };
}

/** Shorter by `excess`, or as short as `least` allows; left out when too little would remain. */
function shortened(shown: Shown, excess: number, least: number, count: CountTokens): Shown {
  const left = Math.max(shown.tokens - excess, Math.min(least, shown.tokens));
  if (left === shown.tokens) return shown;
  const text = left < LEAST ? '' : shown.block.within(left - 1);
  return { block: shown.block, text, tokens: text === '' ? 0 : count(text) + 1, cut: true };
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(BREAK);
}
