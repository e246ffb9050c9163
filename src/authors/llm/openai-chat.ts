/** The port over Chat Completions, which every self-hosted server speaks. */
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { CallOptions, Model, ModelReply, ModelRequest, Usage } from './model.js';
import { attempt, createClient, type Endpoint, type Heard, refuseComplaint } from './openai-client.js';

const count = z.number().int().nonnegative().nullish();

const ChatUsage = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
  // SGLang counts reasoning beside the details.
  reasoning_tokens: count,
});

const Part = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
const finish_reason = z.string().nullish();
const ChatReply = z.object({
  id: z.string().nullish(),
  model: z.string(),
  choices: z.tuple([z.object({ message: Part, finish_reason })], z.unknown()),
  usage: ChatUsage.nullish(),
});
const ChatChunk = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z.array(z.object({ delta: Part.nullish(), finish_reason })).nullish(),
  usage: ChatUsage.nullish(),
});

const OPTIONAL = ['temperature', 'seed', 'reasoning_effort', 'stream_options', 'max_tokens'] as const;

/** Streams only when somebody watches (`onProgress`). */
export function createChatModel(endpoint: Endpoint): Model {
  const client = createClient(endpoint);
  // OpenAI's own models take the newer name of the limit only; some self-hosted servers know the older only.
  const omitted = new Set<string>(endpoint.baseUrl === undefined ? ['max_tokens'] : []);

  async function send(
    request: ModelRequest,
    options: CallOptions,
    without: ReadonlySet<string>,
    heard: Heard,
  ): Promise<ModelReply> {
    const started = performance.now();
    const body = bodyOf(request, without);
    const { signal, onProgress } = options;
    const finished = (gathered: Gathered, requestId: string | null): ModelReply => {
      const id = requestId ?? gathered.id;
      return replyOf(gathered, request, (performance.now() - started) / 1000, id);
    };
    if (onProgress === undefined) {
      const { data, request_id } = await client.chat.completions.create(body, { signal }).withResponse();
      return finished(gatheredFrom(data), request_id);
    }
    const usage = without.has('stream_options') ? {} : { stream_options: { include_usage: true } };
    const streamed = { ...body, ...usage, stream: true as const };
    const { data, request_id } = await client.chat.completions.create(streamed, { signal }).withResponse();
    heard(request_id);
    return finished(await gatheredChunks(data, onProgress), request_id);
  }

  return {
    api: 'chat',
    complete: (request, options) =>
      attempt({
        endpoint,
        options,
        omitted,
        optional: OPTIONAL,
        shaped: request.shape !== undefined,
        send: (without, heard) => send(request, options, without, heard),
      }),
  };
}

function bodyOf(
  request: ModelRequest,
  without: ReadonlySet<string>,
): ChatCompletionCreateParamsBase & { stream: false } {
  const { model, messages, shape, maxOutputTokens, temperature, seed, reasoningEffort } = request;
  const limit = without.has('max_tokens') ? 'max_completion_tokens' : 'max_tokens';
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: false,
    [limit]: maxOutputTokens,
    ...(temperature !== undefined && !without.has('temperature') && { temperature }),
    ...(seed !== undefined && !without.has('seed') && { seed }),
    ...(reasoningEffort !== undefined && !without.has('reasoning_effort') && { reasoning_effort: reasoningEffort }),
    ...(shape !== undefined && { response_format: zodResponseFormat(shape.schema, shape.name) }),
  };
}

interface Gathered {
  readonly text: string;
  readonly refusal: string;
  readonly finish: string;
  readonly model: string | undefined;
  readonly id: string | undefined;
  readonly usage: z.infer<typeof ChatUsage> | undefined;
}

function gatheredFrom(body: unknown): Gathered {
  refuseComplaint(body);
  const { id, model, choices, usage } = ChatReply.parse(body);
  const [{ message, finish_reason }] = choices;
  return {
    text: message.content ?? '',
    refusal: message.refusal ?? '',
    finish: finish_reason ?? 'stop',
    model,
    id: id ?? undefined,
    usage: usage ?? undefined,
  };
}

async function gatheredChunks(chunks: AsyncIterable<unknown>, onProgress: () => void): Promise<Gathered> {
  let gathered: Omit<Gathered, 'finish'> & { readonly finish: string | undefined } = {
    text: '',
    refusal: '',
    finish: undefined,
    model: undefined,
    id: undefined,
    usage: undefined,
  };
  for await (const raw of chunks) {
    onProgress();
    const chunk = ChatChunk.parse(raw);
    const [choice] = chunk.choices ?? [];
    gathered = {
      text: gathered.text + (choice?.delta?.content ?? ''),
      refusal: gathered.refusal + (choice?.delta?.refusal ?? ''),
      finish: choice?.finish_reason ?? gathered.finish,
      model: chunk.model ?? gathered.model,
      id: chunk.id ?? gathered.id,
      usage: chunk.usage ?? gathered.usage,
    };
  }
  if (gathered.finish === undefined) throw new Error('the stream ended before the reply did');
  return { ...gathered, finish: gathered.finish };
}

function replyOf(gathered: Gathered, request: ModelRequest, seconds: number, requestId?: string): ModelReply {
  const refused = gathered.refusal !== '';
  return {
    text: refused ? gathered.refusal : gathered.text,
    model: gathered.model ?? request.model,
    finish: refused ? 'content-filter' : finishOf(gathered.finish),
    seconds,
    ...(gathered.usage !== undefined && { usage: usageOf(gathered.usage) }),
    ...(requestId !== undefined && { requestId }),
  };
}

function finishOf(reason: string): ModelReply['finish'] {
  if (reason === 'stop' || reason === 'length') return reason;
  return reason === 'content_filter' ? 'content-filter' : 'other';
}

function usageOf(usage: z.infer<typeof ChatUsage>): Usage {
  return {
    input: usage.prompt_tokens,
    cachedInput: usage.prompt_tokens_details?.cached_tokens ?? 0,
    output: usage.completion_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens ?? 0,
  };
}
