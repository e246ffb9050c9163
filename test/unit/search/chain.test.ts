import { describe, expect, test } from '@jest/globals';
import { apply } from '../../../src/search/apply.js';
import { type ChainRules, linksOf, type Verdict } from '../../../src/search/chain.js';
import { isCutShort } from '../../../src/search/forced.js';
import { graphOf } from '../../../src/search/graph.js';
import { placeOf } from '../../../src/search/index-graph.js';
import { type Chains, chainsOf } from '../../../src/search/rollout.js';
import type { SearchState } from '../../../src/search/state.js';
import { stepRewards } from '../../../src/search/step-reward.js';
import { type Around, type Grown, grown, withWork } from '../../support/grown-state.js';
import { costOf } from '../../support/scripted-world.js';

const RULES: ChainRules = { chains: true, forced: false };
/** The nodes with a reward to be backed up, and the rewards. */
const rewarded = (state: SearchState, { rewardOf }: Chains) =>
  graphOf(state).nodes.flatMap((node, place) => {
    const reward = rewardOf(node, place);
    return reward === undefined ? [] : [[node.id, reward]];
  });
/** One below the other; nothing: failed, and then debugged. */
const line = (values: readonly (number | undefined)[]): Grown[] => {
  const rows: Grown[] = [];
  for (const [place, value] of values.entries()) {
    const above = rows.at(-1);
    const debugs = above && above.value === undefined;
    rows.push({
      id: `n${place + 1}`,
      ...(above ? { parent: above.id } : {}),
      ...(debugs ? { operator: 'debug', debugDepth: (above.debugDepth ?? 0) + 1 } : {}),
      ...(value === undefined ? {} : { value }),
    });
  }
  return rows;
};
const verdicts = (rows: readonly Grown[], rules = RULES, around: Around = {}): Verdict[] =>
  linksOf(grown(rows, around), rules).of.flatMap((link) => link?.verdict ?? []);
/** By name. */
const linkOf = (state: SearchState, id: string, rules = RULES) =>
  linksOf(state, rules).of[placeOf(graphOf(state), id as never)];

test('three tries below the local best are forgiven, the fourth is the last', () => {
  const fall = [0.8, 0.79, 0.79, 0.79, 0.79];
  expect(verdicts(line(fall))).toEqual(['continues', 'continues', 'continues', 'continues', 'terminal']);
  const mirrored = line(fall.map((value) => -value));
  expect(verdicts(mirrored, RULES, { direction: 'minimise' }).at(-1)).toBe('terminal');
});

test('a new local best starts the count anew, a tie does not, and tries are counted against the best, not the node before', () => {
  expect(verdicts(line([1, 0, 0, 0, 2, 0, 0, 0])).every((verdict) => verdict === 'continues')).toBe(true);
  expect(verdicts(line([1, 1, 1, 1, 1])).at(-1)).toBe('terminal');
  expect(verdicts(line([5, 1, 2, 3, 4])).at(-1)).toBe('terminal');
});

test('a gain within the paired noise is no progress, against whichever node it was measured', () => {
  const paired = { against: 'n1' as never, delta: 0.1, pairedSE: 1, rows: 9 };
  const rows = line([1, 1.1, 1.1, 1.1, 1.1]).map((row) =>
    row.id === 'n1' ? row : { ...row, versus: { best: paired } },
  );
  expect(verdicts(rows).at(-1)).toBe('terminal');
  expect(verdicts(rows, RULES, { config: { beatsZ: 0 } }).at(-1)).toBe('continues');
});

test('failures are repaired, from the third repair in a row on each failure ends the chain, at the twentieth for good', () => {
  const failures = line(Array.from({ length: 21 }, () => undefined));
  const found = verdicts(failures);
  expect(found.slice(0, 4)).toEqual(['continues', 'continues', 'continues', 'ends']);
  expect(new Set(found.slice(3, 20))).toEqual(new Set(['ends']));
  expect(found[20]).toBe('terminal');
  expect(verdicts(line([1, undefined, undefined, 0.5, 2])).every((verdict) => verdict === 'continues')).toBe(true);
});

test('after its end, a node from the tree begins a chain of its own', () => {
  const rows = [...line([1, 0, 0, 0, 0]), { id: 'n6', parent: 'n1', value: 0 }];
  const state = grown(rows);
  expect(linkOf(state, 'n6')).toMatchObject({ chain: 'n6', verdict: 'continues', tries: 0 });
  expect(linkOf(state, 'n5')).toMatchObject({ chain: 'n1', verdict: 'terminal', tries: 4 });
});

test('without chains every node ends at once', () => {
  expect(verdicts(line([1, 2, undefined, 3]), { chains: false, forced: false })).toEqual(Array(4).fill('ends'));
});

