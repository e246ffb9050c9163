import { describe, expect, test } from '@jest/globals';
import type { Evaluation } from '../../../src/domain/evaluation.js';
import type { OutcomeKind } from '../../../src/domain/outcome.js';
import { type RecordedExecution, searchExecutions, searchOutcome } from '../../../src/domain/search-outcome.js';

const VALID: Evaluation = {
  kind: 'valid',
  score: { value: 1, standardError: 0.1, rows: 10, direction: 'minimise', source: 'folds' },
  versus: {},
  complement: [],
  fragile: false,
  next: [],
  complete: true,
};
const REFUSED: Evaluation = { kind: 'invalid', failure: 'bad-format', code: 'rows-missing', message: '3 rows lack.' };

type Ended = readonly [attempt: string, kind: OutcomeKind];

/** Written in the order given, which an object does not keep: names that are whole numbers come first. */
function node(ended: readonly Ended[], evaluation?: Evaluation) {
  const executions: Record<string, RecordedExecution> = {};
  for (const [attempt, kind] of ended) executions[attempt] = { attempt, kind, message: `${attempt} ${kind}` };
  return { executions, ...(evaluation && { evaluation }) };
}

const failed = (code: string, message: string) => ({ kind: 'failed', failure: code, code, message });

describe('the last try that told something about the program decides', () => {
  test.each<[string, readonly Ended[], Evaluation | undefined, object]>([
    ['nothing ran', [], undefined, { kind: 'open', lost: false }],
    ['it ran and has no score yet', [['1', 'finished']], undefined, { kind: 'open', lost: false }],
    ['a score', [['1', 'finished']], VALID, { kind: 'valid', evaluation: VALID }],
    ['a refusal', [['1', 'finished']], REFUSED, { ...failed('bad-format', '3 rows lack.'), code: 'rows-missing' }],
    ['a failure', [['1', 'timeout']], undefined, failed('timeout', '1 timeout')],
    ['lost', [['1', 'infrastructure']], undefined, { kind: 'open', lost: true }],
    ['cancelled is lost too', [['1', 'cancelled']], undefined, { kind: 'open', lost: true }],
    [
      'lost twice, then a score',
      [
        ['1', 'infrastructure'],
        ['2', 'infrastructure'],
        ['3', 'finished'],
      ],
      VALID,
      { kind: 'valid', execution: { attempt: '3' } },
    ],
    [
      'lost, then a failure of its own',
      [
        ['1', 'infrastructure'],
        ['2', 'memory'],
      ],
      undefined,
      failed('memory', '2 memory'),
    ],
    [
      'a failure that a lost try follows',
      [
        ['1', 'memory'],
        ['2', 'infrastructure'],
      ],
      undefined,
      failed('memory', '1 memory'),
    ],
    [
      'refits are no part of the search',
      [
        ['1', 'finished'],
        ['refit', 'infrastructure'],
        ['refit-2', 'timeout'],
        ['refit-3', 'memory'],
      ],
      VALID,
      { kind: 'valid', execution: { attempt: '1' } },
    ],
    [
      'a failure on the further folds outweighs the score of the first',
      [
        ['1', 'finished'],
        ['1-folds', 'timeout'],
      ],
      VALID,
      failed('timeout', '1-folds timeout'),
    ],
    [
      'whole numbers come first in an object, but not in time',
      [
        ['2', 'finished'],
        ['2-folds', 'exception'],
        ['4', 'finished'],
        ['1', 'infrastructure'],
      ],
      VALID,
      { kind: 'valid', execution: { attempt: '4' } },
    ],
    [
      'the folds of a later try are later than its first',
      [
        ['1', 'finished'],
        ['1-folds', 'infrastructure'],
        ['2-folds', 'memory'],
      ],
      VALID,
      failed('memory', '2-folds memory'),
    ],
    [
      'the tenth try is later than the ninth',
      [
        ['10', 'finished'],
        ['9', 'exception'],
      ],
      VALID,
      { kind: 'valid', execution: { attempt: '10' } },
    ],
  ])('%s', (_name, ended, evaluation, outcome) => {
    expect(searchOutcome(node(ended, evaluation))).toMatchObject(outcome);
  });
});

test('what the search paid for is in the order of the tries, with the lost ones and without refits', () => {
  const tried = node([
    ['refit-2', 'finished'],
    ['1-folds', 'infrastructure'],
    ['4', 'finished'],
    ['1', 'finished'],
    ['2-folds', 'finished'],
  ]);
  expect(searchExecutions(tried).map(({ attempt }) => attempt)).toEqual(['1', '1-folds', '2-folds', '4']);
  expect(searchExecutions({})).toEqual([]);
});
