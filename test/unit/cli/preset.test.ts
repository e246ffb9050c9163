import { expect, test } from '@jest/globals';
import { presetHelp, presetOf, searchLine } from '../../../src/cli/preset.js';
import { parseRunOptions, type RawRunOptions } from '../../../src/cli/run-options.js';
import { POLICY_PRESETS } from '../../../src/domain/policy-presets.js';
import { PolicyName, PolicyPreset } from '../../../src/domain/search-config.js';
import { searchLandscape } from '../../support/nk-world.js';

const raw: RawRunOptions = { budget: '5m', splitSeed: '1', policy: 'mcgs', mode: 'auto' };

test('a preset goes with its policy into the options of a run, and into the line that says what searches', () => {
  const options = parseRunOptions({ ...raw, policy: 'mcgs-paper', preset: 'successor', executions: '40', seed: '7' });
  expect(options).toMatchObject({ policy: 'mcgs-paper', preset: 'successor' });
  expect(searchLine(options)).toBe('Search: policy mcgs-paper (preset successor), seed 7, at most 40 programs, 300 s.');
  expect(searchLine(parseRunOptions({ ...raw, slots: '3' }))).toBe('Search: policy mcgs, seed 1, 3 slots, 300 s.');
  expect(parseRunOptions(raw)).not.toHaveProperty('preset');
});

test('a preset of another policy is refused with a way that works', () => {
  const faultOf = (policy: PolicyName, preset: string) => {
    try {
      presetOf(policy, preset);
    } catch (error) {
      return error as { code: string; message: string; next: string };
    }
    throw new Error('was accepted');
  };
  const wrong = faultOf('greedy', 'released');
  expect(wrong).toMatchObject({ code: 'option-invalid' });
  expect(wrong.message).toBe(
    '--preset released is no preset of --policy greedy: it has aide-default and aide-mlebench.',
  );
  expect(wrong.next).toMatch(/^Write --policy (aira-mcts|aira-evolutionary|star) --preset released/);
  expect(faultOf('mcgs', 'paper').message).toContain('it has none');
  expect(faultOf('mcgs', 'papr').next).toBe('Leave --preset out.');
});

test('the help names every preset, and the table of presets is that of the search: another one changes nothing', () => {
  for (const preset of PolicyPreset.options) expect(presetHelp()).toContain(preset);
  const task = {
    seed: 3,
    k: 2,
    noise: 0.3,
    nodes: 60,
    slots: 2,
    profile: { draftFails: 0.6, changeFails: 0.5, fixWorks: 0.03 },
  };
  const searched = (policy: PolicyName, preset?: PolicyPreset) =>
    searchLandscape(task, policy, preset ? { preset } : {}).run.events.filter(({ kind }) => kind === 'reserved');
  for (const policy of PolicyName.options) {
    const plain = searched(policy);
    const known = POLICY_PRESETS[policy];
    const foreign = PolicyPreset.options.filter((preset) => !known.includes(preset)).slice(0, 1);
    for (const preset of [...known, ...foreign]) {
      if (!known.includes(preset)) expect(searched(policy, preset)).toEqual(plain);
      else if (known[0] === preset) expect(searched(policy, preset)).toEqual(plain);
      else expect(searched(policy, preset)).not.toEqual(plain);
    }
  }
});
