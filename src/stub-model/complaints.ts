/** What the stub answers instead of a reply, in the forms of real servers. */
import { pick } from './random.js';

export interface Complaint {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function complaint(status: number, error: Readonly<Record<string, unknown>>, headers = {}): Complaint {
  return json(status, { error }, headers);
}

export function json(status: number, value: unknown, headers = {}): Complaint {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export const COMPLAINTS = {
  'rate-limit': (draw: string) =>
    complaint(429, { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' }, waiting(draw)),
  overloaded: () =>
    complaint(503, { message: 'The engine is overloaded.', type: 'server_error' }, { 'retry-after': '1' }),
  'server-error': () => complaint(500, { message: 'The server had an error.', type: 'server_error', code: null }),
  'bad-gateway': () => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  }),
  context: () =>
    complaint(400, {
      message: 'Your input exceeds the context window of this model.',
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    }),
  'wrong-key': (_draw: string, key = '') =>
    complaint(401, {
      message: `Incorrect API key provided: ${key}.`,
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_api_key',
    }),
} as const;

/** The three ways in which servers say how long to wait. */
function waiting(draw: string): Readonly<Record<string, string>> {
  const ways = [
    { 'retry-after': '2' },
    { 'retry-after-ms': '1500' },
    { 'retry-after': new Date(Math.ceil(Date.now() / 1000) * 1000 + 3000).toUTCString() },
  ] as const;
  return pick([...ways], draw, 'retry-after');
}
