/** Complaints as real servers word them. */
import { describe, expect, it } from '@jest/globals';
import {
  modelErrorOf,
  refusedParameter,
  type ServerComplaint,
  withoutKeys,
} from '../../../../src/authors/llm/server-fault.js';

function judged(complaint: Partial<ServerComplaint>): string {
  const { fault, details } = modelErrorOf({ message: '', shaped: false, ...complaint }, 'said');
  return details.code === undefined ? fault : `${fault} ${details.code}`;
}

describe('a prompt that is too long', () => {
  it.each([
    [
      'OpenAI',
      400,
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 202868 tokens.",
    ],
    [
      'OpenAI, Responses',
      400,
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
    ],
    [
      'vLLM',
      400,
      "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 tokens",
    ],
    ['vLLM, older', 400, 'The decoder prompt (length 10127) is longer than the maximum model length of 8192.'],
    ['SGLang', 400, "The input (61709 tokens) is longer than the model's context length (40960 tokens)."],
    ['llama.cpp', 400, 'the request exceeds the available context size, try increasing it'],
    [
      'llama.cpp with counts',
      400,
      'request (4476 tokens) exceeds the available context size (4096 tokens), try increasing it',
    ],
    ['llama.cpp, older', 500, 'the request exceeds the available context size. try increasing the context size'],
    ['llama-cpp-python', 400, 'Requested tokens (2285) exceed context window of 2048'],
    ['Ollama', 400, 'prompt too long; exceeded max context length by 12 tokens'],
    ['a proxy', 413, 'Request Entity Too Large'],
    ['others', 400, 'prompt is too long: 201000 tokens > 200000 maximum'],
    ['others', 400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
  ])('%s (%i)', (_server, status, message) => {
    expect(judged({ status, message })).toBe('context');
  });

  it('is known by its code alone', () => {
    expect(judged({ status: 400, code: 'context_length_exceeded' })).toBe('context context_length_exceeded');
    expect(judged({ status: 400, code: '400', type: 'exceed_context_size_error' })).toBe('context');
    expect(judged({ code: 'context_length_exceeded', message: 'in a stream' })).toMatch(/^context/);
  });
});

describe('what will not get better', () => {
  it.each<[string, Partial<ServerComplaint>]>([
    ['refused model_not_found', { status: 404, code: 'model_not_found', message: 'The model `x` does not exist' }],
    ['refused invalid_api_key', { status: 401, code: 'invalid_api_key' }],
    ['refused', { status: 403, message: 'Country not supported' }],
    ['refused', { status: 422, message: 'body.messages: field required' }],
    [
      'refused insufficient_quota',
      { status: 429, code: 'insufficient_quota', message: 'You exceeded your current quota' },
    ],
    ['refused content-policy', { status: 400, code: 'content_filter', message: "Azure's content management policy" }],
    ['refused content-policy', { status: 400, message: 'flagged as potentially violating our usage policy' }],
    [
      'refused schema-unsupported',
      { status: 400, message: 'response_format json_schema is not supported', shaped: true },
    ],
    ['refused schema-unsupported', { status: 400, message: 'failed to parse grammar', shaped: true }],
    ['refused', { status: 400, message: 'failed to parse grammar', shaped: false }],
    ['refused invalid_prompt', { code: 'invalid_prompt', message: 'in a stream' }],
  ])('%s', (expected, complaint) => {
    expect(judged(complaint)).toBe(expected);
  });
});

describe('what may get better', () => {
  it.each<[string, Partial<ServerComplaint>]>([
    ['busy rate_limit_exceeded', { status: 429, code: 'rate_limit_exceeded', message: 'Limit 6000, requested 7000' }],
    ['busy', { status: 503, message: 'Loading model' }],
    ['busy', { status: 409 }],
    ['away', { status: 408 }],
    ['away', { status: 500, message: 'content policy service down: safety system unreachable' }],
    ['away', { status: 504 }],
    ['busy', { code: '503', message: 'in a stream' }],
    ['busy rate_limit_exceeded', { code: 'rate_limit_exceeded', message: 'in a stream' }],
    ['away server_error', { code: 'server_error', message: 'in a stream' }],
    // Too many tokens a minute is no long prompt.
    ['busy', { status: 429, message: 'Request too large for the context of your tier' }],
  ])('%s', (expected, complaint) => {
    expect(judged(complaint)).toBe(expected);
  });

  it('keeps status and waiting time', () => {
    const error = modelErrorOf({ status: 429, message: 'm', shaped: false, retryAfterMs: 1500 }, 'said');
    expect(error).toMatchObject({ message: 'said', details: { status: 429, retryAfterMs: 1500 } });
  });
});

describe('a parameter that is not taken', () => {
  const names = ['temperature', 'seed', 'max_tokens'];
  const refused = (complaint: Partial<ServerComplaint>): string | undefined =>
    refusedParameter({ status: 400, message: '', shaped: false, ...complaint }, names);

  it('is named by `param` or in the words', () => {
    expect(refused({ param: 'temperature', message: 'Unsupported value' })).toBe('temperature');
    expect(refused({ message: 'Unrecognized request argument supplied: seed' })).toBe('seed');
    expect(refused({ status: 422, message: 'Extra inputs are not permitted: seed' })).toBe('seed');
  });

  it('is nothing else', () => {
    expect(refused({ message: 'temperature must be at most 2' })).toBeUndefined();
    expect(refused({ status: 500, param: 'seed', message: 'Unsupported' })).toBeUndefined();
    expect(
      refused({ message: "'max_tokens' is too large: 8000. This model's maximum context length is 4096" }),
    ).toBeUndefined();
    expect(refused({ message: 'Unsupported parameter: top_k' })).toBeUndefined();
  });
});

describe('withoutKeys', () => {
  it('drops the key in use and whatever looks like one', () => {
    const text = withoutKeys('bad my.odd.key! or sk-proj-abcdefghij, Bearer eyJhbGciOi', 'my.odd.key!');
    expect(text).toBe('bad [key] or [key], Bearer [key]');
  });

  it('makes one short line of a page', () => {
    const text = withoutKeys(`<html>\n<b>Bad</b>\n gateway ${'x'.repeat(2_000)}</html>`, undefined);
    expect(text).toMatch(/^Bad gateway x+ …$/);
    expect(text.length).toBeLessThan(410);
  });
});
