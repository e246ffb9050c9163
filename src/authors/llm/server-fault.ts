/** What a server's complaint means for us. Pure: wordings and codes of OpenAI, vLLM, SGLang, Ollama and llama.cpp in, a fault out. */
import { ModelError, type ModelFault } from './model.js';

export interface ServerComplaint {
  /** Absent when the complaint came inside a stream. */
  readonly status?: number;
  readonly code?: string;
  readonly type?: string;
  readonly param?: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** Whether the request asked for a reply that follows a schema. */
  readonly shaped: boolean;
}

/** `details.code` of a request that was refused because the server cannot follow schemas: ask again without one. */
export const SCHEMA_UNSUPPORTED = 'schema-unsupported';
const CONTENT_POLICY = 'content-policy';

const CONTEXT_CODES = /context_length_exceeded|exceed_context_size|string_above_max_length/;
const CONTEXT_WORDS =
  /maximum context length|context (window|size|length) (of|is|exceeded)|exceeds? (the |its )?(model's |available |maximum |max )*context|(longer|larger|greater) than the (model's |maximum )*(context|model) length|(prompt|input|request) (is )?too (long|large)|exceeds? (the )?max(imum)?_?(model_len| (allowed|input|number of tokens|prompt))|exceeds? the context window/i;
const POLICY =
  /content[_ ](filter|policy|management policy)|content_policy_violation|usage polic|safety (system|polic)/i;
const SCHEMA = /response_format|json_schema|text\.format|guided|structured output|grammar|schema/i;
const QUOTA = /insufficient_quota|billing|credit balance|quota_exceeded/;

export function modelErrorOf(complaint: ServerComplaint, text: string): ModelError {
  const { status, retryAfterMs } = complaint;
  const { fault, code } = judged(complaint);
  return new ModelError(fault, text, {
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(code !== undefined && { code }),
  });
}

function judged(complaint: ServerComplaint): { readonly fault: ModelFault; readonly code?: string } {
  const { message, type = '', shaped } = complaint;
  const code = complaint.code ?? '';
  const status = complaint.status ?? statusIn(code, type);
  const own = code === '' || /^\d+$/.test(code) ? {} : { code };
  // Some servers answer an overflow with 500: the words count first.
  if (CONTEXT_CODES.test(`${code} ${type}`) || (status !== 429 && CONTEXT_WORDS.test(message)) || status === 413) {
    return { fault: 'context', ...own };
  }
  if (POLICY.test(`${code} ${status < 500 ? message : ''}`)) return { fault: 'refused', code: CONTENT_POLICY };
  if (QUOTA.test(`${code} ${type}`)) return { fault: 'refused', ...own };
  if (shaped && [400, 422, 501].includes(status) && SCHEMA.test(`${complaint.param ?? ''} ${message}`)) {
    return { fault: 'refused', code: SCHEMA_UNSUPPORTED };
  }
  return { fault: faultOfStatus(status), ...own };
}

/** A complaint inside a stream has no status of its own; some servers put one into `code`. */
function statusIn(code: string, type: string): number {
  if (/^[45]\d\d$/.test(code)) return Number(code);
  const words = `${code} ${type}`;
  if (/rate_limit|overloaded/.test(words)) return 429;
  if (/invalid|not_found|unsupported|authentication|permission/.test(words)) return 400;
  return 500;
}

function faultOfStatus(status: number): ModelFault {
  if ([409, 425, 429, 503, 529].includes(status)) return 'busy';
  if (status === 408 || status >= 500) return 'away';
  return status >= 400 ? 'refused' : 'away';
}

/** The one of `names` that the server will not take, when that is what it complains about. */
export function refusedParameter(complaint: ServerComplaint, names: readonly string[]): string | undefined {
  if (complaint.status !== 400 && complaint.status !== 422) return undefined;
  if (judged(complaint).fault !== 'refused') return undefined;
  if (!/not support|unsupported|unknown|unrecogni[sz]ed|not permitted|extra|unexpected/i.test(complaint.message)) {
    return undefined;
  }
  return names.find((name) => complaint.param === name || new RegExp(`\\b${name}\\b`).test(complaint.message));
}

const LONGEST_MESSAGE = 400;

/** One short line in which neither the key in use nor anything that looks like one is left. */
export function withoutKeys(text: string, key: string | undefined): string {
  const known = key === undefined || key === '' ? text : text.replaceAll(key, '[key]');
  const line = known
    .replace(/\b(sk|rk|gsk|hf|xai|nvapi)[-_][\w*.-]{6,}/g, '[key]')
    .replace(/(bearer)\s+\S+/gi, '$1 [key]')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)} …` : line;
}
