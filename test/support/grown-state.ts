/** A search state with a given graph, written as a table: id, parent, score (nothing: failed). */
import type { SearchNode } from '../../src/domain/node.js';
import type { SearchConfig } from '../../src/domain/search-config.js';
import { initialState } from '../../src/search/initial-state.js';
import type { Reservation, SearchState } from '../../src/search/state.js';
import { CONFIG, costOf } from './scripted-world.js';

export interface Grown extends Partial<Omit<SearchNode, 'id' | 'parent' | 'score' | 'branch'>> {
  readonly id: string;
  /** Absent: a child of the root. */
  readonly parent?: string;
  /** Absent: the node failed. */
  readonly value?: number;
  readonly seconds?: number;
}

export interface Around {
  readonly direction?: SearchState['direction'];
  readonly config?: Partial<SearchConfig>;
  readonly slots?: number;
  /** Milliseconds since the start. */
  readonly nowMs?: number;
}

/** Nodes finish in the order of the table. */
export function grown(
  table: readonly Grown[],
  { direction = 'maximise', config, slots = 2, nowMs = 0 }: Around = {},
): SearchState {
  const start = initialState({ config: { ...CONFIG, ...config }, direction, startedMs: 0, slots });
  const nodes: Record<string, SearchNode> = {};
  table.forEach((row, ordinal) => {
    nodes[row.id] = nodeFrom(row, ordinal, direction, nodes);
  });
  return {
    ...start,
    nodes,
    nextNode: 1 + Math.max(0, ...table.map(({ id }) => Number(id.slice(1)))),
    spent: { ...costOf(0), executions: table.length },
    clock: { ...start.clock, nowMs },
  };
}

/** The state with one more reservation. */
export function withWork(
  state: SearchState,
  work: Partial<Omit<Reservation, 'nodeId' | 'parent'>> & { nodeId: string; parent?: string },
): SearchState {
  const { nodeId, parent = 'root', ...rest } = work;
  const number = Number(nodeId.slice(1));
  const reservation = {
    ...{
      nodeId,
      parent,
      branch: state.nodes[parent as never]?.branch ?? nodeId,
      operator: parent === 'root' ? 'draft' : 'improve',
    },
    ...{ references: [], phase: 'executing', try: 1, seed: 1, sinceMs: state.clock.nowMs },
    ...{
      committed: { ...costOf(30), executions: 1 },
      spent: costOf(0),
      why: { policy: 'test', reason: 'test', path: [], draws: {} },
    },
    ...rest,
  } as Reservation;
  return {
    ...state,
    nextNode: Math.max(state.nextNode, number + 1),
    reservations: [...state.reservations, reservation],
  };
}

function nodeFrom(
  row: Grown,
  ordinal: number,
  direction: SearchState['direction'],
  nodes: Record<string, SearchNode>,
): SearchNode {
  const { id, parent = 'root', value, seconds = 1, ...rest } = row;
  const above = nodes[parent];
  const score = { value: value ?? 0, standardError: 0.01, rows: 500, direction, source: 'hidden' as const };
  const node = {
    ...{ id, ordinal, parent, branch: above?.branch ?? id, depth: (above?.depth ?? 0) + 1, debugDepth: 0 },
    ...{ operator: parent === 'root' ? 'draft' : 'improve', family: 'linear', fingerprint: id },
    ...(value === undefined ? { status: 'failed', failure: 'exception', milestones: 0 } : { status: 'valid', score }),
    cost: { ...costOf(seconds), executions: 1 },
    ...rest,
  };
  return node as SearchNode;
}
