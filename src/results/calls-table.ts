/**
 * `calls.csv`: one row for each model call of the run, the lost ones with what they may have cost at most. A reply that came after its call
 * was given up leaves it lost, with the tokens and the price of that reply.
 */
import type { CallRow, KnownEnding } from '../store/call-row.js';
import { stringify } from './csv.js';

/** Flat, in the order of the columns; a price that is not known is null. */
export function callFields(row: CallRow) {
  const done = answerOf(row);
  return {
    node: row.nodeId,
    step: row.step,
    try: row.try,
    operator: row.operator,
    model: row.model,
    state: row.state,
    input: done?.usage.input,
    cached_input: done?.usage.cachedInput,
    output: done?.usage.output,
    reasoning: done?.usage.reasoning,
    counted_by: done?.counted,
    usd: done && usd(done.nanoUsd),
    most_tokens: row.worst.tokens,
    most_usd: usd(row.worst.nanoUsd),
    seconds: done?.seconds,
    finish: done?.finish,
    began: row.at.toISOString(),
    ended: row.state === 'begun' ? undefined : row.endedAt.toISOString(),
    request_id: row.state === 'begun' ? undefined : (done?.requestId ?? row.requestId),
    cause: row.state === 'failed' || row.state === 'lost' ? row.cause : undefined,
    prompt: row.promptRef,
    reply: done?.replyRef,
  };
}

/** The reply of a call, be it one that nobody waited for any more. */
export function answerOf(row: CallRow): Extract<KnownEnding, { state: 'done' }> | undefined {
  const known = row.state === 'lost' ? row.late : row;
  return known?.state === 'done' ? known : undefined;
}

export function callsCsv(rows: readonly CallRow[]): string {
  const columns = ['node', 'step', 'try', 'operator', 'model', 'state', 'input', 'cached_input', 'output', 'reasoning'];
  const more = ['counted_by', 'usd', 'most_tokens', 'most_usd', 'seconds', 'finish', 'began', 'ended', 'request_id'];
  const cells = rows.map((row) => Object.values(callFields(row)).map((cell) => (cell === null ? 'n/a' : cell)));
  return stringify([[...columns, ...more, 'cause', 'prompt', 'reply'], ...cells]);
}

function usd(nanoUsd: number | null): number | null {
  return nanoUsd === null ? null : nanoUsd / 1e9;
}
