/** The way of a proposal: what is asked in which order, what becomes of every kind of answer, and what is stored of it. */
import { describe, expect, it } from '@jest/globals';
import { createLlmAuthor } from '../../../../src/authors/llm/author.js';
import { CapReachedError } from '../../../../src/authors/llm/calls.js';
import { ModelError } from '../../../../src/authors/llm/model.js';
import type { Author, ProposalRequest } from '../../../../src/authors/port.js';
import { fingerprintOf } from '../../../../src/domain/fingerprint.js';
import type { Proposal } from '../../../../src/domain/proposal.js';
import { ModelSettings } from '../../../../src/domain/run-config.js';
import { chooseAuthor } from '../../../../src/worker/authors.js';
import { HISTORY, KNOWN, program, requestOf } from '../../../support/prompt-fixtures.js';
import { scriptedInput } from '../../../support/scripted-activities.js';
import { type Scripted, type ScriptedCalls, scriptedCalls } from '../../../support/scripted-calls.js';

const PLAN = {
  summary: 'Ridge, alpha 2',
  family: 'Ridge Regression',
  data: 'as it is',
  features: 'all numbers',
  model: 'ridge',
  training: 'five folds',
  knowledge: [] as string[],
};
const PROGRAM = program(['model = Ridge(alpha=2.0)']);
const DRAFT = { plan: PLAN, program: PROGRAM };
const EDITS = {
  plan: PLAN,
  changes: ['alpha from 3 to 5'],
  edits: [{ search: 'model = Ridge(alpha=3.0)', replace: 'model = Ridge(alpha=5.0)' }],
};
const APPROVE = { verdict: 'approve', reasons: [], edits: [] };
const CONTEXT = new ModelError('context', 'The prompt is too long.', { status: 400 });

const COMPOSER: Author = {
  name: 'composer',
  propose: async () => {
    throw new Error('the composer was not to be asked');
  },
};

interface Made {
  readonly proposal: Proposal;
  readonly calls: ScriptedCalls;
}

async function made(
  request: ProposalRequest,
  script: Readonly<Record<string, Scripted>>,
  settings: Partial<ModelSettings> = {},
): Promise<Made> {
  const calls = scriptedCalls(script);
  const author = createLlmAuthor(ModelSettings.parse({ name: 'writer', ...settings }));
  const signal = new AbortController().signal;
  const proposal = await author.propose(request, { calls, signal, history: HISTORY });
  return { proposal, calls };
}

function taken({ proposal }: Made): Extract<Proposal, { kind: 'program' }> {
  if (proposal.kind === 'program') return proposal;
  throw new Error(`no program: ${proposal.reason}: ${proposal.message}`);
}

const notesOf = (one: Made): string => JSON.stringify((taken(one).plan as { notes: string[] }).notes);

describe('a draft', () => {
  it('is a program, reviewed, with its cost', async () => {
    const one = await made(requestOf('draft'), { draft: DRAFT, review: APPROVE });
    expect(taken(one)).toMatchObject({
      program: PROGRAM,
      summary: 'Ridge, alpha 2',
      family: 'ridge-regression',
      changes: [],
      cost: { usd: 0.02, tokens: 200, seconds: 2, executions: 0 },
      plan: { author: 'llm', model: 'ridge', notes: [] },
    });
    expect(one.calls.steps).toEqual(['draft', 'review']);
    expect(one.calls.prompt('review')).toContain('model = Ridge(alpha=2.0)');
    expect(one.calls.requests.get('draft')).toMatchObject({ model: 'writer', maxOutputTokens: 16_000, seed: 4711 });
  });

  it('is written step by step where that is wanted, and credits what the steps used', async () => {
    const part = (name: string, knowledge: string[] = []) => ({
      notes: `${name} notes`,
      code: `${name}_code = 1`,
      knowledge,
    });
    const one = await made(
      requestOf('draft'),
      {
        'draft-data': part('data', ['data.feature.squares', 'not.offered']),
        'draft-model': part('model', ['model.linear.ridge']),
        'draft-training': part('training'),
        'draft-merge': DRAFT,
      },
      { draft: 'stepwise', review: false },
    );
    expect(taken(one)).toMatchObject({ program: PROGRAM, knowledge: ['data.feature.squares', 'model.linear.ridge'] });
    expect(one.calls.prompt('draft-model')).toContain('data_code = 1');
    expect(one.calls.prompt('draft-merge')).toContain('training_code = 1');
  });

  it('is taken from prose and a fence where the server knows no schema', async () => {
    const reply = `I fit a ridge.\n\n\`\`\`python\n${PROGRAM}\`\`\`\nThat is all.`;
    const one = await made(requestOf('draft'), { draft: reply }, { review: false });
    expect(taken(one)).toMatchObject({ program: PROGRAM, summary: 'I fit a ridge.', family: 'other' });
  });
});

