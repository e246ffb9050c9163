/** What an order to a run must be before it is taken. Validators throw sentences that people read; a refused order leaves no event. */
import type { NodeId } from '../domain/ids.js';
import { nodeOf } from '../search/graph.js';
import type { Run, Session } from './run.js';

/** The run while it can be steered. @throws a sentence that says why it cannot. */
export function searching(session: Session): Run {
  if (session.phase === 'searching' && session.run !== null) return session.run;
  if (session.phase === 'preparing') throw new Error('The run is still being prepared; try again in a moment.');
  throw new Error(`The run is not searching any more: it is ${session.phase}.`);
}

export function checkFinished(run: Run, nodeId: NodeId): void {
  check(typeof nodeId === 'string', `A node is named like "n17", not ${shown(nodeId)}.`);
  const sentence = run.state.reservations.some((reservation) => reservation.nodeId === nodeId)
    ? `${nodeId} has not finished yet.`
    : `The run has no node ${shown(nodeId)}.`;
  check(nodeOf(run.state, nodeId) !== undefined, sentence);
}

export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}

export function check(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}
