/**
 * Whole searches from a fixed seed, compared with files: every decision with its numbers, every node, every reference, the streams, the costs.
 * A changed decision shows here first. After a deliberate one: raise SEARCH_ALGORITHM and run with UPDATE_GOLDEN=1, then read the difference.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { PolicyName, type SearchConfig } from '../../../src/domain/search-config.js';
import type { SearchState } from '../../../src/search/state.js';
import { searchLandscape } from '../../support/nk-world.js';

const PROFILE = { draftFails: 0.3, changeFails: 0.2, fixWorks: 0.5 };
/** Every policy with its defaults, and with each preset or option that changes what it does. */
const CASES: readonly [file: string, policy: PolicyName, change?: Partial<SearchConfig>][] = [
  ...PolicyName.options.map((policy): [string, PolicyName] => [policy, policy]),
  ['mcgs-paper-successor', 'mcgs-paper', { preset: 'successor' }],
  ['mcgs-paper-single', 'mcgs-paper', { paperChains: false, paperElite: false }],
  ['greedy-aide-mlebench', 'greedy', { preset: 'aide-mlebench' }],
  ['aira-evolutionary-released', 'aira-evolutionary', { preset: 'released' }],
  ['aira-evolutionary-islands', 'aira-evolutionary', { islands: 3, migration: 1 }],
];

test.each(CASES)('%s searches exactly as recorded', (name, policy, change = {}) => {
  const task = { seed: 7, k: 3, noise: 0.2, nodes: 60, slots: 3, profile: PROFILE, direction: 'minimise' as const };
  const { state, events, reason } = searchLandscape(task, policy, change).run;
  const text = written({ reason, state, events });
  const file = new URL(`./${name}.json`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1' || !existsSync(file)) {
    if (process.env.UPDATE_GOLDEN !== '1') throw new Error(`${file.pathname} is missing: run with UPDATE_GOLDEN=1`);
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
});

/** JSON with one decision, node, reference or other field to the line, so that a difference reads like a diff of code. */
function written({
  reason,
  state,
  events,
}: {
  reason: string;
  state: SearchState;
  events: readonly SearchEvent[];
}): string {
  const { nodes, references, ...rest } = state;
  const decisions = events.filter((event) => event.kind === 'reserved');
  const sections = { decisions, nodes: Object.values(nodes), references };
  const lists = Object.entries(sections).map(
    ([name, rows]) => `"${name}": [\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]`,
  );
  const fields = Object.entries({ reason, ...rest }).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `{\n${[...fields, ...lists].join(',\n')}\n}\n`;
}

test('the preset that is the default changes nothing', () => {
  const task = { seed: 11, k: 2, noise: 0.3, nodes: 40, slots: 2, profile: PROFILE };
  const plain = (policy: PolicyName) => searchLandscape(task, policy).run.events;
  const preset = (policy: PolicyName, name: NonNullable<SearchConfig['preset']>) =>
    searchLandscape(task, policy, { preset: name }).run.events;
  expect(preset('greedy', 'aide-default')).toEqual(plain('greedy'));
  for (const policy of ['mcgs-paper', 'aira-mcts', 'aira-evolutionary'] as const) {
    expect(preset(policy, 'paper')).toEqual(plain(policy));
  }
  for (const policy of ['mcgs', 'mcts', 'top-k', 'draft-only'] as const) {
    expect(preset(policy, 'released')).toEqual(plain(policy));
  }
});
