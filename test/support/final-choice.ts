/** A final choice as the evaluator gives it: a blend of two over the best single, with a tuned threshold. */
import { type Candidate, FinalChoice } from '../../src/domain/evaluation.js';
import { nodeIdOf } from '../../src/domain/ids.js';
import type { Score } from '../../src/domain/score.js';

export const score = (value: number, more: Partial<Score> = {}): Score => ({
  value,
  standardError: 0.004,
  rows: 1234,
  direction: 'maximise',
  source: 'hidden',
  ...more,
});

const [n3, n7, n9] = [nodeIdOf(3), nodeIdOf(7), nodeIdOf(9)];

export const SINGLE: Candidate = {
  kind: 'single',
  members: [{ nodeId: n7, weight: 1 }],
  pooled: score(0.81),
  overSingle: 0,
  overSinglePairedSE: 0,
};
export const BLEND: Candidate = {
  kind: 'blend',
  members: [
    { nodeId: n3, weight: 0.375 },
    { nodeId: n7, weight: 0.625 },
  ],
  pooled: score(0.8134),
  overSingle: 0.0034,
  overSinglePairedSE: 0.0012,
};

export function choiceOf(more: Partial<FinalChoice> = {}): FinalChoice {
  return FinalChoice.parse({
    chosen: BLEND,
    candidates: [SINGLE, BLEND],
    rule: '1,234 rows have a hidden score (at least 1,000): the blend, +0.0034 over the best single.',
    estimate: score(0.8101, { rows: 617 }),
    optimism: 0.0021,
    shortlist: [n7, n3, n9],
    averaging: 'probabilities',
    runnerUp: { nodeId: n3, pooled: score(0.808), behind: 0.002, behindPairedSE: 0.0015 },
    refits: [
      { nodeId: n3, used: false, agreement: 0.7, reason: 'refit not used: rank correlation 0.700, below 0.9' },
      { nodeId: n7, used: true, agreement: 0.99, reason: 'refit used: rank correlation 0.990' },
    ],
    recipe: {
      averaging: 'probabilities',
      modelsPerMember: 1,
      rule: { kind: 'threshold', positive: 1, threshold: 0.3127 },
    },
    ...more,
  });
}
