/** The numbers of MLE-STAR's schedule (arXiv 2506.15692, table of hyper-parameters; `released`: the configuration of its published sample). */
import type { SearchState } from './state.js';

export interface StarNumbers {
  readonly models: number;
  readonly outer: number;
  readonly inner: number;
  readonly solutions: number;
  readonly ensembles: number;
  readonly mergeAll: boolean;
}

const PAPER: StarNumbers = { models: 4, outer: 4, inner: 4, solutions: 2, ensembles: 5, mergeAll: false };
/** The sample counts the first plan and the first ensemble beside its rounds: one and one more. */
const RELEASED: StarNumbers = { models: 2, outer: 1, inner: 2, solutions: 2, ensembles: 2, mergeAll: true };

export function starNumbers({ config }: Pick<SearchState, 'config'>): StarNumbers {
  const { models, outer, inner, solutions, ensembles, mergeAll } = config.star ?? {};
  const base = config.preset === 'released' ? RELEASED : PAPER;
  return {
    models: models ?? base.models,
    outer: outer ?? base.outer,
    inner: inner ?? base.inner,
    solutions: solutions ?? base.solutions,
    ensembles: ensembles ?? base.ensembles,
    mergeAll: mergeAll ?? base.mergeAll,
  };
}
