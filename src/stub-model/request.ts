/** A call in either API, as one thing. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export interface StubRequest {
  readonly api: 'chat' | 'responses';
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly schema?: JsonSchema;
  readonly maxOutputTokens: number;
  readonly reasoningEffort?: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

const Content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]);
const Message = z.object({ role: z.string(), content: Content });
const Schema = z.record(z.string(), z.unknown());
const limit = z.number().int().positive().optional();

const ChatCall = z.object({
  model: z.string(),
  messages: z.array(Message).min(1),
  response_format: z.object({ type: z.string(), json_schema: z.object({ schema: Schema }).optional() }).optional(),
  max_tokens: limit,
  max_completion_tokens: limit,
  reasoning_effort: z.string().optional(),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).optional(),
});

const ResponsesCall = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(Message).min(1)]),
  text: z.object({ format: z.object({ type: z.string(), schema: Schema.optional() }).optional() }).optional(),
  max_output_tokens: limit,
  reasoning: z.object({ effort: z.string().optional() }).optional(),
  stream: z.boolean().default(false),
});

const NO_LIMIT = 16_384;

/** @throws z.ZodError when the body is no call of this API. */
export function parseCall(api: StubRequest['api'], body: unknown): StubRequest {
  return api === 'chat' ? fromChat(ChatCall.parse(body)) : fromResponses(ResponsesCall.parse(body));
}

function fromChat(call: z.infer<typeof ChatCall>): StubRequest {
  const schema = call.response_format?.json_schema?.schema;
  return {
    api: 'chat',
    model: call.model,
    messages: call.messages.map(plain),
    maxOutputTokens: call.max_completion_tokens ?? call.max_tokens ?? NO_LIMIT,
    stream: call.stream,
    includeUsage: call.stream_options?.include_usage ?? false,
    ...(schema !== undefined && { schema }),
    ...(call.reasoning_effort !== undefined && { reasoningEffort: call.reasoning_effort }),
  };
}

function fromResponses(call: z.infer<typeof ResponsesCall>): StubRequest {
  const schema = call.text?.format?.schema;
  const effort = call.reasoning?.effort;
  return {
    api: 'responses',
    model: call.model,
    messages: typeof call.input === 'string' ? [{ role: 'user', content: call.input }] : call.input.map(plain),
    maxOutputTokens: call.max_output_tokens ?? NO_LIMIT,
    stream: call.stream,
    includeUsage: true,
    ...(schema !== undefined && { schema }),
    ...(effort !== undefined && { reasoningEffort: effort }),
  };
}

function plain({ role, content }: z.infer<typeof Message>): StubRequest['messages'][number] {
  return { role, content: typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('') };
}

/** The same for the same question, whichever API and way of delivery asks it. */
export function identityOf({ model, messages, schema, maxOutputTokens, reasoningEffort }: StubRequest): string {
  const question = JSON.stringify([model, messages, schema, maxOutputTokens, reasoningEffort]);
  return createHash('sha256').update(question).digest('hex').slice(0, 16);
}

export function promptOf(request: StubRequest): string {
  return request.messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}
