import { describe, expect, test } from '@jest/globals';
import { facetFit, objection } from '../../../src/knowledge/facets.js';
import type { Prior } from '../../../src/knowledge/priors.js';
import { expectedGain, NO_PRIOR } from '../../../src/knowledge/priors.js';
import { createRetriever } from '../../../src/knowledge/retrieve.js';
import { cardWith, entryWith, requestWith } from '../../support/knowledge.js';

const none = new Map<string, Prior>();

describe('hard filters', () => {
  const card = cardWith();
  test.each([
    [{ modalities: ['text-classification'] }, 'not for tabular'],
    [{ taskTypes: ['binary'] }, 'not for regression'],
    [{ kind: 'metric-playbook' as const, metrics: ['auc'] }, 'not for rmse'],
    [{ deps: ['torch>=2'] }, 'needs torch'],
    [{ deps: ['lightgbm>=5'] }, 'needs lightgbm'],
    [{ whenNot: ['rows < 5000: too few'] }, 'not when rows < 5000: too few'],
  ])('%j', (fields, reason) => {
    expect(objection(entryWith({ id: 'model.a.b', ...fields }), card)).toBe(reason);
  });

  test('what cannot be decided, or is met under another name, does not exclude', () => {
    const entry = entryWith({
      id: 'model.a.b',
      whenNot: ['signal is linear', 'classes > 3', 'rows <'],
      deps: ['xgboost>=2', 'sklearn'],
      modalities: ['tabular'],
    });
    expect(objection(entry, card)).toBeUndefined();
  });

  test('an ordinal target is served by classifiers and by regressors, an unprobed environment by every package', () => {
    const ordinal = cardWith({ taskType: 'ordinal', metric: 'qwk', packages: {} });
    expect(objection(entryWith({ id: 'model.a.b', taskTypes: ['regression'] }), ordinal)).toBeUndefined();
    expect(objection(entryWith({ id: 'model.a.b', taskTypes: ['count'] }), ordinal)).toBe('not for ordinal');
    expect(objection(entryWith({ id: 'model.a.b', deps: ['torch'] }), ordinal)).toBeUndefined();
  });

  test('a group of modalities stands for its members', () => {
    const text = cardWith({ modality: 'text-classification' });
    expect(objection(entryWith({ id: 'model.a.b', modalities: ['text'] }), text)).toBeUndefined();
    expect(objection(entryWith({ id: 'model.a.b', modalities: ['tex'] }), text)).toBe('not for text-classification');
  });
});

describe('ranking', () => {
  test('the more of an entry fits the card, the higher it stands', () => {
    const fields = { metrics: ['rmse'], whenToUse: ['rows < 5000'] };
    const entries = [
      entryWith({ id: 'model.a.against', whenToUse: ['rows > 5000'] }),
      entryWith({ id: 'model.a.plain' }),
      entryWith({ id: 'model.a.specific', ...fields }),
    ];
    const ids = createRetriever(entries)(requestWith(), none).map(({ entry }) => entry.id);
    expect(ids).toEqual(['model.a.specific', 'model.a.plain', 'model.a.against']);
    expect(facetFit(entries[2]!, cardWith())).toBeGreaterThan(facetFit(entries[1]!, cardWith()));
  });

  test('the order of the entries does not matter, and a repeat gives the same', () => {
    const entries = ['c', 'a', 'b', 'd'].map((slug) => entryWith({ id: `model.x.${slug}`, name: `ridge ${slug}` }));
    const request = requestWith({ question: 'ridge b' });
    const first = createRetriever(entries)(request, none);
    const second = createRetriever([...entries].reverse())(request, none);
    expect(second).toEqual(first);
    expect(first[0]?.entry.id).toBe('model.x.b');
    expect(first.slice(1).map(({ entry }) => entry.id)).toEqual(['model.x.a', 'model.x.c', 'model.x.d']);
  });

  test('one of each family comes before two of one, within the best only', () => {
    const trees = ['one', 'two', 'three'].map((slug) =>
      entryWith({ id: `model.trees.${slug}`, family: 'trees', metrics: ['rmse'] }),
    );
    const entries = [...trees, entryWith({ id: 'model.linear.ridge', family: 'linear' })];
    const of = (limit: number): string[] =>
      createRetriever(entries)(requestWith({ limit }), none).map(({ entry }) => entry.id);
    expect(of(2)).toEqual(['model.trees.one', 'model.linear.ridge']);
    expect(of(4).slice(2)).toEqual(['model.trees.three', 'model.trees.two']);
    expect(of(1)).toEqual(['model.trees.one']);
  });

  test('what runs taught moves an entry up, and repeated failure down', () => {
    const entries = ['good', 'new', 'poor'].map((slug) => entryWith({ id: `model.x.${slug}` }));
    const priors = new Map<string, Prior>([
      ['model.x.good', { trials: 10, successes: 9, measured: 9, gainSum: 4, seconds: 10 }],
      ['model.x.poor', { trials: 10, successes: 0, measured: 0, gainSum: 0, seconds: 10 }],
    ]);
    const recalled = createRetriever(entries)(requestWith(), priors);
    expect(recalled[0]?.entry.id).toBe('model.x.good');
    expect(recalled[0]?.why).toContain('prior 0.27');
    expect(recalled.find(({ entry }) => entry.id === 'model.x.poor')?.why).toContain('prior -0.18');
  });

  test('one lucky use weighs less than many good ones', () => {
    const once = { ...NO_PRIOR, trials: 1, successes: 1, measured: 1, gainSum: 0.5 };
    const often = { ...NO_PRIOR, trials: 20, successes: 20, measured: 20, gainSum: 6 };
    expect(expectedGain(often)).toBeGreaterThan(expectedGain(once));
    expect(expectedGain(NO_PRIOR)).toBe(0);
  });
});

