/**
 * Islands of programs for the evolutionary policy (AIRA, arXiv 2507.02554; islands after FunSearch), replayed from the finished nodes: who
 * lives where is never stored, so a resumed search has the same population.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { graphOf, nodeOf, numberOf } from './graph.js';
import { gain, rounded } from './is-better.js';
import { migrate } from './migration.js';
import { draw } from './random.js';
import { type Scale, scaleOf } from './ranges.js';
import type { SearchState } from './state.js';

export interface PopulationRules {
  readonly islands: number;
  /** Individuals of a generation; the first one is of drafts. */
  readonly generation: number;
  /** `least-fit`: everyone enters and the least fit leaves. `average`: who is at least as good as the average of the island enters. */
  readonly entry: 'least-fit' | 'average';
  /** Individuals that an island holds at most. */
  readonly size: number;
  /** Chance of a migration after each generation. */
  readonly migration: number;
}

/** The individuals of each island, in the order in which they came; only valid nodes are individuals. */
export type Islands = readonly (readonly SearchNode[])[];

/**
 * Every finished node in turn is placed on the island of its parent, a draft on one drawn for its number. What repairs a draft enters as
 * the draft would have.
 */
export function populationOf(state: SearchState, rules: PopulationRules): Islands {
  let islands: Islands = Array.from({ length: rules.islands }, () => []);
  let individuals = 0;
  const scale = scaleOf(state);
  for (const node of graphOf(state).finished) {
    const home = islandOf(state, islands, node, rules.islands);
    if (node.status === 'valid') islands = islands.with(home, afterEntry(islands[home] ?? [], node, state, rules));
    if (node.operator === 'debug') continue;
    individuals += 1;
    if (individuals % rules.generation !== 0 || rules.islands < 2) continue;
    const key = [state.streams.reference[0] ?? 0, individuals];
    if (draw(key, 0) < rules.migration) islands = migrate(islands, scale, key);
  }
  return islands;
}

/** Where its nearest ancestor that is still an individual lives now, else where its branch was drawn to. */
function islandOf(state: SearchState, islands: Islands, node: SearchNode, count: number): number {
  if (count === 1) return 0;
  for (let above = nodeOf(state, node.parent); above; above = nodeOf(state, above.parent)) {
    const { id } = above;
    const place = islands.findIndex((island) => island.some((other) => other.id === id));
    if (place >= 0) return place;
  }
  return firstIsland(state, node.branch, count);
}

function firstIsland({ streams }: SearchState, branch: NodeId, count: number): number {
  return Math.floor(count * draw([streams.noise[0] ?? 0, numberOf(branch)], 1));
}

function afterEntry(
  island: readonly SearchNode[],
  node: SearchNode,
  state: SearchState,
  { entry, size }: PopulationRules,
): readonly SearchNode[] {
  const mustEnter = entry === 'least-fit' || island.length === 0 || originOf(state, node).operator === 'draft';
  if (!mustEnter && rounded(gain(node)) < rounded(averageGain(island))) return island;
  const grown = [...island, node];
  if (grown.length <= size) return grown;
  const least = leastFit(grown);
  return grown.filter((other) => other !== least);
}

/** The program that a chain of repairs began with. */
function originOf(state: SearchState, node: SearchNode): SearchNode {
  let origin = node;
  while (origin.operator === 'debug') {
    const above = nodeOf(state, origin.parent);
    if (!above) break;
    origin = above;
  }
  return origin;
}

export function averageGain(island: readonly SearchNode[]): number {
  return island.reduce((sum, node) => sum + gain(node), 0) / island.length;
}

/** Of equals the oldest. */
function leastFit(island: readonly SearchNode[]): SearchNode | undefined {
  let least: SearchNode | undefined;
  for (const node of island) if (!least || gain(node) < gain(least)) least = node;
  return least;
}

/** Fitness of an island, 0 to 1: that of its average; an empty one is worth nothing. */
export function islandFitness(island: readonly SearchNode[], scale: Scale): number {
  return island.length > 0 ? scale(averageGain(island)) : 0;
}
