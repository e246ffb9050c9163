/** How long a server asks us to wait: `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, 10.2.3). */

/** Milliseconds, never negative; absent when the server says nothing that can be read. */
export function retryAfterMs(headers: Headers | undefined, now = Date.now()): number | undefined {
  const exact = positive(headers?.get('retry-after-ms'));
  if (exact !== undefined) return Math.round(exact);
  const text = headers?.get('retry-after');
  const seconds = positive(text);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const until = Date.parse(text ?? '');
  if (Number.isNaN(until)) return undefined;
  // Their clock, where they tell it: ours may be wrong.
  const theirs = Date.parse(headers?.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(theirs) ? now : theirs));
}

function positive(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
