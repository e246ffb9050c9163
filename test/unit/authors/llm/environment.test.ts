import { describe, expect, it } from '@jest/globals';
import {
  checkModelName,
  type ModelServer,
  modelFromEnvironment,
  modelOfServer,
  modelWanted,
  serverFromEnvironment,
} from '../../../../src/authors/llm/environment.js';
import { UserError } from '../../../../src/domain/errors.js';

const KEY = 'sk-proj-0123456789';

function refused(environment: NodeJS.ProcessEnv): UserError {
  try {
    modelFromEnvironment(environment);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('modelFromEnvironment', () => {
  it('chooses Responses for OpenAI and Chat Completions for others, unless told otherwise', () => {
    const own = { AUTOMLGEN_MODEL: ' m ', OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1/' };
    expect(modelFromEnvironment({ AUTOMLGEN_MODEL: 'm', OPENAI_API_KEY: KEY })).toMatchObject({
      name: 'm',
      where: 'OpenAI',
      model: { api: 'responses' },
    });
    expect(modelFromEnvironment(own)).toMatchObject({
      name: 'm',
      where: 'http://127.0.0.1:8000/v1',
      model: { api: 'chat' },
    });
    expect(modelFromEnvironment({ ...own, AUTOMLGEN_MODEL_API: 'responses' }).model.api).toBe('responses');
    expect(modelFromEnvironment({ ...own, OPENAI_API_KEY: '' }).model.api).toBe('chat');
  });

  it('says what is missing and what to do', () => {
    expect(refused({ OPENAI_API_KEY: KEY })).toMatchObject({
      code: 'model-missing',
      next: expect.stringContaining('stub-model'),
    });
    expect(refused({ AUTOMLGEN_MODEL: 'm' })).toMatchObject({
      code: 'model-key-missing',
      next: expect.stringContaining('OPENAI_BASE_URL'),
    });
    expect(refused({ AUTOMLGEN_MODEL: 'm', OPENAI_API_KEY: KEY, AUTOMLGEN_MODEL_API: 'soap' })).toMatchObject({
      code: 'model-setting-invalid',
      message: expect.stringContaining('soap'),
    });
  });

  it.each(['localhost:8000', 'ftp://host/v1', 'http://', 'http://user:secret@host/v1', 'http://host/v1?key=secret'])(
    'refuses %s without repeating a secret',
    (url) => {
      const error = refused({ AUTOMLGEN_MODEL: 'm', OPENAI_BASE_URL: url });
      expect(error.code).toBe('model-setting-invalid');
      expect(`${error.message} ${error.next}`).not.toContain('secret');
    },
  );

  it('refuses a key that no header can carry, without repeating it', () => {
    const error = refused({ AUTOMLGEN_MODEL: 'm', OPENAI_API_KEY: `${KEY}\nsecond` });
    expect(error.code).toBe('model-setting-invalid');
    expect(error.message).not.toContain(KEY);
  });

  it('takes a key alone for no wish', () => {
    expect(modelWanted({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://h/v1' })).toBe(false);
    expect(modelWanted({ AUTOMLGEN_MODEL: ' ' })).toBe(false);
    expect(modelWanted({ AUTOMLGEN_MODEL: 'm' })).toBe(true);
  });
});

describe('the server of a run', () => {
  const SERVER = 'http://127.0.0.1:8000/v1';
  /** What the adapter would send, told by a server that is not there: only its address and key matter. */
  const headersOf = async (settings: ModelServer, environment: NodeJS.ProcessEnv): Promise<string | null> => {
    const seen: (string | null)[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = async (_input, init) => {
      seen.push(new Headers(init?.headers).get('authorization'));
      return new Response('{"error": {"message": "no"}}', { status: 400 });
    };
    try {
      const { model } = modelOfServer(settings, environment);
      const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi.' }], maxOutputTokens: 10 };
      await model.complete(request, { signal: new AbortController().signal }).catch(() => undefined);
    } finally {
      globalThis.fetch = real;
    }
    return seen[0] ?? null;
  };

  it('is noted without a secret, and read back to the same one', () => {
    const environment = { OPENAI_BASE_URL: `${SERVER}//`, OPENAI_API_KEY: KEY, AUTOMLGEN_MODEL_API: 'responses' };
    const noted = serverFromEnvironment(environment);
    expect(noted).toEqual({ server: SERVER, api: 'responses' });
    expect(modelOfServer(noted, {})).toMatchObject({ where: SERVER, model: { api: 'responses' } });
    expect(serverFromEnvironment({ OPENAI_API_KEY: KEY })).toEqual({});
  });

  it('gets the key of the environment only when it is the server of the environment', async () => {
    const environment = { OPENAI_BASE_URL: SERVER, OPENAI_API_KEY: KEY };
    expect(await headersOf({ server: SERVER }, environment)).toBe(`Bearer ${KEY}`);
    expect(await headersOf({}, environment)).toBe(`Bearer ${KEY}`);
    expect(await headersOf({ server: 'http://127.0.0.1:9999/v1' }, environment)).toBeNull();
    expect(await headersOf({ server: SERVER }, { OPENAI_API_KEY: KEY })).toBeNull();
  });

  it.each(['/run/secrets/key', './key.txt', '~/.key', '@key', 'file:key'])('refuses the file %s for a key', (file) => {
    const error = refused({ AUTOMLGEN_MODEL: 'm', OPENAI_API_KEY: file });
    expect(error).toMatchObject({ code: 'model-setting-invalid', message: expect.stringContaining('file') });
  });

  it('refuses a key for a name, which is stored and shown, without repeating it', () => {
    const error = refused({ AUTOMLGEN_MODEL: KEY, OPENAI_API_KEY: KEY });
    expect(error.code).toBe('model-setting-invalid');
    expect(`${error.message} ${error.next}`).not.toContain(KEY);
    expect(() => checkModelName('meta-llama/Llama-3.1-70B-Instruct', '--model')).not.toThrow();
  });
});
