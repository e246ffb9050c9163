/**
 * Islands of programs for the evolutionary policy (AIRA, arXiv 2507.02554; islands after FunSearch), replayed from the finished nodes: who
 * lives where is never stored, so a resumed search has the same population.
 */
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import { memory } from './carried.js';
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

interface Book {
  readonly islands: Islands;
  /** Nodes that are no repairs. */
  readonly individuals: number;
  readonly rules: PopulationRules;
  /** Everything that this rests on besides the nodes. */
  readonly grounds: string;
}

const books = memory<Book>((book, node, after) => {
  const isSame = !migrates(book.rules) && book.grounds === groundsOf(after, book.rules);
  return isSame ? entered(book, node, after) : undefined;
});

/**
 * Every finished node in turn is placed on the island of its parent, a draft on one drawn for its number. What repairs a draft enters as
 * the draft would have.
 */
export function populationOf(state: SearchState, rules: PopulationRules): Islands {
  const grounds = groundsOf(state, rules);
  const known = books.of(state);
  if (known?.grounds === grounds && !migrates(rules)) return known.islands;
  const scale = scaleOf(state);
  let book: Book = { islands: Array.from({ length: rules.islands }, () => []), individuals: 0, rules, grounds };
  for (const node of graphOf(state).finished) {
    const { individuals } = book;
    book = entered(book, node, state);
    if (book.individuals > individuals) book = migrated(book, state, scale);
  }
  return books.keep(state, book).islands;
}

/** Whoever migrates is chosen on a scale of all scores, so every node may change what happened before it. */
function migrates({ islands, migration }: PopulationRules): boolean {
  return islands > 1 && migration > 0;
}

function groundsOf({ streams }: SearchState, rules: PopulationRules): string {
  return JSON.stringify([rules, streams.noise[0]]);
}

function entered(book: Book, node: SearchNode, state: SearchState): Book {
  const { islands, individuals, rules } = book;
  const home = islandOf(state, islands, node, rules.islands);
  const entry = node.status === 'valid' ? afterEntry(islands[home] ?? [], node, state, rules) : islands[home];
  return {
    ...book,
    islands: entry === islands[home] ? islands : islands.with(home, entry ?? []),
    individuals: individuals + (node.operator === 'debug' ? 0 : 1),
  };
}

function migrated(book: Book, { streams }: SearchState, scale: Scale): Book {
  const { islands, individuals, rules } = book;
  if (!migrates(rules) || individuals % rules.generation !== 0) return book;
  const key = [streams.reference[0] ?? 0, individuals];
  return draw(key, 0) < rules.migration ? { ...book, islands: migrate(islands, scale, key) } : book;
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
