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

interface TypedShape<T> extends ReplyShape {
  readonly schema: z.ZodType<T>;
}

const LONGEST_QUOTE = 20_000;
const LONGEST_PROBLEM = 1_500;

/**
 * At most two replies. A server that refuses schemas is asked again without one, with the schema in the prompt instead.
 * @throws ModelError, or the signal's reason.
 */
export async function askStructured<T>(
  model: Model,
  request: Omit<ModelRequest, 'shape'>,
  shape: TypedShape<T>,
  options: CallOptions,
): Promise<Structured<T>> {
  const first = await askShaped(model, { ...request, shape }, options);
  const read = readReply(first, shape.schema);
  if (read.kind !== 'wrong') return concluded(read, [first], false);
  const second = await askShaped(
    model,
    { ...request, shape, messages: withRepair(request, first, shape, read) },
    options,
  );
  const reread = readReply(second, shape.schema);
  if (reread.kind === 'wrong') return { kind: 'unusable', problem: reread.problem, replies: [first, second] };
  return concluded(reread, [first, second], true);
}

async function askShaped(model: Model, request: ModelRequest & { readonly shape: ReplyShape }, options: CallOptions) {
  try {
    return await model.complete(request, options);
  } catch (error) {
    if (!(error instanceof ModelError) || error.details.code !== SCHEMA_UNSUPPORTED) throw error;
    const { shape, ...plain } = request;
    const told = { role: 'user' as const, content: instruction(shape) };
    return model.complete({ ...plain, messages: merged([...request.messages, told]) }, options);
  }
}

type Read<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'wrong'; readonly problem: string };

function readReply<T>(reply: ModelReply, schema: z.ZodType<T>): Read<T> {
  if (reply.finish === 'content-filter') return { kind: 'refusal', text: reply.text };
  const { objects, cutOff } = jsonIn(reply.text);
  const checked = objects.map((object) => schema.safeParse(object));
  const fitting = checked.find((result) => result.success);
  if (fitting?.success) return { kind: 'value', value: fitting.data };
  if (reply.finish === 'length') return { kind: 'truncated' };
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
