/** Tasks with several targets: the composer plans for one of them, and the program does the same for each. */
import type { TaskCard } from '../../domain/task-card.js';

/** All targets where there are several, else nothing. */
export function targetsOf(card: TaskCard): readonly string[] {
  return card.targets !== undefined && card.targets.length > 1 ? card.targets : [];
}

/** Shares that sum to 1 over the targets: learnt as numbers, divided by their sum at the end. */
export function areShares(card: TaskCard): boolean {
  return targetsOf(card).length > 0 && card.metric === 'kl-divergence';
}

/** The card of one target alone, by which components are chosen; the card itself where there is one target. */
export function planningCard(card: TaskCard): TaskCard {
  if (targetsOf(card).length === 0) return card;
  const { targetRange: _, classes: __, ...rest } = card;
  const one = { ...rest, submissionColumns: [card.target] };
  if (areShares(card)) return { ...one, taskType: 'regression', predictions: 'value', targetRange: [0, 1] };
  if (card.taskType === 'multilabel')
    return { ...one, taskType: 'binary', predictions: 'probability', classes: ['0', '1'] };
  return { ...one, taskType: 'regression', ...(card.metric === 'rmsle' && { targetRange: [0, 0] }) };
}
