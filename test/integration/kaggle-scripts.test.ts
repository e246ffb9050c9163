/** Scripts as people write them run unchanged in both modes; scripts that hunt for hidden rows or cached folds gain nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testBwrap, testPython } from '../support/execution-setup.js';
import { type KaggleBench, kaggleBench, type Mode, type Ran, script } from '../support/kaggle-bench.js';

const TYPICAL = [
  'positional_fill',
  'every_csv',
  'caches',
  'kaggle_paths',
  'concat_encode',
  'merge_on_id',
  'test_index',
  'chunks',
  'parallel',
  'folds_of_its_own',
  'row_counts',
] as const;
const MODES: readonly Mode[] = ['holdout', 'folds'];
const withSandbox = testBwrap() === undefined ? describe.skip : describe;

let bench: KaggleBench;
beforeAll(async () => {
  bench = await kaggleBench();
});
afterAll(() => bench.close());

function scoreOf({ outcome, evaluation }: Ran): number {
  if (evaluation?.kind !== 'valid') throw new Error(JSON.stringify([outcome.message, outcome.stderrTail, evaluation]));
  return evaluation.score.value;
}

withSandbox('typical scripts, unchanged', () => {
  test.each(TYPICAL)('%s', async (name) => {
    const [holdout, folds] = await Promise.all(MODES.map((mode) => bench.run(script(name), mode)));
    expect(scoreOf(holdout!)).toBeGreaterThan(0.7);
    expect(scoreOf(folds!)).toBeGreaterThan(0.7);
    expect(folds!.evaluation).toMatchObject({ score: { source: 'folds', rows: 480 } });
    expect(Object.keys(folds!.outcome.viewSeconds)).toEqual(['fold1', 'fold2']);
  });

  test('a script that insists on the public row counts stops with its own words, and is told apart from a wrong answer', async () => {
    const ran = await bench.run(script('public_row_counts'), 'holdout');
    expect(ran.outcome.kind).toBe('exception');
    expect(ran.outcome.message).toMatch(/AssertionError: expected 1200 and 400 rows, found \d+ and \d+/);
  });
});

withSandbox('scripts that hunt', () => {
  const without = (text: string) => text.replace('HUNT = True', 'HUNT = False');

  test('hidden rows: no label is found, and nothing tells them from test rows', async () => {
    const text = script('hunt_hidden_rows');
    for (const mode of MODES) {
      const [hunter, plain] = await Promise.all([bench.run(text, mode), bench.run(without(text), mode)]);
      expect(scoreOf(hunter)).toBe(scoreOf(plain));
      const view = mode === 'holdout' ? 'main' : 'fold2';
      const facts = JSON.parse(hunter.text(view, 'tells.json')) as Tells;
      expect(facts.found).toBe(0);
      const hidden = hiddenIds(bench.prepared[mode].hiddenFolder);
      const truth = facts.ids.map((id) => hidden.has(id));
      expect(truth.filter(Boolean).length).toBeGreaterThan(200);
      expect(Object.keys(facts.ideas)).toHaveLength(13);
      for (const [idea, values] of Object.entries(facts.ideas)) {
        const { area, error } = areaUnder(truth, values);
        expect([idea, Math.abs(area - 0.5) < 3.5 * error]).toEqual([idea, true]);
      }
      const links = Object.values(facts.files).map(([, , count]) => count);
      expect(new Set(links)).toEqual(new Set([1]));
      expect(hunter.text(view, 'submission.csv')).toBe(plain.text(view, 'submission.csv'));
    }
  });

  test('cached folds: nothing of an earlier fold or of another program is left to take', async () => {
    const text = script('hunt_cached_folds');
    // The first leaves what it can in two folds; the second hunts after it, and beside it.
    const [first, plain] = await Promise.all([bench.run(text, 'folds'), bench.run(without(text), 'folds')]);
    const [second, third] = await Promise.all([bench.run(text, 'folds'), bench.run(text, 'folds')]);
    for (const ran of [first, second, third]) {
      expect(ran!.outcome.stdoutTail).toContain('stolen labels of asked rows: 0');
      expect(ran!.text('fold2', 'submission.csv')).toBe(plain!.text('fold2', 'submission.csv'));
      expect(scoreOf(ran!)).toBe(scoreOf(plain!));
    }
    expect(scoreOf(plain!)).toBeLessThan(0.95);
  });

  test('the same hunters find everything where nothing confines them', async () => {
    const folder = join(bench.root, 'open', 'deep');
    const { views, hiddenFolder } = bench.prepared.folds;
    const places = (text: string) =>
      text
        .replace(/^PLACES = .*$/m, 'PLACES = ["../between"]')
        .replace(/^ROOTS = .*$/m, 'ROOTS = ["../../../hidden-copy"]');
    cpSync(hiddenFolder, join(bench.root, 'hidden-copy'), { recursive: true });
    const open = (name: string, view: string) => {
      const work = join(folder, `${name}-${view}`);
      mkdirSync(join(work, 'working'), { recursive: true });
      cpSync(views[view]!, join(work, 'input'), { recursive: true });
      const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work };
      // Its own sockets and processes are left out: they would stay on this machine.
      const text = places(script(name)).replace('subprocess.Popen(', '(lambda *_, **__: None)(');
      const ended = spawnSync(testPython(), ['-c', text], { cwd: work, env, encoding: 'utf8' });
      expect([ended.status, ended.stderr]).toEqual([0, '']);
      return join(work, 'working', 'submission.csv');
    };
    const folds = { fold1: open('hunt_cached_folds', 'fold1'), fold2: open('hunt_cached_folds', 'fold2') };
    expect(await bench.score('folds', folds)).toMatchObject({ kind: 'valid', score: { rows: 480 } });
    const both = await bench.score('folds', { fold2: folds.fold2 });
    const found = await bench.score('folds', { fold1: open('hunt_hidden_rows', 'fold1') });
    // Every label of these rows was there to be taken: what the hunters lack in the sandbox is nothing but access.
    for (const evaluation of [both, found])
      expect(['score-perfect', 1]).toContain(evaluation.kind === 'valid' ? evaluation.score.value : evaluation.code);
  });
});

interface Tells {
  readonly found: number;
  readonly ids: readonly string[];
  readonly ideas: Readonly<Record<string, readonly number[]>>;
  readonly files: Readonly<Record<string, readonly [number, number, number]>>;
}

function hiddenIds(folder: string): ReadonlySet<string> {
  const lines = readFileSync(join(folder, 'labels.csv'), 'utf8').trim().split('\n').slice(1);
  return new Set(lines.map((line) => line.split(',')[0] ?? ''));
}

/** Area under the ROC curve with mid-ranks, and its standard error where there is nothing to tell. */
function areaUnder(
  truth: readonly boolean[],
  values: readonly number[],
): { readonly area: number; readonly error: number } {
  const hits = values.filter((_, row) => truth[row]);
  const misses = values.filter((_, row) => !truth[row]);
  let wins = 0;
  for (const hit of hits) for (const miss of misses) wins += hit > miss ? 1 : hit === miss ? 0.5 : 0;
  const pairs = hits.length * misses.length;
  return { area: wins / pairs, error: Math.sqrt((values.length + 1) / (12 * pairs)) };
}
