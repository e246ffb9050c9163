import { describe, expect, test } from '@jest/globals';
import { bestOf } from '../../../src/cli/benchmark-snapshot.js';
import type { Score } from '../../../src/domain/score.js';
import type { NodeRecord } from '../../../src/store/nodes.js';

function node(nodeId: string, value: number | undefined, complete = true, direction: Score['direction'] = 'maximise') {
  const score = { value, standardError: 0.1, rows: 100, direction, source: 'hidden' };
  const evaluation =
    value === undefined
      ? { kind: 'invalid', failure: 'bad-format', code: 'ids-missing', message: 'x' }
      : { kind: 'valid', score, complete };
  return { nodeId, evaluation } as unknown as NodeRecord;
}

describe('the program whose submission is left so far', () => {
  test('has the best score, whichever way is better; the first among equals', () => {
    expect(bestOf([node('n1', 0.5), node('n2', 0.9), node('n3', 0.9)])?.nodeId).toBe('n2');
    const down = [node('n1', 0.5, true, 'minimise'), node('n2', 0.9, true, 'minimise')];
    expect(bestOf(down)?.nodeId).toBe('n1');
  });

  test('ran all its folds, unless none has', () => {
    expect(bestOf([node('n1', 0.99, false), node('n2', 0.7)])?.nodeId).toBe('n2');
    expect(bestOf([node('n2', 0.7), node('n1', 0.99, false)])?.nodeId).toBe('n2');
    expect(bestOf([node('n1', 0.6, false), node('n2', 0.7, false)])?.nodeId).toBe('n2');
  });

  test('was scored: failed and running programs do not count', () => {
    const running = { nodeId: 'n9' } as unknown as NodeRecord;
    expect(bestOf([node('n1', undefined), running])).toBeUndefined();
    expect(bestOf([running, node('n1', undefined), node('n2', 0.1)])?.nodeId).toBe('n2');
  });
});
