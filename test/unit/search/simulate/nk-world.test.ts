/** Operators act blindly, fates belong to programs, and nothing is proposed twice. */
import { describe, expect, test } from '@jest/globals';
import { randomOf } from '../../../../src/search/simulate/chance.js';
import { isUnseen, medley, mixture, neighbour, neighbours } from '../../../../src/search/simulate/genome-moves.js';
import { COMPONENTS, OPTIONS } from '../../../../src/search/simulate/landscape.js';
import { type NkPlan, nkWorld } from '../../../../src/search/simulate/nk-world.js';
import { PROFILES } from '../../../../src/search/simulate/operator-profile.js';

const world = nkWorld({ landscape: 1, k: 3, seed: 1, noise: 0.35, profile: PROFILES['r1-2025'] });
const zeros = Array.from({ length: COMPONENTS }, () => 0);
const ones = zeros.map(() => 1);
const twos = zeros.map(() => 2);
const differing = (a: readonly number[], b: readonly number[]) =>
  a.filter((option, place) => option !== b[place]).length;
const planOf = (genome: readonly number[]): NkPlan => ({ genome, repairs: 0, broken: false, truth: 0, validation: 0 });
const free = () => false;

describe('operators', () => {
  test('the variants of improve share all neighbours between them, each a change of one component', () => {
    const parts = (['tune', 'features', 'strategy'] as const).map((variant) => neighbours(zeros, variant));
    const keys = parts.flat().map((genome) => genome.join(''));
    expect(new Set(keys).size).toBe(COMPONENTS * (OPTIONS - 1));
    expect(keys).toHaveLength(COMPONENTS * (OPTIONS - 1));
    expect(parts.every((part) => part.length > 0)).toBe(true);
    expect(parts.flat().every((genome) => differing(genome, zeros) === 1)).toBe(true);
    const random = randomOf(8);
    const drawn = Array.from({ length: 900 }, () => neighbour(zeros, 'tune', random).join(''));
    expect([...new Set(drawn)].sort()).toEqual(parts[0]?.map((genome) => genome.join('')).sort());
  });

  test('evolve goes to no option that a forerunner had', () => {
    const found = neighbours(zeros, undefined).filter((genome) => isUnseen(genome, zeros, [ones, twos]));
    expect(found).toHaveLength(COMPONENTS * (OPTIONS - 3));
    expect(found.flat().some((option) => option === 1 || option === 2)).toBe(false);
    const move = { operator: 'evolve', parent: planOf(zeros) } as const;
    const references = [ones, twos].map((genome) => ({ plan: planOf(genome), kind: 'trajectory' as const }));
    const grown = Array.from({ length: 40 }, (_, seed) => world.propose({ ...move, references }, free, randomOf(seed)));
    expect(new Set(grown.flatMap(({ plan }) => plan?.genome ?? []))).toEqual(new Set([0, 3, 4, 5]));
  });

  test('fuse takes a part of one partner and never nothing; aggregate takes from all', () => {
    const random = randomOf(3);
    const taken = Array.from({ length: 400 }, () => mixture(zeros, [ones, twos], random));
    expect(taken.every((genome) => differing(genome, zeros) > 0)).toBe(true);
    expect(taken.every((genome) => !(genome.includes(1) && genome.includes(2)))).toBe(true);
    const share = taken.reduce((sum, genome) => sum + differing(genome, zeros), 0) / 400 / COMPONENTS;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.45);
    const mixed = new Set(Array.from({ length: 50 }, () => medley([zeros, ones, twos], random)).flat());
    expect([...mixed].sort()).toEqual([0, 1, 2]);
  });
});

describe('fates', () => {
  test('drafts, changes and repairs fail at the rates of the profile', () => {
    const random = randomOf(9);
    const rate = (operator: 'draft' | 'improve' | 'debug') => {
      const move = { operator, ...(operator === 'draft' ? {} : { parent: planOf(zeros) }), references: [] };
      const plans = Array.from({ length: 700 }, (_, index) => {
        const parent = planOf(Array.from({ length: COMPONENTS }, () => Math.floor(OPTIONS * random())));
        return world.propose(operator === 'draft' ? move : { ...move, parent }, free, randomOf(index)).plan;
      });
      return plans.filter((plan) => plan?.broken).length / plans.length;
    };
    expect(rate('draft')).toBeCloseTo(0.77, 1);
    expect(rate('improve')).toBeCloseTo(0.37, 1);
    expect(rate('debug')).toBeCloseTo(0.68, 1);
  });

  test('a program meets the same fate whoever proposes it, and a repair keeps its genome under another key', () => {
    const target = world.propose({ operator: 'draft', references: [] }, free, randomOf(5)).plan;
    const again = world.propose({ operator: 'draft', references: [] }, free, randomOf(5)).plan;
    expect(again).toEqual(target);
    const repaired =
      target && world.propose({ operator: 'debug', parent: target, references: [] }, free, randomOf(6)).plan;
    expect(repaired?.genome).toEqual(target?.genome);
    expect(repaired && world.keyOf(repaired)).not.toBe(target && world.keyOf(target));
  });

  test('the validation of a program is its truth and an error that a difference of two programs shares', () => {
    const sound = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((seed) => {
      const { plan } = world.propose({ operator: 'draft', references: [] }, free, randomOf(seed));
      return plan && !plan.broken ? [plan] : [];
    });
    const [one, other] = [sound[0] ?? planOf(zeros), sound[1] ?? planOf(zeros)];
    const [first, second] = [world.run(one, randomOf(1)), world.run(other, randomOf(2))];
    if (first.kind !== 'valid' || second.kind !== 'valid') throw new Error('a sound program failed');
    expect(first.validation).not.toBe(first.truth);
    const pair = world.versus?.(one, other);
    expect(pair?.delta).toBeCloseTo(first.validation - second.validation, 9);
    expect(pair?.pairedSE).toBeGreaterThan(0);
  });
});

test('when all neighbours are taken there is nothing new', () => {
  const move = { operator: 'improve', variant: 'tune', parent: planOf(zeros), references: [] } as const;
  const last = neighbours(zeros, 'tune')[0] ?? [];
  const { plan } = world.propose(move, (key) => key !== last.join(''), randomOf(1));
  expect(plan?.genome).toEqual(last);
  const none = world.propose(move, () => true, randomOf(1));
  expect(none.plan).toBeUndefined();
  expect(none.seconds).toBeGreaterThan(0);
});
