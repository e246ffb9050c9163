/** Programs of the composer run under a real Python on small real files; every component at least once. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { componentsOf, Plan } from '../../src/authors/composer/plan.js';
import { fingerprintOf } from '../../src/domain/fingerprint.js';
import { proposeMany, realComposer } from '../support/composer.js';
import { type Case, composerFolder, failures, runPrograms, small } from '../support/composer-runs.js';
import { requestFor, TOY_CARDS } from '../support/composer-tasks.js';

const folder = composerFolder();
afterAll(() => folder.remove());

describe('composed programs', () => {
  it('run and answer in the exact form of the sample submission, with every component they can use', async () => {
    const cases = await quickSet();
    const results = runPrograms(cases, folder.path);
    expect(failures(results)).toEqual([]);
    expect(results).toHaveLength(cases.length);
  }, 240_000);
});

/** Greedy cover: a draft is taken when it brings a component that its kind of task has not shown yet. */
async function quickSet(): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const everywhere = new Set<string>();
  for (const [name, card] of Object.entries(TOY_CARDS)) {
    const drafts = await proposeMany(realComposer(), requestFor(card), process.env.AUTOMLGEN_FULL ? 60 : 32);
    const here = new Set<string>();
    for (const draft of drafts) {
      const models = Plan.parse(draft.plan).members.map((member) => member.model.component);
      const news = componentsOf(Plan.parse(draft.plan)).filter((id) => !everywhere.has(id));
      if (news.length === 0 && models.every((id) => here.has(id))) continue;
      for (const id of models) here.add(id);
      for (const id of news) everywhere.add(id);
      cases.push({
        name: `${name}: ${draft.summary} ${fingerprintOf(draft.program).slice(0, 6)}`,
        card,
        program: small(draft),
      });
    }
  }
  return cases;
}
