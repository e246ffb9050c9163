/**
 * AIRA's evolutionary search (arXiv 2507.02554, section 4): generations of five on islands. The first is of drafts; later individuals improve
 * one parent, and from the third generation on every second one crosses two (our `fuse`). A failed program is repaired first, up to ten times.
 *
 * Preset `paper`: parents by share of fitness, a new one takes the place of the least fit of five. `released`: parents by softmax of fitness
 * at a temperature (1 throughout, so close to even odds), entry for whoever is at least average, 500 to an island.
 *
 * There are no barriers: as soon as a slot is free the next individual is begun, from the population as it is then. Guaranteed: who is on
 * which island follows from the finished nodes alone; a crossing that finds one parent becomes an improvement; an empty population drafts.
 */
import type { SearchNode } from '../../domain/node.js';
import { improvable, isClosed } from '../closed.js';
import { debugFirst } from '../debug-leaf.js';
import { canDraft, draftCount, mayDraftMore } from '../drafts.js';
import { validNodes } from '../elite.js';
import { graphOf } from '../graph.js';
import { gain, rounded } from '../is-better.js';
import { draftMove, type Move } from '../move.js';
import { improve, moveOf } from '../operators.js';
import { islandFitness, type PopulationRules, populationOf } from '../population.js';
import { prunedNodes } from '../pruned.js';
import { draw } from '../random.js';
import { scaleOf } from '../ranges.js';
import type { SearchState } from '../state.js';
import { temperatureAt } from '../temperature.js';
import { pickWeighted, shares, softmax } from '../weighted.js';
import type { SearchPolicy } from './policy.js';

const GENERATION = 5;
const REPAIRS = 10;
const FIRST_CROSSING = 2;
const CROSSING_SHARE = 0.5;

export const airaEvolutionary: SearchPolicy = {
  name: 'aira-evolutionary',
  choose(state) {
    const repair = debugFirst(state, REPAIRS);
    if (repair) return repair;
    if (canDraft(state) && draftCount(state) < GENERATION) return draftMove('the first generation');
    return breed(state) ?? improveAny(state) ?? (mayDraftMore(state) ? draftMove('no individual is left') : undefined);
  },
};

function rulesOf({ config }: SearchState): PopulationRules {
  const { islands = 1, migration = 0, preset } = config;
  const common = { islands, migration, generation: GENERATION };
  return preset === 'released'
    ? { ...common, entry: 'average', size: 500 }
    : { ...common, entry: 'least-fit', size: 5 };
}

function breed(state: SearchState): Move | undefined {
  const pruned = prunedNodes(state);
  const isOpen = improvable(state);
  const isParent = (node: SearchNode) => isOpen(node) && !pruned.has(node.id);
  const islands = populationOf(state, rulesOf(state)).map((island) => island.filter(isParent));
  const peopled = islands.filter((island) => island.length > 0);
  const scale = scaleOf(state);
  const generation = generationOf(state);
  const weigh = (fitness: readonly number[]) =>
    state.config.preset === 'released' ? softmax(fitness.map(rounded), temperatureAt(generation)) : shares(fitness);
  const pick = <T>(items: readonly T[], fitnessOf: (item: T) => number, index: number): T | undefined => {
    const place = pickWeighted(weigh(items.map(fitnessOf)), draw(state.streams.select, index));
    return place === undefined ? undefined : items[place];
  };
  const island = pick(peopled, (members) => islandFitness(members, scale), 0) ?? [];
  const parent = pick(island, (node) => scale(gain(node)), 1);
  if (!parent) return undefined;
  const others = island.filter((node) => node !== parent);
  const chance = draw(state.streams.operator, 0);
  const crosses = generation >= FIRST_CROSSING && chance < CROSSING_SHARE && state.config.fuse;
  const mate = crosses ? pick(others, (node) => scale(gain(node)), 2) : undefined;
  return (mate && cross(state, parent, mate, chance)) ?? improveOne(state, parent);
}

/** Generations begun, from 0: repairs belong to the individual that they repair. */
function generationOf(state: SearchState): number {
  const repairs = graphOf(state).operators.debug;
  const begun = state.reservations.filter(({ operator }) => operator !== 'debug').length;
  return Math.floor((graphOf(state).nodes.length - repairs + begun) / GENERATION);
}

function cross(state: SearchState, parent: SearchNode, mate: SearchNode, chance: number): Move | undefined {
  if (isClosed(state, parent.id, 'fuse')) return undefined;
  const kind = mate.branch === parent.branch ? ('merge' as const) : ('cross-branch' as const);
  const references = [{ from: mate.id, kind }];
  const reason = `cross ${parent.id} with ${mate.id}`;
  return moveOf(parent, { operator: 'fuse', references, reason, draws: { crossing: chance } });
}

function improveOne(state: SearchState, parent: SearchNode): Move | undefined {
  const expansion = improve(state, parent);
  return expansion && moveOf(parent, expansion);
}

/** When the whole population is closed: the best node that is not. */
function improveAny(state: SearchState): Move | undefined {
  const best = validNodes(state).find(improvable(state));
  return best && improveOne(state, best);
}
