/** Long texts within a budget: what an author needs stays, and nothing passes the budget. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { budgetedView, type ViewKind } from '../../../../../src/authors/llm/views/budgeted.js';
import { loadTokenCounter } from '../../../../../src/authors/llm/views/tokens.js';

const count = (text: string): number => Math.ceil(text.length / 4);
const KINDS: readonly ViewKind[] = ['log', 'code', 'table', 'description', 'text'];

const LOG = [
  'reading',
  ...Array.from({ length: 400 }, (_, index) => `fold ${index} of 400: loss 0.${index}`),
  'UserWarning: X does not have valid feature names',
  'KeyError: first sign of trouble, caught and printed',
  ...Array.from({ length: 200 }, (_, index) => `row ${index} is ${'abcdefgh'.slice(index % 8)} today`),
  'Traceback (most recent call last):',
  '  File "/job/program.py", line 90, in <module>',
  '    main()',
  '  File "/job/program.py", line 71, in main',
  '    model.fit(x, y)',
  'ValueError: Input X contains NaN.',
  'That was all.',
].join('\n');

const CODE = [
  'import numpy as np',
  'from lightgbm import LGBMRegressor',
  ...Array.from({ length: 30 }, (_, index) => [
    '',
    `def step_${index}(table, level=${index}):`,
    ...Array.from({ length: 20 }, (_, line) => `    part_${line} = table * ${line} + level`),
    `    return part_19`,
  ]).flat(),
  'model = LGBMRegressor(num_leaves=15)',
  'model.fit(x, y)',
].join('\n');

const DESCRIPTION = [
  '# A contest',
  ...Array.from({ length: 60 }, () => 'Welcome to the contest, which is held for the tenth time this year.'),
  '## Prizes',
  ...Array.from({ length: 60 }, () => 'The winner gets a large cup and a small cup.'),
  '## Evaluation',
  'Submissions are scored by the root mean squared error.',
  '## Data',
  'The column `w` is the weight in grams.',
].join('\n');

describe('budgetedView', () => {
  test('keeps what fits as it is', () => {
    for (const kind of KINDS) expect(budgetedView(LOG, kind, 100_000, count)).toBe(LOG);
    expect(budgetedView('', 'log', 10, count)).toBe('');
    expect(budgetedView('x', 'log', 0, count)).toBe('');
  });

  test('log: the last traceback and the first error outlive everything else', () => {
    const view = budgetedView(LOG, 'log', 150, count);
    expect(view).toContain('Traceback (most recent call last):');
    expect(view).toContain('    model.fit(x, y)');
    expect(view).toContain('ValueError: Input X contains NaN.');
    expect(view).toContain('KeyError: first sign of trouble');
    expect(view).toMatch(/\[… \d+ lines?\]/);
    expect(budgetedView(LOG, 'log', 30, count)).toContain('ValueError: Input X contains NaN.');
  });

  test('log: lines that repeat are counted, so that more of the others is seen', () => {
    const view = budgetedView(LOG, 'log', 2_300, count);
    expect(view.match(/^fold/gm)?.length).toBe(2);
    expect(view).toContain('[… 398 more lines like these]');
    expect(view).toContain('reading');
  });

  test('code: signatures, what is fitted and imports come before bodies', () => {
    const view = budgetedView(CODE, 'code', 800, count);
    for (let index = 0; index < 30; index += 1) expect(view).toContain(`def step_${index}(table, level=${index}):`);
    expect(view).toContain('model = LGBMRegressor(num_leaves=15)');
    expect(view).toContain('from lightgbm import LGBMRegressor');
    expect(view).not.toContain('part_17');
    expect(view.split('\n').indexOf('def step_1(table, level=1):')).toBeGreaterThan(
      view.split('\n').indexOf('def step_0(table, level=0):'),
    );
  });

  test('description: evaluation and data outlive prizes and greetings', () => {
    const view = budgetedView(DESCRIPTION, 'description', 150, count);
    expect(view).toContain('root mean squared error');
    expect(view).toContain('weight in grams');
    expect(view).toContain('## Prizes');
    expect(view).not.toContain('cup');
  });

  test('table: the names and the first rows', () => {
    const table = ['a,b', ...Array.from({ length: 500 }, (_, index) => `${index},${index * 2}`)].join('\n');
    const lines = budgetedView(table, 'table', 60, count).split('\n');
    expect(lines.slice(0, 3)).toEqual(['a,b', '0,0', '1,2']);
    expect(lines.at(-1)).toMatch(/^\[… 4\d\d lines\]$/);
  });

  test('a line without end is cut, and the cut is told', () => {
    const view = budgetedView(`short\n${'9'.repeat(50_000)}\nlast`, 'log', 400, count);
    expect(view).toContain('[… 49400 characters]');
    expect(view).toContain('last');
  });

  test('never passes its budget, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 900 }),
      fc.constantFrom('Traceback (most recent call last):', 'ValueError: x', 'def f(x):', '## Data', '', '   '),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 60 }),
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 600 }),
        (lines, kind, tokens) => {
          const view = budgetedView(lines.join('\n'), kind, tokens, count);
          expect(count(view)).toBeLessThanOrEqual(tokens);
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });
});

describe('the token counter', () => {
  test('is exact for plain text, takes marks of chat templates for text, and survives words without end', async () => {
    const tokens = await loadTokenCounter();
    expect(tokens('')).toBe(0);
    expect(tokens('hello world')).toBe(2);
    expect(tokens('<|endoftext|>')).toBeGreaterThan(3);
    const started = performance.now();
    const sum = ['a', '漢', '~', ' ', '0'].map((letter) => tokens(letter.repeat(50_000)));
    expect(performance.now() - started).toBeLessThan(20_000);
    for (const each of sum) expect(each).toBeGreaterThanOrEqual(500);
    const prose = 'The quick brown fox jumps over the lazy dog. '.repeat(50);
    expect(tokens(`${prose}${'x'.repeat(900)}${prose}`)).toBeGreaterThan(tokens(prose) * 2);
  });
});
