/** One model call as text: what was asked, message by message, and what came back. */
import { styleText } from 'node:util';
import { z } from 'zod';
import { dim } from './table.js';

const Prompt = z.looseObject({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });
const Reply = z.looseObject({ text: z.string() });

export interface PromptTexts {
  readonly call: { readonly node: string; readonly step: string; readonly try: number; readonly state: string };
  readonly prompt: unknown;
  readonly reply?: unknown;
}

export function promptLines({ call, prompt, reply }: PromptTexts): readonly string[] {
  const { node, step, try: number, state } = call;
  const name = `${node}/${step}${number === 1 ? '' : `, try ${number}`} (${state})`;
  const messages = Prompt.parse(prompt).messages.flatMap(({ role, content }) => [dim(`── ${role}`), content]);
  const said = reply === undefined ? [] : [dim('── reply'), Reply.parse(reply).text];
  return [styleText('bold', name), ...messages, ...said, ''];
}
