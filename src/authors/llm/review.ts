/**
 * The gate in which a model reads a program before it is run. It approves unless it says otherwise in a form that can be read; it may patch, not
 * redesign; and what it rejects is repaired once or not run at all.
 */
import type { Candidate } from './accepted.js';
import { ask, type Desk, NoProgram, orNothing } from './desk.js';
import { applyEdits } from './edits/edits.js';
import { worsens } from './gates.js';
import { leakRewritePrompt, reviewPrompt } from './operators/review.js';
import { plainLine, plainProgram } from './plain-text.js';
import type { ReviewReply } from './replies.js';
import { suspicionsIn } from './syntax/suspicions.js';
import { attempted } from './writing.js';

export interface Reviewed {
  readonly candidate: Candidate;
  readonly notes: readonly string[];
}

/** A patch that touches a larger share of the lines is another program. */
const LARGEST_PATCH = 0.4;

/** @throws NoProgram when a rejected program could not be repaired, and what the calls throw. */
export async function reviewed(desk: Desk, candidate: Candidate): Promise<Reviewed> {
  // An ablation writes no submission and is never a result: nothing of the list applies.
  if (!desk.model.review || desk.request.operator === 'ablate') return { candidate, notes: [] };
  const verdict = await judged(desk, candidate, 'review');
  switch (verdict.kind) {
    case 'approved':
      return { candidate, notes: verdict.notes };
    case 'patched':
      return verdict;
    case 'patch-failed': {
      const repaired = await repairedBy(desk, candidate, verdict.reasons);
      const notes = [`review: ${verdict.reasons.join('; ')}`];
      return repaired
        ? { candidate: repaired, notes }
        : { candidate, notes: [...notes, 'its patch could not be used'] };
    }
    case 'rejected':
      return secondChance(desk, candidate, verdict.reasons);
  }
}

async function secondChance(desk: Desk, candidate: Candidate, reasons: readonly string[]): Promise<Reviewed> {
  const refusal = `The review rejects it: ${reasons.join('; ')}`;
  const repaired = await repairedBy(desk, candidate, reasons);
  if (repaired === undefined) throw new NoProgram('invalid', refusal);
  const second = await judged(desk, repaired, 'review-second');
  const notes = [`review: ${reasons.join('; ')}`];
  if (second.kind === 'rejected') throw new NoProgram('invalid', `${refusal}. Repaired: ${second.reasons.join('; ')}`);
  if (second.kind === 'patched') return { candidate: second.candidate, notes: [...notes, ...second.notes] };
  return { candidate: repaired, notes };
}

type Verdict =
  | { readonly kind: 'approved'; readonly notes: readonly string[] }
  | ({ readonly kind: 'patched' } & Reviewed)
  | { readonly kind: 'patch-failed' | 'rejected'; readonly reasons: readonly string[] };

async function judged(desk: Desk, candidate: Candidate, name: string): Promise<Verdict> {
  const { request, prompts, model } = desk;
  const suspicions = suspicionsIn(candidate.program, request.card).map(({ line, what }) => `line ${line}: ${what}`);
  const summary = plainLine(candidate.plan.summary, 200);
  const prompt = { ...reviewPrompt(request, { program: candidate.program, summary, suspicions }, prompts), name };
  const result = await orNothing(ask(desk, prompt, model.reviewer));
  if (result?.kind !== 'value') {
    return {
      kind: 'approved',
      notes: [`the review had no verdict (${result?.kind ?? 'declined'}); taken as approval`],
    };
  }
  return verdictOf(desk, candidate, result.value);
}

function verdictOf(desk: Desk, candidate: Candidate, { verdict, edits, reasons: said }: ReviewReply): Verdict {
  const reasons = said
    .map((reason) => plainLine(reason, 300))
    .filter((reason) => reason !== '')
    .slice(0, 8);
  if (verdict === 'approve') return { kind: 'approved', notes: [] };
  if (reasons.length === 0)
    return { kind: 'approved', notes: ['the review objected without a reason; taken as approval'] };
  if (verdict === 'reject') return { kind: 'rejected', reasons };
  const touched = edits.reduce((sum, { search }) => sum + search.split('\n').length, 0);
  const lines = candidate.program.split('\n').length;
  if (touched > Math.max(10, LARGEST_PATCH * lines)) {
    return { kind: 'approved', notes: [`review: ${reasons.join('; ')}`, 'its patch was a redesign and was not used'] };
  }
  const result = applyEdits(candidate.program, edits);
  if (result.kind === 'failed') return { kind: 'patch-failed', reasons };
  const program = plainProgram(result.program);
  if (worsens(desk, candidate.program, program)) return { kind: 'patch-failed', reasons };
  return { kind: 'patched', candidate: { ...candidate, program }, notes: [`patched in review: ${reasons.join('; ')}`] };
}

/** The program without what the review objects to; absent when the model has none that would pass the gates. */
async function repairedBy(
  desk: Desk,
  candidate: Candidate,
  reasons: readonly string[],
): Promise<Candidate | undefined> {
  const prompt = leakRewritePrompt(desk.request, candidate.program, reasons, desk.prompts);
  const answer = await orNothing(attempted(desk, prompt, candidate.program));
  if (answer === undefined || !('program' in answer)) return undefined;
  if (worsens(desk, candidate.program, answer.program)) return undefined;
  return { ...candidate, program: answer.program, changes: [...candidate.changes, ...answer.changes] };
}
