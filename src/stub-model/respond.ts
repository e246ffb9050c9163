/** Decides what a call gets: a complaint or a reply, how long it takes, and what is wrong with it. */
import { answerTo } from './answer.js';
import { COMPLAINTS, type Complaint, complaint } from './complaints.js';
import type { Tokens } from './ledger.js';
import { type FaultKind, MODEL_NAME, type StubOptions } from './options.js';
import { drawOf, logNormal } from './random.js';
import { identityOf, promptOf, type StubRequest } from './request.js';
import { createPrefixCache, tokensIn } from './tokens.js';
import type { StubReply } from './wire.js';

/** `reset`: the connection is closed without a word. */
export interface Verdict {
  readonly requestId: string;
  readonly question: string;
  readonly attempt: number;
  readonly latencyMs: number;
  readonly fault?: FaultKind;
  readonly outcome: { readonly reply: StubReply } | { readonly complaint: Complaint } | { readonly reset: true };
}

const REASONING: Readonly<Record<string, number>> = { minimal: 16, low: 64, medium: 256, high: 1024 };
const SLOWER = 10;

export function createResponder(options: StubOptions): (request: StubRequest, key: string | undefined) => Verdict {
  const cache = createPrefixCache();
  const asked = new Map<string, number>();
  let calls = 0;

  return (request, key) => {
    calls += 1;
    const requestId = `stub-${calls}`;
    const question = identityOf(request);
    const attempt = asked.get(question) ?? 0;
    asked.set(question, attempt + 1);
    const draw = `${options.seed}/${question}/${attempt}`;
    const latencyMs = logNormal(options.latencyMs.p50, options.latencyMs.p95, draw, 'latency');
    const head = { requestId, question, attempt };
    const wrong = mistakeIn(request, key, options);
    if (wrong !== undefined) return { ...head, latencyMs: 0, outcome: { complaint: wrong } };
    const fault = faultFor(draw, options);
    if (fault === 'reset-before') return { ...head, fault, latencyMs: latencyMs / 2, outcome: { reset: true } };
    if (fault !== undefined && fault in COMPLAINTS) {
      const made = COMPLAINTS[fault as keyof typeof COMPLAINTS](draw, key);
      return { ...head, fault, latencyMs: latencyMs / 10, outcome: { complaint: made } };
    }
    const reply = replyTo(
      request,
      { requestId, question, fault, cached: cache.cachedTokens(promptOf(request)) },
      options,
    );
    const late = fault === 'slow' ? latencyMs * SLOWER : latencyMs;
    return { ...head, latencyMs: late, outcome: { reply }, ...(fault !== undefined && { fault }) };
  };
}

/** A new draw for each attempt: a call that is repeated gets through in the end. */
function faultFor(draw: string, { faults }: StubOptions): FaultKind | undefined {
  if (drawOf(draw, 'fault') >= faults.share) return undefined;
  return faults.kinds[Math.floor(drawOf(draw, 'kind') * faults.kinds.length)];
}

function mistakeIn(request: StubRequest, key: string | undefined, options: StubOptions): Complaint | undefined {
  if (options.apiKey !== undefined && key !== options.apiKey) return COMPLAINTS['wrong-key']('', key);
  if (request.model !== MODEL_NAME) {
    const message = `The model ${request.model} does not exist; there is ${MODEL_NAME}.`;
    return complaint(404, { message, type: 'invalid_request_error', param: 'model', code: 'model_not_found' });
  }
  if (request.schema !== undefined && options.schema === 'refuse') {
    const message = 'response_format of type json_schema is not supported by this server.';
    return complaint(400, { message, type: 'invalid_request_error', param: 'response_format' });
  }
  const wanted = tokensIn(promptOf(request)) + request.maxOutputTokens;
  return wanted > options.contextTokens ? COMPLAINTS.context() : undefined;
}

interface Circumstances {
  readonly requestId: string;
  readonly question: string;
  readonly fault: FaultKind | undefined;
  readonly cached: number;
}

function replyTo(request: StubRequest, now: Circumstances, options: StubOptions): StubReply {
  const full = damaged(answerTo(request, now.question, options), now.fault);
  const reasoning = Math.min(REASONING[request.reasoningEffort ?? ''] ?? 0, request.maxOutputTokens);
  const room = request.maxOutputTokens - reasoning;
  const cut = tokensIn(full) > room;
  const text = cut ? full.slice(0, room * 4) : full;
  const tokens: Tokens = {
    input: tokensIn(promptOf(request)),
    cachedInput: now.cached,
    output: tokensIn(text) + reasoning,
    reasoning,
  };
  const finish = now.fault === 'refusal' ? 'refusal' : cut || now.fault === 'cut-text' ? 'length' : 'stop';
  return { id: now.requestId, model: MODEL_NAME, text, finish, tokens };
}

function damaged(text: string, fault: FaultKind | undefined): string {
  if (fault === 'empty') return '';
  if (fault === 'refusal') return 'I cannot help with that.';
  if (fault === 'cut-text') return text.slice(0, text.length / 2);
  return fault === 'wrong-shape' ? '{"unexpected": ["nothing", "that", "was asked for"]}' : text;
}