describe('a change', () => {
  it('is the parent with the edits applied', async () => {
    const one = await made(requestOf('improve'), { 'improve-features': EDITS, review: APPROVE });
    expect(taken(one).program).toBe(KNOWN.features.program.replace('alpha=3.0', 'alpha=5.0'));
    expect(taken(one).changes).toEqual(['alpha from 3 to 5']);
  });

  it('is asked for again when an edit does not fit, with what was wrong, and then as a whole program', async () => {
    const wrong = { ...EDITS, edits: [{ search: 'model = Ridge(alpha=4.0)', replace: 'x' }] };
    const second = await made(
      requestOf('improve'),
      { 'improve-features': wrong, 'improve-features-edits': EDITS },
      { review: false },
    );
    expect(taken(second).program).toContain('alpha=5.0');
    expect(second.calls.prompt('improve-features-edits')).toContain('model = Ridge(alpha=4.0)');
    expect(second.calls.prompt('improve-features-edits')).toContain('Most like it, from line');
    const third = await made(
      requestOf('improve'),
      { 'improve-features': wrong, 'improve-features-edits': wrong, 'improve-features-rewrite': DRAFT },
      { review: false },
    );
    expect(taken(third).program).toBe(PROGRAM);
    expect(third.calls.steps).toHaveLength(3);
  });

  it('may come in blocks', async () => {
    const blocks =
      'Stronger.\n<<<<<<< SEARCH\nmodel = Ridge(alpha=3.0)\n=======\nmodel = Ridge(alpha=9.0)\n>>>>>>> REPLACE\n';
    const one = await made(requestOf('improve'), { 'improve-features': blocks }, { review: false });
    expect(taken(one)).toMatchObject({ changes: ['Stronger.'], family: 'ridge' });
    expect(taken(one).program).toContain('alpha=9.0');
  });

  it.each(['debug', 'evolve', 'fuse', 'refine-block'] as const)('of %s is made of edits as well', async (operator) => {
    const line = operator === 'debug' ? 'model = LGBMRegressor(num_leaves=31, verbose=-1)' : 'model = Ridge(alpha=3.0)';
    const edits = { ...EDITS, edits: [{ search: line, replace: 'model = Ridge(alpha=7.0)' }] };
    const one = await made(requestOf(operator), { [operator]: edits }, { review: false });
    expect(taken(one).program).toContain('model = Ridge(alpha=7.0)');
  });

  it('of an ablation is not reviewed', async () => {
    const one = await made(requestOf('ablate'), { ablate: DRAFT });
    expect(one.calls.steps).toEqual(['ablate']);
    expect(taken(one).program).toBe(PROGRAM);
  });
});

