/**
 * Keeps the promises of `authors/llm/calls.ts`. A call is a row before it is a request, so whatever dies, nothing that may have been paid
 * is unknown; a repeated call meets the stored reply; and two attempts at the same proposal never pay for the same call, as long as
 * the one that makes it shows signs of life.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type CallReply, CapReachedError, type ModelCalls, RunEndedError } from '../authors/llm/calls.js';
import type { Model, ModelReply, ModelRequest } from '../authors/llm/model.js';
import { nanoUsdOf, priceOf } from '../authors/llm/prices.js';
import { loadTokenCounter } from '../authors/llm/views/tokens.js';
import { countedHere, worstTokens } from '../authors/llm/worst-case.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { Operator } from '../domain/operator.js';
import type { RunConfig } from '../domain/run-config.js';
import type { BegunCall, CallEnding, CallRow } from '../store/call-row.js';
import type { Store } from '../store/store.js';
import { endingOf } from './call-ending.js';
import { capMessage, isHeldUp } from './cap-message.js';

/** How often the owner of a call shows that it lives, and how long it may be silent, milliseconds. */
const BEAT_MS = 2_000;
const SILENT_MS = 8_000;
/** How often an attempt looks after a call that another one makes. */
const LOOK_MS = 500;
/** How long a proposal waits for room under a cap that only promises take. */
const PATIENCE_MS = 10 * 60_000;
const DIED = 'its worker died';
const CANCELLED = 'given up with its proposal';
/** A reply that is paid is not given up because the store is away for a moment. */
const STORE_TRIES = 10;
const STORE_PAUSE_MS = 2_000;

export interface ModelCallsOptions {
  readonly store: Pick<Store, 'calls' | 'blobs'>;
  readonly model: Model;
  readonly run: { readonly runId: RunId; readonly config: Pick<RunConfig, 'caps' | 'prices'> };
  readonly nodeId: NodeId;
  readonly operator: Operator;
  /** Aborted: no further call is begun. */
  readonly signal: AbortSignal;
  /** Aborted: the call under way is given up as well. */
  readonly abandon: AbortSignal;
  /** Called while a reply streams in, and while another attempt is waited for. */
  readonly onProgress?: () => void;
  /** For tests. */
  readonly timing?: { readonly beatMs: number; readonly silentMs: number };
}