test('only the last node of a chain is backed up, and while it is under way none', () => {
  const all = () => true;
  const ended = grown(line([1, 0, 0, 0, 0]));
  expect(rewarded(ended, chainsOf(ended, RULES, all))).toEqual([['n5', 1]]);
  const running = grown(line([1, 0]));
  const chains = chainsOf(running, RULES, all);
  expect(chains.next?.id).toBe('n2');
  expect(rewarded(running, chains)).toEqual([]);
  expect(chains.isUnderWay(Object.values(running.nodes)[0]!)).toBe(true);
  const busy = withWork(running, { nodeId: 'n3', parent: 'n2' });
  const carried = chainsOf(busy, RULES, all);
  expect(carried.next).toBeUndefined();
  expect(rewarded(busy, carried)).toEqual([]);
});

test('a chain that nothing can carry on is over and is backed up', () => {
  const state = grown(line([1, 0]));
  const chains = chainsOf(state, RULES, ({ id }) => id !== 'n2');
  expect(chains.next).toBeUndefined();
  expect(rewarded(state, chains)).toEqual([['n2', 1]]);
  const pruned = { ...state, steering: { ...state.steering, pruned: ['n2' as never] } };
  expect(chainsOf(pruned, RULES, () => true).next).toBeUndefined();
});

test('the oldest waiting chain is carried on first, and a child made meanwhile does not take its place', () => {
  const state = grown([
    { id: 'n1', value: 1 },
    { id: 'n2', value: 2 },
  ]);
  expect(chainsOf(state, RULES, () => true).next?.id).toBe('n1');
  const busy = withWork(state, { nodeId: 'n3', parent: 'n1' });
  expect(chainsOf(busy, RULES, () => true).next?.id).toBe('n2');
  const overtaken = withWork(
    grown([
      { id: 'n1', value: 1 },
      { id: 'n4', parent: 'n1', value: 0 },
    ]),
    {
      nodeId: 'n3',
      parent: 'n1',
    },
  );
  expect(linkOf(overtaken, 'n4')?.chain).toBe('n4');
  const withdrawn = apply(overtaken, {
    kind: 'cancelled',
    atMs: 1,
    nodeId: 'n3' as never,
    why: 'test',
    cost: costOf(0),
  });
  expect(linkOf(withdrawn, 'n4')?.chain).toBe('n1');
});

test('rewards: −1 failed, +2 for a new best of the branch, +1 else; the first success is a best, a tie is none', () => {
  const rows: Grown[] = [
    { id: 'n1', value: 1 },
    { id: 'n2', parent: 'n1', value: 2 },
    { id: 'n3', parent: 'n1', value: 2 },
    { id: 'n4', parent: 'n1', value: 1.5 },
    { id: 'n5', parent: 'n1' },
    { id: 'n6', value: 0.5 },
  ];
  expect(stepRewards(grown(rows))).toEqual([2, 2, 1, 1, -1, 2]);
  const mirrored = rows.map((row) => (row.value === undefined ? row : { ...row, value: -row.value }));
  expect(stepRewards(grown(mirrored, { direction: 'minimise' }))).toEqual([2, 2, 1, 1, -1, 2]);
});

test('late in a run chains are cut short: every third node of a branch, then by chance; a hot chain runs on', () => {
  const cutAt = (values: readonly number[], around: Around) => {
    const state = grown(line(values), around);
    const nodes = Object.values(state.nodes);
    return nodes.flatMap((node, place) => {
      const done = { seconds: place + 1, nodes: place + 1, inBranch: place + 1, recent: nodes.slice(0, place) };
      return isCutShort(state, node, done) ? [String(node.id)] : [];
    });
  };
  const falling = Array.from({ length: 12 }, (_, place) => 100 - place);
  expect(cutAt(falling, { config: { executions: 1000, budgetMs: 1e9 } })).toEqual([]);
  expect(cutAt(falling, { config: { executions: 17, budgetMs: 1e9 } })).toEqual(['n9', 'n12']);
  expect(cutAt(falling, { config: { executions: 1000, budgetMs: 20_000, reserveShare: 0.15 }, slots: 1 })).toEqual([
    'n9',
    'n12',
  ]);
  const rising = falling.map((value) => -value);
  expect(cutAt(rising, { config: { executions: 17, budgetMs: 1e9 } })).toEqual([]);
  const counts = Array.from({ length: 100 }, (_, seed) =>
    cutAt(falling, { config: { executions: 12, seed, budgetMs: 1e9 } }),
  );
  const late = counts.flatMap((ids) => ids.filter((id) => ['n10', 'n11', 'n12'].includes(id))).length / 300;
  expect(late).toBeGreaterThan(0.4);
  expect(late).toBeLessThan(0.6);
  expect(counts.every((ids) => ids.includes('n6'))).toBe(true);
});

