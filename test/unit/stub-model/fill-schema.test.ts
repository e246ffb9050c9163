/** What the stub makes up fits the schema that was asked for, whatever Zod made it of. */
import { describe, expect, it } from '@jest/globals';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { fillSchema } from '../../../src/stub-model/fill-schema.js';

const Step = z.object({ name: z.string(), weight: z.number().min(0.5).max(0.75) });
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  flat: z.object({ plan: z.string(), score: z.int().min(1).max(3), sure: z.boolean() }),
  lists: z.object({ steps: z.array(Step).min(2).max(4), first: Step, again: Step.nullable() }),
  choices: z.object({
    kind: z.enum(['a', 'b']),
    fixed: z.literal('x'),
    either: z.union([z.object({ k: z.literal('one'), n: z.int() }), z.object({ k: z.literal('two') })]),
  }),
};

describe('fillSchema', () => {
  it.each(Object.entries(SHAPES))('fits %s, as Zod and as OpenAI write it', (_name, shape) => {
    const plain = z.toJSONSchema(shape);
    const strict = zodResponseFormat(shape, 'shape').json_schema.schema ?? {};
    for (const schema of [plain, strict]) {
      for (let seed = 0; seed < 30; seed += 1) {
        const value = fillSchema(schema as Record<string, unknown>, (name) => `about ${name}`, String(seed));
        expect(shape.safeParse(value)).toMatchObject({ success: true });
      }
    }
  });

  it('says for each seed the same, and not for all the same', () => {
    const schema = z.toJSONSchema(SHAPES.lists!) as Record<string, unknown>;
    const filled = (seed: number): string => JSON.stringify(fillSchema(schema, () => '', String(seed)));
    expect(filled(1)).toBe(filled(1));
    expect(new Set([1, 2, 3, 4, 5].map(filled)).size).toBeGreaterThan(3);
  });

  it('ends where a schema refers to itself', () => {
    const schema = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    };
    expect(JSON.stringify(fillSchema(schema, () => '', 's')).length).toBeLessThan(500);
  });
});