describe('the gates', () => {
  const broken = { plan: PLAN, program: 'import a\nx = (1,\n' };

  it('send back once what does not parse, and let Python decide after that', async () => {
    const repaired = await made(requestOf('draft'), { draft: broken, 'draft-syntax': DRAFT }, { review: false });
    expect(taken(repaired).program).toBe(PROGRAM);
    expect(repaired.calls.prompt('draft-syntax')).toContain('line 2: a bracket is opened and never closed');
    const stubborn = await made(requestOf('draft'), { draft: broken, 'draft-syntax': broken }, { review: false });
    expect(taken(stubborn).program).toBe(broken.program);
    expect(notesOf(stubborn)).toContain('does not look like Python');
  });

  it('refuse a program that was run before once, then drop it', async () => {
    const known = new Set([fingerprintOf(PROGRAM)]);
    const again = { plan: PLAN, program: `# a comment\n${PROGRAM}` };
    const other = { plan: PLAN, program: program(['model = Ridge(alpha=8.0)']) };
    const new_ = await made(
      requestOf('draft', { taken: known }),
      { draft: again, 'draft-duplicate': other },
      { review: false },
    );
    expect(taken(new_).program).toContain('alpha=8.0');
    const dropped = await made(requestOf('draft', { taken: known }), { draft: again, 'draft-duplicate': again });
    expect(dropped.proposal).toMatchObject({ kind: 'none', reason: 'duplicate', cost: { tokens: 200 } });
  });

  it('know the node whose program comes once more', async () => {
    const same = { ...DRAFT, program: KNOWN.other.program };
    const one = await made(
      requestOf('aggregate'),
      { aggregate: same, 'aggregate-duplicate': DRAFT },
      { review: false },
    );
    expect(one.calls.prompt('aggregate-duplicate')).toContain(KNOWN.other.nodeId);
  });

  it('never run what no honest author writes', async () => {
    const thief = {
      plan: PLAN,
      program: `${PROGRAM}key = __import__("os").environ["OPENAI_API_KEY"]\nimport os\nos.getenv("OPENAI_API_KEY")\n`,
    };
    const one = await made(requestOf('draft'), { draft: thief, 'draft-gate': thief });
    expect(one.proposal).toMatchObject({ kind: 'none', reason: 'invalid', message: expect.stringContaining('secret') });
    const better = await made(requestOf('draft'), { draft: thief, 'draft-gate': DRAFT }, { review: false });
    expect(taken(better).program).toBe(PROGRAM);
  });

  it('ask for each thing once, in one conversation', async () => {
    const both = { plan: PLAN, program: KNOWN.draft.program };
    const one = await made(requestOf('draft', { taken: new Set([fingerprintOf(PROGRAM)]) }), {
      draft: broken,
      'draft-syntax': DRAFT,
      'draft-syntax-duplicate': both,
    });
    expect(one.calls.steps).toEqual(['draft', 'draft-syntax', 'draft-syntax-duplicate']);
    expect(one.proposal).toMatchObject({ kind: 'none', reason: 'duplicate' });
  });
});

