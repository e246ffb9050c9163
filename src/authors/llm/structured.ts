/** A reply of a known form from a model that may not keep to it: asked with a schema, validated, repaired in one further turn. */
import { z } from 'zod';
import { jsonIn } from './json-in-text.js';
import {
  type CallOptions,
  type Model,
  ModelError,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  type ReplyShape,
} from './model.js';
import { SCHEMA_UNSUPPORTED } from './server-fault.js';

/**
 * `value`: what the model said, valid by the schema and otherwise untrusted; `repaired` when it took the second turn.
 * `refusal`: the model declined. `truncated`: the output limit was reached first: ask for less or allow more.
 * `unusable`: no valid object in two turns. `replies` holds every reply that was paid for, in order.
 */
export type Structured<T> = { readonly replies: readonly ModelReply[] } & (
  | { readonly kind: 'value'; readonly value: T; readonly repaired: boolean }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'unusable'; readonly problem: string }
);

export interface TypedShape<T> extends ReplyShape {
  readonly schema: z.ZodType<T>;
  /** What a whole reply without a fitting object means all the same; absent when it means nothing. */
  readonly fromProse?: (text: string) => T | undefined;
}

/** Tells the requests of one question apart: the same on every repeat. */
export type Turn = 'first' | 'first-plain' | 'repair' | 'repair-plain';
export type Ask = (request: ModelRequest, turn: Turn) => Promise<ModelReply>;

const LONGEST_QUOTE = 20_000;
const LONGEST_PROBLEM = 1_500;

/**
 * At most two replies. A server that refuses schemas is asked again without one, with the schema in the prompt instead.
 * @throws what `ask` throws.
 */
export async function askInTurns<T>(
  ask: Ask,
  request: Omit<ModelRequest, 'shape'>,
  shape: TypedShape<T>,
): Promise<Structured<T>> {
  const first = await askShaped(ask, { ...request, shape }, 'first');
  const read = readReply(first, shape);
  if (read.kind !== 'wrong') return concluded(read, [first], false);
  const second = await askShaped(
    ask,
    { ...request, shape, messages: withRepair(request, first, shape, read) },
    'repair',
  );
  const reread = readReply(second, shape);
  if (reread.kind === 'wrong') return { kind: 'unusable', problem: reread.problem, replies: [first, second] };
  return concluded(reread, [first, second], true);
}

/** The same, of a model. @throws ModelError, or the signal's reason. */
export function askStructured<T>(
  model: Model,
  request: Omit<ModelRequest, 'shape'>,
  shape: TypedShape<T>,
  options: CallOptions,
): Promise<Structured<T>> {
  return askInTurns((each) => model.complete(each, options), request, shape);
}

async function askShaped(
  ask: Ask,
  request: ModelRequest & { readonly shape: ReplyShape },
  turn: 'first' | 'repair',
): Promise<ModelReply> {
  try {
    return await ask(request, turn);
  } catch (error) {
    if (!(error instanceof ModelError) || error.details.code !== SCHEMA_UNSUPPORTED) throw error;
    const { shape, ...plain } = request;
    const told = { role: 'user' as const, content: instruction(shape) };
    return ask({ ...plain, messages: merged([...request.messages, told]) }, `${turn}-plain`);
  }
}

type Read<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'wrong'; readonly problem: string };

function readReply<T>(reply: ModelReply, { schema, fromProse }: TypedShape<T>): Read<T> {
  if (reply.finish === 'content-filter') return { kind: 'refusal', text: reply.text };
  const { objects, cutOff } = jsonIn(reply.text);
  const checked = objects.map((object) => schema.safeParse(object));
  const fitting = checked.find((result) => result.success);
  if (fitting?.success) return { kind: 'value', value: fitting.data };
  if (reply.finish === 'length') return { kind: 'truncated' };
  const meant = fromProse?.(reply.text);
  if (meant !== undefined) return { kind: 'value', value: meant };
  const [closest] = checked;
  if (closest?.error) return { kind: 'wrong', problem: z.prettifyError(closest.error).slice(0, LONGEST_PROBLEM) };
  if (reply.text.trim() === '') return { kind: 'wrong', problem: 'The reply was empty.' };
  return {
    kind: 'wrong',
    problem: cutOff
      ? 'The JSON object ends in the middle, or a quote in it is not escaped.'
      : 'There is no JSON object in the reply that can be parsed.',
  };
}

function concluded<T>(
  read: Exclude<Read<T>, { readonly kind: 'wrong' }>,
  replies: readonly ModelReply[],
  repaired: boolean,
): Structured<T> {
  return read.kind === 'value' ? { ...read, repaired, replies } : { ...read, replies };
}

function withRepair(
  request: Omit<ModelRequest, 'shape'>,
  reply: ModelReply,
  shape: ReplyShape,
  { problem }: { readonly problem: string },
): ModelRequest['messages'] {
  const said = reply.text.trim();
  const quoted = said === '' ? [] : [{ role: 'assistant' as const, content: said.slice(0, LONGEST_QUOTE) }];
  const complaint = `Your reply cannot be used:\n${problem}\n\n${instruction(shape)}`;
  return merged([...request.messages, ...quoted, { role: 'user', content: complaint }]);
}

function instruction(shape: ReplyShape): string {
  const schema = JSON.stringify(z.toJSONSchema(shape.schema, { target: 'draft-7' }));
  return `Answer with one JSON object and nothing else: no fence, no text before or after it. It follows this JSON Schema:\n${schema}`;
}

/** Some chat templates insist that user and assistant take turns. */
function merged(messages: ModelRequest['messages']): ModelRequest['messages'] {
  const turns: ModelMessage[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role !== 'user' || message.role !== 'user') turns.push(message);
    else turns[turns.length - 1] = { role: 'user', content: `${last.content}\n\n${message.content}` };
  }
  return turns;
}
