/** What each prompt holds and does not hold. Every source bears a mark; the marks that are found are compared with what the design says. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { remember } from '../../../../../src/authors/llm/memory/remember.js';
import type { Prompt } from '../../../../../src/authors/llm/operators/prompt.js';
import { promptFor } from '../../../../../src/authors/llm/operators/prompt-for.js';
import { type PromptName, VISIBILITY, type Visibility } from '../../../../../src/authors/llm/operators/visibility.js';
import type { KnownProgram, ProposalRequest } from '../../../../../src/authors/port.js';
import { everyPrompt } from '../../../../support/every-prompt.js';
import { blob, HISTORY, knowledgeEntry, node, requestOf, SETTINGS } from '../../../../support/prompt-fixtures.js';

const mark = (what: string): string => `mark-${what}-`;

/** Program, plan, score and output of `known`, each marked. Scores are told apart by their digits. */
function marked(known: KnownProgram, who: string, score?: number): KnownProgram {
  const printed = mark(`${who}-output`);
  return {
    ...known,
    program: `print("${mark(`${who}-program`)}")\n`,
    summary: mark(`${who}-summary`),
    plan: { idea: mark(`${who}-plan`) },
    changes: [],
    ...(score !== undefined && known.score && { score: { ...known.score, value: score } }),
    outcome: {
      ...{ kind: 'finished', message: '', stderrHead: '', stderrTail: '', ...known.outcome },
      stdoutTail: printed,
    },
  };
}

const SCORES = { parent: 123.45, reference: 234.56 };

function request(operator: ProposalRequest['operator'], change: Partial<ProposalRequest> = {}): ProposalRequest {
  const base = requestOf(operator, change);
  return {
    ...base,
    description: mark('description'),
    inputs: [{ path: mark('inputs'), bytes: 1 }],
    card: {
      ...base.card,
      title: mark('card'),
      columns: [{ name: mark('profile'), kind: 'number', missing: 0, unique: 9, inTest: true }],
    },
    hints: [mark('hint')],
    knowledge: [
      ['model', 'model.x.y'],
      ['data', 'data.x.y'],
      ['strategy', 'strategy.x.y'],
      ['recipe', 'strategy.debug.y'],
    ].map(([what, id]) => ({
      entry: knowledgeEntry(id ?? '', {
        summary: mark(`knowledge-${what}`),
        ...(what === 'recipe' && { kind: 'debug-recipe' as const }),
      }),
      score: 1,
      why: '',
    })),
    ...(base.parent && { parent: marked(base.parent, 'parent', SCORES.parent) }),
    references: base.references.map((known, place) => marked(known, `reference${place}`, SCORES.reference)),
    siblings: [...base.siblings, ...(operator === 'draft' ? [] : [])].map((known) => marked(known, 'sibling')),
    best: base.best.map((known) => marked(known, 'best')),
  };
}

const lesson = {
  id: 'r/n1',
  traits: { modality: 'tabular' as const, taskType: 'regression' as const, metric: 'rmse' as const, regimes: [] },
  kind: 'paid' as const,
  operator: 'improve' as const,
  family: 'ridge',
  text: mark('lesson'),
  at: '2026-01-01T00:00:00Z',
};
const history = {
  ...HISTORY,
  // The failure of n3 once more, so that debugging it has a past fix that is not its own child.
  nodes: HISTORY.nodes.map((record) => ({
    ...record,
    summary: mark(`record-${record.nodeId}`),
    changes: [mark(`record-${record.nodeId}`)],
  })),
  lessons: [lesson],
  readText: async (ref: string) => (ref === blob('program n3') ? 'a = 1\n' : `a = "${mark('fix')}"\n`),
};

const MARKS = [
  'description',
  'inputs',
  'card',
  'profile',
  'hint',
  'lesson',
  'fix',
  'knowledge-model',
  'knowledge-data',
  'knowledge-strategy',
  'knowledge-recipe',
  'parent-program',
  'parent-plan',
  'parent-output',
  'reference0-program',
  'reference0-plan',
  'reference0-output',
  'reference1-program',
  'reference2-program',
  'sibling-summary',
  'sibling-program',
  'best-program',
  'said',
] as const;

