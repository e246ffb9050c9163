/** Numbers as a prompt shows them: short, and scores never finer than they are sure. */
import type { Paired, Score } from '../../../domain/score.js';

/** Four significant digits unless told otherwise, without trailing zeros. */
export function shown(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}

export function scoreText({ value, standardError, direction, source }: Score): string {
  const error = standardError > 0 ? ` ± ${shown(standardError, 2)}` : '';
  const better = direction === 'maximise' ? 'higher is better' : 'lower is better';
  return `${shown(value, 5)}${error} (${better}${source === 'script' ? ', as the program itself says' : ''})`;
}

/** In words, positive is better whatever the direction. */
export function pairedText({ delta, pairedSE }: Pick<Paired, 'delta' | 'pairedSE'>): string {
  const size = `${shown(Math.abs(delta), 3)} ± ${shown(pairedSE, 2)}`;
  if (Math.abs(delta) <= pairedSE) return `no clear difference (${delta < 0 ? '−' : '+'}${size})`;
  return delta > 0 ? `better by ${size}` : `worse by ${size}`;
}
