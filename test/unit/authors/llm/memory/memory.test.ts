/** What a run remembers, from node records. */
import { describe, expect, test } from '@jest/globals';
import { attemptOf } from '../../../../../src/authors/llm/memory/attempt.js';
import { branchDigest } from '../../../../../src/authors/llm/memory/branch.js';
import { diffOf } from '../../../../../src/authors/llm/memory/diff.js';
import { memoryOf } from '../../../../../src/authors/llm/memory/memory-of.js';
import { remember } from '../../../../../src/authors/llm/memory/remember.js';
import { errorSignature, errorType } from '../../../../../src/domain/error-signature.js';
import type { NodeId } from '../../../../../src/domain/ids.js';
import type { NodeRecord } from '../../../../../src/store/nodes.js';
import { HISTORY, KNOWN, node, recordOf, requestOf } from '../../../../support/prompt-fixtures.js';

interface Told {
  readonly operator?: NodeRecord['operator'];
  readonly parent?: number;
  readonly score?: number;
  readonly delta?: number;
  readonly error?: string;
  readonly changes?: readonly string[];
  readonly family?: string;
}

/** A record of node `number`: healthy with `score`, failed with `error`, running with neither. */
function record(number: number, told: Told): NodeRecord {
  const { operator = 'improve', parent, score, delta, error, changes = [], family = 'ridge' } = told;
  const base = error === undefined ? KNOWN.features : KNOWN.failed;
  const { score: old, versus, outcome, ...rest } = base;
  const known = {
    ...rest,
    nodeId: node(number),
    operator,
    family,
    summary: `summary ${number}`,
    changes,
    ...(score !== undefined && old && { score: { ...old, value: score } }),
    ...(delta !== undefined &&
      parent !== undefined && { versus: { parent: { against: node(parent), delta, pairedSE: 0.5, rows: 9 } } }),
    ...(outcome &&
      (score !== undefined || error !== undefined) && {
        outcome: { ...outcome, ...(error !== undefined && { message: error }) },
      }),
  };
  return recordOf(known as Parameters<typeof recordOf>[0], parent === undefined ? undefined : node(parent));
}

const debugOf = (nodeId: NodeId) => requestOf('debug', { parent: { ...KNOWN.failed, nodeId } });

describe('past fixes', () => {
  const nodes = [
    record(1, { operator: 'draft', error: "KeyError: 'age'" }),
    record(2, { operator: 'debug', parent: 1, score: 5, changes: ['column renamed'] }),
    record(3, { operator: 'draft', error: 'KeyError: (3, 4) not in index' }),
    record(4, { operator: 'debug', parent: 3, score: 5 }),
    record(5, { operator: 'draft', error: "KeyError: 'town'" }),
    record(6, { operator: 'debug', parent: 5, error: "KeyError: 'town'" }),
    record(7, { operator: 'draft', error: 'ValueError: NaN' }),
    record(8, { operator: 'debug', parent: 7, score: 5 }),
    record(9, { operator: 'draft', error: "KeyError: 'fare'" }),
    record(10, { operator: 'improve', parent: 9, score: 5 }),
    record(11, { operator: 'draft', error: "KeyError: 'cabin'" }),
  ];

  test('are failures of the same signature first, then of the same type, repaired by a healthy debug step', () => {
    const { fixes } = memoryOf(nodes, debugOf(node(11)));
    expect(fixes.map(({ failed, fixed }) => [failed, fixed])).toEqual([
      [node(1), node(2)],
      [node(3), node(4)],
    ]);
    expect(fixes[0]?.changes).toEqual(['column renamed']);
  });

  test('are told to debug alone', () => {
    expect(memoryOf(nodes, { ...debugOf(node(11)), operator: 'improve' }).fixes).toEqual([]);
    expect(memoryOf(nodes, debugOf(node(8))).fixes).toEqual([]);
  });

  test('bring the diff of what was changed', async () => {
    const { fixes } = await remember(HISTORY, requestOf('debug'));
    expect(fixes[0]?.diff).toContain('+from lightgbm import LGBMRegressor');
    expect(fixes[0]?.diff).not.toContain('---');
  });

  test('of a whole new program bring no diff', () => {
    const lines = (letter: string): string => Array.from({ length: 80 }, (_, index) => `${letter}${index}`).join('\n');
    expect(diffOf(lines('a'), lines('b'))).toBeUndefined();
    expect(diffOf('a\n', 'a\n')).toBeUndefined();
    expect(diffOf('a\nb\n', 'a\nc\n')).toBe('@@\n a\n-b\n+c');
  });
});

describe('signatures', () => {
  test('forget values, numbers, paths and addresses', () => {
    const one = errorSignature(
      'exception',
      "ValueError: could not convert 'abc' to float at 0x7f00, row 17 of /tmp/a.csv",
    );
    const other = errorSignature(
      'exception',
      "ValueError: could not convert 'xyz' to float at 0x8e11, row 2 of /data/b.csv",
    );
    expect(one).toBe(other);
    expect(one).toContain('ValueError: could not convert … to float');
    expect(errorType(one)).toBe('ValueError');
  });

  test('tell kinds of failure apart that have no error type', () => {
    expect(errorType(errorSignature('timeout', 'The program was stopped after 60 s.'))).toBe('timeout');
    expect(errorSignature('memory', 'x')).not.toBe(errorSignature('disk', 'x'));
  });
});