export function createModelCalls(options: ModelCallsOptions): ModelCalls {
  const { store, run, nodeId } = options;
  const owner = randomUUID();
  const patientUntilMs = Date.now() + PATIENCE_MS;
  const paid = new Map<string, PaidCall>();

  async function call({ step, request }: Call): Promise<CallReply> {
    if (!/^[a-z0-9-]+$/.test(step)) throw new Error(`A step has small letters, digits and dashes, unlike "${step}".`);
    for (;;) {
      options.signal.throwIfAborted();
      const reply = await advance(step, request);
      if (reply) return reply;
    }
  }

  /** One step further: to the reply, or past an attempt that stood in the way. */
  async function advance(step: string, request: ModelRequest): Promise<CallReply | undefined> {
    const callId = `${nodeId}/${step}`;
    const tries = await store.calls.tries(run.runId, callId);
    const answered = tries.find((row) => row.state === 'done');
    if (answered?.state === 'done') return { ...(await found(answered)), found: true };
    const pending = tries.find((row) => row.state === 'begun');
    if (pending) {
      await outlive(pending);
      return undefined;
    }
    const last = tries.at(-1);
    if (last) await store.calls.reconcile(last);
    const begun = await begin(callId, step, request, (tries.at(-1)?.try ?? 0) + 1);
    const reply = begun && (await ask(begun, request));
    return reply && { ...reply, found: false };
  }

  async function found(row: Extract<CallRow, { state: 'done' }>): Promise<ModelReply> {
    await store.calls.reconcile(row);
    paid.set(row.callId, row);
    return (await store.blobs.readJson(row.replyRef)) as ModelReply;
  }

  /** Absent when another attempt was quicker. */
  async function begin(
    callId: string,
    step: string,
    request: ModelRequest,
    number: number,
  ): Promise<BegunCall | undefined> {
    const { caps, prices } = run.config;
    const { input, output } = worstTokens(request, await loadTokenCounter());
    const nanoUsd = nanoUsdOf({ input, cachedInput: 0, output, reasoning: 0 }, priceOf(request.model, prices));
    const row: BegunCall = {
      runId: run.runId,
      callId,
      try: number,
      state: 'begun',
      nodeId,
      step,
      operator: options.operator,
      model: request.model,
      owner,
      worst: { tokens: input + output, nanoUsd },
      promptRef: await store.blobs.save(promptText(request)),
      at: new Date(),
    };
    const begun = await store.calls.begin(row, caps);
    if (begun.kind === 'closed') throw new RunEndedError(`Run ${run.runId} has ended: no model is asked for it.`);
    if (begun.kind === 'capped') {
      if (!isHeldUp(begun.meter, row.worst, caps) || Date.now() > patientUntilMs)
        throw new CapReachedError(begun.cap, capMessage(begun, row.worst, caps));
      await roomMade();
      return undefined;
    }
    return begun.kind === 'begun' ? row : undefined;
  }

  /** Waits a little for calls under way to give back what they do not need, those of dead workers included. */
  async function roomMade(): Promise<void> {
    const rows = await store.calls.ofRun(run.runId);
    const open = rows.filter((row) => row.state === 'begun');
    for (const row of open) await store.calls.buryIfSilent(row, options.timing?.silentMs ?? SILENT_MS, DIED);
    await sleep(LOOK_MS, undefined, { signal: options.signal });
    options.onProgress?.();
  }

  /** Absent when the call was given up meanwhile, by the end of the run or by an attempt that heard nothing of this one. */
  async function ask(row: BegunCall, request: ModelRequest): Promise<ModelReply | undefined> {
    const displaced = new AbortController();
    const signal = AbortSignal.any([options.abandon, displaced.signal]);
    const beat = setInterval(() => {
      store.calls.beat(row).then(
        (isWaitedFor) => isWaitedFor || displaced.abort(new Error('nobody waits for this call any more')),
        () => undefined,
      );
    }, options.timing?.beatMs ?? BEAT_MS);
    try {
      const reply = await answered(row, request, signal);
      const done = await endingWith(reply, request);
      await persist(() => store.calls.settle(row, done));
      paid.set(row.callId, done);
      return reply;
    } catch (error) {
      if (displaced.signal.aborted && error === displaced.signal.reason) return undefined;
      throw error;
    } finally {
      clearInterval(beat);
    }
  }

  async function answered(row: BegunCall, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { model, onProgress } = options;
    try {
      return await model.complete(request, { signal, ...(onProgress && { onProgress }) });
    } catch (error) {
      await persist(() => store.calls.settle(row, endingOf(error)));
      throw error;
    }
  }

  async function endingWith(reply: ModelReply, request: ModelRequest): Promise<Extract<CallEnding, { state: 'done' }>> {
    const usage = reply.usage ?? countedHere(request, reply.text, await loadTokenCounter());
    return {
      state: 'done',
      replyRef: await persist(() => store.blobs.save(JSON.stringify(reply))),
      usage,
      counted: reply.usage ? 'server' : 'here',
      nanoUsd: nanoUsdOf(usage, priceOf(request.model, run.config.prices)),
      seconds: reply.seconds,
      finish: reply.finish,
      answeredBy: reply.model,
      ...(reply.requestId !== undefined && { requestId: reply.requestId }),
      endedAt: new Date(),
    };
  }

  /** Returns when the call of another attempt has ended, or was given up because that attempt is silent. */
  async function outlive(row: CallRow): Promise<void> {
    const silentMs = options.timing?.silentMs ?? SILENT_MS;
    for (let now: CallRow | undefined = row; now?.state === 'begun'; now = await seenAgain(row)) {
      if (await store.calls.buryIfSilent(now, silentMs, DIED)) return;
      await sleep(LOOK_MS, undefined, { signal: options.signal }).catch(async (reason: unknown) => {
        if (options.abandon.aborted) await giveUp(row);
        throw reason;
      });
      options.onProgress?.();
    }
  }

  async function seenAgain({ runId, callId, try: number }: CallRow): Promise<CallRow | undefined> {
    return (await store.calls.tries(runId, callId)).find((row) => row.try === number);
  }

  /** The proposal is cancelled: the attempt that makes its call was left behind and hears of it by its next sign of life. */
  async function giveUp(row: CallRow): Promise<void> {
    for (let now: CallRow | undefined = row; now?.state === 'begun'; now = await seenAgain(row)) {
      if (await store.calls.buryIfSilent(now, 0, CANCELLED)) return;
    }
  }

  return { call, cost: () => costOf([...paid.values()]) };
}

type PaidCall = Pick<Extract<CallEnding, { state: 'done' }>, 'usage' | 'nanoUsd' | 'seconds'>;

function costOf(calls: readonly PaidCall[]) {
  return {
    usd: calls.reduce<number | null>(
      (sum, { nanoUsd }) => (sum === null || nanoUsd === null ? null : sum + nanoUsd / 1e9),
      0,
    ),
    tokens: calls.reduce((sum, { usage }) => sum + usage.input + usage.output, 0),
    seconds: calls.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** The request as it can be read again: a schema is named, not repeated. */
function promptText({ shape, ...request }: ModelRequest): string {
  return JSON.stringify({ ...request, ...(shape && { shape: shape.name }) });
}

async function persist<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === STORE_TRIES) throw error;
      await sleep(STORE_PAUSE_MS);
    }
  }
}
