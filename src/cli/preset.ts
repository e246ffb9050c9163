/** `--preset`: published settings of a policy. */
import { UserError } from '../domain/errors.js';
import { POLICY_PRESETS } from '../domain/policy-presets.js';
import { type PolicyName, PolicyPreset } from '../domain/search-config.js';
import type { StartOptions } from './start.js';

/** Every policy with its presets, for the help. */
export function presetHelp(): string {
  const known = Object.entries(POLICY_PRESETS).filter(([, presets]) => presets.length > 0);
  return known.map(([policy, presets]) => `${policy}: ${presets.join(', ')}`).join('; ');
}

/** @throws UserError `option-invalid` for a preset that the policy does not know: ignored, it would be taken for a measurement of it. */
export function presetOf(policy: PolicyName, name: string): PolicyPreset {
  const presets = POLICY_PRESETS[policy];
  const preset = presets.find((known) => known === name);
  if (preset) return preset;
  const has = presets.length > 0 ? `it has ${presets.join(' and ')}` : 'it has none';
  const others = policiesWith(name);
  throw new UserError(
    'option-invalid',
    `--preset ${name} is no preset of --policy ${policy}: ${has}.`,
    others.length > 0 ? `Write --policy ${others[0]} --preset ${name}, or leave --preset out.` : 'Leave --preset out.',
  );
}

/** One line that says what searches: everything that makes two runs comparable. */
export function searchLine(options: StartOptions): string {
  const { policy, preset, seed, slots, executions, budgetMs } = options;
  const parts = [
    `policy ${policy}${preset ? ` (preset ${preset})` : ''}`,
    `seed ${seed}`,
    ...(slots === undefined ? [] : [`${slots} slots`]),
    ...(executions === undefined ? [] : [`at most ${executions} programs`]),
    `${budgetMs / 1000} s`,
  ];
  return `Search: ${parts.join(', ')}.`;
}

function policiesWith(name: string): readonly string[] {
  const preset = PolicyPreset.safeParse(name);
  if (!preset.success) return [];
  return Object.entries(POLICY_PRESETS).flatMap(([policy, presets]) => (presets.includes(preset.data) ? [policy] : []));
}
