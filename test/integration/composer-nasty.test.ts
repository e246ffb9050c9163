/** Tables as people publish them, read by the real profiler and split by the real evaluator: no program may die on one. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Plan } from '../../src/authors/composer/plan.js';
import { fingerprintOf } from '../../src/domain/fingerprint.js';
import type { MetricName } from '../../src/domain/metric.js';
import type { PreparedTask } from '../../src/domain/split.js';
import { Task } from '../../src/domain/task.js';
import { createPythonEvaluator } from '../../src/evaluation/python.js';
import { proposeMany, realComposer } from '../support/composer.js';
import {
  type Case,
  composerFolder,
  failures,
  PYTHON,
  PYTHON_TESTS,
  runPrograms,
  small,
} from '../support/composer-runs.js';
import { requestFor } from '../support/composer-tasks.js';

const folder = composerFolder();
const evaluator = createPythonEvaluator({ python: PYTHON, runtimeFolder: resolve('python') });
afterAll(async () => {
  await evaluator.close();
  folder.remove();
});

const TASKS: readonly { readonly id: string; readonly target: string; readonly metric: MetricName }[] = [
  { id: 'passengers', target: 'survived?', metric: 'auc' },
  { id: 'rare', target: 'kind', metric: 'accuracy' },
  { id: 'wide', target: 'effect', metric: 'mae' },
  { id: 'remarks', target: 'price', metric: 'rmse' },
  { id: 'words', target: 'answer', metric: 'f1-macro' },
  { id: 'single', target: 'visits', metric: 'rmsle' },
  { id: 'grades', target: 'grade', metric: 'qwk' },
];

describe('programs on ordinary, untidy tables', () => {
  it('run, with every model of the portfolio, and answer in the form that was asked', async () => {
    const made = spawnSync(PYTHON, [join(PYTHON_TESTS, 'nasty_data.py'), join(folder.path, 'data')], {
      encoding: 'utf8',
    });
    expect(made.stderr).toBe('');
    const cases: Case[] = [];
    for (const task of TASKS) cases.push(...(await casesFor(await prepared(task), task.id)));
    const results = runPrograms(cases, folder.path);
    expect(failures(results)).toEqual([]);
    expect(results.length).toBeGreaterThan(60);
  }, 300_000);
});

function prepared({ id, target, metric }: (typeof TASKS)[number]): Promise<PreparedTask> {
  const task = Task.parse({ id, target, metric });
  return evaluator.prepare({
    source: { task, folder: join(folder.path, 'data', id) },
    splitSeed: 1,
    mode: 'holdout',
    cheapPrograms: true,
    folder: join(folder.path, 'prepared', id),
  });
}

/** One program for each model and for each other component that it brings; all of the first fifty in a full run. */
async function casesFor({ card, split, views }: PreparedTask, id: string): Promise<readonly Case[]> {
  const drafts = await proposeMany(realComposer(), requestFor(card, { split }), 48);
  const seen = new Set<string>();
  return drafts.flatMap((draft) => {
    const [member] = Plan.parse(draft.plan).members;
    const key = [member?.model.component, member?.feature.at(-1)?.component].join(' ');
    const model = member?.model.component ?? '';
    if (!process.env.AUTOMLGEN_FULL && seen.has(model) && seen.has(key.split(' ')[1] ?? '')) return [];
    seen.add(model).add(key.split(' ')[1] ?? '');
    const name = `${id}: ${draft.summary} ${fingerprintOf(draft.program).slice(0, 6)}`;
    return [{ name, card, program: small(draft), input: views.main ?? '' }];
  });
}
