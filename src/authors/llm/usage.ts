/**
 * The gate in which a model says whether a draft uses all data that matter, and brings in what was left out. One call for each draft; whatever
 * cannot be used of its answer changes nothing.
 */
import type { Candidate } from './accepted.js';
import { ask, type Desk, orNothing } from './desk.js';
import { applyEdits } from './edits/edits.js';
import { worsens } from './gates.js';
import { usagePrompt } from './operators/usage.js';
import { plainLine, plainProgram } from './plain-text.js';
import type { UsageReply } from './replies.js';
import type { Reviewed } from './review.js';
import { LONGEST_PROGRAM } from './writing.js';

const MOST_NAMED = 12;

/** The draft as it is where the gate is not wanted. @throws what the calls throw. */
export async function withAllData(desk: Desk, candidate: Candidate): Promise<Reviewed> {
  const { request, model, prompts } = desk;
  if (!model.usageGate || request.operator !== 'draft') return { candidate, notes: [] };
  const prompt = usagePrompt(request, candidate.program, prompts);
  if (prompt.trimmed.includes('program')) {
    return { candidate, notes: ['the usage gate was left out: the program is too long to be shown whole'] };
  }
  const result = await orNothing(ask(desk, prompt));
  if (result?.kind !== 'value') {
    return {
      candidate,
      notes: [`the usage gate had no answer (${result?.kind ?? 'declined'}); the draft is unchanged`],
    };
  }
  const { value } = result;
  if (value.usage === 'all-used') return { candidate, notes: [] };
  const unused = value.unused
    .map((name) => plainLine(name, 200))
    .filter((name) => name !== '')
    .slice(0, MOST_NAMED);
  const found = `usage: ${unused.join('; ') || 'nothing named'}`;
  const program = improved(desk, candidate.program, value);
  if (program === undefined) return { candidate, notes: [found, 'its change could not be used'] };
  return { candidate: { ...candidate, program }, notes: [`changed to use more data, ${found}`] };
}

/** All edits or the whole program, and only what passes every gate that the draft passed; absent otherwise. */
function improved(desk: Desk, before: string, { edits, program }: UsageReply): string | undefined {
  const edited = edits.length > 0 ? applyEdits(before, edits) : { kind: 'whole', program };
  if (!('program' in edited)) return undefined;
  const after = plainProgram(edited.program);
  if (after.trim() === '' || after === before || after.length > LONGEST_PROGRAM) return undefined;
  return worsens(desk, before, after) ? undefined : after;
}
