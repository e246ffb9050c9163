/** The turns of a structured question, against a model that says what it is told to. */
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Model, ModelError, type ModelReply, type ModelRequest } from '../../../../src/authors/llm/model.js';
import { askStructured } from '../../../../src/authors/llm/structured.js';

const SHAPE = { name: 'sum', schema: z.object({ sum: z.int().max(10), why: z.string() }) };
const REQUEST = { model: 'm', messages: [{ role: 'user' as const, content: 'Add.' }], maxOutputTokens: 100 };
const options = { signal: new AbortController().signal };
const GOOD = '{"sum": 3, "why": "1 + 2"}';

function saying(...replies: (string | Partial<ModelReply> | Error)[]): Model & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    api: 'chat',
    asked,
    async complete(request) {
      const reply = replies[asked.length];
      asked.push(request);
      if (reply === undefined) throw new Error('asked once more than expected');
      if (reply instanceof Error) throw reply;
      const said = typeof reply === 'string' ? { text: reply } : reply;
      return { text: '', model: 'm', finish: 'stop', seconds: 0, ...said };
    },
  };
}

describe('askStructured', () => {
  it('takes a valid reply at once and drops what was not asked for', async () => {
    const model = saying('{"sum": 3, "why": "1 + 2", "__proto__": {"x": 1}, "more": 4}');
    const result = await askStructured(model, REQUEST, SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: false, value: { sum: 3, why: '1 + 2' } });
    expect(result.kind === 'value' && Object.keys(result.value)).toEqual(['sum', 'why']);
    expect(model.asked).toEqual([{ ...REQUEST, shape: SHAPE }]);
  });

  it('tells what was wrong, once', async () => {
    const model = saying('{"sum": 30, "why": "?"}', GOOD);
    const result = await askStructured(model, REQUEST, SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: true, value: { sum: 3 } });
    const [question, said, complaint] = model.asked[1]?.messages ?? [];
    expect([question, said]).toEqual([REQUEST.messages[0], { role: 'assistant', content: '{"sum": 30, "why": "?"}' }]);
    expect(complaint?.content).toMatch(/<=10[\s\S]*at sum/);
    expect(complaint?.content).toContain('"required":["sum","why"]');
  });

  it('gives up after two', async () => {
    const result = await askStructured(saying('no', '{"sum": "x"}'), REQUEST, SHAPE, options);
    expect(result).toMatchObject({ kind: 'unusable', problem: expect.stringContaining('at sum') });
    expect(result.replies.map(({ text }) => text)).toEqual(['no', '{"sum": "x"}']);
  });

  it('sends no empty turn after an empty reply', async () => {
    const model = saying(' \n', GOOD);
    expect(await askStructured(model, REQUEST, SHAPE, options)).toMatchObject({ kind: 'value', repaired: true });
    expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user']);
    expect(model.asked[1]?.messages[0]?.content).toMatch(/^Add\.\n\n[\s\S]*empty/);
  });

  it('takes the object that fits from a reply with several', async () => {
    const model = saying(`{"note": 1} and then ${GOOD}`);
    expect(await askStructured(model, REQUEST, SHAPE, options)).toMatchObject({ kind: 'value', value: { sum: 3 } });
  });

  it('calls a reply truncated only when nothing whole came before the limit', async () => {
    const cut = await askStructured(saying({ text: '{"sum": 3', finish: 'length' }), REQUEST, SHAPE, options);
    expect(cut).toMatchObject({ kind: 'truncated' });
    const whole = await askStructured(saying({ text: `${GOOD} And so on`, finish: 'length' }), REQUEST, SHAPE, options);
    expect(whole).toMatchObject({ kind: 'value', repaired: false });
    const ended = saying('{"sum": 3, "wh', { text: '{"su', finish: 'length' });
    expect(await askStructured(ended, REQUEST, SHAPE, options)).toMatchObject({ kind: 'truncated', replies: [{}, {}] });
    expect(ended.asked[1]?.messages.at(-1)?.content).toContain('ends in the middle');
  });

  it('does not argue with a refusal, even one that looks like an answer', async () => {
    const result = await askStructured(saying({ text: GOOD, finish: 'content-filter' }), REQUEST, SHAPE, options);
    expect(result).toMatchObject({ kind: 'refusal', text: GOOD });
  });

  it('asks without a schema where none is taken, in both turns', async () => {
    const no = new ModelError('refused', 'no', { code: 'schema-unsupported' });
    const model = saying(no, 'no idea', no, GOOD);
    const result = await askStructured(model, REQUEST, SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: true });
    expect(model.asked.map((request) => 'shape' in request)).toEqual([true, false, true, false]);
    expect(model.asked[1]?.messages).toHaveLength(1);
    expect(model.asked[1]?.messages[0]?.content).toContain('JSON Schema');
    expect(result.replies).toHaveLength(2);
  });

  it('passes every other fault on', async () => {
    const fault = new ModelError('busy', 'later', { retryAfterMs: 5 });
    await expect(askStructured(saying(fault), REQUEST, SHAPE, options)).rejects.toBe(fault);
    await expect(askStructured(saying('what?', fault), REQUEST, SHAPE, options)).rejects.toBe(fault);
  });

  it('quotes no more than it must of an endless reply', async () => {
    const model = saying('x'.repeat(1_000_000), GOOD);
    await askStructured(model, REQUEST, SHAPE, options);
    expect(JSON.stringify(model.asked[1]?.messages).length).toBeLessThan(25_000);
  });
});
