/** The port to a language model: one request, one reply, and faults that say what to do about them. */
import type { z } from 'zod';

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What a reply must look like. A server may ignore it; the reply is validated again by `structured.ts`. */
export interface ReplyShape {
  readonly name: string;
  readonly schema: z.ZodType;
}

export interface ModelRequest {
  readonly model: string;
  /** Static parts first, so that providers can cache the prefix. */
  readonly messages: readonly ModelMessage[];
  readonly shape?: ReplyShape;
  readonly maxOutputTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly reasoningEffort?: 'low' | 'medium' | 'high';
}

/** Tokens as the server counted them. `cachedInput` is part of `input`, `reasoning` part of `output`. */
export interface Usage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface ModelReply {
  readonly text: string;
  /** Absent where the server does not report it. */
  readonly usage?: Usage;
  /** The model that answered, as the server names it. */
  readonly model: string;
  readonly finish: 'stop' | 'length' | 'content-filter' | 'other';
  readonly requestId?: string;
  readonly seconds: number;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Called while a reply streams in; for heartbeats only. */
  readonly onProgress?: () => void;
}

export interface Model {
  readonly api: 'responses' | 'chat';
  /** @throws ModelError, or the signal's reason when it was aborted. */
  complete(request: ModelRequest, options: CallOptions): Promise<ModelReply>;
}

/**
 * `refused`: wrong key, model, request or content policy: no repeat will help. `context`: the prompt is too long: trim and ask again.
 * `busy`: rate limit or overload: ask again after `retryAfterMs`. `away`: no answer, broken connection, server fault.
 */
export type ModelFault = 'refused' | 'context' | 'busy' | 'away';

/** `details.code` of a request that never reached its server: nothing can have been charged. */
export const NEVER_SENT = 'never-sent';

export interface ModelErrorDetails {
  /** Absent when no answer began, and when it was a stream that broke off or complained. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly code?: string;
  /** By which the server knows the call; absent when it did not say before the fault. */
  readonly requestId?: string;
}

export class ModelError extends Error {
  override readonly name = 'ModelError';
  constructor(
    readonly fault: ModelFault,
    message: string,
    readonly details: ModelErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
