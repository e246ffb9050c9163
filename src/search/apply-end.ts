/** Events that end a reservation: as a node of the graph, or as nothing. */
import type { SearchNode } from '../domain/node.js';
import type { Cost } from '../domain/score.js';
import { timed } from './ahead.js';
import { unblock } from './apply-steering.js';
import { type EventOf, withoutReservation } from './apply-work.js';
import { addCost, withExecutions } from './cost.js';
import { graphOf, nodeOf, reservationOf, withNode } from './graph.js';
import type { Reservation, SearchState } from './state.js';

/** A score that is no finite number is no score: the node fails as `bad-format`. */
export function finishNode(state: SearchState, event: EventOf<'finished'>): SearchState {
  const { score, versus, complement } = event;
  if (!Number.isFinite(score.value)) return commit(state, event, { status: 'failed', failure: 'bad-format' });
  return commit(state, event, { status: 'valid', score, versus, ...(complement ? { complement } : {}) });
}

export function failNode(state: SearchState, event: EventOf<'failed'>): SearchState {
  const { failure, milestones } = event;
  return commit(state, event, { status: 'failed', failure, milestones });
}

/** An execution that had begun is spent, all the rest of the promise is free again. */
export function cancelNode(state: SearchState, event: EventOf<'cancelled'>): SearchState {
  const work = reservationOf(state, event.nodeId);
  if (!work) return state;
  return book(withoutReservation(state, work), event.cost, isExecuted(work) ? 1 : 0);
}

type Result = Pick<SearchNode, 'status' | 'failure' | 'milestones' | 'score' | 'versus' | 'complement'>;

function commit(
  state: SearchState,
  event: { readonly nodeId: SearchNode['id']; readonly cost: Cost },
  result: Result,
): SearchState {
  const work = reservationOf(state, event.nodeId);
  if (!work || !isExecuted(work)) return state;
  const node = { ...placed(state, work), ...result, cost: withExecutions(addCost(work.spent, event.cost), 1) };
  const settled = book(withoutReservation(state, work), event.cost, 1);
  const ended = unblock(withNode(settled, node));
  return work.phase === 'executing' ? timed(ended, 'programs', state.clock.nowMs - work.sinceMs) : ended;
}

/** Who the node is and where it hangs. */
function placed(state: SearchState, work: Reservation) {
  const parent = nodeOf(state, work.parent);
  return {
    id: work.nodeId,
    ordinal: graphOf(state).nodes.length,
    parent: work.parent,
    branch: work.branch,
    operator: work.operator,
    ...(work.variant === undefined ? {} : { variant: work.variant }),
    depth: (parent?.depth ?? 0) + 1,
    debugDepth: work.operator === 'debug' ? (parent?.debugDepth ?? 0) + 1 : 0,
    family: work.family ?? 'unknown',
    fingerprint: work.fingerprint ?? '',
  };
}

function book(state: SearchState, cost: Cost, executions: number): SearchState {
  return { ...state, spent: addCost(state.spent, withExecutions(cost, executions)) };
}

function isExecuted({ phase }: Reservation): boolean {
  return phase === 'executing' || phase === 'evaluating';
}
