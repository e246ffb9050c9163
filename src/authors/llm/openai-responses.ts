/** The port over OpenAI's Responses, without any state on the server. */
import { zodTextFormat } from 'openai/helpers/zod';
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';
import { z } from 'zod';
import type { CallOptions, Model, ModelReply, ModelRequest, Usage } from './model.js';
import { attempt, createClient, type Endpoint, type Heard, refuseComplaint } from './openai-client.js';

const count = z.number().int().nonnegative().nullish();

const ResponsesUsage = z.object({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  input_tokens_details: z.object({ cached_tokens: count }).nullish(),
  output_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
});

const Part = z.object({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() });
const ResponsesReply = z.object({
  id: z.string(),
  model: z.string(),
  status: z.string().nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(z.object({ type: z.string(), content: z.array(Part).nullish() })),
  usage: ResponsesUsage.nullish(),
});
type ResponsesReply = z.infer<typeof ResponsesReply>;

const Event = z.looseObject({ type: z.string(), response: z.unknown().optional() });
const LAST = ['response.completed', 'response.incomplete', 'response.failed'];

/** Streams only when somebody watches (`onProgress`). `seed` has no place in this API and is left out. */
export function createResponsesModel(endpoint: Endpoint): Model {
  const client = createClient(endpoint);
  const omitted = new Set<string>();

  async function send(
    request: ModelRequest,
    options: CallOptions,
    without: ReadonlySet<string>,
    heard: Heard,
  ): Promise<ModelReply> {
    const started = performance.now();
    const body = bodyOf(request, without);
    const { signal, onProgress } = options;
    if (onProgress === undefined) {
      const { data, request_id } = await client.responses.create({ ...body, stream: false }, { signal }).withResponse();
      return replyOf(data, (performance.now() - started) / 1000, request_id);
    }
    const { data, request_id } = await client.responses.create({ ...body, stream: true }, { signal }).withResponse();
    heard(request_id);
    const last = await lastResponse(data, onProgress);
    return replyOf(last, (performance.now() - started) / 1000, request_id);
  }

  return {
    api: 'responses',
    complete: (request, options) =>
      attempt({
        endpoint,
        options,
        omitted,
        optional: ['temperature', 'reasoning'],
        shaped: request.shape !== undefined,
        send: (without, heard) => send(request, options, without, heard),
      }),
  };
}

function bodyOf(request: ModelRequest, without: ReadonlySet<string>): ResponseCreateParamsBase {
  const { model, messages, shape, maxOutputTokens, temperature, reasoningEffort } = request;
  return {
    model,
    input: messages.map(({ role, content }) => ({ role, content })),
    max_output_tokens: maxOutputTokens,
    store: false,
    ...(temperature !== undefined && !without.has('temperature') && { temperature }),
    ...(reasoningEffort !== undefined && !without.has('reasoning') && { reasoning: { effort: reasoningEffort } }),
    ...(shape !== undefined && { text: { format: zodTextFormat(shape.schema, shape.name) } }),
  };
}

async function lastResponse(events: AsyncIterable<unknown>, onProgress: () => void): Promise<unknown> {
  let last: unknown;
  for await (const raw of events) {
    onProgress();
    const event = Event.parse(raw);
    if (event.type === 'error') refuseComplaint({ error: event });
    if (LAST.includes(event.type)) last = event.response;
  }
  if (last === undefined) throw new Error('the stream ended before the reply did');
  return last;
}

function replyOf(body: unknown, seconds: number, requestId: string | null): ModelReply {
  // A failed response tells its reason where others tell that of the request.
  refuseComplaint(body);
  const reply = ResponsesReply.parse(body);
  const parts = reply.output.flatMap((item) => (item.type === 'message' ? (item.content ?? []) : []));
  const refusal = parts.map((part) => part.refusal ?? '').join('');
  const text = parts.map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')).join('');
  return {
    text: refusal === '' ? text : refusal,
    model: reply.model,
    finish: refusal === '' ? finishOf(reply) : 'content-filter',
    requestId: requestId ?? reply.id,
    seconds,
    ...(reply.usage !== null && reply.usage !== undefined && { usage: usageOf(reply.usage) }),
  };
}

function finishOf({ status, incomplete_details }: ResponsesReply): ModelReply['finish'] {
  if (status === 'completed' || status === null || status === undefined) return 'stop';
  if (incomplete_details?.reason === 'max_output_tokens') return 'length';
  return incomplete_details?.reason === 'content_filter' ? 'content-filter' : 'other';
}

function usageOf(usage: z.infer<typeof ResponsesUsage>): Usage {
  return {
    input: usage.input_tokens,
    cachedInput: usage.input_tokens_details?.cached_tokens ?? 0,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
