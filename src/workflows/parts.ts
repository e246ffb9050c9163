/**
 * A state too large for one payload, cut into stored parts. What has ended never changes, so a part that was stored once is good for all
 * links to come: each link stores only what ended since the one before, however long the run.
 */
import type { NodeId } from '../domain/ids.js';
import type { Reference, SearchNode } from '../domain/node.js';
import { graphOf } from '../search/graph.js';
import type { SearchState } from '../search/state.js';

/** Bytes up to which a hand-over travels in the history; the server warns at 512 KiB for each payload and refuses 2 MiB. */
export const INLINE_BYTES = 256 * 1024;
/** Bytes of one part before it is quoted as a text within a payload, which adds about a fifth. */
export const PART_BYTES = 192 * 1024;

/** Where a part lies, and how many nodes and references it holds. */
export interface StoredPart {
  readonly ref: string;
  readonly sha256: string;
  readonly nodes: number;
  readonly references: number;
}

/** The parts in order, and the state without what they hold. */
export interface PartedState {
  readonly parts: readonly StoredPart[];
  readonly rest: SearchState;
}

/** What one part holds: nodes in the order in which they finished, references in the order in which they were decided. */
export interface Part {
  readonly nodes: readonly SearchNode[];
  readonly references: readonly Reference[];
}

/** Of a value as JSON in UTF-8. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** The state without what `parts` hold. */
export function restOf(state: SearchState, parts: readonly StoredPart[]): SearchState {
  const nodes: Record<NodeId, SearchNode> = {};
  for (const node of graphOf(state).finished.slice(held(parts, 'nodes'))) nodes[node.id] = node;
  return { ...state, nodes, references: state.references.slice(held(parts, 'references')) };
}

/** The next part to store, at most `limit` bytes unless a single node is larger; nothing when all that can be stored is. */
export function nextPart(state: SearchState, parts: readonly StoredPart[], limit: number): Part | undefined {
  const nodes: SearchNode[] = [];
  const references: Reference[] = [];
  let room = limit;
  const fits = (value: unknown): boolean => {
    room -= bytesOf(value);
    return room >= 0 || nodes.length + references.length === 0;
  };
  for (const node of graphOf(state).finished.slice(held(parts, 'nodes'))) {
    if (!fits(node)) return { nodes, references };
    nodes.push(node);
  }
  const open = new Set(state.reservations.map(({ nodeId }) => nodeId));
  for (const reference of state.references.slice(held(parts, 'references'))) {
    // What is in flight may still be withdrawn, and its references with it.
    if (open.has(reference.to) || !fits(reference)) break;
    references.push(reference);
  }
  return nodes.length + references.length === 0 ? undefined : { nodes, references };
}

/** The whole state again. @throws when a part does not hold what was noted of it. */
export function joined({ parts, rest }: PartedState, texts: readonly string[]): SearchState {
  const read = texts.map((text) => JSON.parse(text) as Part);
  const nodes: Record<NodeId, SearchNode> = {};
  for (const [index, part] of read.entries()) {
    if (part.nodes.length !== parts[index]?.nodes || part.references.length !== parts[index]?.references) {
      throw new Error(`Part ${index + 1} of ${parts.length} of the state does not hold what was stored in it.`);
    }
    for (const node of part.nodes) nodes[node.id] = node;
  }
  const references = [...read.flatMap((part) => part.references), ...rest.references];
  return { ...rest, nodes: { ...nodes, ...rest.nodes }, references };
}

function held(parts: readonly StoredPart[], what: 'nodes' | 'references'): number {
  return parts.reduce((sum, part) => sum + part[what], 0);
}
