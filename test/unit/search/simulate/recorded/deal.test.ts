/** Rows dealt anew for each seed: all of them once, groups whole, scores those of the rows. */
import { describe, expect, it } from '@jest/globals';
import { dealt } from '../../../../../src/search/simulate/recorded/deal.js';
import { recordedWorld } from '../../../../../src/search/simulate/recorded/recorded-world.js';
import { FAILED, HIDDEN, naiveScore, TEST, tinyRecording } from '../../../../support/tiny-recording.js';

describe('a deal', () => {
  it('has every row once, on one of the two sides', () => {
    const recording = tinyRecording('rmse');
    const other = dealt(recording, 3);
    expect([other.rows.hidden, other.rows.test]).toEqual([HIDDEN, TEST]);
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    expect(sorted(other.predictions(1))).toEqual(sorted(recording.predictions(1)));
    expect(sorted(other.rows.truth?.flat() ?? [])).toEqual(sorted(recording.rows.truth?.flat() ?? []));
    expect([...other.predictions(1)]).not.toEqual([...recording.predictions(1)]);
  });

  it('keeps prediction and truth of a row together: scores are those of its rows', () => {
    const other = dealt(tinyRecording('auc'), 4);
    const [hidden = [], test = []] = other.rows.truth ?? [];
    const values = [...other.predictions(2)];
    expect(other.programs[2]?.search).toBeCloseTo(naiveScore('auc', hidden, values.slice(0, HIDDEN)), 12);
    expect(other.programs[2]?.test).toBeCloseTo(naiveScore('auc', test, values.slice(HIDDEN)), 12);
    expect(other.programs[FAILED]?.search).toBeNull();
    expect(other.programs[2]?.search).not.toBe(tinyRecording('auc').programs[2]?.search);
  });

  it('never searches on one part of a group and judges by the other', () => {
    const other = dealt(tinyRecording('rmse', true), 5);
    const sizes = new Map<number, number>();
    for (const name of other.rows.group ?? []) sizes.set(name, (sizes.get(name) ?? 0) + 1);
    const groups = [...sizes].filter(([name]) => name >= 0);
    expect(groups.length).toBeGreaterThan(20);
    expect(groups.every(([, size]) => size === 4)).toBe(true);
    expect(other.rows.hidden).toBeGreaterThanOrEqual(HIDDEN);
    expect(other.rows.hidden + other.rows.test).toBe(HIDDEN + TEST);
  });

  it('is the same for the same seed, and agrees with the world that is built on it', () => {
    const [first, second, third] = [6, 6, 7].map((seed) => dealt(tinyRecording('logloss'), seed));
    expect(first?.programs).toEqual(second?.programs);
    expect(first?.programs).not.toEqual(third?.programs);
    if (!first) throw new Error('Nothing was dealt.');
    expect(recordedWorld(first).answers.measured([0]).value).toBeCloseTo(first.programs[0]?.search ?? 0, 12);
  });
});
