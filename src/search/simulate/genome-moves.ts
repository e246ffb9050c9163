/**
 * What each operator does to the components of a program. None of them knows what is good: whichever policy applies an operator gets the same
 * blind change, so that policies differ by what they choose to change and when, and by nothing else.
 */
import type { ImproveVariant } from '../../domain/operator.js';
import { COMPONENTS, type Genome, OPTIONS } from './landscape.js';
import type { Random } from './world.js';

/** Components that a variant may change: few large ones, some in the middle, many small ones. Together they are all of them. */
const PLACES: Readonly<Record<ImproveVariant, readonly number[]>> = {
  strategy: [0, 1],
  features: [2, 3, 4],
  tune: [5, 6, 7, 8, 9],
};
const EVERYWHERE = [...PLACES.strategy, ...PLACES.features, ...PLACES.tune];
/** Chance that a component is taken over from a partner: the share of the genome that a blind mixture carries across. */
const TAKEN_OVER = 0.3;

/** `draft`: any program. */
export function randomGenome(random: Random): Genome {
  return Array.from({ length: COMPONENTS }, () => Math.floor(OPTIONS * random()));
}

/** `improve`: one component of the variant changed. */
export function neighbour(genome: Genome, variant: ImproveVariant | undefined, random: Random): Genome {
  const places = placesOf(variant);
  const place = places[Math.floor(random() * places.length)] ?? 0;
  const step = 1 + Math.floor(random() * (OPTIONS - 1));
  return genome.with(place, ((genome[place] ?? 0) + step) % OPTIONS);
}

/** All that `neighbour` can give. */
export function neighbours(genome: Genome, variant: ImproveVariant | undefined): readonly Genome[] {
  return placesOf(variant).flatMap((place) => others(genome, place).map((option) => genome.with(place, option)));
}

/** `evolve`: whether what is new in a program was seen in none of its forerunners; any component may change, as a history is read as a whole. */
export function isUnseen(candidate: Genome, parent: Genome, history: readonly Genome[]): boolean {
  const place = candidate.findIndex((option, index) => option !== parent[index]);
  return history.every((earlier) => earlier[place] !== candidate[place]);
}

/** `fuse`: some components of one partner, at least one where the two differ. */
export function mixture(genome: Genome, partners: readonly Genome[], random: Random): Genome {
  const partner = partners[Math.floor(random() * partners.length)] ?? genome;
  const differing = EVERYWHERE.filter((place) => partner[place] !== genome[place]);
  const sure = differing[Math.floor(random() * differing.length)];
  return genome.map((option, place) => {
    const takes = random() < TAKEN_OVER || place === sure;
    return takes ? (partner[place] ?? option) : option;
  });
}

/** `aggregate`: each component from any of the leaders. */
export function medley(leaders: readonly Genome[], random: Random): Genome {
  return Array.from({ length: COMPONENTS }, (_, place) => leaders[Math.floor(random() * leaders.length)]?.[place] ?? 0);
}

function placesOf(variant: ImproveVariant | undefined): readonly number[] {
  return variant ? PLACES[variant] : EVERYWHERE;
}

function others(genome: Genome, place: number): readonly number[] {
  return Array.from({ length: OPTIONS }, (_, option) => option).filter((option) => option !== genome[place]);
}
