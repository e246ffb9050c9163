import { describe, expect, it } from '@jest/globals';
import { apply } from '../../../src/search/apply.js';
import { contenders } from '../../../src/workflows/contenders.js';
import { type Grown, grown } from '../../support/grown-state.js';

const FAMILIES = ['linear', 'forest', 'boosting'];

/** Two thirds of what is good are of one family; every tenth program failed. */
function table(count: number): readonly Grown[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `n${index + 1}`,
    family: FAMILIES[index % 30 === 0 ? 1 : index % 31 === 0 ? 2 : 0] ?? '',
    ...(index % 10 === 9 ? {} : { value: ((index * 7919) % count) / count }),
  }));
}

/** What the evaluator lists: the best 20, at most five of a family. */
function listed(nodes: ReturnType<typeof contenders>): readonly string[] {
  const counts: Record<string, number> = {};
  const best = [...nodes].sort((a, b) => b.value - a.value || Number(a.nodeId.slice(1)) - Number(b.nodeId.slice(1)));
  const listable = best.filter(({ family }) => {
    counts[family] = (counts[family] ?? 0) + 1;
    return counts[family] <= 5;
  });
  return listable.slice(0, 20).map(({ nodeId }) => nodeId);
}

describe('the contenders', () => {
  it('are all nodes with a score, best first, as long as they are few', () => {
    const some = contenders(grown(table(100)));
    expect(some).toHaveLength(90);
    expect(some.map(({ value }) => value)).toEqual([...some.map(({ value }) => value)].sort((a, b) => b - a));
  });

  it('are at most so many, and make the same shortlist', () => {
    const state = grown(table(1000));
    const few = contenders(state, 120);
    expect(few).toHaveLength(120);
    expect(listed(few)).toEqual(listed(contenders(state)));
    expect(new Set(few.map(({ family }) => family))).toEqual(new Set(FAMILIES));
  });

  it('keep what a person has pinned, however bad it is', () => {
    const state = grown(table(1000));
    const worst = contenders(state).at(-1);
    if (worst === undefined) throw new Error('There are none.');
    const pinned = apply(state, { kind: 'pinned', nodeId: worst.nodeId, atMs: 0 });
    expect(contenders(state, 120)).not.toContainEqual(worst);
    expect(contenders(pinned, 120)).toContainEqual(worst);
  });

  it('of a long run fit into a payload', () => {
    const many = contenders(grown(table(9000)));
    expect(many).toHaveLength(4000);
    expect(JSON.stringify(many).length).toBeLessThan(512 * 1024);
  });
});
