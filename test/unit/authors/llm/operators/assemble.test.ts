/** Budgets: what is stable stays the same, what is cut is cut in the stated order, and nothing passes the context. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { remember } from '../../../../../src/authors/llm/memory/remember.js';
import {
  assembled,
  type Block,
  type BlockName,
  TRIM_ORDER,
} from '../../../../../src/authors/llm/operators/assemble.js';
import type { Prompt } from '../../../../../src/authors/llm/operators/prompt.js';
import { promptFor } from '../../../../../src/authors/llm/operators/prompt-for.js';
import { loadTokenCounter } from '../../../../../src/authors/llm/views/tokens.js';
import type { ProposalRequest } from '../../../../../src/authors/port.js';
import { everyPrompt } from '../../../../support/every-prompt.js';
import {
  HISTORY,
  KNOWN,
  node,
  program,
  recordedTask,
  requestOf,
  SETTINGS,
} from '../../../../support/prompt-fixtures.js';

const joined = ({ messages }: Prompt): string => messages.map(({ content }) => content).join('');
const tokensOf = (prompt: Prompt): number => SETTINGS.countTokens(joined(prompt));

describe('the stable prefix', () => {
  const nodes: readonly Partial<ProposalRequest>[] = [
    {},
    { seed: 99, nodeId: node(40), hints: [], knowledge: [], limits: { cpus: 2, memoryMiB: 4_096, runSeconds: 47 } },
    {
      siblings: [KNOWN.draft, KNOWN.other, KNOWN.worse],
      best: [],
      parent: { ...KNOWN.other, program: program(['x = 1']) },
    },
  ];

  test.each(['draft', 'improve', 'debug', 'evolve', 'fuse', 'aggregate', 'ablate', 'refine-block', 'merge'] as const)(
    'is the same for all nodes of a run: %s',
    async (operator) => {
      const prompts = await Promise.all(
        nodes.map(async (change) => {
          const { parent, ...rest } = change;
          const base = requestOf(operator, rest);
          const request = base.parent && parent ? { ...base, parent } : base;
          return promptFor(request, await remember(HISTORY, request), SETTINGS);
        }),
      );
      const prefixes = prompts.map((prompt) => joined(prompt).slice(0, prompt.stablePrefix));
      expect(new Set(prefixes).size).toBe(1);
      expect(new Set(prompts.map(joined)).size).toBeGreaterThan(1);
      expect(prefixes[0]).toMatch(/# Your task: [\s\S]*\n\n$/);
    },
  );

  test('holds whatever is cut', async () => {
    for (const contextTokens of [5_000, 8_000, 12_000]) {
      const settings = { ...SETTINGS, contextTokens };
      const small = promptFor(requestOf('improve'), await remember(HISTORY, requestOf('improve')), settings);
      const other = requestOf('improve', {
        parent: { ...KNOWN.other, program: program(Array.from({ length: 900 }, (_, i) => `v${i} = ${i}`)) },
      });
      const large = promptFor(other, await remember(HISTORY, other), settings);
      expect(joined(large).slice(0, large.stablePrefix)).toBe(joined(small).slice(0, small.stablePrefix));
    }
  });

  test('is shared by operators as far as the task is told the same way', async () => {
    const prompts = await everyPrompt();
    const [tune, strategy] = [prompts['improve-tune'], prompts['improve-strategy']].map((prompt) =>
      prompt ? joined(prompt) : '',
    );
    let same = 0;
    while (tune?.[same] === strategy?.[same]) same += 1;
    expect(same / (prompts['improve-tune']?.stablePrefix ?? 1)).toBeGreaterThan(0.7);
  });
});

describe('a small context', () => {
  test.each([4_000, 6_000, 9_000, 16_000, 128_000])('of %d tokens is never passed', async (contextTokens) => {
    const wide = recordedTask('p03-clinic');
    const request: typeof requestOf = (operator, change) => ({
      ...requestOf(operator, change),
      description: `${'# Data\n'}${'A column is a column. '.repeat(1_500)}`,
      card: {
        ...wide.card,
        columns: Array.from({ length: 700 }, (_, index) => ({
          name: `column ${index}`,
          kind: 'number' as const,
          missing: 0.1,
          unique: 5,
          inTest: true,
        })),
      },
      hints: Array.from({ length: 30 }, (_, index) => `hint ${index} `.repeat(20)),
    });
    const prompts = await everyPrompt({ request, settings: { ...SETTINGS, contextTokens, maxOutputTokens: 1_500 } });
    for (const [name, prompt] of Object.entries(prompts)) {
      if (name.endsWith('-edits')) continue;
      expect([name, tokensOf(prompt) + prompt.maxOutputTokens <= contextTokens]).toEqual([name, true]);
      expect(prompt.trimmed.length).toBeGreaterThan(0);
    }
  });

  test('that cannot hold the program asks for a whole one', async () => {
    const parent = {
      ...KNOWN.features,
      program: program(Array.from({ length: 1_500 }, (_, index) => `value_${index} = ${index}`)),
    };
    const request = requestOf('improve', { parent });
    const memory = await remember(HISTORY, request);
    const roomy = promptFor(request, memory, { ...SETTINGS, contextTokens: 64_000 });
    const tight = promptFor(request, memory, { ...SETTINGS, contextTokens: 12_000 });
    expect([roomy.reply, tight.reply]).toEqual(['edits', 'program']);
    expect(tight.trimmed).toContain('program');
    expect(tight.messages[1]?.content).toContain('answer with a complete program instead');
    expect(tight.messages[1]?.content).toMatch(/\[… \d+ lines\]/);
  });

  test('shows the error and the hints even then', async () => {
    const long = program(Array.from({ length: 3_000 }, (_, index) => `value_${index} = ${index}`));
    const request = requestOf('debug', { parent: { ...KNOWN.failed, program: long } });
    const prompt = promptFor(request, await remember(HISTORY, request), { ...SETTINGS, contextTokens: 24_000 });
    const text = prompt.messages[1]?.content ?? '';
    expect([prompt.reply, prompt.trimmed]).toEqual(['program', ['program']]);
    expect(text).toContain("NameError: name 'LGBMRegressor' is not defined\n~~~~");
    expect(text).toContain('Look at interactions');
    expect(text).toContain('data: past repairs');
  });

  test('keeps the verdict of the evaluator, however much was printed', async () => {
    const stdoutTail = Array.from(
      { length: 3_000 },
      (_, index) => `${'abcdefgh'.slice(index % 8)} ${index} printed`,
    ).join('\n');
    const { outcome } = KNOWN.failed;
    if (!outcome) throw new Error('no outcome');
    const message = 'submission.csv lacks the column "bweight".';
    const parent = {
      ...KNOWN.failed,
      outcome: { ...outcome, kind: 'finished' as const, stderrTail: '', stdoutTail },
      evaluation: { kind: 'invalid', failure: 'bad-format', code: 'columns-missing', message } as const,
    };
    const request = requestOf('debug', { parent });
    const text = promptFor(request, await remember(HISTORY, request), SETTINGS).messages[1]?.content ?? '';
    expect(text).toContain(`evaluator: columns-missing: ${message}\n~~~~`);
    expect(text).toContain('2999 printed');
    expect(text).not.toContain('c 1000 printed');
  });

  test('is counted exactly by the real tokenizer', async () => {
    const settings = { contextTokens: 7_000, maxOutputTokens: 2_000, countTokens: await loadTokenCounter() };
    for (const [name, prompt] of Object.entries(await everyPrompt({ settings }))) {
      if (name.endsWith('-edits')) continue;
      expect([name, settings.countTokens(joined(prompt)) + prompt.maxOutputTokens <= 7_000]).toEqual([name, true]);
    }
  });

  test('leaves the model half of the context to answer in', () => {
    const prompt = promptFor(
      requestOf('draft'),
      { fixes: [], similar: [], path: [], lessons: [] },
      { ...SETTINGS, contextTokens: 6_000 },
    );
    expect(prompt.maxOutputTokens).toBe(3_000);
  });
});

describe('trimming', () => {
  const textOf = (name: BlockName, tokens: number): string => `<${name}>`.padEnd(4 * tokens, '.');
  const block = (name: BlockName, size: number): Block => ({
    name,
    within: (tokens) => (tokens < 10 ? '' : textOf(name, Math.min(size, Math.floor(tokens)))),
  });
  const names = fc.shuffledSubarray([...TRIM_ORDER], { minLength: 1 });

  test('goes by the stated order: a block is touched only when all before it are gone', () => {
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 60, max: 900 }),
        fc.integer({ min: 500, max: 9_000 }),
        (chosen, size, contextTokens) => {
          const varying = chosen.map((name) => block(name, size));
          const draft = {
            name: 'x',
            schema: z.string(),
            system: '',
            stable: [],
            task: 'task',
            varying,
            closing: 'end',
          };
          const prompt = assembled(draft, { ...SETTINGS, contextTokens, maxOutputTokens: 100 });
          const ordered = TRIM_ORDER.filter((name) => chosen.includes(name));
          expect(prompt.trimmed).toEqual(ordered.slice(0, prompt.trimmed.length));
          expect(tokensOf(prompt)).toBeLessThanOrEqual(contextTokens);
          // All but the last of those that were cut are gone altogether, and all others are whole.
          const text = joined(prompt);
          const gone = prompt.trimmed.slice(0, -1).filter((name) => text.includes(`<${name}>`));
          const whole = ordered.slice(prompt.trimmed.length).filter((name) => text.includes(textOf(name, size)));
          expect([gone, whole]).toEqual([[], ordered.slice(prompt.trimmed.length)]);
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });

  test('leaves what a block must keep until all others are as short as they may be', () => {
    const kept = { ...block('output', 300), least: 120 };
    const varying = [block('lessons', 300), kept, block('program', 300)];
    const draft = { name: 'x', schema: z.string(), system: '', stable: [], task: 't', varying, closing: 'e' };
    const at = (contextTokens: number) =>
      assembled(draft, { ...SETTINGS, contextTokens, maxOutputTokens: 0 }).messages[1]?.content ?? '';
    const has = (text: string) => ['<lessons>', '<output>', '<program>'].map((name) => text.includes(name));
    expect(has(at(400))).toEqual([false, true, true]);
    expect(at(400)).not.toContain(textOf('program', 300));
    expect(at(400)).toContain(textOf('output', 118));
    expect(has(at(90))).toEqual([false, true, false]);
  });

  test('shortens before it drops', () => {
    const draft = {
      name: 'x',
      schema: z.string(),
      system: '',
      stable: [],
      task: 't',
      varying: [block('lessons', 300), block('siblings', 300), block('program', 300)],
      closing: 'e',
    };
    const at = (contextTokens: number) => assembled(draft, { ...SETTINGS, contextTokens, maxOutputTokens: 0 });
    const lengths = (prompt: Prompt) =>
      (prompt.messages[1]?.content ?? '')
        .split('\n\n')
        .slice(1, -1)
        .map((text) => text.length / 4);
    expect(at(2_000).trimmed).toEqual([]);
    expect([at(850).trimmed, lengths(at(850)).length, (lengths(at(850))[0] ?? 0) < 300]).toEqual([
      ['lessons'],
      3,
      true,
    ]);
    expect(at(600).trimmed).toEqual(['lessons', 'siblings']);
    expect(lengths(at(600)).at(-1)).toBe(300);
  });
});