describe('the review', () => {
  const objecting = (
    verdict: 'patch' | 'reject',
    edits: object[] = [],
    reasons = ['The scaler is fitted on all rows.'],
  ) => ({
    verdict,
    reasons,
    edits,
  });
  const patch = [{ search: 'model = Ridge(alpha=2.0)', replace: 'model = Ridge(alpha=2.5)' }];

  it('is done by the reviewer that is named, and not at all where it is not wanted', async () => {
    const one = await made(requestOf('draft'), { draft: DRAFT, review: APPROVE }, { reviewer: 'critic' });
    expect([...one.calls.requests.values()].map(({ model }) => model)).toEqual(['writer', 'critic']);
    expect((await made(requestOf('draft'), { draft: DRAFT }, { review: false })).calls.steps).toEqual(['draft']);
  });

  it('patches', async () => {
    const one = await made(requestOf('draft'), { draft: DRAFT, review: objecting('patch', patch) });
    expect(taken(one).program).toBe(PROGRAM.replace('alpha=2.0', 'alpha=2.5'));
    expect(notesOf(one)).toContain('patched in review: The scaler');
  });

  it('is told what was found without running the program', async () => {
    const leaky = { plan: PLAN, program: `${PROGRAM}scaler.fit(test)\n` };
    const one = await made(requestOf('draft'), { draft: leaky, review: APPROVE });
    expect(one.calls.prompt('review')).toContain('fit is given rows of the test table');
  });

  it('does not redesign, and its edits count only with a patch', async () => {
    const redesign = [{ search: PROGRAM.trimEnd(), replace: 'print("mine")' }];
    const one = await made(requestOf('draft'), { draft: DRAFT, review: objecting('patch', redesign) });
    expect(taken(one).program).toBe(PROGRAM);
    expect(notesOf(one)).toContain('redesign');
    const approved = await made(requestOf('draft'), { draft: DRAFT, review: { ...APPROVE, edits: patch } });
    expect(taken(approved).program).toBe(PROGRAM);
  });

  it('lets a program run that it finds no leak in, however it says so', async () => {
    for (const reasons of [['No leak.'], ['no leak found', 'leak: none'], []]) {
      const one = await made(requestOf('draft'), { draft: DRAFT, review: { ...APPROVE, reasons } });
      expect(taken(one).program).toBe(PROGRAM);
    }
    const unsaid = await made(requestOf('draft'), { draft: DRAFT, review: objecting('reject', [], []) });
    expect(taken(unsaid).program).toBe(PROGRAM);
    expect(notesOf(unsaid)).toContain('without a reason');
  });

  it.each<[string, Record<string, Scripted>, string]>([
    ['prose twice', { review: 'Looks good to me!', 'review-repair': 'As I said.' }, 'unusable'],
    ['nothing', { review: '', 'review-repair': '' }, 'unusable'],
    ['half a verdict', { review: { reply: { text: '{"verdict": "rej', finish: 'length' } } }, 'truncated'],
    ['a refusal', { review: { reply: { text: 'I cannot.', finish: 'content-filter' } } }, 'refusal'],
    ['a prompt that is too long', { review: CONTEXT }, 'declined'],
    ['a content policy', { review: new ModelError('refused', 'Policy.', { code: 'content-policy' }) }, 'declined'],
  ])('takes %s for approval', async (_name, replies, note) => {
    const one = await made(requestOf('draft'), { draft: DRAFT, ...replies });
    expect(taken(one).program).toBe(PROGRAM);
    expect(notesOf(one)).toContain(note);
  });

  it('has a rejected program repaired and looks again', async () => {
    const repair = { ...EDITS, changes: ['scaler fitted on training rows'], edits: patch };
    const script = { draft: DRAFT, review: objecting('reject'), 'leak-rewrite': repair };
    const one = await made(requestOf('draft'), { ...script, 'review-second': APPROVE });
    expect(taken(one).program).toContain('alpha=2.5');
    expect(taken(one).changes).toEqual(['scaler fitted on training rows']);
    const twice = await made(requestOf('draft'), {
      ...script,
      'review-second': objecting('reject', [], ['Still leaks.']),
    });
    expect(twice.proposal).toMatchObject({
      kind: 'none',
      reason: 'invalid',
      message: expect.stringMatching(/scaler.*Still leaks/),
    });
  });

  it('blocks what cannot be repaired', async () => {
    const nowhere = { ...EDITS, edits: [{ search: 'nowhere', replace: '' }] };
    const script = { draft: DRAFT, review: objecting('reject') };
    const one = await made(requestOf('draft'), { ...script, 'leak-rewrite': nowhere });
    expect(one.proposal).toMatchObject({
      kind: 'none',
      reason: 'invalid',
      message: expect.stringContaining('rejects'),
    });
  });

  it('has the writer repair what its patch would have, or lets it be', async () => {
    const misfit = objecting('patch', [{ search: 'nowhere', replace: '' }]);
    const repair = { ...EDITS, edits: patch };
    const one = await made(requestOf('draft'), { draft: DRAFT, review: misfit, 'leak-rewrite': repair });
    expect(taken(one).program).toContain('alpha=2.5');
    const other = await made(requestOf('draft'), {
      draft: DRAFT,
      review: objecting('patch', [{ search: 'model = Ridge(alpha=2.0)', replace: 'model = Ridge(' }]),
      'leak-rewrite': CONTEXT,
    });
    expect(taken(other).program).toBe(PROGRAM);
    expect(notesOf(other)).toContain('could not be used');
  });
});

