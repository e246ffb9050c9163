/** Everything that was said about the failure of a program, as one text: what recipes of repair are matched with and looked up by. */
import type { KnownProgram } from './port.js';

/** Of a program that did not fail, what it printed as errors; empty for none. */
export function errorOf(program: KnownProgram | undefined): string {
  const { outcome, evaluation } = program ?? {};
  const verdict = evaluation?.kind === 'invalid' ? evaluation.message : '';
  return [outcome?.message, verdict, outcome?.stderrHead, outcome?.stderrTail].filter(Boolean).join('\n');
}
