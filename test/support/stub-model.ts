/** A stub model for a test, and the two adapters that talk to it. */
import type { Model, ModelRequest } from '../../src/authors/llm/model.js';
import { createChatModel } from '../../src/authors/llm/openai-chat.js';
import { createResponsesModel } from '../../src/authors/llm/openai-responses.js';
import { MODEL_NAME, type StubOptions } from '../../src/stub-model/options.js';
import { type StubModel, startStubModel } from '../../src/stub-model/server.js';

export const KEY = 'sk-test-4f9a2c7714e0b8d2';

export const ADAPTERS: Readonly<Record<Model['api'], (baseUrl: string, apiKey?: string) => Model>> = {
  chat: (baseUrl, apiKey) => createChatModel({ baseUrl, ...(apiKey !== undefined && { apiKey }) }),
  responses: (baseUrl, apiKey) => createResponsesModel({ baseUrl, ...(apiKey !== undefined && { apiKey }) }),
};

export function stub(options: Partial<StubOptions> = {}): Promise<StubModel> {
  return startStubModel({
    host: '127.0.0.1',
    port: 0,
    seed: 1,
    latencyMs: { p50: 0, p95: 0 },
    faults: { share: 0, kinds: [] },
    schema: 'honour',
    buggy: 0.15,
    clumsy: 0,
    strict: 0,
    hostile: 0,
    contextTokens: 100_000,
    ...options,
  });
}

export function question(content = 'Write a program. metric: rmse', more: Partial<ModelRequest> = {}): ModelRequest {
  return { model: MODEL_NAME, messages: [{ role: 'user', content }], maxOutputTokens: 8_000, ...more };
}
