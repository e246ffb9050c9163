/** Numbers for people: four significant digits, an error that keeps the decimals of its value, seconds and minutes. */
import type { Score } from '../domain/score.js';

/** `548.3 ± 16.2`; decimals follow the size of the error. A program's own claim has no known error: `0.8125 ± n/a`. */
export function scoreText(
  score: Pick<Score, 'value' | 'standardError'> & { readonly source?: Score['source'] },
): string {
  if (score.source === 'script') return `${score.value.toFixed(4)} ± n/a`;
  const decimals = decimalsFor(score.standardError);
  return `${score.value.toFixed(decimals)} ± ${score.standardError.toFixed(decimals)}`;
}

/** Two significant digits of the error decide how many decimals both get. */
export function decimalsFor(standardError: number): number {
  if (!(standardError > 1e-9)) return 4;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
}

/** `45 s`, `4 min 05 s`, `2 h 03 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
