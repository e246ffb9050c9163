/** A recorded landscape as a world: what is offered, what it scores, and that a replay can be repeated. */
import { describe, expect, it } from '@jest/globals';
import { SearchConfig } from '../../../../../src/domain/search-config.js';
import { randomOf } from '../../../../../src/search/simulate/chance.js';
import { CONTESTANTS } from '../../../../../src/search/simulate/contestants.js';
import { blendOf } from '../../../../../src/search/simulate/recorded/final-answer.js';
import { keyOf } from '../../../../../src/search/simulate/recorded/plan.js';
import { recordedWorld } from '../../../../../src/search/simulate/recorded/recorded-world.js';
import type { RecordedMetric } from '../../../../../src/search/simulate/recorded/recording.js';
import { simulate } from '../../../../../src/search/simulate/simulate.js';
import type { WorldMove } from '../../../../../src/search/simulate/world.js';
import { FAILED, HIDDEN, naiveScore, TEST, tinyRecording } from '../../../../support/tiny-recording.js';

const METRICS: readonly RecordedMetric[] = ['rmse', 'rmsle', 'auc', 'logloss'];
const config = SearchConfig.parse({ budgetMs: 60_000, runSecondsCap: 60, slots: 2 });

/** Everything that a move offers, one after the other. */
function offers(move: WorldMove<readonly number[]>, seed = 1, recording = tinyRecording()): readonly string[] {
  const world = recordedWorld(recording);
  const found: string[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const { plan } = world.propose(move, (key) => found.includes(key), randomOf(seed));
    if (!plan) return found;
    found.push(keyOf(plan));
  }
  throw new Error('The offers do not end.');
}

describe('what is offered', () => {
  it('is the portfolio in its order, then the drawn first programs, each once', () => {
    const all = offers({ operator: 'draft', references: [] });
    expect(all.slice(0, 2)).toEqual(['0', '1']);
    expect([...all].sort()).toEqual(['0', '0+3', '1', '2', '3']);
  });

  it('is the own list of the variant, and nothing when all of it is taken', () => {
    expect([...offers({ operator: 'improve', variant: 'tune', parent: [3], references: [] })]).toEqual(['0']);
    const features = offers({ operator: 'improve', variant: 'features', parent: [0], references: [] });
    expect([...features].sort()).toEqual(['1', '2']);
  });

  it('takes the second model from the best of the run, of another family, before the portfolio', () => {
    const partner = (best?: readonly (readonly number[])[]) =>
      offers({ operator: 'improve', variant: 'strategy', parent: [0], references: [], ...(best && { best }) });
    expect(partner()).toContain('0+1');
    expect(partner([[3], [4], [2]])).toContain('0+4');
    expect(partner([[3], [4], [2]])).not.toContain('0+1');
  });

  it('fuses as the composer: the mean, then their model, their columns, and both columns', () => {
    const all = offers({ operator: 'fuse', parent: [0], references: [{ plan: [4], kind: 'cross-branch' }] });
    // Of the three crossings the first two are programs 3 and 1; the union of columns is program 1 again.
    expect(all.slice(0, 3)).toEqual(['0+4', '3', '1']);
  });

  it('offers no crossing that was not recorded', () => {
    const all = offers({ operator: 'fuse', parent: [4], references: [{ plan: [2], kind: 'cross-branch' }] });
    expect(all[0]).toBe('2+4');
    expect(all).not.toContain('-1');
    expect(all.every((key) => key.split('+').every((member) => Number(member) >= 0 && Number(member) < 6))).toBe(true);
  });

  it('aggregates the best of each family, then the best of all', () => {
    const references = [[0], [3], [1]].map((plan) => ({ plan, kind: 'aggregate' as const }));
    expect(offers({ operator: 'aggregate', references })).toEqual(['0+1', '0+1+3', '0+3']);
  });

  it('changes one member of a mean at a time', () => {
    const all = offers({ operator: 'improve', variant: 'tune', parent: [0, 1], references: [] });
    expect([...all].sort()).toEqual(['0+4', '1+3']);
  });

  it('lets come back what paid in the branch and was lost', () => {
    const references = [
      { plan: [1], kind: 'trajectory' as const },
      { plan: [2], kind: 'trajectory' as const },
    ];
    const recording = tinyRecording();
    const programs = recording.programs.map((program, at) => ({ ...program, search: at === 1 ? 0.1 : program.search }));
    const evolved = offers({ operator: 'evolve', parent: [0], references }, 1, { ...recording, programs });
    expect(evolved[0]).toBe('1');
  });

  it('repairs a mean by its first member, a program by its own list', () => {
    expect(offers({ operator: 'debug', parent: [FAILED, 1], references: [] })).toEqual(['5', '2', '4']);
  });
});

