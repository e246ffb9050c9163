import { describe, expect, it } from '@jest/globals';
import { Plan } from '../../../../src/authors/composer/plan.js';
import { proposeMany, realComposer } from '../../../support/composer.js';
import { requestFor, TOY_CARDS } from '../../../support/composer-tasks.js';

describe('drafts', () => {
  it.each(Object.keys(TOY_CARDS))('offers at least 20 different programs for %s, in several families', async (name) => {
    const drafts = await proposeMany(realComposer(), requestFor(TOY_CARDS[name]!), 24);
    expect(new Set(drafts.map((draft) => draft.program)).size).toBe(24);
    expect(new Set(drafts.slice(0, 12).map((draft) => draft.family)).size).toBeGreaterThanOrEqual(3);
    for (const draft of drafts) expect(Plan.safeParse(draft.plan).success).toBe(true);
  });

  it('writes what a person would: short, no template marks, imports only what it uses', async () => {
    for (const card of Object.values(TOY_CARDS)) {
      for (const { program } of await proposeMany(realComposer(), requestFor(card), 20)) {
        expect(program.split('\n').length).toBeLessThanOrEqual(190);
        expect(program).not.toMatch(/#:|__[a-z]|undefined|automlgen/);
        for (const [, name] of program.matchAll(/^import \w+ as (\w+)$/gm)) {
          expect(program.split('\n').some((line) => new RegExp(`\\b${name}\\.`).test(line))).toBe(true);
        }
      }
    }
  });

  it('writes probabilities beside labels, unless a class is called like the id column', async () => {
    const card = TOY_CARDS.multiclass!;
    const renamed = { ...card, classes: ['de', card.idColumn, 'fr'] };
    const [usual] = await proposeMany(realComposer(), requestFor(card), 1);
    const [special] = await proposeMany(realComposer(), requestFor(renamed), 1);
    expect(usual?.program).toContain('working/probabilities.csv');
    expect(special?.program).not.toContain('working/probabilities.csv');
    expect(special?.program).toContain('working/submission.csv');
  });

  it('does not import a boosting library for a linear model', async () => {
    const drafts = await proposeMany(realComposer(), requestFor(TOY_CARDS.regression!), 24);
    const linear = drafts.filter((draft) => draft.family === 'linear');
    expect(linear.length).toBeGreaterThan(2);
    for (const { program } of linear) expect(program).not.toContain('lightgbm');
  });

  it('names the entries that shaped a program', async () => {
    const [first] = await proposeMany(realComposer(), requestFor(TOY_CARDS.regression!), 1);
    expect(first?.knowledge).toContain('model.tabular-trees.lightgbm-slow-small');
    expect(first?.summary).toMatch(/LightGBM/);
  });
});
