/** Sends what was decided, in time and with its damage, and says what became of it. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerEntry, Tokens } from './ledger.js';
import type { FaultKind } from './options.js';
import type { StubRequest } from './request.js';
import type { Verdict } from './respond.js';
import { framesOf } from './wire.js';

const NOTHING: Tokens = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

/**
 * Records the call before its last byte is sent: who has the reply finds it in the ledger.
 * Never throws: a caller that hangs up is noted as such.
 */
export async function deliver(
  response: ServerResponse,
  request: StubRequest,
  verdict: Verdict,
  record: (entry: LedgerEntry) => void,
): Promise<void> {
  const started = performance.now();
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const ending = await sent(response, request, verdict, gone.signal).catch(() => 'gone' as const);
  const { outcome, fault, requestId, question, attempt } = verdict;
  const { api, model, stream } = request;
  record({
    requestId,
    at: new Date().toISOString(),
    api,
    model,
    question,
    attempt,
    stream,
    status: 'complaint' in outcome ? outcome.complaint.status : 'reply' in outcome ? 200 : 0,
    ...(fault !== undefined && { fault }),
    ...('reply' in outcome ? outcome.reply.tokens : NOTHING),
    delivered: ending === 'whole',
    seconds: (performance.now() - started) / 1000,
  });
  if (ending === 'reset') response.destroy();
  else response.end();
}

/** Sends all but the end. */
async function sent(
  response: ServerResponse,
  request: StubRequest,
  { outcome, latencyMs, fault, requestId }: Verdict,
  signal: AbortSignal,
): Promise<Frames['ending']> {
  const pause = (share: number): Promise<void> => sleep(latencyMs * share, undefined, { signal });
  if (!('reply' in outcome)) {
    await pause(1);
    if ('reset' in outcome) return 'reset';
    const { status, headers, body } = outcome.complaint;
    response.writeHead(status, { ...headers, 'x-request-id': requestId }).write(body);
    return 'whole';
  }
  const { frames, ending } = damagedFrames(framesOf(outcome.reply, request), fault);
  await pause(0.2);
  const type = request.stream ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type, 'x-request-id': requestId });
  response.flushHeaders();
  for (const frame of frames) {
    await pause(0.8 / frames.length);
    response.write(frame);
  }
  // What was written is on its way before the connection breaks.
  if (ending === 'reset') await sleep(20, undefined, { signal });
  signal.throwIfAborted();
  return ending;
}

interface Frames {
  readonly frames: readonly string[];
  readonly ending: 'whole' | 'cut' | 'reset';
}

/** A reply that breaks off does so in the middle: half of its parts, and half of the next where JSON itself is cut. */
function damagedFrames(frames: readonly string[], fault: FaultKind | undefined): Frames {
  const middle = Math.floor(frames.length / 2);
  const half = frames.slice(0, middle);
  if (fault === 'reset-after') return { frames: half, ending: 'reset' };
  if (fault === 'cut-stream') return { frames: half, ending: 'cut' };
  if (fault !== 'cut-json') return { frames, ending: 'whole' };
  const next = frames[middle] ?? '';
  return { frames: [...half, next.slice(0, next.length / 2)], ending: 'cut' };
}
