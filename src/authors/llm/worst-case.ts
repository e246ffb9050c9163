/** The most that a request can cost, before it is sent: caps are kept by this number. */
import { z } from 'zod';
import type { ModelRequest } from './model.js';

/** Tokenizers differ from ours, mostly by less than this. */
const MARGIN = 1.2;
/** Role, separators and the start of the reply. */
const PER_MESSAGE = 16;
/** Servers that count by characters and not by words. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Input is estimated on the safe side, the schema of the reply counted with it; output is bounded by the request itself. `count` is
 * `loadTokenCounter`'s.
 */
export function worstTokens(
  { messages, shape, maxOutputTokens }: ModelRequest,
  count: (text: string) => number,
): { readonly input: number; readonly output: number } {
  const texts = messages.map(({ content }) => content);
  const schema = shape === undefined ? [] : [JSON.stringify(z.toJSONSchema(shape.schema, { target: 'draft-7' }))];
  const tokens = (text: string): number => Math.max(count(text), Math.ceil(text.length / CHARACTERS_PER_TOKEN));
  const sum = [...texts, ...schema].reduce((total, text) => total + tokens(text) + PER_MESSAGE, 0);
  return { input: Math.ceil(MARGIN * sum), output: maxOutputTokens };
}

/** Tokens of an answered call whose server does not count: our own count, without a margin. */
export function countedHere(request: ModelRequest, reply: string, count: (text: string) => number) {
  const input = request.messages.reduce((sum, { content }) => sum + count(content), 0);
  return { input, cachedInput: 0, output: count(reply), reasoning: 0 };
}
