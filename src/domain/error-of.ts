/** Everything that was said about the failure of a program, as one text: what recipes of repair are matched with and looked up by. */
import type { Evaluation } from './evaluation.js';
import type { Outcome } from './outcome.js';

/** Of a program that did not fail, what it printed as errors; empty for none. */
export function errorOf(program: { readonly outcome?: Outcome; readonly evaluation?: Evaluation } | undefined): string {
  const { outcome, evaluation } = program ?? {};
  const verdict = evaluation?.kind === 'invalid' ? evaluation.message : '';
  return [outcome?.message, verdict, outcome?.stderrHead, outcome?.stderrTail].filter(Boolean).join('\n');
}