describe('what is scored', () => {
  it.each(METRICS)(
    'is a mean exactly: %s of averaged predictions, on the search rows and on the test rows',
    (metric) => {
      const recording = tinyRecording(metric);
      const world = recordedWorld(recording);
      const [first, second] = [recording.predictions(0), recording.predictions(4)];
      const mean = Array.from(first, (value, row) => (value + (second[row] ?? 0)) / 2);
      const [hidden = [], test = []] = recording.rows.truth ?? [];
      const run = world.run([0, 4], randomOf(1));
      if (run.kind !== 'valid') throw new Error('The mean failed.');
      expect(run.validation).toBeCloseTo(naiveScore(metric, hidden, mean.slice(0, HIDDEN)), 10);
      expect(run.truth).toBeCloseTo(naiveScore(metric, test, mean.slice(HIDDEN, HIDDEN + TEST)), 10);
      expect(run.seconds).toBeCloseTo(1 + 0.5 + 0.9, 10);
    },
  );

  it('is what was measured for a program alone, and a failure for a mean with a failed member', () => {
    const world = recordedWorld(tinyRecording());
    expect(world.run([2], randomOf(1))).toMatchObject({ validation: tinyRecording().programs[2]?.search });
    expect(world.run([1, FAILED], randomOf(1))).toMatchObject({ kind: 'failed', failure: 'exception' });
  });

  it.each(METRICS)(
    'is better in a pair when its score is, with an error that falls for like programs: %s',
    (metric) => {
      const world = recordedWorld(tinyRecording(metric));
      const { delta = 0, pairedSE = 0 } = world.versus?.([0], [4]) ?? {};
      expect(delta).toBeGreaterThan(0);
      expect(world.versus?.([4], [0]).delta).toBeCloseTo(-delta, 12);
      expect(pairedSE).toBeGreaterThan(0);
      expect(world.versus?.([0], [0])).toEqual({ delta: 0, pairedSE: 0 });
      expect(world.versus?.([0, 4], [0])?.pairedSE).toBeLessThan(pairedSE);
    },
  );

  it('gains from the blend of independent errors, measured on the search rows', () => {
    const world = recordedWorld(tinyRecording('rmse'));
    const [blend] = world.complement?.([0], [[1]]) ?? [];
    expect(blend?.gain).toBeGreaterThan(2 * (blend?.standardError ?? 1));
  });
});

describe('a replay', () => {
  it.each(CONTESTANTS.map(({ name, options }) => [name, options] as const))(
    'of %s meets recorded programs alone',
    (_, options) => {
      const { state } = simulate(recordedWorld(tinyRecording()), { config: { ...config, ...options, seed: 3 } });
      const keys = Object.values(state.nodes).map(({ fingerprint }) => fingerprint);
      expect(keys.length).toBeGreaterThan(3);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.flatMap((key) => key.split('+').map(Number)).every((program) => program >= 0 && program < 6)).toBe(
        true,
      );
    },
  );

  it('is the same each time, and another with another seed', () => {
    const play = (seed: number) => simulate(recordedWorld(tinyRecording()), { config: { ...config, seed } });
    expect(JSON.stringify(play(1).state)).toBe(JSON.stringify(play(1).state));
    expect(JSON.stringify(play(1).state.nodes)).not.toBe(JSON.stringify(play(2).state.nodes));
  });
});

describe('the blend that is handed in', () => {
  it('begins with the best on the final rows, has weights that sum to one, and is judged by the test rows', () => {
    const { answers } = recordedWorld(tinyRecording('rmse'));
    const blend = blendOf(answers, [[0], [1], [2], [3]]);
    const weights = blend?.members.map(({ weight }) => weight) ?? [];
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const best = Math.min(...[0, 1, 2, 3].map((program) => tinyRecording('rmse').programs[program]?.test ?? 9));
    expect(blend?.test).toBeLessThan(best);
    expect(blendOf(answers, [])).toBeUndefined();
    expect(blendOf(answers, [[2]])?.members).toEqual([{ plan: [2], weight: 1 }]);
  });
});
