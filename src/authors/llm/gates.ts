/** What a program must pass before it is reviewed and run. Each gate may ask for another program once; then it lets pass or gives up. */
import { fingerprintOf } from '../../domain/fingerprint.js';
import type { ProposalRequest } from '../port.js';
import { type Desk, NoProgram, orNothing } from './desk.js';
import { againTurn, type Setback } from './operators/turns.js';
import { suspicionsIn } from './syntax/suspicions.js';
import { syntaxProblems } from './syntax/syntax.js';
import { attempted, type Written } from './writing.js';

export interface Passed {
  readonly written: Written;
  /** What was found and let pass. */
  readonly notes: readonly string[];
}

/** @throws NoProgram for a program that was run before, or that no honest author writes; and what the calls throw. */
export async function throughGates(desk: Desk, first: Written): Promise<Passed> {
  const asked = new Set<Setback['kind']>();
  let written = first;
  for (;;) {
    const setback = setbacksOf(written.program, desk.request).find(({ kind }) => !asked.has(kind));
    if (setback === undefined) break;
    asked.add(setback.kind);
    const again = await orNothing(attempted(desk, againTurn(written.prompt, written.said, setback, desk.prompts)));
    if (again !== undefined && 'program' in again) written = again;
  }
  const notes = setbacksOf(written.program, desk.request).map(({ kind, problems }) => {
    if (kind === 'duplicate') throw new NoProgram('duplicate', `Asked twice, the model wrote ${problems.join(' ')}`);
    if (kind === 'gate') throw new NoProgram('invalid', `Not run: ${problems.join('; ')}.`);
    return `run although it does not look like Python: ${problems.join('; ')}`;
  });
  return { written, notes };
}

/** In the order in which they are dealt with. */
export function setbacksOf(program: string, request: ProposalRequest): readonly Setback[] {
  const syntax = syntaxProblems(program).map(({ line, what }) => `line ${line}: ${what}`);
  const twin = twinOf(program, request);
  const foul = suspicionsIn(program, request.card)
    .filter(({ kind }) => kind === 'foul')
    .map(({ line, what }) => `line ${line}: ${what}`);
  return [
    ...(syntax.length > 0 ? [{ kind: 'syntax', problems: syntax } as const] : []),
    ...(twin === undefined ? [] : [{ kind: 'duplicate', problems: [`the program of ${twin} once more.`] } as const]),
    ...(foul.length > 0 ? [{ kind: 'gate', problems: foul } as const] : []),
  ];
}

/** Whether the new program fails a gate that the old one passed. */
export function worsens({ request }: Desk, before: string, after: string): boolean {
  const known = new Set(setbacksOf(before, request).map(({ kind }) => kind));
  return setbacksOf(after, request).some(({ kind }) => !known.has(kind));
}

/** The node that has this program already, as far as it is known by name. */
function twinOf(program: string, { taken, parent, references, siblings, best }: ProposalRequest): string | undefined {
  const fingerprint = fingerprintOf(program);
  const known = [...(parent ? [parent] : []), ...siblings, ...references, ...best];
  const twin = known.find((one) => fingerprintOf(one.program) === fingerprint);
  return twin?.nodeId ?? (taken.has(fingerprint) ? 'an earlier node' : undefined);
}