describe('the branch', () => {
  const grown = [
    record(1, { operator: 'draft', score: 10 }),
    record(2, { parent: 1, score: 8, delta: 2, changes: ['logarithm of the target'] }),
    record(3, { parent: 2, score: 9, delta: -1, changes: ['deeper trees'] }),
    record(4, { operator: 'draft', score: 3 }),
    record(5, { parent: 2, error: 'MemoryError: no room' }),
    record(6, { parent: 2, score: 8.1, delta: -0.1, changes: ['another seed'] }),
    record(7, { parent: 2 }),
  ];
  const request = (nodeId: NodeId) => requestOf('improve', { parent: { ...KNOWN.features, nodeId } });

  test('is told from its records: best, what paid, what did not, failures; others and running ones left out', () => {
    const { branch, path } = memoryOf(grown, request(node(2)));
    expect(branch).toMatchObject({
      head: node(1),
      nodes: 5,
      failed: 1,
      best: { nodeId: node(2), score: 8 },
      since: { valid: 2, all: 3 },
      stalled: true,
    });
    expect(branch?.paid.map(({ changes }) => changes[0])).toEqual(['logarithm of the target']);
    expect(branch?.lost.map(({ changes }) => changes[0])).toEqual(['deeper trees']);
    expect(branch?.failures).toEqual([{ signature: expect.stringContaining('MemoryError'), times: 1 }]);
    expect(path.map(({ nodeId, result }) => [nodeId, result])).toEqual([
      [node(1), 'valid'],
      [node(2), 'better'],
    ]);
  });

  test('stalls after two valid programs or five of any kind without a new best', () => {
    expect(memoryOf(grown.slice(0, 3), request(node(2))).branch?.stalled).toBe(false);
    const failures = [8, 9, 10, 11, 12].map((number) => record(number, { parent: 2, error: 'x' }));
    expect(memoryOf([...grown.slice(0, 2), ...failures.slice(0, 4)], request(node(2))).branch?.stalled).toBe(false);
    expect(memoryOf([...grown.slice(0, 2), ...failures], request(node(2))).branch?.stalled).toBe(true);
  });

  test('of a metric to be maximised has its best at the top', () => {
    const up = grown.map((each) =>
      each.evaluation?.kind === 'valid'
        ? {
            ...each,
            evaluation: { ...each.evaluation, score: { ...each.evaluation.score, direction: 'maximise' as const } },
          }
        : each,
    );
    expect(memoryOf(up, request(node(2))).branch?.best).toEqual({ nodeId: node(1), score: 10 });
  });

  test('is absent without a parent', () => {
    expect(memoryOf(grown, requestOf('draft'))).toEqual({ fixes: [], similar: [], path: [], lessons: [] });
  });
});

describe('similar attempts', () => {
  const nodes = [
    record(1, { operator: 'draft', score: 10, family: 'lightgbm' }),
    record(2, { parent: 1, score: 9, delta: 1, changes: ['squares of the two widest numbers'] }),
    record(3, { operator: 'draft', score: 10 }),
    record(4, { parent: 3, score: 9, delta: 2, changes: ['squares and products of numbers'] }),
    record(5, { parent: 3, score: 9, delta: 2, changes: ['tokenised words'] }),
    record(6, { parent: 3, score: 11, delta: -2, changes: ['cubes and squares of numbers'] }),
    record(7, { parent: 3, error: 'MemoryError: x', changes: ['all squares of numbers'] }),
    record(8, { parent: 3, changes: ['squares, still running'] }),
  ];

  test('are told by words, those that paid before those that did not; siblings, the path and running ones left out', () => {
    const request = requestOf('improve', { parent: { ...KNOWN.features, nodeId: node(2) }, siblings: [] });
    expect(memoryOf(nodes, request).similar.map(({ nodeId }) => nodeId)).toEqual([node(4), node(5), node(7), node(6)]);
    const sibling = { ...KNOWN.worse, nodeId: node(4) };
    const other = memoryOf(nodes, { ...request, siblings: [sibling] });
    expect(other.similar.map(({ nodeId }) => nodeId)).not.toContain(node(4));
  });
});

test('tries that were lost to the machine, and runs on all labels, are nobody’s failure', () => {
  const execution = KNOWN.failed.outcome && recordOf(KNOWN.failed).executions?.['1'];
  if (!execution) throw new Error('The recorded failure has no execution.');
  const tried = (attempt: string, kind: typeof execution.kind) => ({ [attempt]: { ...execution, attempt, kind } });
  const healthy = record(2, { operator: 'debug', parent: 1, score: 5 });
  const nodes = [
    { ...record(1, { operator: 'draft', error: 'KeyError: 1' }), executions: tried('1', 'infrastructure') },
    {
      ...healthy,
      executions: { ...tried('1', 'infrastructure'), ...tried('2', 'finished'), ...tried('refit-2', 'memory') },
    },
    {
      ...record(3, { parent: 2, score: 1 }),
      executions: { ...tried('1', 'finished'), ...tried('1-folds', 'timeout') },
    },
  ];
  const [lost, refitted, halfway] = nodes;
  expect([lost, refitted, halfway].map((each) => each && attemptOf(each).result)).toEqual([
    'running',
    'valid',
    'failed',
  ]);
  expect(halfway && attemptOf(halfway).score).toBeUndefined();
  const branch = lost && branchDigest(lost, nodes);
  expect(branch).toMatchObject({ nodes: 2, failed: 1, best: { nodeId: node(2) } });
  expect(branch?.failures).toHaveLength(1);
});
