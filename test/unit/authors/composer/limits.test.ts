/** What the size of a table and the limits of a run do to the programs. */
import { describe, expect, it } from '@jest/globals';
import { Plan } from '../../../../src/authors/composer/plan.js';
import type { TaskCard } from '../../../../src/domain/task-card.js';
import { type Program, proposeMany, realComposer } from '../../../support/composer.js';
import { requestFor, TOY_CARDS } from '../../../support/composer-tasks.js';

const ROOMY = { cpus: 2, memoryMiB: 8192, runSeconds: 600 };

function sized(name: string, train: number, extraColumns = 0): TaskCard {
  const card = TOY_CARDS[name]!;
  const extra = Array.from({ length: extraColumns }, (_, index) => ({
    ...card.columns[1]!,
    name: `extra ${index}`,
    missing: 0,
  }));
  return { ...card, rows: { train, test: train / 4 }, columns: [...card.columns, ...extra] };
}

async function drafts(card: TaskCard, limits = ROOMY): Promise<readonly Program[]> {
  return proposeMany(realComposer(), requestFor(card, { limits }), 30);
}

function parameters(programs: readonly Program[], name: string): readonly number[] {
  return programs.flatMap(({ plan }) =>
    Plan.parse(plan).members.flatMap(({ model }) => (name in model.params ? [Number(model.params[name])] : [])),
  );
}

describe('programs within their limits', () => {
  it('leave kernels, neighbours and networks out where rows are many', async () => {
    const families = (programs: readonly Program[]): ReadonlySet<string> =>
      new Set(programs.flatMap(({ plan }) => Plan.parse(plan).members.map(({ model }) => model.component)));
    const few = families(await drafts(sized('regression', 900)));
    const many = families(await drafts(sized('regression', 80_000)));
    for (const id of ['model.kernel.support-vectors', 'model.neighbours.k-nearest', 'model.neural.perceptron']) {
      expect([id, few.has(id), many.has(id)]).toEqual([id, true, false]);
    }
    expect(many.size).toBeGreaterThanOrEqual(5);
  });

  it('take fewer rounds and larger steps where time is short', async () => {
    const card = sized('binary', 100_000, 25);
    const [slow] = await drafts(card, { ...ROOMY, runSeconds: 3600 });
    const [fast] = await drafts(card, { ...ROOMY, cpus: 1, runSeconds: 12 });
    expect(parameters([fast!], 'n_estimators')[0]).toBeLessThan(parameters([slow!], 'n_estimators')[0]!);
    expect(parameters([fast!], 'learning_rate')[0]).toBeGreaterThan(parameters([slow!], 'learning_rate')[0]!);
  });

  it('leave a model out that is too slow even at its fewest rounds', async () => {
    const card = sized('binary', 100_000, 25);
    const forests = (programs: readonly Program[]): number =>
      programs.filter(({ program }) => program.includes('RandomForestClassifier(')).length;
    expect(forests(await drafts(card, { ...ROOMY, cpus: 1, runSeconds: 120 }))).toBe(0);
    expect(forests(await drafts(card, { ...ROOMY, runSeconds: 3600 }))).toBeGreaterThan(0);
  });

  it('never build a matrix that the memory cannot hold', async () => {
    const narrow = { ...ROOMY, memoryMiB: 1024 };
    const wide = await drafts(sized('regression', 100_000, 25), narrow);
    expect(wide.some(({ program }) => program.includes('PolynomialFeatures'))).toBe(false);
    const small = await drafts(sized('regression', 2_000, 25), narrow);
    expect(small.some(({ program }) => program.includes('PolynomialFeatures'))).toBe(true);
  });

  it('never take a covariance of all the pixels of a large image', async () => {
    const card = TOY_CARDS.image!;
    const wide = { ...card, image: { ...card.image!, width: 900, height: 600 } };
    const whole = (programs: readonly Program[]): number =>
      programs.filter(
        ({ program }) =>
          program.includes('LinearDiscriminantAnalysis(') && program.includes('pixels =') && !program.includes('PCA('),
      ).length;
    const programs = await drafts(wide, { ...ROOMY, runSeconds: 120 });
    expect(programs.length).toBeGreaterThan(15);
    expect(whole(programs)).toBe(0);
    expect(programs[1]?.program).toContain('PCA(min(80');
  });

  it('grow leaves that sixty rows can fill', async () => {
    const programs = await drafts(sized('regression', 60));
    expect(Math.max(...parameters(programs, 'min_child_samples'))).toBeLessThanOrEqual(10);
    expect(Math.max(...parameters(programs, 'min_samples_leaf'))).toBeLessThanOrEqual(5);
  });
});

describe('first programs', () => {
  it('start with full trees on many rows, with tiny ones on few', async () => {
    const first = async (rows: number): Promise<string | undefined> =>
      (await proposeMany(realComposer(), requestFor(sized('binary', rows), { limits: ROOMY }), 1))[0]?.summary;
    expect(await first(40_000)).toMatch(/^LightGBM \(n_estimators 500/);
    expect(await first(900)).toMatch(/^LightGBM with tiny trees/);
  });
});

describe('first programs for a target', () => {
  const early = async (card: TaskCard): Promise<string> => {
    const programs = await proposeMany(realComposer(), requestFor(card), 4);
    return programs.map(({ summary }) => summary).join('\n');
  };
  const regression = TOY_CARDS.regression!;

  it('fit the logarithm of amounts over several sizes, and of every target under RMSLE', async () => {
    expect(await early({ ...regression, targetRange: [1, 9000] })).toContain('logarithm');
    expect(await early({ ...regression, targetRange: [-5, 9000] })).not.toContain('logarithm');
    expect(await early({ ...regression, targetRange: [40, 90] })).not.toContain('logarithm');
    for (const line of (await early(TOY_CARDS.skewed!)).split('\n')) expect(line).toContain('logarithm');
  });

  it('ask counts under a count loss and absolute errors under theirs', async () => {
    expect(await early({ ...regression, taskType: 'count' })).toContain('poisson');
    expect(await early({ ...regression, metric: 'mae' })).toContain('l1');
    const negative = await drafts({ ...regression, targetRange: [-3, 3] });
    expect(negative.filter(({ program }) => /poisson/i.test(program))).toEqual([]);
  });

  it('read texts and codes, in two programs of three', async () => {
    const remark = { name: 'remark', kind: 'text', missing: 0, unique: 200, inTest: true, meanLength: 40 } as const;
    const programs = await proposeMany(
      realComposer(),
      requestFor({ ...regression, columns: [...regression.columns, remark] }),
      9,
    );
    const reading = programs.filter(({ program }) => program.includes('TfidfVectorizer'));
    expect(reading).toHaveLength(6);
    const coded = programs.filter(({ program }) => program.includes('TargetEncoder'));
    expect(coded.length).toBeGreaterThanOrEqual(3);
    expect((await drafts(regression)).some(({ program }) => program.includes('TfidfVectorizer'))).toBe(false);
  });
});

describe('readings of a table', () => {
  it('parses numbers in disguise only where there may be some', async () => {
    const numbers = TOY_CARDS.regression!.columns.filter(({ kind }) => kind === 'number' || kind === 'integer');
    const plain = { ...TOY_CARDS.regression!, columns: numbers };
    const { min: _, ...disguised } = { ...numbers[0]!, name: 'fare' };
    const [tidy] = await drafts(plain);
    const [untidy] = await drafts({ ...plain, columns: [...numbers, disguised] });
    expect([tidy?.program.includes('as_numbers'), untidy?.program.includes('as_numbers')]).toEqual([false, true]);
  });
});
