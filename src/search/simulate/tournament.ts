/**
 * Policies on the same tasks: for each cell (profile, landscape, seed) every contestant searches the same landscape with the same rows, faults,
 * durations and random streams, so that a difference between two of them is theirs and not the draw's.
 */
import type { SearchConfig } from '../../domain/search-config.js';
import type { Contestant } from './contestants.js';
import { nkWorld } from './nk-world.js';
import { type OperatorProfile, PROFILES, type ProfileName } from './operator-profile.js';
import { type Simulation, simulate } from './simulate.js';

export interface Cell {
  readonly profile: ProfileName;
  readonly landscape: number;
  readonly k: number;
  readonly seed: number;
}

/** Numbers are tuned on one half and confirmed on the other; no landscape and no seed is in both. */
export type Half = 'tune' | 'confirm';

const RUGGEDNESS = [2, 3, 5] as const;
export const SLOTS = 3;
/** Standard deviation of validation less truth between programs, in that of the landscape. */
export const NOISE = 0.35;
/** Two searches on each landscape: between landscapes differences vary more than between seeds. */
export const SEEDS_PER_LANDSCAPE = 2;
const FIRST_LANDSCAPE: Readonly<Record<Half, number>> = { tune: 1, confirm: 500_001 };

/** Cells of a profile: `count` seeds, spread over landscapes of three degrees of ruggedness. */
export function cellsOf(profile: ProfileName, half: Half, count: number): readonly Cell[] {
  return Array.from({ length: count }, (_, index) => {
    const place = Math.floor(index / SEEDS_PER_LANDSCAPE);
    const landscape = FIRST_LANDSCAPE[half] + place;
    const k = RUGGEDNESS[place % RUGGEDNESS.length] ?? 3;
    return { profile, landscape, k, seed: landscape * SEEDS_PER_LANDSCAPE + (index % SEEDS_PER_LANDSCAPE) };
  });
}

/** One contestant in one cell. */
export function play(cell: Cell, contestant: Contestant, defaults: SearchConfig): Simulation {
  const profile = PROFILES[cell.profile];
  const world = nkWorld({ ...cell, noise: NOISE, profile });
  const config = { ...defaults, ...timesOf(profile, defaults), slots: SLOTS, seed: cell.seed, ...contestant.options };
  return simulate(world, contestant.policy ? { config, policy: contestant.policy } : { config });
}

/** Time for the nodes of the profile, if the slots were always busy and none failed. */
function timesOf({ nodes, runSeconds }: OperatorProfile, { reserveShare }: SearchConfig) {
  const searchMs = (1000 * nodes * runSeconds) / SLOTS;
  return { budgetMs: searchMs / (1 - reserveShare), runSecondsCap: searchMs / 1000 };
}
