/** Model calls of a proposal, answered from a script by the name of the step; a step that is not in the script fails the test. */
import type { ModelCalls } from '../../src/authors/llm/calls.js';
import type { ModelReply, ModelRequest } from '../../src/authors/llm/model.js';

/** An object is sent as JSON, a text as it is, an error is thrown. */
export type Scripted = object | string | Error | { readonly reply: Partial<ModelReply> };

export interface ScriptedCalls extends ModelCalls {
  /** Names of the steps, in the order in which they were asked. */
  readonly steps: readonly string[];
  /** What a step was asked, the messages joined. */
  prompt(step: string): string;
  readonly requests: ReadonlyMap<string, ModelRequest>;
}

export function scriptedCalls(script: Readonly<Record<string, Scripted>>): ScriptedCalls {
  const steps: string[] = [];
  const requests = new Map<string, ModelRequest>();
  return {
    steps,
    requests,
    prompt: (step) => (requests.get(step)?.messages ?? []).map(({ role, content }) => `${role}: ${content}`).join('\n'),
    async call({ step, request }) {
      steps.push(step);
      if (requests.has(step)) throw new Error(`the step ${step} was asked twice`);
      requests.set(step, request);
      const answer = script[step];
      if (answer === undefined) throw new Error(`nobody expected the step ${step}; asked were ${steps.join(', ')}`);
      if (answer instanceof Error) throw answer;
      const reply = replyOf(answer);
      return { text: '', model: request.model, finish: 'stop', seconds: 1, found: false, ...reply };
    },
    cost: () => ({ usd: 0.01 * steps.length, tokens: 100 * steps.length, seconds: steps.length }),
  };
}

function replyOf(answer: Exclude<Scripted, Error>): Partial<ModelReply> {
  if (typeof answer === 'string') return { text: answer };
  if ('reply' in answer) return answer.reply as Partial<ModelReply>;
  return { text: JSON.stringify(answer) };
}