describe('the usage gate', () => {
  const USED = { usage: 'all-used', unused: [], edits: [], program: '' };
  const GATED = { review: false, usageGate: true } as const;
  const geometry = 'geometry = pd.read_csv("./input/geometry.csv")';
  const improved = (change: object): object => ({ ...USED, usage: 'improved', unused: ['geometry.csv'], ...change });
  const edit = (replace: string, search = 'model = Ridge(alpha=2.0)'): object =>
    improved({ edits: [{ search, replace }] });

  it('asks once, last, with the files and columns of the task, and leaves alone what uses all', async () => {
    const one = await made(requestOf('draft'), { draft: DRAFT, review: APPROVE, usage: USED }, { usageGate: true });
    expect(one.calls.steps).toEqual(['draft', 'review', 'usage']);
    expect(taken(one).program).toBe(PROGRAM);
    expect(notesOf(one)).toBe('[]');
    for (const shown of ['model = Ridge(alpha=2.0)', 'train.csv', '"mbsmoke"']) {
      expect(one.calls.prompt('usage')).toContain(shown);
    }
    expect(taken(one).cost).toMatchObject({ tokens: 300 });
  });

  it('is not asked where nobody wants it, and of drafts only', async () => {
    expect((await made(requestOf('draft'), { draft: DRAFT }, { review: false })).calls.steps).toEqual(['draft']);
    const change = await made(requestOf('improve'), { 'improve-features': EDITS }, GATED);
    expect(change.calls.steps).toEqual(['improve-features']);
    const ensemble = await made(requestOf('aggregate'), { aggregate: DRAFT }, GATED);
    expect(ensemble.calls.steps).toEqual(['aggregate']);
  });

  it('belongs to the policy star', async () => {
    const steps = async (policy: 'star' | 'mcgs', usageGate = false): Promise<readonly string[]> => {
      const calls = scriptedCalls({ draft: DRAFT, usage: USED });
      const model = ModelSettings.parse({ name: 'writer', review: false, usageGate });
      const { config } = scriptedInput({ policy }, { author: 'llm', model });
      const author = chooseAuthor(COMPOSER)(config);
      await author.propose(requestOf('draft'), { calls, signal: new AbortController().signal, history: HISTORY });
      return calls.steps;
    };
    expect(await steps('star')).toEqual(['draft', 'usage']);
    expect(await steps('mcgs')).toEqual(['draft']);
    expect(await steps('mcgs', true)).toEqual(['draft', 'usage']);
  });

  it('takes edits or a whole program, and says what had been left out', async () => {
    const edited = await made(
      requestOf('draft'),
      { draft: DRAFT, usage: edit(`${geometry}\nmodel = Ridge(alpha=2.0)`) },
      GATED,
    );
    expect(taken(edited).program).toBe(PROGRAM.replace('model =', `${geometry}\nmodel =`));
    expect(notesOf(edited)).toContain('geometry.csv');
    const whole = await made(
      requestOf('draft'),
      { draft: DRAFT, usage: improved({ program: `${geometry}\n${PROGRAM}` }) },
      GATED,
    );
    expect(taken(whole).program).toBe(`${geometry}\n${PROGRAM}`);
    expect(taken(whole).summary).toBe(PLAN.summary);
  });

  it('reads the program that the review has patched', async () => {
    const patch = {
      verdict: 'patch',
      reasons: ['Too weak.'],
      edits: [{ search: 'model = Ridge(alpha=2.0)', replace: 'model = Ridge(alpha=2.5)' }],
    };
    const usage = edit(`${geometry}\nmodel = Ridge(alpha=2.5)`, 'model = Ridge(alpha=2.5)');
    const one = await made(requestOf('draft'), { draft: DRAFT, review: patch, usage }, { usageGate: true });
    expect(taken(one).program).toBe(
      PROGRAM.replace('model = Ridge(alpha=2.0)', `${geometry}\nmodel = Ridge(alpha=2.5)`),
    );
  });

  it.each<[string, object]>([
    [
      'edits of which one does not fit',
      improved({
        edits: [
          { search: 'model = Ridge(alpha=2.0)', replace: geometry },
          { search: 'nowhere', replace: '' },
        ],
      }),
    ],
    ['edits that break the program', edit('model = Ridge(')],
    ['a program that breaks off', improved({ program: 'model = (1,\n' })],
    [
      'a program that no honest author writes',
      improved({ program: `${PROGRAM}import os\nkey = os.getenv("OPENAI_API_KEY")\n` }),
    ],
    ['a program that was run before', improved({ program: KNOWN.draft.program })],
    ['no change at all', improved({})],
  ])('goes on without %s', async (_name, usage) => {
    const request = requestOf('draft', { taken: new Set([fingerprintOf(KNOWN.draft.program)]) });
    const draft = { plan: PLAN, program: program(['model = Ridge(alpha=2.0)', 'tuned = True']) };
    const one = await made(request, { draft, usage }, GATED);
    expect(taken(one).program).toBe(draft.program);
    expect(notesOf(one)).toContain('could not be used');
  });

  it.each<[string, Record<string, Scripted>, string]>([
    ['prose twice', { usage: 'All is used, I think.', 'usage-repair': 'As I said.' }, 'unusable'],
    ['half an answer', { usage: { reply: { text: '{"usage": "all', finish: 'length' } } }, 'truncated'],
    ['a refusal', { usage: { reply: { text: 'I cannot.', finish: 'content-filter' } } }, 'refusal'],
    ['a prompt that is too long', { usage: CONTEXT }, 'declined'],
  ])('goes on after %s, with a note', async (_name, replies, note) => {
    const one = await made(requestOf('draft'), { draft: DRAFT, ...replies }, GATED);
    expect(taken(one).program).toBe(PROGRAM);
    expect(notesOf(one)).toContain(note);
  });

  it('does not ask about a program that it cannot show whole', async () => {
    const long = program(
      Array.from({ length: 900 }, (_, line) => `column_${line} = table["${line} of a long name"] * ${line}`),
    );
    const one = await made(
      requestOf('draft'),
      { draft: { plan: PLAN, program: long } },
      { ...GATED, contextTokens: 12_000, maxOutputTokens: 4_000 },
    );
    expect(one.calls.steps).toEqual(['draft']);
    expect(notesOf(one)).toContain('too long to be shown whole');
  });
});

