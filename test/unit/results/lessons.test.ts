/** What a run teaches, and to whom. */
import { describe, expect, test } from '@jest/globals';
import { type Lesson, lessonTraitsOf } from '../../../src/domain/lesson.js';
import { TaskCard } from '../../../src/domain/task-card.js';
import { lessonsOf } from '../../../src/results/lessons.js';
import { bestLessons } from '../../../src/store/lessons.js';
import type { NodeRecord } from '../../../src/store/nodes.js';
import { KNOWN, node, RUN, recordedTask, recordOf } from '../../support/prompt-fixtures.js';

const { card } = recordedTask('p02-birthweight');
const AT = new Date('2026-01-02T03:04:05Z');

function changed(number: number, delta: number, changes: readonly string[]): NodeRecord {
  const versus = { parent: { against: node(1), delta, pairedSE: 1, rows: 650 } };
  return recordOf({ ...KNOWN.features, nodeId: node(number), versus, changes }, node(1));
}

describe('lessonsOf', () => {
  const nodes = [
    recordOf(KNOWN.draft),
    recordOf(KNOWN.failed),
    recordOf(KNOWN.repaired, KNOWN.failed.nodeId),
    recordOf(KNOWN.other),
    changed(11, 6, ['logarithm of mage, products with bweight']),
    changed(12, 3, ['target encoding of mrace']),
    changed(13, 1, ['too small to tell']),
    changed(14, -5, ['deeper trees']),
  ];
  const lessons = lessonsOf({ runId: RUN, card }, nodes, AT);

  test('keeps the best, clear gains and losses, and repairs', () => {
    expect(lessons.map(({ kind, id }) => [kind, id.split('/')[1]])).toEqual([
      ['best', 'n6'],
      ['paid', 'n11'],
      ['paid', 'n12'],
      ['lost', 'n14'],
      ['repaired', 'n4'],
    ]);
    expect(lessons.find(({ kind }) => kind === 'paid')?.effect).toBe(6);
    expect(lessons.find(({ kind }) => kind === 'repaired')?.signature).toContain('NameError');
  });

  test('names neither the task nor its columns', () => {
    expect(lessons.find(({ kind }) => kind === 'paid')?.text).toBe('logarithm of …, products with …');
    expect(JSON.stringify(lessons.map(({ text, signature }) => [text, signature]))).not.toMatch(
      /mrace|bweight|birthweight/i,
    );
  });

  test('are the same again, under the same names', () => {
    expect(lessonsOf({ runId: RUN, card }, nodes, AT)).toEqual(lessons);
    expect(new Set(lessons.map(({ id }) => id)).size).toBe(lessons.length);
  });

  test('leave out a winner that an audit found suspicious', () => {
    const suspicious = nodes.map((each) =>
      each.nodeId === node(6) && each.evaluation?.kind === 'valid'
        ? {
            ...each,
            evaluation: {
              ...each.evaluation,
              audit: {
                reason: 'x',
                value: 1,
                siblings: [],
                verdict: 'suspicious' as const,
                evidence: [],
                finished: true,
              },
            },
          }
        : each,
    );
    expect(lessonsOf({ runId: RUN, card }, suspicious, AT)[0]?.id).toBe(`${RUN}/n4`);
  });
});

describe('bestLessons', () => {
  const traits = lessonTraitsOf(TaskCard.parse(card));
  const lesson = (id: string, change: Partial<Lesson>): Lesson => ({
    id,
    traits,
    kind: 'paid',
    operator: 'improve',
    family: id,
    text: id,
    at: AT.toISOString(),
    ...change,
  });

  test('asks for the same kind of prediction, prefers the metric and shared regimes, then the effect', () => {
    const found = bestLessons(
      [
        lesson('other-metric', { traits: { ...traits, metric: 'mae' } }),
        lesson('image', { traits: { ...traits, modality: 'image-regression' } }),
        lesson('classes', { traits: { ...traits, taskType: 'binary' } }),
        lesson('no-regime', { traits: { ...traits, regimes: [] }, effect: 50 }),
        lesson('small-effect', { effect: 3 }),
        lesson('large-effect', { effect: 9 }),
      ],
      traits,
      10,
    );
    expect(found.map(({ id }) => id)).toEqual(['large-effect', 'small-effect', 'no-regime', 'other-metric']);
  });

  test('tells one of each kind and family before a second', () => {
    const same = ['a', 'b', 'c'].map((id, place) => lesson(id, { family: 'ridge', effect: 9 - place }));
    const other = lesson('d', { family: 'svm', effect: 1 });
    expect(bestLessons([...same, other], traits, 2).map(({ id }) => id)).toEqual(['a', 'd']);
  });
});
