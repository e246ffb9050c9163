/** The choice table: which candidates there were, what each scored, which rule decided. */
import type { FinalChoice } from '../../domain/evaluation.js';
import { scoreText } from '../../results/number.js';
import { tableLines } from './table.js';

export function choiceLines(choice: FinalChoice | null): readonly string[] {
  if (!choice) return ['There is no choice yet: the run has not finished, or found no valid program.'];
  const rows = choice.candidates.map((candidate) => [
    candidate.kind === choice.chosen.kind ? `→ ${candidate.kind}` : `  ${candidate.kind}`,
    scoreText(candidate.pooled),
    `${candidate.overSingle.toPrecision(3)} ± ${candidate.overSinglePairedSE.toPrecision(2)}`,
    candidate.members.map((member) => `${member.nodeId}×${member.weight.toFixed(2)}`).join(' '),
  ]);
  return [
    ...tableLines(
      [
        { title: 'candidate' },
        { title: 'pooled', align: 'right' },
        { title: 'over the single', align: 'right' },
        { title: 'members' },
      ],
      rows,
    ),
    '',
    choice.rule,
    `Published estimate: ${scoreText(choice.estimate)} on ${choice.estimate.rows} rows. Optimism of the best single: ${choice.optimism.toPrecision(3)}.`,
  ];
}
