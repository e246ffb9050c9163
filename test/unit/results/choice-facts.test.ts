import { describe, expect, it } from '@jest/globals';
import type { FinalChoice } from '../../../src/domain/evaluation.js';
import { nodeIdOf } from '../../../src/domain/ids.js';
import type { DecisionRule } from '../../../src/domain/recipe.js';
import type { Score } from '../../../src/domain/score.js';
import { choiceFacts, memberRows, overText } from '../../../src/results/choice-facts.js';
import { BLEND, choiceOf, SINGLE, score } from '../../support/final-choice.js';

const n9 = nodeIdOf(9);

const factOf = (choice: FinalChoice, name: string): string =>
  choiceFacts(choice).find(([found]) => found === name)?.[1] ?? 'absent';

describe('the facts of a choice', () => {
  it('says how the answer is made, decision rule included', () => {
    expect(factOf(choiceOf(), 'Answer')).toBe(
      'the mean of the members’ probabilities; the positive class from 0.313 on.',
    );
    const single = choiceOf({ chosen: SINGLE, averaging: 'none', recipe: { averaging: 'none', modelsPerMember: 1 } });
    expect(factOf(single, 'Answer')).toBe('absent');
    const folds = choiceOf({
      recipe: { averaging: 'values', modelsPerMember: 5, clip: [[0, 1]] },
      averaging: 'values',
    });
    expect(factOf(folds, 'Answer')).toMatch(/numbers; each member the mean of its 5 fold models; kept to the range/);
  });

  it.each<[DecisionRule, RegExp]>([
    [{ kind: 'most-probable' }, /no tuned rule was better/],
    [{ kind: 'scaled', divisors: [0.5, 0.25, 0.2501] }, /divided by 0.5, 0.25, 0.25\./],
    [{ kind: 'thresholds', thresholds: Array.from({ length: 20 }, (_, i) => i / 20) }, /0, 0.05, .* and 8 more/],
    [{ kind: 'cuts', cuts: [1.2345, 2.5], order: [0, 1, 2], levels: [1, 2, 3] }, /cut at 1.23, 2.5/],
  ])('puts the rule %o into words', (rule, words) => {
    expect(factOf(choiceOf({ recipe: { averaging: 'probabilities', modelsPerMember: 1, rule } }), 'Answer')).toMatch(
      words,
    );
  });

  it.each<[Score['source'], RegExp]>([
    ['hidden', /0\.8101 ± 0\.0040\. .*search rows.* 617 rows that took no part/],
    ['folds', /Cross-fitted over 617 rows/],
    ['hidden-unprotected', /no sandbox kept the programs/],
    ['script', /0\.8101 ± n\/a, self-reported/],
  ])('says what an estimate of source %s is worth', (source, words) => {
    expect(factOf(choiceOf({ estimate: score(0.8101, { rows: 617, source }) }), 'Estimate')).toMatch(words);
  });

  it('tells a tie from a clear win, and no runner-up from either', () => {
    const behind = (gap: number) =>
      factOf(
        choiceOf({ runnerUp: { nodeId: n9, pooled: score(0.8), behind: gap, behindPairedSE: 0.01 } }),
        'Runner-up',
      );
    expect([behind(0.01), behind(0.02), behind(0.0201)].map((text) => text.split(': ')[1])).toEqual([
      'a tie.',
      'hardly told apart.',
      'told apart.',
    ]);
    expect(behind(0.01)).toContain('n9 alone with 0.8000 ± 0.0040, 0.0100 ± 0.010 behind n7');
    expect(factOf(choiceOf({ runnerUp: undefined }), 'Runner-up')).toContain('one program');
  });

  it('claims no optimism where none was measured', () => {
    expect(factOf(choiceOf({ optimism: -0.001 }), 'Optimism')).toMatch(/^none found/);
    expect(factOf(choiceOf(), 'Optimism')).toMatch(/0\.00210 better/);
    expect(factOf(choiceOf({ estimate: score(1, { source: 'script' }) }), 'Optimism')).toMatch(/^unknown/);
  });
});

describe('the cells of a choice', () => {
  it('shows differences with their paired error and sign', () => {
    expect(overText(BLEND)).toBe('+0.00340 ± 0.0012 (2.8 SE)');
    expect(overText({ ...BLEND, overSingle: -0.5, overSinglePairedSE: 0.25 })).toBe('−0.500 ± 0.25 (2.0 SE)');
    expect(overText({ ...BLEND, overSinglePairedSE: 0 })).not.toContain('SE');
    expect(overText(SINGLE)).toBe('–');
    expect(overText({ ...BLEND, pooled: score(1, { source: 'script' }) })).toBe('–');
  });

  it('lists members by weight with what became of their refits', () => {
    expect(memberRows(choiceOf())).toEqual([
      ['n7', '0.63', 'refit used: rank correlation 0.990'],
      ['n3', '0.38', 'refit not used: rank correlation 0.700, below 0.9'],
    ]);
    expect(memberRows(choiceOf({ refits: undefined })).map((row) => row[2])).toEqual([
      'not written yet',
      'not written yet',
    ]);
  });
});
