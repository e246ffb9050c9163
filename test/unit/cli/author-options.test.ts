/** Options of the model author: what a run is told, what is refused before anything is started, and what never enters a run. */
import { describe, expect, it } from '@jest/globals';
import { authorLines, authorshipOf, type RawAuthor } from '../../../src/cli/author-options.js';
import { UserError } from '../../../src/domain/errors.js';

const KEY = 'sk-canary-3141592653589793';
const OPENAI = { OPENAI_API_KEY: KEY };
const OWN = { OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1', OPENAI_API_KEY: KEY };

function refused(raw: RawAuthor, environment: NodeJS.ProcessEnv = {}): UserError {
  try {
    authorshipOf(raw, environment);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('who writes the programs', () => {
  it('is the composer, whatever the environment holds for others', () => {
    expect(authorshipOf({}, { ...OPENAI, AUTOMLGEN_MODEL: 'gpt-5' })).toEqual({
      author: 'composer',
      caps: {},
      prices: {},
    });
    expect(authorLines(authorshipOf({}, {}))).toEqual([]);
  });

  it('is the model that is named, at the server of the environment, without its key', () => {
    const made = authorshipOf(
      { author: 'mixed', model: 'gpt-5-mini', review: false, draft: 'stepwise', contextTokens: '32000', maxUsd: '2' },
      OWN,
    );
    expect(made).toMatchObject({
      author: 'mixed',
      model: {
        name: 'gpt-5-mini',
        review: false,
        draft: 'stepwise',
        contextTokens: 32_000,
        server: OWN.OPENAI_BASE_URL,
      },
      caps: { usd: 2 },
      prices: { 'gpt-5-mini': { input: 0.25 } },
    });
    expect(JSON.stringify(made)).not.toContain('canary');
    expect(authorLines(made).join()).toContain(OWN.OPENAI_BASE_URL);
  });

  it('may be named by the environment, and the option comes first', () => {
    const environment = { ...OPENAI, AUTOMLGEN_MODEL: 'gpt-5' };
    expect(authorshipOf({ author: 'llm' }, environment).model).toMatchObject({ name: 'gpt-5', review: true });
    expect(authorshipOf({ author: 'llm', model: 'gpt-4o' }, environment).model?.name).toBe('gpt-4o');
  });

  it('may be a stub, which needs neither name nor key, with prices that say what they are', () => {
    const made = authorshipOf({ author: 'llm', stub: '--faults 0.1  --seed 3', maxUsd: '0.1' }, OPENAI);
    expect(made).toMatchObject({
      stub: ['--faults', '0.1', '--seed', '3'],
      model: { name: 'stub-model' },
      caps: { usd: 0.1 },
    });
    expect(made.model).not.toHaveProperty('server');
    expect(made.prices['stub-model']?.source).toContain('nobody is charged');
    expect(authorLines(made).join()).toContain('nobody is charged');
    expect(authorshipOf({ author: 'mixed', stub: true }, {}).stub).toEqual([]);
    const own = authorshipOf({ author: 'llm', stub: true, price: ['stub-model=3,9'] }, {});
    expect(own.prices['stub-model']).toMatchObject({ input: 3, output: 9 });
  });

  it('is not asked of workers elsewhere for their key', () => {
    const elsewhere = { AUTOMLGEN_WORKER: 'none' };
    expect(authorshipOf({ author: 'llm', model: 'gpt-5' }, elsewhere).model?.name).toBe('gpt-5');
    expect(refused({ author: 'llm', model: 'gpt-5' })).toMatchObject({ code: 'model-key-missing' });
  });

  it.each<[string, RawAuthor, NodeJS.ProcessEnv, string, RegExp]>([
    ['no model', { author: 'llm' }, OPENAI, 'model-missing', /--model/],
    ['an unknown author', { author: 'gpt' }, OPENAI, 'option-invalid', /gpt/],
    ['a key for a name', { author: 'llm', model: KEY }, OPENAI, 'model-setting-invalid', /--model looks like a key/],
    [
      'a key for a reviewer',
      { author: 'llm', model: 'm', reviewer: KEY },
      OPENAI,
      'model-setting-invalid',
      /--reviewer/,
    ],
    [
      'a file for a key',
      { author: 'llm', model: 'm' },
      { OPENAI_API_KEY: '/run/key' },
      'model-setting-invalid',
      /file/,
    ],
    ['a model without its author', { model: 'gpt-5' }, OPENAI, 'option-invalid', /--model has no effect/],
    ['a cap without its author', { maxTokens: '5' }, {}, 'option-invalid', /--max-tokens has no effect/],
    ['no review without its author', { review: false }, {}, 'option-invalid', /--no-review has no effect/],
    ['a draft without its author', { draft: 'single' }, {}, 'option-invalid', /--draft has no effect/],
    ['a context without its author', { contextTokens: '9000' }, {}, 'option-invalid', /--context-tokens has no effect/],
    ['a stub for another model', { author: 'llm', stub: true, model: 'gpt-5' }, {}, 'option-invalid', /gpt-5/],
    ['a manner of drafting', { author: 'llm', stub: true, draft: 'double' }, {}, 'option-invalid', /double/],
    ['a context for nothing', { author: 'llm', stub: true, contextTokens: '100' }, {}, 'option-invalid', /4000/],
    ['money without a price', { author: 'llm', model: 'mine', maxUsd: '1' }, OPENAI, 'price-unknown', /mine/],
  ])('refuses %s, with a next step and without repeating a key', (_name, raw, environment, code, words) => {
    const error = refused(raw, environment);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(`${error.message} ${error.next}`).not.toContain('canary');
    expect(error.next.length).toBeGreaterThan(10);
  });
});
