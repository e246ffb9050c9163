/** The chosen program as files that run alone: one script, or members and a script that runs them and makes one answer. */
import type { Member } from '../domain/evaluation.js';
import type { Averaging, Recipe } from '../domain/recipe.js';
import type { TaskCard } from '../domain/task-card.js';
import { blendScript } from './blend-script.js';

export interface ProgramFile {
  /** Path below the results folder. */
  readonly path: string;
  readonly text: string;
}

export interface ChosenProgram extends Member {
  readonly program: string;
}

/**
 * A single whose answer stands as it is becomes `solution.py` itself. Otherwise there are `members/<node>.py` and a
 * `solution.py` that runs them, averages and decides by the same recipe as the submission.
 * @param recipe absent for runs that recorded none: then averaged as the metric asks, the most probable class wins.
 */
export function solutionFiles(
  members: readonly ChosenProgram[],
  card: TaskCard,
  recipe: Recipe = { averaging: usualAveraging(card), modelsPerMember: 1 },
): readonly ProgramFile[] {
  const [only] = members;
  if (only && members.length === 1 && standsAlone(recipe)) return [{ path: 'solution.py', text: only.program }];
  const parts = members.map((member) => ({ path: `members/${member.nodeId}.py`, text: member.program }));
  return [...parts, { path: 'solution.py', text: blendScript(members, card, recipe) }];
}

function standsAlone(recipe: Recipe): boolean {
  return recipe.rule === undefined && recipe.clip === undefined;
}

function usualAveraging(card: TaskCard): Averaging {
  if (card.metric === 'auc' || card.metric === 'spearman') return 'ranks';
  return card.predictions === 'value' ? 'values' : 'probabilities';
}
