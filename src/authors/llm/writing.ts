/** From the first prompt to a whole program: edits applied, repaired in a second turn, or given up for a rewrite. */
import type { KnownProgram } from '../port.js';
import type { Candidate } from './accepted.js';
import { asked, type Desk, NoProgram } from './desk.js';
import { applyEdits } from './edits/edits.js';
import { tellProblems } from './edits/problems.js';
import { ModelError } from './model.js';
import {
  DRAFT_STEPS,
  type DraftStep,
  draftMergePrompt,
  draftStepPrompt,
  type StepReply,
} from './operators/draft-steps.js';
import type { Prompt, WithParent } from './operators/prompt.js';
import { promptFor } from './operators/prompt-for.js';
import { againTurn, rewritePrompt } from './operators/turns.js';
import { plainProgram } from './plain-text.js';
import { EditsReply, ProgramReply } from './replies.js';

/** A program, and the prompt and words it came from, so that the conversation can go on. */
export interface Written extends Candidate {
  readonly prompt: Prompt<Reply>;
  readonly said: string;
}

type Reply = ProgramReply | EditsReply;

/** Longer ones are not read by anybody, and no prompt would hold them. */
export const LONGEST_PROGRAM = 200_000;

/** @throws NoProgram, ModelError `context` when the first prompt does not fit, and what the calls throw. */
export async function written(desk: Desk): Promise<Written> {
  const { request, memory, prompts } = desk;
  if (request.operator === 'draft' && desk.model.draft === 'stepwise') return stepwise(desk);
  const { reply, ...prompt } = promptFor(request, memory, prompts);
  if (reply === 'program') return whole(desk, { ...prompt, schema: ProgramReply });
  const first = await attempted(desk, { ...prompt, schema: EditsReply });
  if ('program' in first) return first;
  const again = againTurn(first.prompt, first.said, { kind: 'edits', problems: first.problems }, prompts);
  const second = await attempted(desk, again).catch(withoutProgram);
  if (second !== undefined && 'program' in second) return second;
  const why = (second ?? first).problems;
  return whole(desk, rewritePrompt(request as WithParent, memory, why, prompts));
}

async function stepwise(desk: Desk): Promise<Written> {
  const { request, memory, prompts } = desk;
  const parts: Partial<Record<DraftStep, StepReply>> = {};
  for (const step of DRAFT_STEPS) {
    const { value } = await asked(desk, draftStepPrompt(step, request, memory, parts, prompts));
    parts[step] = value;
  }
  const { data, model, training } = parts;
  if (!data || !model || !training) throw new Error('A step of the draft is missing.');
  const merged = await whole(desk, draftMergePrompt(request, memory, { data, model, training }, prompts));
  const knowledge = [data, model, training].flatMap((part) => part.knowledge);
  return { ...merged, plan: { ...merged.plan, knowledge: [...merged.plan.knowledge, ...knowledge] } };
}

type Attempted =
  | Written
  | { readonly prompt: Prompt<Reply>; readonly said: string; readonly problems: readonly string[] };

/**
 * Asks, and makes a program of the answer; edits are of `base`, the parent's program where absent.
 * @throws NoProgram and what the calls throw.
 */
export async function attempted(desk: Desk, prompt: Prompt<Reply>, base = parentOf(desk)?.program): Promise<Attempted> {
  const { value, said } = await asked(desk, prompt);
  if ('program' in value) return { ...complete(value), prompt, said };
  const result = applyEdits(base ?? '', value.edits);
  if (result.kind === 'failed') {
    return { prompt, said, problems: result.problems.map((problem) => tellProblems([problem])) };
  }
  const program = checkedLength(plainProgram(result.program));
  return { program, plan: value.plan, changes: value.changes, prompt, said };
}

async function whole(desk: Desk, prompt: Prompt<ProgramReply>): Promise<Written> {
  const { value, said } = await asked(desk, prompt);
  return { ...complete(value), prompt, said };
}

function complete({ plan, program }: ProgramReply): Candidate {
  return { program: checkedLength(plainProgram(program)), plan, changes: [] };
}

function checkedLength(program: string): string {
  if (program.length <= LONGEST_PROGRAM) return program;
  throw new NoProgram(
    'invalid',
    `The program has ${program.length} characters; ${LONGEST_PROGRAM} is the most that is taken.`,
  );
}

function parentOf({ request }: Desk): KnownProgram | undefined {
  return request.parent;
}

/** A second turn that leads to nothing is followed by a rewrite; one that is too long for the context is as well. */
function withoutProgram(error: unknown): undefined {
  if (error instanceof NoProgram) return undefined;
  if (error instanceof ModelError && error.fault === 'context') return undefined;
  throw error;
}
