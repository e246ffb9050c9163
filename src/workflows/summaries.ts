/** One line for each activity, shown on the timeline of the Temporal UI. At most 200 bytes. */
import type { NodeId } from '../domain/ids.js';
import type { Reservation } from '../search/state.js';
import type { Progress } from './input.js';

/** `n17 fuse ← n9, n4`: what is made, from what. */
export function lineage(reservation: Reservation): string {
  const sources = [reservation.parent, ...reservation.references.map((reference) => reference.from)];
  const named = [...new Set(sources)].filter((source) => source !== 'root');
  const move =
    reservation.variant === undefined ? reservation.operator : `${reservation.operator}:${reservation.variant}`;
  return short(
    named.length === 0 ? `${reservation.nodeId} ${move}` : `${reservation.nodeId} ${move} ← ${named.join(', ')}`,
  );
}

/** `n17 improve:tune ← n9 · main · try 2`. */
export function execution(reservation: Reservation | undefined, progress: Progress): string {
  const start = reservation === undefined ? progress.nodeId : lineage(reservation);
  const again = progress.try > 1 ? ` · try ${progress.try}` : '';
  return short(`${start} · ${progress.views.join('+')}${again}`);
}

export function evaluation(progress: Progress): string {
  return `${progress.nodeId} score${progress.folds ? ' all folds' : ''}`;
}

export function refit(nodeId: NodeId): string {
  return `${nodeId} refit on all labels`;
}

function short(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}
