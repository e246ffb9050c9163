/**
 * The world of a synthetic landscape. A program is a genome that may be broken; a repair keeps its genome. Whether it is broken, how long it runs
 * and how its rows err belong to the program and the seed, so that every policy that comes upon it meets the same fate.
 */
import { chanceAt, normalAt } from './chance.js';
import { isUnseen, medley, mixture, neighbour, neighbours, randomGenome } from './genome-moves.js';
import { type Genome, landscapeOf } from './landscape.js';
import type { OperatorProfile } from './operator-profile.js';
import type { Random, World, WorldMove } from './world.js';

export interface NkPlan {
  readonly genome: Genome;
  readonly repairs: number;
  readonly broken: boolean;
  readonly truth: number;
  readonly validation: number;
}

export interface NkOptions {
  readonly landscape: number;
  readonly k: number;
  /** Seed of rows, faults and durations. */
  readonly seed: number;
  readonly noise: number;
  readonly profile: OperatorProfile;
}

/** Spread of the logarithm of times: two thirds of all runs lie within a factor of two of the typical one. */
const RUN_SPREAD = 0.7;
const PROPOSAL_SPREAD = 0.5;
/** A broken program ends early. */
const BROKEN_SHARE = 0.3;
/** Without a valid program one is left with something worse than nearly every program. */
const NOTHING = -2;
/** Random changes that are tried; mixtures count as exhausted then, of neighbours all are looked at. */
const ATTEMPTS = 20;

export function nkWorld({ landscape, k, seed, noise, profile }: NkOptions): World<NkPlan> {
  const { truthOf, errorOf, pairedSE } = landscapeOf({ seed: landscape, k, rows: seed, noise });
  const stream = Math.imul(landscape + 1, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35);
  const failureRate = ({ operator }: WorldMove<NkPlan>) => {
    if (operator === 'debug') return 1 - profile.fixWorks;
    return operator === 'draft' || operator === 'aggregate' ? profile.draftFails : profile.changeFails;
  };
  const planOf = (move: WorldMove<NkPlan>, genome: Genome, repairs: number): NkPlan => {
    const broken = chanceAt(stream, 1, repairs, ...genome) < failureRate(move);
    const truth = truthOf(genome);
    return { genome, repairs, broken, truth, validation: truth + errorOf(genome) };
  };
  return {
    direction: 'maximise',
    nothing: NOTHING,
    keyOf,
    familyOf: ({ genome }) => String(genome[0]),
    propose(move, isTaken, random) {
      const seconds = profile.proposeSeconds * logNormal(PROPOSAL_SPREAD, normalFrom(random));
      if (move.operator === 'debug') {
        const { genome, repairs } = move.parent ?? { genome: randomGenome(random), repairs: 0 };
        return { plan: planOf(move, genome, repairs + 1), seconds };
      }
      const isFree = (genome: Genome) => !isTaken(keyOf({ genome, repairs: 0 }));
      const genome = newGenome(move, isFree, random);
      return genome ? { plan: planOf(move, genome, 0), seconds } : { seconds };
    },
    run({ genome, repairs, broken, truth, validation }) {
      const seconds = profile.runSeconds * logNormal(RUN_SPREAD, normalAt(stream, 3, ...genome));
      if (!broken) return { kind: 'valid', validation, truth, seconds };
      const milestones = Math.floor(7 * chanceAt(stream, 4, repairs, ...genome));
      return { kind: 'failed', failure: 'exception', milestones, seconds: BROKEN_SHARE * seconds };
    },
    versus: (plan, other) => ({ delta: plan.validation - other.validation, pairedSE }),
  };
}

function keyOf({ genome, repairs }: Pick<NkPlan, 'genome' | 'repairs'>): string {
  return repairs === 0 ? genome.join('') : `${genome.join('')}+${repairs}`;
}

/** A program that nobody tried yet, or nothing. */
function newGenome(
  { operator, variant, parent, references }: WorldMove<NkPlan>,
  isFree: (genome: Genome) => boolean,
  random: Random,
): Genome | undefined {
  const informing = references.map(({ plan }) => plan.genome);
  if (operator === 'aggregate') return attempt(() => medley(informing, random), isFree);
  if (operator === 'draft' || !parent) return attempt(() => randomGenome(random), isFree);
  if (operator === 'fuse') return attempt(() => mixture(parent.genome, informing, random), isFree);
  const fits = (genome: Genome) =>
    isFree(genome) && (operator !== 'evolve' || isUnseen(genome, parent.genome, informing));
  const found = attempt(() => neighbour(parent.genome, variant, random), fits);
  if (found) return found;
  const near = neighbours(parent.genome, variant);
  const left = near.filter(fits);
  return oneOf(left.length > 0 ? left : near.filter(isFree), random);
}

function attempt(make: () => Genome, isFree: (genome: Genome) => boolean): Genome | undefined {
  for (let index = 0; index < ATTEMPTS; index += 1) {
    const genome = make();
    if (isFree(genome)) return genome;
  }
  return undefined;
}

function oneOf<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Log-normal with mean 1. */
function logNormal(spread: number, normal: number): number {
  return Math.exp(spread * normal - (spread * spread) / 2);
}

function normalFrom(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
