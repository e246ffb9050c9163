/** Everything that was said about the failure of a program, as one text: what recipes of repair are matched with and looked up by. */
import type { Evaluation } from './evaluation.js';
import type { Outcome } from './outcome.js';

interface Failed {
  readonly outcome?: Pick<Outcome, 'message' | 'stderrHead' | 'stderrTail'>;
  readonly evaluation?: Evaluation;
}

/** Of a program that did not fail, what it printed as errors; empty for none. */
export function errorOf(program: Failed | undefined): string {
  const { outcome, evaluation } = program ?? {};
  const verdict = evaluation?.kind === 'invalid' ? evaluation.message : '';
  return [outcome?.message, verdict, outcome?.stderrHead, outcome?.stderrTail].filter(Boolean).join('\n');
}
