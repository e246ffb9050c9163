/** An ensemble that is planned after others is told how they scored, and of no first program. */
import { expect, test } from '@jest/globals';
import { memoryOf } from '../../../../../src/authors/llm/memory/memory-of.js';
import { promptFor } from '../../../../../src/authors/llm/operators/prompt-for.js';
import type { KnownProgram } from '../../../../../src/authors/port.js';
import { KNOWN, node, requestOf, SETTINGS } from '../../../../support/prompt-fixtures.js';

const [anyone] = Object.values(KNOWN) as readonly KnownProgram[];
const made = (number: number, operator: KnownProgram['operator'], summary: string, value: number): KnownProgram => ({
  ...anyone!,
  ...{ nodeId: node(number), operator, summary, status: 'valid', changes: [] },
  score: { value, standardError: 1, rows: 100, direction: 'minimise', source: 'hidden' },
});

test('aggregations read the plans and scores of the ones before, newest first', () => {
  const siblings = [
    made(3, 'draft', 'a first program', 571.5),
    made(41, 'aggregate', 'plain mean of two', 555),
    made(44, 'aggregate', 'stack with ridge', 549),
  ];
  const request = requestOf('aggregate', { siblings });
  const text = promptFor(request, memoryOf([], request), SETTINGS)
    .messages.map(({ content }) => content)
    .join('\n');
  const places = ['stack with ridge', 'scored 549', 'plain mean of two', 'scored 555'].map((words) =>
    text.indexOf(words),
  );
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places[0]).toBeLessThan(places[2]!);
  expect(text).not.toContain('a first program');
  const alone = requestOf('aggregate', { siblings: siblings.slice(0, 1) });
  const first = promptFor(alone, memoryOf([], alone), SETTINGS)
    .messages.map(({ content }) => content)
    .join('\n');
  expect(first).not.toContain('Programs of this kind that exist');
});
