/** The stub's programs are complete: they run on ordinary tables and texts, and the broken ones break as stated and are repaired. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUGS } from '../../src/stub-model/programs/bugs.js';
import { programFor } from '../../src/stub-model/programs/program.js';
import { drawOf } from '../../src/stub-model/random.js';

const python = process.env.AUTOMLGEN_PYTHON;
const withPython = python === undefined ? describe.skip : describe;

/** Runs every program in one process, each in its own folder's working directory; tells the exception of each, or null. */
const RUNNER = `
import json, os, runpy, sys, warnings
warnings.simplefilter("ignore")
told = []
for folder in sys.argv[1:]:
    os.chdir(folder)
    try:
        runpy.run_path("solution.py", run_name="__main__")
        told.append(None)
    except Exception as error:
        told.append([base.__name__ for base in type(error).__mro__])
sys.stdout = sys.__stdout__
print("told=" + json.dumps(told))
`;

const NAMES = { house: 'rmse', churn: 'auc', digits: 'logloss', letters: 'accuracy' } as const;
type Task = keyof typeof NAMES;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'automlgen-stub-programs-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function setOut(name: string, task: Task, program: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'input'), { recursive: true });
  mkdirSync(join(folder, 'working'));
  for (const [file, text] of Object.entries(tables(task))) writeFileSync(join(folder, 'input', file), text);
  writeFileSync(join(folder, 'solution.py'), program);
  return folder;
}

/** A small task of each kind: values, chances, one column for each class, labels of texts. */
function tables(task: Task): Record<string, string> {
  const row = (k: number): { readonly features: string; readonly x: number } => {
    const x = drawOf(task, k);
    const words = x > 0.5 ? 'a warm and friendly place with good food' : 'cold rooms and rude people all day long';
    const text = task === 'letters' ? `"${words} number ${k}"` : ['red', 'blue', ''][k % 3];
    return { features: `${x.toFixed(3)},${k % 7 === 0 ? '' : k % 5},${text}`, x };
  };
  const target = ({ x }: { readonly x: number }): string | number =>
    ({
      house: (100 * x).toFixed(1),
      churn: Number(x > 0.4),
      digits: `c${Math.floor(3 * x)}`,
      letters: x > 0.5 ? 'good' : 'bad',
    })[task];
  const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);
  const columns = task === 'digits' ? 'c0,c1,c2' : 'answer';
  const lines = (head: string, body: readonly string[]): string => `${[head, ...body].join('\n')}\n`;
  return {
    'train.csv': lines(
      'id,x,k,text,answer',
      numbers(0, 120).map((k) => `${k},${row(k).features},${target(row(k))}`),
    ),
    'test.csv': lines(
      'id,x,k,text',
      numbers(200, 30).map((k) => `${k},${row(k).features}`),
    ),
    'sample_submission.csv': lines(
      `id,${columns}`,
      numbers(200, 30).map((k) => `${229 - k + 200},${columns.replaceAll(/\w+/g, '0')}`),
    ),
  };
}

function run(folders: readonly string[]): readonly (readonly string[] | null)[] {
  const { stdout, stderr } = spawnSync(python!, ['-c', RUNNER, ...folders], {
    encoding: 'utf8',
    timeout: 110_000,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const told = /told=(.*)/.exec(stdout)?.[1];
  if (told === undefined) throw new Error(stderr);
  return JSON.parse(told);
}

const sound = (task: Task, k: number) => programFor(`metric: ${NAMES[task]}`, `sound ${k}`, 0);

const FAMILIES = ['Extremely', 'Histogram', 'Linear', 'LightGBM'] as const;

function ofFamily(task: Task, family: string): ReturnType<typeof sound> {
  const found = Array.from({ length: 100 }, (_, k) => sound(task, k)).find(({ title }) => title.startsWith(family));
  if (found === undefined) throw new Error(`no ${family} among a hundred`);
  return found;
}

withPython('canned programs', () => {
  it('answer every kind of task in the form that is asked for', () => {
    const tasks = Object.keys(NAMES) as Task[];
    // Two of the four families for each task.
    const set = tasks.flatMap((task, t) =>
      [0, 1].map((k) => ({ task, k, made: ofFamily(task, FAMILIES[(t + 2 * k) % 4]!) })),
    );
    const folders = set.map(({ task, made, k }) => setOut(`${task}-${k}`, task, made.program));
    expect(run(folders)).toEqual(folders.map(() => null));
    for (const [i, folder] of folders.entries()) {
      const [head, ...rows] = readFileSync(join(folder, 'working/submission.csv'), 'utf8').trim().split('\n');
      const { task } = set[i]!;
      expect(head).toBe(task === 'digits' ? 'id,c0,c1,c2' : 'id,answer');
      expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(Array.from({ length: 30 }, (_, k) => 229 - k));
      expect(shareRight(task, rows)).toBeGreaterThan(0.75);
    }
  }, 120_000);

  it('break as stated, and come back repaired', () => {
    const folders = BUGS.map((bug, k) => setOut(`bug-${k}`, 'churn', bug.put(sound('churn', 0).program)));
    for (const [k, bases] of run(folders).entries()) expect(bases).toContain(BUGS[k]?.raises);
    const broken = programFor('metric: auc', 'broken', 1);
    const prompt = `This program failed. metric: auc\n${broken.program}\nTraceback (most recent call last): ...`;
    const repaired = programFor(prompt, 'another seed', 1);
    const [before, after] = run([
      setOut('before', 'churn', broken.program),
      setOut('after', 'churn', repaired.program),
    ]);
    expect([before === null, after]).toEqual([false, null]);
    expect(broken.program.match(/# recipe \w+/)?.[0]).toBe(repaired.program.match(/# recipe \w+/)?.[0]);
  }, 120_000);
});

describe('the choice of programs', () => {
  it('has many, of which the stated share is broken', () => {
    const programs = Array.from({ length: 400 }, (_, k) => programFor('', `seed ${k}`, 0.25).program);
    expect(new Set(programs).size).toBe(400);
    const broken = programs.filter((program, k) => program !== programFor('', `seed ${k}`, 0).program);
    // Standard error 0.022 around 0.25.
    expect(broken.length / 400).toBeGreaterThan(0.17);
    expect(broken.length / 400).toBeLessThan(0.33);
  });

  it('repairs only what is shown broken', () => {
    const { program } = programFor('', 'seed', 1);
    const improve = programFor(`Improve this program.\n${program}`, 'next', 0);
    expect(improve.program).not.toContain('repaired');
    const once = programFor(`Debug: Traceback\n${program}`, 'x', 1);
    expect(once.program).toContain(', repaired');
    expect(programFor(`Debug: Traceback\n${once.program}`, 'y', 0).program).not.toContain(', repaired');
  });
});

function shareRight(task: Task, rows: readonly string[]): number {
  const right = rows.filter((row) => {
    const [id, ...answer] = row.split(',');
    const x = drawOf(task, Number(id));
    if (task === 'house') return Math.abs(Number(answer[0]) - 100 * x) < 15;
    if (task === 'churn') return Number(answer[0]) > 0.5 === x > 0.4;
    if (task === 'letters') return answer[0] === (x > 0.5 ? 'good' : 'bad');
    const chances = answer.map(Number);
    return chances.indexOf(Math.max(...chances)) === Math.floor(3 * x);
  });
  return right.length / rows.length;
}
