/** MLE-STAR's schedule: how many programs, in which order, what is accepted. */
import { describe, expect, test } from '@jest/globals';
import type { SearchConfig } from '../../../../src/domain/search-config.js';
import { bestNode } from '../../../../src/search/elite.js';
import { initialState } from '../../../../src/search/initial-state.js';
import type { SearchState } from '../../../../src/search/state.js';
import { CONFIG, type Expansion, type Fate, runWorld } from '../../../support/scripted-world.js';

interface Play {
  readonly star?: NonNullable<SearchConfig['star']>;
  readonly preset?: SearchConfig['preset'];
  readonly direction?: SearchState['direction'];
  readonly slots?: number;
  /** Value of a new node, or nothing when it fails. */
  readonly value: (expansion: Expansion, order: number, state: SearchState) => number | undefined;
  readonly rejected?: (expansion: Expansion) => string | undefined;
  readonly observe?: (state: SearchState) => void;
}

/** Plays the schedule to its end; `moves` in the order of decision. */
function played({ star, preset, direction = 'maximise', slots = 1, value, rejected, observe }: Play) {
  const moves: Expansion[] = [];
  const config: SearchConfig = {
    ...CONFIG,
    ...{ policy: 'star', budgetMs: 100_000_000, ...(star && { star }), ...(preset && { preset }) },
  };
  const fateOf = (expansion: Expansion, state: SearchState): Fate => {
    moves.push(expansion);
    const worth = value(expansion, moves.length, state);
    const refused = rejected?.(expansion);
    return {
      ...{ proposeMs: 5, family: 'x', runMs: 1000, evaluateMs: 10 },
      ...(refused ? { rejected: refused } : {}),
      ...(worth === undefined ? { failure: 'exception' as const, milestones: 2 } : { value: worth }),
    };
  };
  const run = runWorld(initialState({ config, direction, startedMs: 0, slots }), {
    fateOf,
    ...(observe && { observe }),
  });
  const count = (operator: Expansion['operator']) => moves.filter((move) => move.operator === operator).length;
  const sources = (operator: Expansion['operator']) =>
    moves
      .filter((move) => move.operator === operator)
      .map((move) => [move.parent, ...move.references.map((r) => r.from)]);
  return { ...run, moves, count, sources, best: bestNode(run.state)?.id };
}

/** Every change is better than what was there. */
const rising = (_: Expansion, order: number): number => order;

describe('the whole schedule', () => {
  test.each([1, 2, 4])('paper, no failures, %d slots: L (M + merges + T (1 + K)) + R programs', (slots) => {
    const { state, count, reason } = played({ slots, value: rising });
    expect(reason).toBe('exhausted');
    expect(count('draft')).toBe(8);
    expect(count('merge')).toBe(6);
    expect(count('ablate')).toBe(8);
    expect(count('refine-block')).toBe(32);
    expect(count('aggregate')).toBe(5);
    expect(Object.keys(state.nodes)).toHaveLength(59);
  });

  test('released: two models, one step of two plans, two ensembles', () => {
    const { state } = played({ preset: 'released', value: rising });
    expect(Object.keys(state.nodes)).toHaveLength(2 * (2 + 1 + 1 * (1 + 2)) + 2);
  });

  test('ablations are never a result, however they score', () => {
    const { best, state } = played({ value: (move, order) => (move.operator === 'ablate' ? 1e6 : order) });
    expect(state.nodes[best!]?.operator).not.toBe('ablate');
  });
});

describe('first programs and merges', () => {
  const one = { models: 3, outer: 0, solutions: 1, ensembles: 0 };
  const of = (drafts: readonly number[], merges: readonly number[], sign = 1) => {
    const left = [...merges];
    return (move: Expansion, order: number) => sign * (move.operator === 'draft' ? drafts[order - 1]! : left.shift()!);
  };

  test('in the order of their scores; the first that does not pay ends it', () => {
    const { sources, best } = played({ star: one, value: of([0.9, 0.91, 0.85], [0.92, 0.89]) });
    expect(sources('merge')).toEqual([
      ['n2', 'n1'],
      ['n4', 'n3'],
    ]);
    expect(best).toBe('n4');
  });

  test('a loss is mirrored', () => {
    const play = played({ star: one, direction: 'minimise', value: of([0.9, 0.91, 0.85], [0.92, 0.89], -1) });
    expect(play.sources('merge')).toEqual([
      ['n2', 'n1'],
      ['n4', 'n3'],
    ]);
  });

  test('a tie is taken', () => {
    const { sources } = played({ star: one, value: of([0.9, 0.91, 0.85], [0.91, 0.1]) });
    expect(sources('merge')[1]).toEqual(['n4', 'n3']);
  });

  test('paper stops at a merge that does not pay, mergeAll goes on from the base', () => {
    const worse = () => of([0.9, 0.91, 0.85], [0.5, 0.95]);
    expect(played({ star: one, value: worse() }).count('merge')).toBe(1);
    const all = played({ star: { ...one, mergeAll: true }, value: worse() });
    expect(all.sources('merge')).toEqual([
      ['n2', 'n1'],
      ['n2', 'n3'],
    ]);
    expect(all.best).toBe('n5');
  });
});

