/** What runs have taught about an entry, for one modality and metric. */

export interface Prior {
  readonly trials: number;
  readonly successes: number;
  /** Uses that ended with a score, and the sum of their normalised gains. */
  readonly measured: number;
  readonly gainSum: number;
  readonly seconds: number;
}

export const NO_PRIOR: Prior = { trials: 0, successes: 0, measured: 0, gainSum: 0, seconds: 0 };

/** Imaginary uses with gain 0: one lucky use must not outrank twenty good ones. */
const NEUTRAL_USES = 4;
/** What a failed use counts as, in normalised gain. */
const FAILURE_GAIN = -0.25;

/** Expected normalised gain of the next use, drawn towards 0 while there is little to go by. */
export function expectedGain(prior: Prior): number {
  const failures = prior.trials - prior.successes;
  return (prior.gainSum + FAILURE_GAIN * failures) / (prior.trials + NEUTRAL_USES);
}
