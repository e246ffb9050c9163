/** The final choice in words and cells: one source for `show --choice` and the report. Pure. */
import type { Candidate, FinalChoice } from '../domain/evaluation.js';
import type { Averaging, DecisionRule } from '../domain/recipe.js';
import { scoreText } from './number.js';

/** A heading of one or two words, and what there is to say under it. */
export type Fact = readonly [name: string, text: string];

/** `+0.00340 ± 0.0012 (2.8 SE)`; a dash for the single itself, and where nobody knows the error. */
export function overText({ kind, overSingle, overSinglePairedSE, pooled }: Candidate): string {
  if (kind === 'single' || pooled.source === 'script') return '–';
  return differenceText(overSingle, overSinglePairedSE);
}

export function membersText({ members }: Candidate): string {
  return members.map((member) => `${member.nodeId} × ${member.weight.toFixed(2)}`).join(', ');
}

/** Node, weight and what became of its refit, one row per member of the chosen candidate; heaviest first. */
export function memberRows(choice: FinalChoice): readonly (readonly string[])[] {
  const members = [...choice.chosen.members].sort((a, b) => b.weight - a.weight);
  return members.map(({ nodeId, weight }) => {
    const refit = choice.refits?.find((entry) => entry.nodeId === nodeId);
    return [nodeId, weight.toFixed(2), refit?.reason ?? 'not written yet'];
  });
}

/** Why this answer, how it is made, what to expect of it, and how close the decision was. */
export function choiceFacts(choice: FinalChoice): readonly Fact[] {
  const made = answerText(choice);
  return [
    ['Rule', choice.rule],
    ...(made ? [['Answer', made] as const] : []),
    ['Estimate', estimateText(choice)],
    ['Optimism', optimismText(choice)],
    ['Runner-up', runnerUpText(choice)],
    ['Shortlist', choice.shortlist.join(' ')],
  ];
}

function differenceText(delta: number, error: number): string {
  const sign = delta >= 0 ? '+' : '−';
  const size = error > 0 ? ` (${(Math.abs(delta) / error).toFixed(1)} SE)` : '';
  return `${sign}${Math.abs(delta).toPrecision(3)} ± ${error.toPrecision(2)}${size}`;
}

const AVERAGES: Readonly<Record<Averaging, string>> = {
  none: 'nothing is averaged',
  values: 'the mean of the members’ numbers',
  probabilities: 'the mean of the members’ probabilities',
  votes: 'a weighted vote of the members’ labels',
  ranks: 'the mean of the ranks of the members’ predictions',
  'row-scales': 'the mean of the members’ scores, each row stretched to 0 … 1',
  logarithms: 'the mean of the logarithms of the members’ numbers',
  directions: 'the mean of the members’ places on the sphere',
};

function answerText({ averaging, chosen, recipe }: FinalChoice): string | undefined {
  const several = chosen.members.length > 1;
  const parts = [
    ...(several && averaging ? [AVERAGES[averaging]] : []),
    ...(recipe && recipe.modelsPerMember > 1
      ? [`each member the mean of its ${recipe.modelsPerMember} fold models`]
      : []),
    ...(recipe?.clip ? ['kept to the range of the training target'] : []),
    ...(recipe?.rule ? [ruleText(recipe.rule)] : []),
  ];
  return parts.length > 0 ? `${parts.join('; ')}.` : undefined;
}

function ruleText(rule: DecisionRule): string {
  switch (rule.kind) {
    case 'most-probable':
      return 'the most probable class (no tuned rule was better on rows it had not seen)';
    case 'scaled':
      return `the class with the largest probability divided by ${numbers(rule.divisors)}`;
    case 'threshold':
      return `the positive class from ${short(rule.threshold)} on`;
    case 'thresholds':
      return `each label from its threshold on: ${numbers(rule.thresholds)}`;
    case 'cuts':
      return `the expected level, cut at ${numbers(rule.cuts)}`;
  }
}

function numbers(values: readonly number[]): string {
  const shown = values.slice(0, 12).map(short).join(', ');
  return values.length > 12 ? `${shown} and ${values.length - 12} more` : shown;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function estimateText({ estimate }: FinalChoice): string {
  const value = scoreText(estimate);
  const rows = `${estimate.rows.toLocaleString('en-US')} rows`;
  switch (estimate.source) {
    case 'hidden':
      return `${value}. Members, weights and rule found on the search rows, measured on ${rows} that took no part.`;
    case 'folds':
      return `${value}. Cross-fitted over ${rows}: each fold is answered with what the other folds chose.`;
    case 'hidden-unprotected':
      return `${value} on ${rows}, but no sandbox kept the programs from the answers.`;
    case 'script':
      return `${value}, self-reported: the program's own claim, which nobody has checked.`;
  }
}

function optimismText({ optimism, estimate }: FinalChoice): string {
  if (estimate.source === 'script') return 'unknown: there are no rows to measure it on.';
  if (optimism <= 0)
    return `none found: the best single does no worse on rows that did not choose it (${optimism.toPrecision(2)}).`;
  return `the best single looks ${optimism.toPrecision(3)} better on the rows that chose it than on others.`;
}

function runnerUpText({ runnerUp, candidates, estimate }: FinalChoice): string {
  if (!runnerUp) return 'none: there was one program to choose from.';
  const single = candidates.find((candidate) => candidate.kind === 'single')?.members[0]?.nodeId ?? 'the best single';
  const { nodeId, pooled, behind, behindPairedSE } = runnerUp;
  if (estimate.source === 'script')
    return `${nodeId} with ${scoreText(pooled)}, ${behind.toPrecision(3)} behind ${single}.`;
  const verdict =
    behind <= behindPairedSE ? 'a tie' : behind <= 2 * behindPairedSE ? 'hardly told apart' : 'told apart';
  return `${nodeId} alone with ${scoreText(pooled)}, ${behind.toPrecision(3)} ± ${behindPairedSE.toPrecision(2)} behind ${single}: ${verdict}.`;
}
