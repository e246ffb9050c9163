import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonIn } from '../../../../src/authors/llm/json-in-text.js';

describe('jsonIn', () => {
  it.each<[string, string]>([
    ['bare', '{"a": 1}'],
    ['fenced', 'Here:\n```json\n{"a": 1}\n```\nDone {really}.'],
    ['in prose with braces', 'The set {x} gives {"a": 1}, I think.'],
    ['after thoughts', '<think>{"a": 2} or {"a": 3}?</think>\n{"a": 1}'],
    ['after a lone closing tag', 'maybe {"a": 2}\n</think>{"a": 1}'],
    ['with trailing commas', '{"a": 1,\n}'],
  ])('%s', (_where, text) => {
    expect(jsonIn(text).objects[0]).toEqual({ a: 1 });
  });

  it('keeps programs inside strings as they are', () => {
    const program = 'a = {"x": [1,],}\n# ```\nprint("</think>")\n';
    const inside = { program, n: [1, 2] };
    expect(jsonIn(`<think>hm</think>\`\`\`json\n${JSON.stringify(inside)}\n\`\`\``).objects).toContainEqual(inside);
    expect(jsonIn(JSON.stringify(inside)).objects).toContainEqual(inside);
  });

  it('takes raw line breaks and tabs in strings', () => {
    expect(jsonIn('{"program": "if x:\n\tprint(\\"y\\")\r\n",}').objects).toEqual([
      { program: 'if x:\n\tprint("y")\r\n' },
    ]);
  });

  it('takes nothing out of thoughts', () => {
    expect(jsonIn('<think>{"a": 1}').objects).toEqual([]);
    expect(jsonIn('<think>{"a": 1}</think> I do not know.').objects).toEqual([]);
  });

  it.each(["{'a': 1}", '{a: 1}', '{"a": True}', '{"a": 1 // one\n}', 'nothing', ''])('does not guess at %s', (text) => {
    expect(jsonIn(text)).toEqual({ objects: [], cutOff: false });
  });

  it('sees that an object was never closed', () => {
    expect(jsonIn('{"a": {"b": 1}')).toMatchObject({ cutOff: true });
    expect(jsonIn('{"a": "}').cutOff).toBe(true);
    expect(jsonIn('{"a": 1} {').cutOff).toBe(false);
  });

  it('finds any object in any prose, and never throws', () => {
    const prose = fc.string({ unit: fc.constantFrom('a', ' ', '\n', ']', '}', '.') });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), prose, prose, (value, before, after) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(jsonIn(`${before}${JSON.stringify(value)}${after}`).objects).toContainEqual(plain);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', 'a', ',', '[', ']') }), (text) => {
        expect(Array.isArray(jsonIn(text).objects)).toBe(true);
      }),
    );
  });

  it('takes no long time over hostile or huge text', () => {
    const begun = performance.now();
    jsonIn('{'.repeat(300_000));
    jsonIn('{"'.repeat(100_000));
    jsonIn('{"a":"\\'.repeat(50_000));
    const program = 'x = 1\n'.repeat(300_000);
    expect(jsonIn(JSON.stringify({ program })).objects).toEqual([{ program }]);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
