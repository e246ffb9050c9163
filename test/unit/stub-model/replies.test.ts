/** The stub answers every prompt of the author in its form; its edits fit, its broken programs come back repaired, its attacks parse or fail. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { applyEdits } from '../../../src/authors/llm/edits/edits.js';
import { jsonIn } from '../../../src/authors/llm/json-in-text.js';
import type { Prompt } from '../../../src/authors/llm/operators/prompt.js';
import { EditsReply, ProgramReply } from '../../../src/authors/llm/replies.js';
import { syntaxProblems } from '../../../src/authors/llm/syntax/syntax.js';
import { editsBetween } from '../../../src/stub-model/programs/line-edits.js';
import { changedProgram, programFor } from '../../../src/stub-model/programs/program.js';
import { metricIn, shownProgram } from '../../../src/stub-model/programs/shown.js';
import { hostileReply } from '../../../src/stub-model/replies/hostile.js';
import { replyFor } from '../../../src/stub-model/replies/replies.js';
import type { JsonSchema } from '../../../src/stub-model/request.js';
import { everyPrompt } from '../../support/every-prompt.js';

const HABITS = { buggy: 0, clumsy: 0, strict: 0 };
const textOf = (prompt: Prompt): string => prompt.messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
const schemaOf = (prompt: Prompt): JsonSchema => z.toJSONSchema(prompt.schema) as JsonSchema;

let prompts: readonly (readonly [string, Prompt])[];
beforeAll(async () => {
  prompts = Object.entries(await everyPrompt());
});

describe('replies', () => {
  it('fit the schema of every prompt that writes programs, reviews or parts', () => {
    const answered = prompts.flatMap(([name, prompt]) => {
      const question = { prompt: textOf(prompt), draw: name, again: false };
      const reply = replyFor(schemaOf(prompt), question, { ...HABITS, strict: 1 });
      if (reply === undefined) return [];
      expect({ name, ...prompt.schema.safeParse(reply) }).toMatchObject({ name, success: true });
      return [name];
    });
    expect(answered).toEqual(
      expect.arrayContaining([
        'draft',
        'improve-tune',
        'debug',
        'review',
        'draft-data',
        'merge',
        'refine-block',
        'ablate',
      ]),
    );
  });

  it('change the program that is shown by edits that fit, every time another', () => {
    const [, prompt] = prompts.find(([name]) => name === 'improve-tune') ?? [];
    if (prompt === undefined) throw new Error('no prompt');
    const shown = shownProgram(textOf(prompt));
    expect(shown).toContain('model = Ridge(alpha=3.0)');
    const programs = Array.from({ length: 40 }, (_, k) => {
      const question = { prompt: textOf(prompt), draw: `draw ${k}`, again: false };
      const reply = EditsReply.parse(replyFor(schemaOf(prompt), question, HABITS));
      const result = applyEdits(shown ?? '', reply.edits);
      return result.kind === 'edited' ? result.program : JSON.stringify(result.problems);
    });
    expect(programs.filter((program) => program.startsWith('from pathlib'))).toHaveLength(40);
    expect(new Set(programs).size).toBeGreaterThan(10);
  });

  it('slip at first as often as they are told to, and never the second time', () => {
    const [, prompt] = prompts.find(([name]) => name === 'improve-tune') ?? [];
    if (prompt === undefined) throw new Error('no prompt');
    const fits = (draw: string, again: boolean): boolean => {
      const question = { prompt: textOf(prompt), draw, again };
      const reply = EditsReply.parse(replyFor(schemaOf(prompt), question, { ...HABITS, clumsy: 0.3 }));
      return applyEdits(shownProgram(textOf(prompt)) ?? '', reply.edits).kind === 'edited';
    };
    const draws = Array.from({ length: 200 }, (_, k) => `slip ${k}`);
    const slipped = draws.filter((draw) => !fits(draw, false)).length / 200;
    expect(slipped).toBeGreaterThan(0.2);
    expect(slipped).toBeLessThan(0.4);
    expect(draws.every((draw) => fits(draw, true))).toBe(true);
  });

  it('credit offered items only', () => {
    const [, prompt] = prompts.find(([name]) => name === 'draft') ?? [];
    if (prompt === undefined) throw new Error('no prompt');
    const cited = Array.from({ length: 30 }, (_, k) =>
      ProgramReply.parse(replyFor(schemaOf(prompt), { prompt: textOf(prompt), draw: `${k}`, again: false }, HABITS)),
    ).flatMap(({ plan }) => plan.knowledge);
    expect(cited.length).toBeGreaterThan(5);
    for (const id of cited) expect(textOf(prompt)).toContain(`[${id}]`);
  });

  it('leave a schema of somebody else alone', () => {
    expect(
      replyFor({ type: 'object', properties: { plan: {}, steps: {} } }, { prompt: '', draw: '', again: false }, HABITS),
    ).toBeUndefined();
  });
});

describe('programs', () => {
  it('that are shown broken come back repaired, by edits of the place that is broken', () => {
    let broken = 0;
    for (let k = 0; k < 60; k += 1) {
      const { program } = programFor('Metric: rmse', `seed ${k}`, 1);
      const repaired = changedProgram(program.trimEnd(), 'other', 1).program;
      const edits = editsBetween(program.trimEnd(), repaired.trimEnd());
      expect(applyEdits(program.trimEnd(), edits)).toMatchObject({ kind: 'edited', program: repaired.trimEnd() });
      expect(repaired).toBe(
        programFor('Metric: rmse', `seed ${k}`, 0).program.replace(/(# recipe \w+)/, '$1, repaired'),
      );
      expect(edits.length).toBeLessThan(4);
      broken += 1;
    }
    expect(broken).toBe(60);
  });

  it('that are sound get a relative of the same family and metric', () => {
    const { program, family } = programFor('# How it is scored\n\nMetric: logloss, lower is better', 'a', 0);
    const next = changedProgram(program.trimEnd(), 'b', 0);
    expect(next).toMatchObject({ family });
    expect(next.program).not.toBe(program);
    expect(metricIn(next.program)).toBe('logloss');
    expect(syntaxProblems(next.program)).toEqual([]);
  });

  it('of others get one number moved, or a mark', () => {
    const foreign = 'import a\nmodel = Ridge(alpha=1.0, fit_intercept=True)\nmodel.fit(x, y)';
    expect(changedProgram(foreign, 'x', 0).program).toMatch(
      /^import a\nmodel = Ridge\(alpha=(?!1\.0)[\d.]+, fit_intercept=True\)\nmodel\.fit\(x, y\)$/,
    );
    expect(changedProgram('import a\nrun()', 'x', 0).program).toMatch(/^import a\nrun\(\)\nprint\("variant/);
  });
});

describe('editsBetween', () => {
  it('leads from any program to any other, each edit found once', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', '  a', '', 'c = 1', 'c = 2', 'x'), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        fc.pre(one.some((line) => line.trim() !== ''));
        const [before, after] = [one.join('\n'), other.join('\n')];
        const edits = editsBetween(before, after);
        for (const { search } of edits)
          expect(applyEdits(before, [{ search, replace: 'something else entirely' }]).kind).toBe('edited');
        const result = applyEdits(before, edits);
        if (before === after) expect(edits).toEqual([]);
        else expect(result).toMatchObject({ kind: 'edited', program: after });
      }),
    );
  });
});

describe('attacks', () => {
  it('are text, whatever the form', () => {
    for (const kind of [
      'orders',
      'escapes',
      'huge',
      'pollution',
      'thief',
      'idle-edits',
      'all-edits',
      'nested',
      'markup',
    ] as const) {
      for (const [, prompt] of prompts.slice(0, 4)) {
        const text = hostileReply(schemaOf(prompt), textOf(prompt), kind);
        const started = performance.now();
        const { objects } = jsonIn(text);
        for (const object of objects) prompt.schema.safeParse(object);
        expect(performance.now() - started).toBeLessThan(3_000);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      }
    }
  });
});
