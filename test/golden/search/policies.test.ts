/**
 * Whole searches from a fixed seed, compared with files: every decision with its numbers, every node, every reference, the streams, the costs.
 * A changed decision shows here first. After a deliberate one: raise SEARCH_ALGORITHM and run with UPDATE_GOLDEN=1, then read the difference.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import type { PolicyName } from '../../../src/domain/search-config.js';
import type { SearchState } from '../../../src/search/state.js';
import { searchLandscape } from '../../support/nk-world.js';

const PROFILE = { draftFails: 0.3, changeFails: 0.2, fixWorks: 0.5 };
const POLICIES: readonly PolicyName[] = ['mcgs', 'greedy', 'draft-only'];

test.each(POLICIES)('%s searches exactly as recorded', (policy) => {
  const task = { seed: 7, k: 3, noise: 0.2, nodes: 60, slots: 3, profile: PROFILE, direction: 'minimise' as const };
  const { state, events, reason } = searchLandscape(task, policy).run;
  const text = written({ reason, state, events });
  const file = new URL(`./${policy}.json`, import.meta.url);
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
