/**
 * docs/operators.md says what the source says. `UPDATE_GOLDEN=1` prints it anew, asking the stub model for its replies; sizes come from
 * `npm run bench:prompts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createChatModel } from '../../../src/authors/llm/openai-chat.js';
import type { Prompt } from '../../../src/authors/llm/operators/prompt.js';
import { VISIBILITY } from '../../../src/authors/llm/operators/visibility.js';
import { MODEL_NAME } from '../../../src/stub-model/options.js';
import { everyPrompt } from '../../support/every-prompt.js';
import { generatedParts, withParts } from '../../support/operators-doc.js';
import { stub } from '../../support/stub-model.js';

const DOCUMENT = new URL('../../../docs/operators.md', import.meta.url);
const REPLIES = new URL('./replies.json', import.meta.url);
const SIZES = new URL('../../../bench/prompts/results/sizes.json', import.meta.url);
const SHOWN = [
  'draft',
  'improve-features',
  'debug',
  'evolve',
  'fuse',
  'aggregate',
  'ablate',
  'refine-block',
  'merge',
  'review',
] as const;

async function repliesOf(prompts: Readonly<Record<string, Prompt>>): Promise<Readonly<Record<string, string>>> {
  const server = await stub({ buggy: 0 });
  try {
    const model = createChatModel({ baseUrl: server.url });
    const replies: Record<string, string> = {};
    for (const name of SHOWN) {
      const { messages, schema, maxOutputTokens } = prompts[name] as Prompt;
      const request = { model: MODEL_NAME, messages, maxOutputTokens, shape: { name, schema } };
      replies[name] = (await model.complete(request, { signal: AbortSignal.timeout(20_000) })).text;
    }
    return replies;
  } finally {
    await server.close();
  }
}

test('docs/operators.md is printed from the table, the prompts and the measurements', async () => {
  const prompts = await everyPrompt();
  if (process.env.UPDATE_GOLDEN) writeFileSync(REPLIES, `${JSON.stringify(await repliesOf(prompts), null, 2)}\n`);
  const replies: Readonly<Record<string, string>> = JSON.parse(readFileSync(REPLIES, 'utf8'));
  const examples = SHOWN.map((name) => ({ name, prompt: prompts[name] as Prompt, reply: replies[name] ?? '' }));
  for (const { prompt, reply } of examples) expect(prompt.schema.safeParse(JSON.parse(reply)).error).toBeUndefined();
  const written = readFileSync(DOCUMENT, 'utf8');
  const printed = withParts(written, generatedParts(JSON.parse(readFileSync(SIZES, 'utf8')), examples));
  if (process.env.UPDATE_GOLDEN) writeFileSync(DOCUMENT, printed);
  expect(process.env.UPDATE_GOLDEN ? printed : written).toBe(printed);
});

test('every prompt that was measured is in the table or a further turn', () => {
  const { rows } = JSON.parse(readFileSync(SIZES, 'utf8'));
  for (const { name, p50, p95, prompts } of rows) {
    expect([name, name in VISIBILITY || name === 'further turns' || name === 'review-second']).toEqual([name, true]);
    expect(p50).toBeLessThanOrEqual(p95);
    expect(prompts).toBeGreaterThan(0);
  }
});