describe('what a finished node leaves of what is known', () => {
  const FORCED: ChainRules = { chains: true, forced: true };
  /** So many seconds for each node, of 100 s in each slot. */
  const timed = (values: readonly number[], seconds = 30): Grown[] => line(values).map((row) => ({ ...row, seconds }));
  const around: Around = { slots: 2, config: { budgetMs: 100_000, reserveShare: 0 } };
  const finish = (state: SearchState, id: string, value: number) =>
    apply(state, {
      ...{ kind: 'finished', atMs: 1, nodeId: id as never, versus: {}, cost: costOf(30) },
      score: { value, standardError: 0.01, rows: 500, direction: 'maximise', source: 'hidden' },
    });
  const slots = (state: SearchState, count: number) => apply(state, { kind: 'slots-changed', atMs: 1, slots: count });
  const verdictOf = (state: SearchState, id: string) => linkOf(state, id, FORCED)?.verdict;

  test('links are found once, and carried on when a node joins, whatever else is in flight', () => {
    const chain = withWork(grown(timed([3, 2]), around), { nodeId: 'n3', parent: 'n2' });
    const state = withWork(chain, { nodeId: 'n5' });
    const links = linksOf(state, FORCED);
    expect(linksOf(state, FORCED)).toBe(links);
    const after = linksOf(finish(state, 'n3', 1), FORCED).of;
    expect(after[0]).toBe(links.of[0]);
    expect(after[1]).toBe(links.of[1]);
    expect(after[2]).toMatchObject({ chain: 'n1', tries: 2 });
    const drafts = withWork(grown([{ id: 'n2', value: 1 }]), { nodeId: 'n1' });
    const before = linkOf(drafts, 'n2');
    expect(linkOf(finish(drafts, 'n1', 5), 'n2')).toBe(before);
  });

  test('a setting that cuts chains short counts at once, and one that was changed back leaves no trace', () => {
    const early = grown(timed([3, 2, 1]), { ...around, slots: 3 });
    expect(verdictOf(early, 'n3')).toBe('continues');
    expect(verdictOf(slots(early, 2), 'n3')).toBe('ends');
    const running = withWork(grown(timed([3, 2]), around), { nodeId: 'n3', parent: 'n2' });
    expect(verdictOf(running, 'n2')).toBe('continues');
    const after = slots(finish(slots(running, 3), 'n3', 1), 2);
    expect(verdictOf(after, 'n3')).toBe('ends');
  });

  test('whichever child is overtaken by work in flight begins a chain of its own', () => {
    const base = grown([
      { id: 'n1', value: 1 },
      { id: 'n2', value: 1 },
      { id: 'n6', parent: 'n1', value: 0 },
      { id: 'n7', parent: 'n2', value: 0 },
    ]);
    const chainsWith = (nodeId: string, parent: string) => {
      const state = withWork(base, { nodeId, parent });
      return ['n6', 'n7'].map((id) => linkOf(state, id)?.chain);
    };
    expect(chainsWith('n3', 'n1')).toEqual(['n6', 'n2']);
    expect(chainsWith('n4', 'n2')).toEqual(['n1', 'n7']);
  });

  /** A draft and what was made of it directly: only the second is a link of its chain. */
  const fan = (values: readonly number[]): Grown[] =>
    values.map((value, place) => ({ id: `n${place + 1}`, value, ...(place > 0 ? { parent: 'n1' } : {}) }));

  test.each([
    ['ends', 'the best of them is one of the four just before', [1, 10, 1, 1, 1, 2]],
    ['continues', 'it is an older one', [10, 1, 1, 1, 1, 2]],
    ['continues', 'it is as good as these', [10, 2, 1, 2, 1, 2]],
  ] as const)(
    'cut short by force, a chain %s when %s, in a run that grows and in one that is read back',
    (verdict, _, values) => {
      const config = { executions: 8, budgetMs: 1e9 };
      const later = [
        { id: 'n7', value: 0 },
        { id: 'n8', value: 0 },
      ];
      expect(verdictOf(grown([...fan(values), ...later], { config }), 'n6')).toBe(verdict);
      const growing = withWork(grown(fan(values.slice(0, 5)), { config }), { nodeId: 'n6', parent: 'n1' });
      expect(verdictOf(growing, 'n5')).toBe('continues');
      expect(verdictOf(finish(growing, 'n6', values[5]), 'n6')).toBe(verdict);
    },
  );

  test('the third node of a branch is cut short once four tenths of the executions are made, the second is not', () => {
    const verdicts = (executions: number) => {
      const state = grown(fan([5, 4, 3, 1, 1, 1, 1]), { config: { executions, budgetMs: 1e9 } });
      return ['n2', 'n3', 'n4'].map((id) => verdictOf(state, id));
    };
    expect(verdicts(8)).toEqual(['continues', 'continues', 'continues']);
    expect(verdicts(7)).toEqual(['continues', 'ends', 'continues']);
    expect(verdicts(6)).toEqual(['continues', 'ends', 'continues']);
  });

  test('whoever is repaired for the twentieth time is given up, with chains or without', () => {
    const failures = line(Array.from({ length: 21 }, () => undefined));
    expect(verdicts(failures, { chains: false, forced: false }).slice(-2)).toEqual(['ends', 'terminal']);
  });
});
