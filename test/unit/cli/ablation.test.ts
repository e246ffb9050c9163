import { describe, expect, test } from '@jest/globals';
import { partsOf } from '../../../src/cli/ablate.js';
import { ablationPlan, ablationResults } from '../../../src/cli/ablation.js';
import { keyText, missing, type PracticeEntry, type PracticeRow, settled } from '../../../src/cli/practice-log.js';
import { ablationTable } from '../../../src/cli/render/ablation-table.js';
import { configWithout, sourceWithout } from '../../../src/cli/without.js';
import type { Grade } from '../../../src/domain/evaluation.js';
import { Part } from '../../../src/domain/part.js';
import { RunConfig } from '../../../src/domain/run-config.js';

const OPTIONS = {
  budgetMs: 60_000,
  seed: 3,
  splitSeed: 1,
  policy: 'mcgs',
  mode: 'auto',
  requireSandbox: false,
} as const;
const plan = (parts: readonly Part[], ids: readonly string[] = ['p01', 'p02'], seeds: readonly number[] = [1, 2]) =>
  ablationPlan(ids, seeds, parts, OPTIONS);

interface Graded {
  readonly value: number;
  readonly rank: number;
  readonly direction?: 'maximise' | 'minimise';
  readonly variant?: boolean;
}

function rowOf(
  key: ReturnType<typeof plan>[number],
  { value, rank, direction = 'maximise', variant = false }: Graded,
): PracticeRow {
  const score = { value, standardError: 0.01, rows: 99, direction, source: 'hidden' as const };
  const grade: Grade = { score, baseline: score, medal: 'none', rank, entries: 50, variant };
  return {
    ...key,
    ...{
      runId: 'p01-20260101-aaaaaa',
      metric: 'auc',
      slots: 2,
      grade,
      estimate: score,
      bestSingle: score,
      chosen: 'blend of 2',
    },
    ...{
      nodes: { valid: 9, failed: 1, rejected: 0 },
      failures: {},
      utilisation: 0.9,
      eventsPerNode: 9,
      bytesPerNode: 9,
    },
  };
}

