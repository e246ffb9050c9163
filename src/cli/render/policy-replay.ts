/** A comparison of policies as text: each place where the other would have chosen otherwise, with the numbers of both. */
import type { SelectionTrace } from '../../domain/run-event.js';
import { type Choice, type Comparison, moveText, type PolicyReplay } from '../replay-policy.js';

/** Arms shown of a step. */
const ARMS = 3;

export function policyReplayLines(replay: PolicyReplay, runPolicy: string): readonly string[] {
  const { policy, preset, expansions, same, sameParent, comparisons } = replay;
  const name = preset ? `${policy} (${preset})` : policy;
  const different = comparisons.filter((comparison) => !comparison.same);
  const share = (count: number) => (expansions === 0 ? '0 %' : `${Math.round((100 * count) / expansions)} %`);
  return [
    ...different.flatMap((comparison) => [...linesOf(comparison, name), '']),
    `${name} would have chosen otherwise in ${different.length} of ${expansions} expansions of this ${runPolicy} run (${share(different.length)}); ` +
      `it would have expanded another node in ${expansions - sameParent} (${share(expansions - sameParent)}) and made the same move in ${same}.`,
    'Each question was asked in the state that the recorded run had reached: what the other policy would have built by itself is not told.',
  ];
}

function linesOf({ nodeId, chosen, other, instead }: Comparison, name: string): readonly string[] {
  return [
    `${nodeId}: ${moveText(chosen)}`,
    ...whyLines('chosen', chosen),
    ...(other ? [`  ${name}: ${moveText(other)}`, ...whyLines('other', other)] : [`  ${name}: none (${instead})`]),
  ];
}

function whyLines(side: 'chosen' | 'other', { why }: Choice): readonly string[] {
  const indent = side === 'chosen' ? '  ' : '    ';
  return [`${indent}why: ${why.reason}`, ...numbers(why).map((line) => `${indent}${line}`)];
}

function numbers({ path, draws }: SelectionTrace): readonly string[] {
  const steps = path.map(({ at, chosen, arms }) => {
    const shown = arms
      .slice(0, ARMS)
      .map((arm) => `${arm.arm} ${arm.value.toFixed(3)} + ${arm.exploration.toFixed(3)}`)
      .join(', ');
    return `at ${at} → ${chosen}: ${shown}`;
  });
  const drawn = Object.entries(draws).map(([draw, value]) => `${draw} ${value.toFixed(3)}`);
  return [...steps, ...(drawn.length > 0 ? [`draws: ${drawn.join(', ')}`] : [])];
}
