import { describe, expect, test } from '@jest/globals';
import { parsePredicate } from '../../../src/domain/predicate-parse.js';
import { decide, type Verdict } from '../../../src/domain/predicates.js';
import { strangeValues } from '../../../src/knowledge/predicate-vocabulary.js';
import { cardWith } from '../../support/knowledge.js';

const card = cardWith();

describe('deciding', () => {
  const cases: readonly (readonly [string, Verdict])[] = [
    ['rows < 10000', 'true'],
    ['rows >= 3250', 'true'],
    ['rows > 3250', 'false'],
    ['columns = 2', 'true'],
    ['missing > 1.5%', 'true'],
    ['missing > 5%', 'false'],
    ['levels > 10', 'true'],
    ['targetMin >= 0', 'true'],
    ['modality = tabular', 'true'],
    ['metric in {rmse, mae}', 'true'],
    ['metric in {qwk}', 'false'],
    ['metric != rmse', 'false'],
    ['regime has small', 'true'],
    ['not regime has grouped', 'true'],
    ['kinds has category', 'true'],
    ['kinds has number', 'false'],
    ['package(xgboost)', 'true'],
    ['package(torch)', 'false'],
    ['rows < 10000 and modality = tabular', 'true'],
    ['rows > 10000 or rows < 5000 and columns > 1', 'true'],
    ['(rows > 10000 or rows < 5000) and columns > 9', 'false'],
    ['rows > 200000: start with a tenth of the rows', 'false'],
    ['classes >= 3', 'unknown'],
    ['signal is linear and rows < 500: try ridge first', 'false'],
    ['signal is linear and rows < 5000: try ridge first', 'unknown'],
    ['signal is linear or rows < 5000', 'true'],
    ['not signal is linear', 'unknown'],
  ];
  test.each(cases)('%s is %s', (line, verdict) => {
    expect(decide(line, card)).toBe(verdict);
  });

  test('a line that does not parse is unknown, so that a search goes on', () => {
    expect(decide('rows <', card)).toBe('unknown');
  });
});

describe('parsing', () => {
  test('and binds tighter than or, not tighter than both', () => {
    const predicate = parsePredicate('rows < 1 or not rows < 2 and rows < 3');
    expect(predicate).toMatchObject({ kind: 'or', right: { kind: 'and', left: { kind: 'not' } } });
  });

  const faults: readonly (readonly [string, RegExp])[] = [
    ['row < 100', /`row` at 1 is no fact.*rows, testRows/],
    ['rows 100', /`100` at 6 where a comparison/],
    ['rows < 100 200', /`200` at 12 where `and`, `or` or the end/],
    ['metric in {rmse', /where `}` belongs/],
    ['regime grouped', /`grouped` at 8 where `has` belongs/],
    ['(rows < 3', /where `\)` belongs/],
    ['rows < 10 § 3', /`§` at 11 begins no word/],
    ['signal is', /no judgement/],
    ['', /no fact/],
  ];
  test.each(faults)('%s is refused with the place', (line, message) => {
    expect(() => parsePredicate(line)).toThrow(message);
  });

  test('names that a fact never has are told', () => {
    expect(strangeValues(parsePredicate('metric in {rmse, rsme} and modality = tabular'))).toEqual([
      'metric is never `rsme`',
    ]);
    expect(strangeValues(parsePredicate('rows = many or regime has sparse'))).toHaveLength(2);
  });
});
