/**
 * The author that asks a language model. Everything it is told is untrusted text: it becomes a program that runs in the sandbox and words that
 * are shown, and nothing else. Each call goes through `tools.calls` under a name that is the same on every repeat.
 */
import type { ModelSettings } from '../../domain/run-config.js';
import type { Author, AuthorTools, ProposalRequest } from '../port.js';
import { accepted, rejected } from './accepted.js';
import { type Desk, isDeclined, NoProgram } from './desk.js';
import { throughGates } from './gates.js';
import { remember } from './memory/remember.js';
import { ModelError } from './model.js';
import { reviewed } from './review.js';
import { withAllData } from './usage.js';
import { loadTokenCounter } from './views/tokens.js';
import { type Written, written } from './writing.js';

/** How often a prompt that the server finds too long is built again, each time for half the context or what the server says it has. */
const MOST_SHRINKS = 2;

/** The same request, history and replies make the same proposal. */
export function createLlmAuthor(model: ModelSettings): Author {
  return {
    name: 'llm',
    async propose(request, tools) {
      if (tools === undefined) throw new Error('The author that asks a model was given none to ask.');
      const desk = await deskFor(request, model, tools);
      try {
        const first = await fitting(desk, desk.prompts.contextTokens, 0);
        const passed = await throughGates(first.desk, first.written);
        const { candidate, notes } = await reviewed(first.desk, passed.written);
        const used = await withAllData(first.desk, candidate);
        return accepted(used.candidate, request, [...passed.notes, ...notes, ...used.notes], tools.calls);
      } catch (error) {
        if (error instanceof NoProgram) return rejected(error.reason, error.message, tools.calls);
        if (isDeclined(error)) return rejected('invalid', (error as Error).message, tools.calls);
        throw error;
      }
    },
  };
}

async function deskFor(request: ProposalRequest, model: ModelSettings, tools: AuthorTools): Promise<Desk> {
  const { contextTokens, maxOutputTokens } = model;
  const [memory, countTokens] = await Promise.all([remember(tools.history, request), loadTokenCounter()]);
  return { request, memory, model, prompts: { contextTokens, maxOutputTokens, countTokens }, calls: tools.calls };
}

/** Written within the context that the server turns out to have. @throws ModelError `context` when it is too small for everything. */
async function fitting(
  whole: Desk,
  contextTokens: number,
  shrinks: number,
): Promise<{ readonly desk: Desk; readonly written: Written }> {
  const desk = shrinks === 0 ? whole : shrunk(whole, contextTokens, shrinks);
  try {
    return { desk, written: await written(desk) };
  } catch (error) {
    if (!(error instanceof ModelError) || error.fault !== 'context' || shrinks === MOST_SHRINKS) throw error;
    const half = Math.floor(contextTokens / 2);
    return fitting(whole, Math.min(half, contextTold(error.message) ?? half), shrinks + 1);
  }
}

/** All that follows is asked in the smaller context; names of calls say so, since they are other questions. */
function shrunk(desk: Desk, contextTokens: number, shrinks: number): Desk {
  const { calls } = desk;
  return {
    ...desk,
    prompts: { ...desk.prompts, contextTokens },
    calls: { ...calls, call: ({ step, request }) => calls.call({ step: `${step}-smaller-${shrinks}`, request }) },
  };
}

/** The context length that a server names when it complains: `maximum context length is 8192 tokens`. */
function contextTold(message: string): number | undefined {
  const told = /(?:context|model)\s+(?:length|size|window)[^\d]{0,30}(\d{3,7})/i.exec(message)?.[1];
  const tokens = Number(told);
  return tokens >= 512 ? tokens : undefined;
}