describe('the plan', () => {
  test('every run without a part follows its twin, first seeds first', () => {
    const keys = plan(['fuse', 'memory']);
    expect(
      keys.map(({ competition, builderSeed, without }) => `${competition}/${builderSeed}/${without ?? 'whole'}`),
    ).toEqual([
      ...['p01/1/whole', 'p01/1/fuse', 'p01/1/memory', 'p02/1/whole', 'p02/1/fuse', 'p02/1/memory'],
      ...['p01/2/whole', 'p01/2/fuse', 'p01/2/memory', 'p02/2/whole', 'p02/2/fuse', 'p02/2/memory'],
    ]);
    expect(new Set(keys.map(keyText)).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatchObject({ seed: 3, splitSeed: 1, policy: 'mcgs', budgetSeconds: 60 });
  });

  test('what a log holds is not run again, and a run of the whole system stands for none without a part', () => {
    const keys = plan(['fuse']);
    const log: PracticeEntry[] = [rowOf(keys[0]!, { value: 1, rank: 1 }), { ...keys[1]!, failed: { message: 'lost' } }];
    expect(missing(keys, log)).toEqual(keys.slice(1));
  });

  test('parts are named, all of them by default, and a misspelt one is refused with the list', () => {
    expect(partsOf('fuse, memory,fuse')).toEqual(['fuse', 'memory']);
    expect(() => partsOf('fusion')).toThrow(
      expect.objectContaining({ code: 'option-invalid', next: expect.stringContaining('hidden-evaluation') }),
    );
    expect(() => partsOf(' , ')).toThrow(expect.objectContaining({ code: 'option-invalid' }));
  });
});

describe('the results', () => {
  test('pairs are compared in the direction of their metric, and places on the board by competition', () => {
    const keys = plan(['fuse', 'evolve']);
    const value = (competition: string, without: Part | undefined) =>
      competition === 'p01'
        ? { value: without === 'fuse' ? 0.7 : 0.8, rank: without === 'fuse' ? 15 : 10 }
        : { value: without === 'fuse' ? 3 : 4, rank: without === 'fuse' ? 5 : 6, direction: 'minimise' as const };
    const entries = keys.map((key) => rowOf(key, value(key.competition, key.without)));
    const [fuse, evolve] = ablationResults(entries, ['fuse', 'evolve']);
    expect(fuse).toMatchObject({ without: 'fuse', pairs: 4, better: 2, equal: 0, worse: 2, incomplete: 0 });
    expect(fuse?.points?.mean).toBeCloseTo((10 - 2) / 2, 9);
    expect(fuse?.points?.low).toBeCloseTo(-2, 9);
    expect(fuse?.points?.high).toBeCloseTo(10, 9);
    expect(evolve).toMatchObject({ pairs: 4, better: 0, equal: 4, worse: 0, points: { mean: 0, low: 0, high: 0 } });
    expect(ablationTable([fuse!])).toContain('| fuse | 4 | 2 | 0 | 2 | +4.0 [−2.0, +10.0] | 0 |');
  });

  test('one pair has a difference and no interval', () => {
    const [whole, without] = plan(['fuse'], ['p01'], [1]);
    const entries = [rowOf(whole!, { value: 2, rank: 3 }), rowOf(without!, { value: 1, rank: 9 })];
    expect(ablationTable(ablationResults(entries, ['fuse']))).toContain(
      '| fuse | 1 | 1 | 0 | 0 | +12.0 (one pair) | 0 |',
    );
  });

  test('a pair without a grade is told apart, a board of other data gives no points, and other seeds are no twins', () => {
    const [whole, without, ...others] = plan(['memory'], ['p01'], [1, 2, 3]);
    const failed = { ...others[1]!, failed: { message: 'no space' } };
    const entries = settled([
      ...[rowOf(whole!, { value: 2, rank: 3, variant: true }), rowOf(without!, { value: 1, rank: 9, variant: true })],
      ...[rowOf(others[0]!, { value: 2, rank: 3 }), failed],
      rowOf(others[3]!, { value: 0, rank: 50 }),
    ]);
    const [memory] = ablationResults(entries, ['memory']);
    expect(memory).toMatchObject({ pairs: 1, better: 1, incomplete: 2 });
    expect(memory).not.toHaveProperty('points');
    expect(ablationTable([memory!])).toContain('| memory | 1 | 1 | 0 | 0 |  | 2 |');
  });
});

describe('a run without a part', () => {
  const whole = RunConfig.parse({
    search: {},
    limits: { cpus: 1, memoryMiB: 512, diskMiB: 512, pids: 64, shmMiB: 64, gpus: 0 },
    resultsFolder: '/r',
  });
  const source = { task: { id: 't', metric: 'auc' }, folder: '/t' } as never;

  test('differs from the whole by its part alone, and says which', () => {
    const changed = (part: Part) => {
      const { without, ...config } = configWithout(whole, part);
      expect(without).toBe(part);
      return RunConfig.parse(config);
    };
    expect(changed('knowledge')).toEqual({ ...whole, knowledgeProbability: 0, lessons: false });
    expect(changed('evolve')).toEqual({ ...whole, search: { ...whole.search, evolve: false } });
    expect(changed('fuse')).toEqual({ ...whole, search: { ...whole.search, fuse: false } });
    expect(changed('aggregate')).toEqual({ ...whole, search: { ...whole.search, aggregate: false } });
    expect(changed('elite')).toEqual({ ...whole, search: { ...whole.search, paperElite: false } });
    expect(changed('memory')).toEqual(whole);
    expect(configWithout(whole, undefined)).toBe(whole);
    for (const part of Part.options) expect(RunConfig.parse(configWithout(whole, part)).without).toBe(part);
  });

  test('scores itself only without hidden evaluation', () => {
    expect(sourceWithout(source, 'hidden-evaluation')).toEqual({
      task: { id: 't', metric: 'auc', ruler: 'script' },
      folder: '/t',
    });
    expect(sourceWithout(source, 'memory')).toBe(source);
  });
});
