/** Where one proposal is worked on: the request, what is remembered, and the way to ask. */
import type { ModelSettings } from '../../domain/run-config.js';
import type { AuthorTools, ProposalRequest } from '../port.js';
import { CapReachedError } from './calls.js';
import type { Memory } from './memory/memory.js';
import { ModelError } from './model.js';
import type { Prompt, PromptSettings } from './operators/prompt.js';
import { fromProse } from './prose.js';
import { askInTurns, type Structured } from './structured.js';

export interface Desk {
  readonly request: ProposalRequest;
  readonly memory: Memory;
  readonly model: ModelSettings;
  readonly prompts: PromptSettings;
  readonly calls: AuthorTools['calls'];
}

/** There will be no program. Caught where the proposal is made, and nowhere else. */
export class NoProgram extends Error {
  override readonly name = 'NoProgram';
  constructor(
    readonly reason: 'duplicate' | 'invalid',
    message: string,
  ) {
    super(message);
  }
}

/** A valid reply, and the text it came in. */
export interface Answer<T> {
  readonly value: T;
  readonly said: string;
}

const TRUNCATED = `Your reply was longer than the output limit and was cut off. Answer again, and much shorter: a few words for each part of the plan, no comments in code, and the smallest change or program that serves.`;

/** Seeds are 31 bits in the strictest servers. */
const SEEDS = 2 ** 31;

/**
 * The answer to a prompt, asked for once more when it was cut off at the output limit.
 * @throws NoProgram when there is no answer to use, and what the calls throw.
 */
export async function asked<T>(desk: Desk, prompt: Prompt<T>): Promise<Answer<T>> {
  const first = await ask(desk, prompt);
  const result = first.kind === 'truncated' ? await ask(desk, shorter(prompt)) : first;
  switch (result.kind) {
    case 'value':
      return { value: result.value, said: result.replies.at(-1)?.text ?? '' };
    case 'refusal':
      throw new NoProgram('invalid', `The model declined (${prompt.name}): ${result.text}`);
    case 'truncated':
      throw new NoProgram('invalid', `Two replies to ${prompt.name} were cut off at ${prompt.maxOutputTokens} tokens.`);
    case 'unusable':
      throw new NoProgram('invalid', `Two replies to ${prompt.name} had no form: ${result.problem}`);
  }
}

/** Step names come from the prompt, so that a repeated proposal finds its calls. */
export function ask<T>(desk: Desk, prompt: Prompt<T>, model = desk.model.name): Promise<Structured<T>> {
  const { temperature, reasoningEffort } = desk.model;
  const request = {
    model,
    messages: prompt.messages,
    maxOutputTokens: prompt.maxOutputTokens,
    seed: desk.request.seed % SEEDS,
    ...(temperature !== undefined && { temperature }),
    ...(reasoningEffort !== undefined && { reasoningEffort }),
  };
  const shape = { name: prompt.name.slice(0, 64), schema: prompt.schema, fromProse: fromProse(prompt.schema) };
  return askInTurns(
    (each, turn) => desk.calls.call({ step: turn === 'first' ? prompt.name : `${prompt.name}-${turn}`, request: each }),
    request,
    shape,
  );
}

function shorter<T>(prompt: Prompt<T>): Prompt<T> {
  const messages = [...prompt.messages];
  const last = messages.pop();
  if (last !== undefined) messages.push({ ...last, content: `${last.content}\n\n${TRUNCATED}` });
  return { ...prompt, name: `${prompt.name}-shorter`, messages };
}

/** A further turn that the model declines, or that does not fit its context, changes nothing: there is something without it. */
export async function orNothing<T>(further: Promise<T>): Promise<T | undefined> {
  try {
    return await further;
  } catch (error) {
    if (error instanceof NoProgram || error instanceof CapReachedError || isDeclined(error)) return undefined;
    throw error;
  }
}

/** Content policy or context: this prompt will not be answered, others may. A wrong key or model is neither. */
export function isDeclined(error: unknown): boolean {
  if (!(error instanceof ModelError)) return false;
  return error.fault === 'context' || (error.fault === 'refused' && error.details.code === 'content-policy');
}
