import { describe, expect, it } from '@jest/globals';
import { modelFromEnvironment, modelWanted } from '../../../../src/authors/llm/environment.js';
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