describe('a model that gives less than was asked', () => {
  const long = '# filler line that says nothing at all\n'.repeat(3_000);

  it('is shown less when its context is smaller than was said, at most twice', async () => {
    const request = requestOf('improve', { description: long });
    const one = await made(
      request,
      { 'improve-features': CONTEXT, 'improve-features-smaller-1': EDITS, 'review-smaller-1': APPROVE },
      { contextTokens: 16_000, maxOutputTokens: 2_000 },
    );
    expect(taken(one).program).toContain('alpha=5.0');
    const [first, second] = ['improve-features', 'improve-features-smaller-1'].map(
      (step) => one.calls.prompt(step).length,
    );
    expect(second).toBeLessThan(0.65 * Number(first));
    const none = await made(request, {
      'improve-features': CONTEXT,
      'improve-features-smaller-1': CONTEXT,
      'improve-features-smaller-2': CONTEXT,
    });
    expect(none.proposal).toMatchObject({ kind: 'none', reason: 'invalid', message: 'The prompt is too long.' });
  });

  it('goes straight to the context that the server names', async () => {
    const told = new ModelError(
      'context',
      "This model's maximum context length is 8192 tokens. However, you requested 20000.",
    );
    const one = await made(
      requestOf('draft', { description: long }),
      { draft: told, 'draft-smaller-1': DRAFT },
      { review: false },
    );
    expect(one.calls.requests.get('draft-smaller-1')?.maxOutputTokens).toBe(4096);
    expect(one.calls.prompt('draft-smaller-1').length / 4).toBeLessThan(4096);
  });

  it('is asked once more, for less, when it hits the output limit', async () => {
    const cut = { reply: { text: '{"plan": {"summary": "Ri', finish: 'length' as const } };
    const one = await made(requestOf('draft'), { draft: cut, 'draft-shorter': DRAFT }, { review: false });
    expect(taken(one).program).toBe(PROGRAM);
    expect(one.calls.prompt('draft-shorter')).toContain('much shorter');
    const two = await made(requestOf('draft'), { draft: cut, 'draft-shorter': cut });
    expect(two.proposal).toMatchObject({
      kind: 'none',
      reason: 'invalid',
      message: expect.stringContaining('cut off'),
    });
  });

  it('or declines, is no error', async () => {
    const refusal = { reply: { text: 'I cannot help with that.', finish: 'content-filter' as const } };
    const one = await made(requestOf('draft'), { draft: refusal });
    expect(one.proposal).toMatchObject({
      kind: 'none',
      reason: 'invalid',
      message: expect.stringContaining('cannot help'),
    });
    const policy = new ModelError('refused', 'Blocked by policy.', { code: 'content-policy' });
    const two = await made(requestOf('draft'), { draft: policy });
    expect(two.proposal).toMatchObject({ kind: 'none', reason: 'invalid', message: 'Blocked by policy.' });
    const words = await made(requestOf('draft'), { draft: 'Hm.', 'draft-repair': 'Hm!' });
    expect(words.proposal).toMatchObject({ kind: 'none', reason: 'invalid' });
  });
});

