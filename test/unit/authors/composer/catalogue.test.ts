/** What an entry says against itself means the same to the composer as to recall. */
import { expect, test } from '@jest/globals';
import { type Component, fits } from '../../../../src/authors/composer/catalogue.js';
import type { KnowledgeEntry } from '../../../../src/domain/knowledge-entry.js';
import type { TaskCard } from '../../../../src/domain/task-card.js';
import { objection } from '../../../../src/knowledge/facets.js';
import { PREPARED } from '../../../support/memory-store.js';

/** 100 rows, one numeric column, regression. */
const CARD: TaskCard = PREPARED.card;

function against(whenNot: readonly string[], deps: readonly string[] = []): Component {
  const entry = {
    whenNot,
    deps,
    kind: 'component',
    modalities: ['tabular'],
    whenToUse: [],
  } as unknown as KnowledgeEntry;
  return { id: 'model.linear.ridge', slot: 'model', entry } as unknown as Component;
}

test.each<[string, boolean]>([
  ['rows > 50', false],
  ['rows > 50: slow', false],
  ['rows > 50.5', false],
  ['rows > 100', true],
  ['rows = 100', false],
  ['rows > 50 and columns < 2', false],
  ['rows > 50 and columns > 2', true],
  ['rows > 500 or columns = 1', false],
  ['taskType in {regression, count}: no classes', false],
  ['kinds has number', false],
  ['kinds has text', true],
  ['not kinds has text', false],
  ['not regime has temporal', false],
  ['regime has tiny', false],
  ['not (rows > 500)', false],
  ['classes > 3', true],
  ['data is messy', true],
  ['rows >', true],
])('%s', (line, usable) => {
  const component = against([line]);
  expect(fits(component, CARD)).toBe(usable);
  expect(objection(component.entry, CARD) === undefined).toBe(usable);
});

test('a package under another of its names is there, one that is not installed is not', () => {
  const card = { ...CARD, packages: { 'scikit-learn': '1.9.0', 'xgboost-cpu': '3.0.0', 'opencv-python': '4.9' } };
  expect(fits(against([], ['sklearn', 'xgboost', 'cv2']), card)).toBe(true);
  expect(fits(against([], ['sklearn', 'lightgbm>=4']), card)).toBe(false);
  expect(fits(against([], ['lightgbm']), { ...card, packages: {} })).toBe(true);
});