describe('what prompts hold', () => {
  let prompts: Readonly<Record<string, Prompt>> = {};
  beforeAll(async () => {
    prompts = await everyPrompt({ request, history, said: mark('said') });
  });
  const textOf = (name: string): string => (prompts[name]?.messages ?? []).map(({ content }) => content).join('\n');
  const marksIn = (name: string): readonly string[] => MARKS.filter((what) => textOf(name).includes(mark(what)));

  /** The whole truth about the six operators of the search and the gate, by hand and not from the table. */
  test.each<[PromptName, readonly string[]]>([
    [
      'draft',
      [
        'description',
        'inputs',
        'card',
        'profile',
        'hint',
        'lesson',
        'knowledge-model',
        'knowledge-data',
        'knowledge-strategy',
        'sibling-summary',
      ],
    ],
    [
      'improve-tune',
      [
        'description',
        'card',
        'profile',
        'hint',
        'lesson',
        'knowledge-model',
        'parent-program',
        'parent-plan',
        'parent-output',
        'sibling-summary',
      ],
    ],
    [
      'improve-features',
      [
        'description',
        'inputs',
        'card',
        'profile',
        'hint',
        'lesson',
        'knowledge-data',
        'parent-program',
        'parent-plan',
        'parent-output',
        'sibling-summary',
      ],
    ],
    [
      'improve-strategy',
      [
        'description',
        'card',
        'profile',
        'hint',
        'lesson',
        'knowledge-strategy',
        'parent-program',
        'parent-plan',
        'parent-output',
        'sibling-summary',
      ],
    ],
    [
      'debug',
      [
        'inputs',
        'card',
        'profile',
        'hint',
        'fix',
        'knowledge-recipe',
        'parent-program',
        'parent-plan',
        'parent-output',
      ],
    ],
    [
      'evolve',
      [
        'description',
        'card',
        'profile',
        'hint',
        'knowledge-model',
        'knowledge-data',
        'knowledge-strategy',
        'parent-program',
        'parent-plan',
        'parent-output',
      ],
    ],
    [
      'fuse',
      [
        'description',
        'card',
        'profile',
        'hint',
        'knowledge-strategy',
        'parent-program',
        'parent-plan',
        'parent-output',
        'reference0-program',
        'reference0-plan',
        'sibling-summary',
      ],
    ],
    [
      'aggregate',
      [
        'description',
        'inputs',
        'card',
        'profile',
        'hint',
        'lesson',
        'knowledge-strategy',
        'reference0-program',
        'reference0-plan',
        'reference1-program',
        'reference2-program',
      ],
    ],
    ['review', ['description', 'card', 'profile', 'hint', 'said']],
  ])('%s', (name, expected) => {
    expect([...marksIn(name)].sort()).toEqual([...expected].sort());
  });

  test('hints reach every prompt', () => {
    for (const name of Object.keys(prompts)) expect([name, textOf(name).includes(mark('hint'))]).toEqual([name, true]);
  });

  test('scores are shown where the table says so, and nowhere else', () => {
    for (const name of Object.keys(VISIBILITY) as PromptName[]) {
      const sight: Visibility = VISIBILITY[name];
      const shows = textOf(name);
      if (sight.parent === undefined) continue;
      expect([name, shows.includes(String(SCORES.parent))]).toEqual([name, sight.parent.score]);
      expect([name, shows.includes(String(SCORES.reference))]).toEqual([name, sight.references?.score ?? false]);
    }
  });

  test('the table describes every built prompt: programs, outputs, history, lessons, knowledge', () => {
    for (const name of Object.keys(VISIBILITY) as PromptName[]) {
      const sight: Visibility = VISIBILITY[name];
      const found = new Set(marksIn(name));
      const { parent, references, knowledge } = sight;
      expect({
        name,
        description: found.has('description'),
        profile: found.has('profile'),
        inputs: found.has('inputs'),
        lessons: found.has('lesson'),
        recipes: found.has('knowledge-recipe'),
        references: found.has('reference0-program'),
        path: /data: history of the branch/.test(textOf(name)),
        digest: /data: digest of the branch/.test(textOf(name)),
      }).toEqual({
        name,
        description: sight.description,
        profile: sight.profile,
        inputs: sight.inputs,
        lessons: sight.lessons,
        recipes: knowledge.levels === 'recipes',
        references: references?.program !== undefined,
        path: sight.history !== undefined,
        digest: sight.history === 'branch',
      });
      if (parent && name !== 'leak-rewrite') expect([name, found.has('parent-program')]).toEqual([name, true]);
    }
  });

  test('a second fusion of the same program takes the next partner', async () => {
    const first = request('fuse');
    const again = {
      ...first,
      siblings: [{ ...marked(first.references[0] as KnownProgram, 'x'), nodeId: node(20), operator: 'fuse' as const }],
    };
    const prompt = promptFor(again, await remember(history, again), SETTINGS);
    const text = prompt.messages[1]?.content ?? '';
    expect(text).toContain(mark('reference1-program'));
    expect(text).not.toContain(mark('reference0-program'));
  });

  test('a stalled branch is asked for a bigger step, another one is not', async () => {
    const improve = request('improve');
    const memory = await remember(HISTORY, improve);
    const going = promptFor(improve, memory, SETTINGS);
    expect(going.name).toBe('improve-features');
    expect(going.messages[1]?.content).toContain('improve, by data and features');
    const branch = memory.branch && { ...memory.branch, stalled: true };
    const stalled = promptFor(improve, { ...memory, ...(branch && { branch }) }, SETTINGS);
    expect(stalled.name).toBe('improve-plateau');
    expect(stalled.messages[1]?.content).toContain('improve, by a bigger step');
    // Asked for one thing only: the kind of change that has stopped paying is not named again.
    expect(stalled.messages[1]?.content).not.toMatch(/by data and features|of the kind: features/);
  });

  test('ambition grows with the number of siblings', () => {
    const cue = (siblings: number): string => {
      const draft = request('draft');
      const [one] = draft.siblings;
      if (!one) throw new Error('no sibling');
      const prompt = promptFor(
        { ...draft, siblings: Array.from({ length: siblings }, () => one) },
        { fixes: [], similar: [], path: [], lessons: [] },
        SETTINGS,
      );
      return /Ambition: (\w+)/.exec(prompt.messages[1]?.content ?? '')?.[1] ?? '';
    };
    expect([0, 1, 2, 3, 4, 9].map(cue)).toEqual(['simple', 'simple', 'normal', 'normal', 'high', 'high']);
  });
});