describe('refinement', () => {
  const one = { models: 1, outer: 2, inner: 4, solutions: 1, ensembles: 0 };

  test('exactly K plans for a block, the last as good as the first', () => {
    let plan = 0;
    const value = (move: Expansion) =>
      move.operator === 'refine-block' ? [0.4, 0.3, 0.2, 0.9, 0.5, 0, 0, 0][plan++] : 0.5;
    const { sources } = played({ star: one, value });
    expect(sources('refine-block')).toEqual([
      ...Array(4).fill(['n1', 'n2']),
      // The fourth was the best: the second step starts from it; a tie with it changes nothing.
      ...Array(4).fill(['n6', 'n7']),
    ]);
    expect(sources('ablate')).toEqual([['n1'], ['n6']]);
  });

  test('without an improvement the next ablation is made of the same program', () => {
    const { sources, best } = played({ star: one, value: (move) => (move.operator === 'draft' ? 0.5 : 0.5) });
    expect(sources('ablate')).toEqual([['n1'], ['n1']]);
    expect(best).toBe('n1');
  });

  test('a plan that fails is repaired in its place and does not end the step', () => {
    const value = (move: Expansion, order: number) =>
      move.operator === 'refine-block' && order === 4 ? undefined : move.operator === 'debug' ? 0.99 : 0.5;
    const { moves, sources } = played({ star: { ...one, outer: 1 }, value });
    expect(moves.map(({ operator }) => operator)).toEqual([
      ...['draft', 'ablate', 'refine-block', 'refine-block', 'debug', 'refine-block', 'refine-block'],
    ]);
    expect(sources('debug')).toEqual([['n4']]);
  });

  test('a failed ablation is not repaired; its plans go on without it', () => {
    const value = (move: Expansion) => (move.operator === 'ablate' ? undefined : 0.5);
    const { count } = played({ star: one, value });
    expect([count('ablate'), count('debug'), count('refine-block')]).toEqual([2, 0, 8]);
  });

  test('an author that cannot ablate ends the refinement, not the search', () => {
    const rejected = (move: Expansion) => (move.operator === 'ablate' ? 'exhausted' : undefined);
    const { count, reason } = played({ value: rising, rejected });
    expect([count('refine-block'), count('aggregate'), reason]).toEqual([0, 5, 'exhausted']);
  });
});

test('each ensemble reads the best of every solution, and the best of all is kept', () => {
  const star = { models: 1, outer: 0, solutions: 3, ensembles: 3 };
  const value = (_: Expansion, order: number) => [0.1, 0.2, 0.3, 0.6, 0.9, 0.4][order - 1];
  const { sources, best } = played({ star, value });
  expect(sources('aggregate')).toEqual(Array(3).fill(['root', 'n1', 'n2', 'n3']));
  expect(best).toBe('n5');
});

describe('ensembles', () => {
  const star = { models: 1, outer: 0, solutions: 2, ensembles: 3 };

  test('one after the other, however many slots are free, each with its number and its sources', () => {
    const inFlight = new Set<number>();
    const observe = ({ reservations }: SearchState) =>
      inFlight.add(reservations.filter(({ operator }) => operator === 'aggregate').length);
    const { moves, reason } = played({ star, slots: 4, value: rising, observe });
    const ensembles = moves.filter(({ operator }) => operator === 'aggregate');
    expect([...inFlight].sort()).toEqual([0, 1]);
    expect(ensembles.map(({ why }) => why.reason)).toEqual(['ensemble 1 of 3', 'ensemble 2 of 3', 'ensemble 3 of 3']);
    for (const { nodeId, references } of ensembles) {
      expect(references).toEqual([
        { from: 'n1', to: nodeId, kind: 'aggregate' },
        { from: 'n2', to: nodeId, kind: 'aggregate' },
      ]);
    }
    expect(reason).toBe('exhausted');
  });

  test('one that fails is repaired in its place before the next is begun', () => {
    const value = (move: Expansion, order: number) => (order === 3 ? undefined : move.operator === 'debug' ? 0.9 : 0.5);
    const { moves, sources } = played({ star, slots: 2, value });
    expect(moves.map(({ operator }) => operator)).toEqual([
      ...['draft', 'draft', 'aggregate', 'debug', 'aggregate', 'aggregate'],
    ]);
    expect(sources('debug')).toEqual([['n3']]);
  });

  test('a solution of which nothing runs takes no part, and one alone is no ensemble', () => {
    const fails = (draft: number) => (move: Expansion, order: number) => {
      const isOfIt = order === draft || move.operator === 'debug';
      return isOfIt ? undefined : order;
    };
    const three = played({ star: { ...star, solutions: 3, ensembles: 1 }, value: fails(2) });
    const [first, , third] = three.moves.filter(({ operator }) => operator === 'draft').map(({ nodeId }) => nodeId);
    expect(three.sources('aggregate')).toEqual([['root', first, third]]);
    expect(played({ star, value: fails(2) }).count('aggregate')).toBe(0);
    expect(played({ star: { ...star, solutions: 1 }, value: rising }).count('aggregate')).toBe(0);
  });

  test('an author that knows no ensemble is asked until its place is closed, and then the search is over', () => {
    const asked = (reason: string) => {
      const rejected = (move: Expansion) => (move.operator === 'aggregate' ? reason : undefined);
      const { count, reason: end, state } = played({ star, value: rising, rejected });
      return [count('aggregate'), end, Object.keys(state.nodes).length];
    };
    expect(asked('exhausted')).toEqual([1, 'exhausted', 2]);
    expect(asked('duplicate')).toEqual([3, 'exhausted', 2]);
  });
});