describe('by operator', () => {
  const entries = [
    entryWith({ id: 'model.linear.ridge', requires: ['data.cleaning.impute'] }),
    entryWith({ id: 'model.trees.forest' }),
    entryWith({ id: 'data.cleaning.impute', kind: 'cleaning' }),
    entryWith({ id: 'data.feature.ratios', kind: 'feature' }),
    entryWith({ id: 'strategy.metric-playbook.rmse', kind: 'metric-playbook', metrics: ['rmse'] }),
    entryWith({ id: 'strategy.ensemble.mean', kind: 'ensemble' }),
    entryWith({
      id: 'strategy.debug.nan',
      kind: 'debug-recipe',
      modalities: ['image-classification'],
      signature: 'contains NaN',
    }),
    entryWith({ id: 'strategy.debug.other', kind: 'debug-recipe', signature: 'contains infinity' }),
  ];
  const recall = createRetriever(entries);
  const ids = (fields: Parameters<typeof requestWith>[0]): string[] =>
    recall(requestWith(fields), none).map(({ entry }) => entry.id);

  test('debug puts the recipe whose signature is in the error first, whatever the card', () => {
    const question = 'Traceback …\nValueError: Input X contains NaN.\n';
    const [first] = recall(requestWith({ operator: 'debug', question }), none);
    expect(first?.entry.id).toBe('strategy.debug.nan');
    expect(first?.why).toContain('signature');
    expect(ids({ operator: 'debug', question: 'no known error' })).not.toContain('strategy.debug.nan');
  });

  test('debug recipes are for debug only', () => {
    for (const operator of ['draft', 'evolve', 'fuse', 'aggregate', 'improve'] as const) {
      expect(ids({ operator, question: 'contains NaN' }).filter((id) => id.includes('.debug.'))).toEqual([]);
    }
  });

  test('draft is about models and the playbook, features about data, strategy about strategy', () => {
    expect(ids({ operator: 'draft', limit: 3 }).sort()).toEqual([
      'model.linear.ridge',
      'model.trees.forest',
      'strategy.metric-playbook.rmse',
    ]);
    expect(ids({ operator: 'improve', variant: 'features' })).toEqual(['data.feature.ratios', 'data.cleaning.impute']);
    expect(ids({ operator: 'improve', variant: 'strategy' })).toEqual([
      'strategy.metric-playbook.rmse',
      'strategy.ensemble.mean',
    ]);
  });

  test('tune begins with what is in use, other moves with what goes with it', () => {
    expect(ids({ operator: 'improve', variant: 'tune', inUse: ['model.trees.forest'] })[0]).toBe('model.trees.forest');
    const features = recall(
      requestWith({ operator: 'improve', variant: 'features', inUse: ['model.linear.ridge'] }),
      none,
    );
    expect(features[0]?.entry.id).toBe('data.cleaning.impute');
    expect(features[0]?.why).toContain('goes with one in use');
  });
});
