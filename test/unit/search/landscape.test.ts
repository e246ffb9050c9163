/** A coarse check that the default policy searches: the fine one needs hundreds of seeds and is no test. */
import { expect, test } from '@jest/globals';
import { meanOf, PROFILES, searchLandscape } from '../../support/nk-world.js';

const SEEDS = 24;

test('on landscapes mcgs clearly beats drafting and does not lose to greedy', () => {
  const overDrafts: number[] = [];
  const overGreedy: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const task = { seed, k: 3, noise: 0.35, nodes: 60, slots: 3, profile: PROFILES['strong-2026'] };
    const found = searchLandscape(task, 'mcgs').truth;
    overDrafts.push(found - searchLandscape(task, 'draft-only').truth);
    overGreedy.push(found - searchLandscape(task, 'greedy').truth);
  }
  const drafts = meanOf(overDrafts);
  expect(drafts.mean).toBeGreaterThan(0.2);
  expect(drafts.mean).toBeGreaterThan(2 * drafts.standardError);
  const greedy = meanOf(overGreedy);
  expect(greedy.mean).toBeGreaterThan(-2 * greedy.standardError);
});
