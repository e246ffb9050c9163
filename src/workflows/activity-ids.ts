/**
 * Ids of activities say what was decided. A replay compares types and ids but not arguments: with these ids, code that would choose another
 * parent, operator, reference, try or fold is found at the very decision, instead of passing unnoticed.
 */
import type { Reservation } from '../search/state.js';
import type { Progress } from './input.js';

/** `propose n17 fuse n9 n4 1709816281`: with the seed, which stands for every draw that led here. */
export function proposalId({ nodeId, operator, variant, parent, references, seed }: Reservation): string {
  const sources = references.map((reference) => reference.from);
  return ['propose', nodeId, operator, ...(variant === undefined ? [] : [variant]), parent, ...sources, seed].join(' ');
}

/** `execute n17 2-folds`. */
export function executionId(progress: Progress): string {
  return `execute ${progress.nodeId} ${attemptOf(progress)}`;
}

export function evaluationId(progress: Progress): string {
  return `evaluate ${progress.nodeId} ${attemptOf(progress)}`;
}

/** The part of an execution's id that the node does not say. */
export function attemptOf({ try: attempt, folds }: Pick<Progress, 'try' | 'folds'>): string {
  return folds ? `${attempt}-folds` : `${attempt}`;
}
