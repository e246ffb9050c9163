/** A reply as it goes over the wire: one JSON document, or the events of a stream. */
import type { Tokens } from './ledger.js';
import type { StubRequest } from './request.js';

export interface StubReply {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly finish: 'stop' | 'length' | 'refusal';
  readonly tokens: Tokens;
}

const PIECES = 8;

/** Parts to be sent one after the other. */
export function framesOf(reply: StubReply, request: StubRequest): readonly string[] {
  if (request.api === 'chat')
    return request.stream ? chatEvents(reply, request) : pieces(JSON.stringify(chatBody(reply)));
  return request.stream ? responsesEvents(reply) : pieces(JSON.stringify(responsesBody(reply)));
}

/** At most eight parts of about the same length; one that is empty for an empty text. */
function pieces(text: string): readonly string[] {
  const step = Math.max(1, Math.ceil(text.length / PIECES));
  return Array.from({ length: Math.max(1, Math.ceil(text.length / step)) }, (_, k) =>
    text.slice(k * step, (k + 1) * step),
  );
}

const created = 1_700_000_000;

function chatBody({ id, model, text, finish, tokens }: StubReply): unknown {
  const message =
    finish === 'refusal'
      ? { role: 'assistant', content: null, refusal: text }
      : { role: 'assistant', content: text, refusal: null };
  const choices = [{ index: 0, message, finish_reason: finish === 'length' ? 'length' : 'stop', logprobs: null }];
  return { id, object: 'chat.completion', created, model, choices, usage: chatUsage(tokens) };
}

function chatEvents({ id, model, text, finish, tokens }: StubReply, request: StubRequest): readonly string[] {
  const chunk = (choices: readonly unknown[], more = {}): string =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices, ...more })}\n\n`;
  const said = finish === 'refusal' ? 'refusal' : 'content';
  const delta = (part: string): string => chunk([{ index: 0, delta: { [said]: part }, finish_reason: null }]);
  const last = chunk([{ index: 0, delta: {}, finish_reason: finish === 'length' ? 'length' : 'stop' }]);
  const usage = request.includeUsage ? [chunk([], { usage: chatUsage(tokens) })] : [];
  return [...pieces(text).map(delta), last, ...usage, 'data: [DONE]\n\n'];
}

function chatUsage({ input, cachedInput, output, reasoning }: Tokens): unknown {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cachedInput },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function responsesBody({ id, model, text, finish, tokens }: StubReply): unknown {
  const content =
    finish === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] };
  const thought = tokens.reasoning > 0 ? [{ id: `${id}-thought`, type: 'reasoning', summary: [] }] : [];
  const message = { id: `${id}-message`, type: 'message', role: 'assistant', status: 'completed', content: [content] };
  return {
    id,
    object: 'response',
    created_at: created,
    model,
    status: finish === 'length' ? 'incomplete' : 'completed',
    incomplete_details: finish === 'length' ? { reason: 'max_output_tokens' } : null,
    error: null,
    output: [...thought, message],
    usage: {
      input_tokens: tokens.input,
      input_tokens_details: { cached_tokens: tokens.cachedInput },
      output_tokens: tokens.output,
      output_tokens_details: { reasoning_tokens: tokens.reasoning },
      total_tokens: tokens.input + tokens.output,
    },
  };
}

function responsesEvents(reply: StubReply): readonly string[] {
  const event = (type: string, data: object, number: number): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...data })}\n\n`;
  const item = { item_id: `${reply.id}-message`, output_index: 0, content_index: 0 };
  const said = reply.finish === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta';
  const begun = {
    response: { id: reply.id, object: 'response', model: reply.model, status: 'in_progress', output: [] },
  };
  const deltas = pieces(reply.text).map((delta, k) => event(said, { ...item, delta }, k + 1));
  const last = reply.finish === 'length' ? 'response.incomplete' : 'response.completed';
  return [
    event('response.created', begun, 0),
    ...deltas,
    event(last, { response: responsesBody(reply) }, deltas.length + 1),
  ];
}
