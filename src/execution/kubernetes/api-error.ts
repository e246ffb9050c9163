/** What the API server refused, and which faults go away by themselves. */
import { z } from 'zod';

const Status = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ retryAfterSeconds: z.number().optional() }).optional(),
});

export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    /** Kubernetes' own word for it: `NotFound`, `AlreadyExists`, `Forbidden` … */
    readonly reason: string,
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message);
  }

  /** Too many requests, an overloaded or restarting server. */
  get retryable(): boolean {
    return this.status === 429 || (this.status >= 500 && this.status !== 501);
  }
}

/** Only the server's own sentence is kept: bodies and headers may hold credentials. */
export function parseApiError(status: number, body: string, retryAfter: string | undefined): ApiError {
  const parsed = Status.safeParse(jsonOf(body));
  const { reason, message, details } = parsed.success ? parsed.data : {};
  const seconds = details?.retryAfterSeconds ?? Number(retryAfter ?? 0);
  return new ApiError(
    status,
    reason ?? `HTTP${status}`,
    message ?? `The Kubernetes API answered ${status}.`,
    Number.isFinite(seconds) ? seconds * 1000 : 0,
  );
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

/** Namespace quotas refuse with 403, like missing rights; only the sentence differs. */
export function isQuota(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.message.includes('exceeded quota');
}

export function isNetworkError(error: unknown): boolean {
  // By its code alone: where a test runs in a realm of its own, an error of Node is no `Error` of that realm.
  const { code } = Object(error) as NodeJS.ErrnoException;
  return (
    typeof code === 'string' &&
    /^(E(CONN|TIMEDOUT|PIPE|HOST|NET|AI_)|ENOTFOUND|ERR_STREAM_PREMATURE_CLOSE|HPE_)/.test(code)
  );
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