describe('what is not for an author to settle', () => {
  it('a cap passes through while there is no program; one that was paid is kept without what the cap left out', async () => {
    const error = new CapReachedError('usd', 'The cap is reached.');
    await expect(made(requestOf('draft'), { draft: error })).rejects.toBe(error);
    const unread = await made(requestOf('draft'), { draft: DRAFT, review: error });
    expect(unread.proposal).toMatchObject({ kind: 'program' });
    const unmended = await made(requestOf('draft'), {
      ...{ draft: { ...DRAFT, program: 'x = (' }, 'draft-syntax': error, review: error },
    });
    expect(unmended.proposal).toMatchObject({ kind: 'program' });
    const reject = { verdict: 'reject', reasons: ['leaks'], edits: [] };
    const leaking = await made(requestOf('draft'), { draft: DRAFT, review: reject, 'leak-rewrite': error });
    expect(leaking.proposal).toMatchObject({ kind: 'none' });
  });

  it.each([
    new ModelError('busy', 'Later.', { retryAfterMs: 10 }),
    new ModelError('away', 'Nobody there.'),
    new ModelError('refused', 'Wrong key.', { status: 401 }),
    Object.assign(new Error('Cancelled.'), { name: 'AbortError' }),
  ])('passes through in every step: $message', async (error) => {
    const scripts: Record<string, Scripted>[] = [
      { draft: error },
      { draft: { ...DRAFT, program: 'x = (' }, 'draft-syntax': error },
      { draft: DRAFT, review: error },
      { draft: DRAFT, review: { verdict: 'reject', reasons: ['leaks'], edits: [] }, 'leak-rewrite': error },
    ];
    for (const script of scripts) await expect(made(requestOf('draft'), script)).rejects.toBe(error);
  });

  it('nor is a call without tools', async () => {
    const author = createLlmAuthor(ModelSettings.parse({ name: 'm' }));
    await expect(author.propose(requestOf('draft'))).rejects.toThrow('none to ask');
  });
});

describe('what is stored', () => {
  it('holds nothing that was not asked for, offered, or fit to be shown', async () => {
    const hostile = `{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "extra": 1,
      "plan": {"summary": "\\u001b[31mred\\u0007 \\u202eevil\\n${'long '.repeat(100)}", "family": "../../Etc/PassWd \\u0000", "data": "\\ud800",
      "features": "", "model": "", "training": "", "knowledge": ["model.linear.ridge", "model.linear.ridge", "../secret", "__proto__"], "more": 1},
      "program": ${JSON.stringify(`\uFEFF${PROGRAM.replace('SEED = 7', 'SEED = 7\u0000\u202e')}`)}}`;
    const one = await made(requestOf('draft'), { draft: hostile }, { review: false });
    const { summary, family, knowledge, program: code, plan } = taken(one);
    expect(summary).toHaveLength(120);
    expect(summary).toMatch(/^\[31mred evil long long .*…$/);
    expect(family).toBe('etc-passwd');
    expect(knowledge).toEqual(['model.linear.ridge']);
    expect(code).toBe(PROGRAM);
    expect(Object.keys(plan as object).sort()).toEqual(
      ['author', 'data', 'family', 'features', 'knowledge', 'model', 'notes', 'summary', 'training'].sort(),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is the same for the same replies', async () => {
    const script = { 'improve-features': EDITS, review: APPROVE };
    const [one, two] = [await made(requestOf('improve'), script), await made(requestOf('improve'), script)];
    expect(one.proposal).toEqual(two.proposal);
    for (const step of Object.keys(script)) expect(one.calls.prompt(step)).toBe(two.calls.prompt(step));
  });

  it('is never longer than anybody would read', async () => {
    const huge = { plan: PLAN, program: `x = 1\n`.repeat(50_000) };
    const one = await made(requestOf('draft'), { draft: huge });
    expect(one.proposal).toMatchObject({ kind: 'none', reason: 'invalid', message: expect.stringContaining('300000') });
  });
});
