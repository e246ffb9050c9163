/** What both adapters share: the client, and its errors in the words of the port. */
import OpenAI, { APIConnectionError, APIError } from 'openai';
import { z } from 'zod';
import { type CallOptions, ModelError, NEVER_SENT } from './model.js';
import { retryAfterMs } from './retry-after.js';
import { modelErrorOf, refusedParameter, type ServerComplaint, withoutKeys } from './server-fault.js';

export interface Endpoint {
  /** Absent for servers that ask for none. */
  readonly apiKey?: string;
  /** Absent for OpenAI's own. */
  readonly baseUrl?: string;
  readonly organization?: string;
  readonly project?: string;
}

/** No retries (the caller's engine retries), no log (it would show prompts), no time-out but the caller's signal. */
export function createClient(endpoint: Endpoint): OpenAI {
  return new OpenAI({
    apiKey: endpoint.apiKey ?? 'none',
    adminAPIKey: null,
    organization: endpoint.organization ?? null,
    project: endpoint.project ?? null,
    baseURL: endpoint.baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    ...(endpoint.apiKey === undefined && { defaultHeaders: { Authorization: null } }),
  });
}

export type Heard = (requestId: string | null) => void;

interface Attempt<T> {
  readonly endpoint: Endpoint;
  readonly options: CallOptions;
  readonly shaped: boolean;
  /** Parameters that a server may not know and that a request can do without. */
  readonly optional: readonly string[];
  /** Those this server has refused before; grows. */
  readonly omitted: Set<string>;
  /** `heard` is told the server's name for the call as soon as it answers, so that a fault after that can name it. */
  send(omitted: ReadonlySet<string>, heard: Heard): Promise<T>;
}

/**
 * Sends a request; again without a parameter that the server refuses by name, which costs nothing.
 * @throws ModelError, or the signal's reason.
 */
export async function attempt<T>(call: Attempt<T>): Promise<T> {
  call.options.signal.throwIfAborted();
  let requestId: string | undefined;
  try {
    return await call.send(call.omitted, (id) => {
      requestId = id ?? undefined;
    });
  } catch (error) {
    if (call.options.signal.aborted) throw call.options.signal.reason;
    const refused = refusedIn(error, call);
    if (refused === undefined) {
      const fault = translated(error, call.endpoint, call.shaped);
      const id = requestId ?? (error instanceof APIError ? (error.requestID ?? undefined) : undefined);
      const details = { ...fault.details, ...(id !== undefined && { requestId: id }) };
      throw new ModelError(fault.fault, fault.message, details);
    }
    call.omitted.add(refused);
    return attempt(call);
  }
}

function refusedIn(error: unknown, call: Attempt<unknown>): string | undefined {
  if (!(error instanceof APIError)) return undefined;
  const left = call.optional.filter((name) => !call.omitted.has(name));
  return refusedParameter(complaintOf(error, call.shaped), left);
}

function translated(error: unknown, endpoint: Endpoint, shaped: boolean): ModelError {
  const where = endpoint.baseUrl ?? 'OpenAI';
  const say = (text: string): string => withoutKeys(text, endpoint.apiKey);
  if (error instanceof ModelError) return error;
  if (error instanceof APIConnectionError) {
    const reason = reasonOf(error);
    const details = UNREACHED.test(reason) ? { code: NEVER_SENT } : {};
    return new ModelError('away', say(`${where} does not answer: ${reason}`), details);
  }
  if (error instanceof APIError) {
    const complaint = complaintOf(error, shaped);
    const status = complaint.status === undefined ? 'an error in its stream' : `HTTP ${complaint.status}`;
    return modelErrorOf(complaint, say(`${where} answered with ${status}: ${complaint.message}`));
  }
  if (error instanceof z.ZodError) {
    return new ModelError('away', say(`${where} answered with something that is no reply: ${z.prettifyError(error)}`));
  }
  return new ModelError('away', say(`The reply of ${where} broke off: ${reasonOf(error)}`));
}

function complaintOf(error: APIError, shaped: boolean): ServerComplaint {
  // Nested as OpenAI and most do it, or flat as SGLang and older vLLM do.
  const body = z.looseObject({}).safeParse(error.error).data ?? {};
  const text = (name: 'code' | 'type' | 'param'): string | undefined => {
    const value = error[name] ?? body[name];
    return value === null || value === undefined ? undefined : String(value);
  };
  const [code, type, param] = [text('code'), text('type'), text('param')];
  const wait = retryAfterMs(error.headers);
  return {
    message: error.message.replace(new RegExp(`^${error.status} `), ''),
    shaped,
    ...(error.status !== undefined && { status: error.status }),
    ...(code !== undefined && { code }),
    ...(type !== undefined && { type }),
    ...(param !== undefined && { param }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

/** Reasons for which no connection came about. */
const UNREACHED =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|CERT_|SELF_SIGNED|bad port/;

const Reason = z.object({ message: z.string(), code: z.string().optional(), cause: z.unknown().optional() });

/** The innermost reason: `fetch` hides what happened two causes deep. */
function reasonOf(error: unknown): string {
  const { data } = Reason.safeParse(error);
  if (data === undefined) return String(error);
  if (Reason.safeParse(data.cause).success) return reasonOf(data.cause);
  const { code, message } = data;
  return code === undefined || message.includes(code) ? message : `${code} ${message}`;
}

const Complaint = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** Some servers send an error with status 200. */
export function refuseComplaint(body: unknown): void {
  const complaint = Complaint.safeParse(body);
  if (complaint.success) throw new APIError(undefined, complaint.data.error, complaint.data.error.message, undefined);
}
