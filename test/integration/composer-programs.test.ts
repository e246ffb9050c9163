/** Programs of the composer run under a real Python on small real files; every component at least once. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { componentsOf, Plan } from '../../src/authors/composer/plan.js';
import { fingerprintOf } from '../../src/domain/fingerprint.js';
import { type Program, proposeMany, realComposer } from '../support/composer.js';
import { requestFor, TOY_CARDS } from '../support/composer-tasks.js';

const PYTHON = process.env.AUTOMLGEN_PYTHON ?? 'python3';
const RUNNER = fileURLToPath(new URL('../../python/tests/composer/run_programs.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'composer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly complaint: string;
}

describe('composed programs', () => {
  it('run and answer in the exact form of the sample submission, with every component they can use', async () => {
    const cases = await quickSet();
    const results = runAll(cases);
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(results).toHaveLength(cases.length);
  }, 240_000);
});

/** Greedy cover: a draft is taken when it brings a component that its kind of task has not shown yet. */
async function quickSet(): Promise<readonly { name: string; card: unknown; program: string }[]> {
  const cases = [];
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

/** Enough rounds to run every line, not to learn well. */
function small({ program }: Program): string {
  return program.replaceAll(/n_estimators=\d+/g, 'n_estimators=12').replaceAll(/max_iter=\d+/g, 'max_iter=40');
}

function runAll(cases: readonly unknown[]): readonly Result[] {
  const path = join(folder, 'cases.json');
  writeFileSync(path, JSON.stringify(cases));
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
  const run = spawnSync(PYTHON, [RUNNER, path, join(folder, 'work')], { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
