/** A comparison of policies as text: each place where the other would have chosen otherwise, with the numbers of both. */
import type { SelectionTrace } from '../../domain/run-event.js';
import { scoreText } from '../../results/number.js';
import { type Choice, type Comparison, moveText, type PolicyReplay } from '../replay-policy.js';

/** Arms shown of a step. */
const ARMS = 3;

export function policyReplayLines(replay: PolicyReplay, runPolicy: string): readonly string[] {
  const { policy, preset, expansions, same, sameParent, comparisons } = replay;
  const name = preset ? `${policy} (${preset})` : policy;
  const different = comparisons.filter((comparison) => !comparison.same);
  if (different.length === 0)
    return [`${name} would have made the same move in all ${expansions} expansions of this ${runPolicy} run.`];
  const share = (count: number) => `${Math.round((100 * count) / expansions)} %`;
  return [
    ...different.flatMap((comparison) => [...linesOf(comparison, name), '']),
    `${name} would have chosen otherwise in ${different.length} of ${expansions} expansions of this ${runPolicy} run (${share(different.length)}); ` +
      `it would have expanded another node in ${expansions - sameParent} (${share(expansions - sameParent)}) and made the same move in ${same}.`,
    ...(different.some(hasArms)
      ? ['An arm is its value + its exploration; the largest is followed, the largest three are shown.']
      : []),
    'Each question was asked in the state that the recorded run had reached: what the other policy would have built by itself is not told.',
  ];
}

function hasArms({ chosen, other }: Comparison): boolean {
  return [chosen, other].some((choice) => choice !== undefined && choice.why.path.length > 0);
}

function linesOf({ nodeId, chosen, result, other, instead }: Comparison, name: string): readonly string[] {
  const came = result === undefined ? 'not finished' : typeof result === 'string' ? result : scoreText(result);
  return [
    `${nodeId}: ${moveText(chosen)} → ${came}`,
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
