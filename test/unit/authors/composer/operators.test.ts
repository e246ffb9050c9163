import { describe, expect, it } from '@jest/globals';
import { Plan } from '../../../../src/authors/composer/plan.js';
import type { KnownProgram, ProposalRequest } from '../../../../src/authors/port.js';
import { fingerprintOf } from '../../../../src/domain/fingerprint.js';
import { FailureClass } from '../../../../src/domain/outcome.js';
import { ENTRIES, known, proposeMany, realComposer } from '../../../support/composer.js';
import { requestFor, TOY_CARDS } from '../../../support/composer-tasks.js';

const author = realComposer();

async function family(name: string): Promise<readonly KnownProgram[]> {
  const drafts = await proposeMany(author, requestFor(TOY_CARDS[name]!), 6);
  return drafts.map((draft, index) => known(draft, `n${index + 1}`, { status: 'valid' }));
}

function requests(name: string, programs: readonly KnownProgram[]): readonly ProposalRequest[] {
  const [parent, ...others] = programs;
  const base = requestFor(TOY_CARDS[name]!, {
    parent: parent!,
    best: programs,
    taken: new Set(programs.map((program) => fingerprintOf(program.program))),
  });
  return [
    { ...base, operator: 'improve', variant: 'tune' },
    { ...base, operator: 'improve', variant: 'features' },
    { ...base, operator: 'improve', variant: 'strategy' },
    { ...base, operator: 'evolve', references: others.slice(0, 2) },
    { ...base, operator: 'fuse', references: others.slice(0, 3) },
    { ...base, operator: 'aggregate', references: programs },
    { ...base, operator: 'debug' },
  ];
}

describe('operators', () => {
  it.each(Object.keys(TOY_CARDS))('give new valid programs for %s, the same for the same seed', async (name) => {
    for (const request of requests(name, await family(name))) {
      for (const seed of [1, 2, 3]) {
        const first = await author.propose({ ...request, seed });
        const second = await author.propose({ ...request, seed });
        expect(first).toEqual(second);
        expect({ operator: request.operator, variant: request.variant, kind: first.kind }).toMatchObject({
          kind: 'program',
        });
        if (first.kind !== 'program') continue;
        expect(Plan.safeParse(first.plan).success).toBe(true);
        expect(request.taken.has(fingerprintOf(first.program))).toBe(false);
        expect(first.changes.length).toBeGreaterThan(0);
      }
    }
  });

  it('keeps finding new tunings of one program', async () => {
    const [parent] = await family('regression');
    const request = requestFor(TOY_CARDS.regression!, { operator: 'improve', variant: 'tune', parent: parent! });
    const tuned = await proposeMany(author, request, 15);
    expect(new Set(tuned.map((each) => each.program)).size).toBe(15);
  });

  it.each(FailureClass.options)('changes the plan after %s', async (kind) => {
    for (const name of ['regression', 'text', 'image']) {
      const [parent] = await family(name);
      const outcome = { kind, message: kind, stderrHead: '', stderrTail: 'Traceback …', stdoutTail: '' } as const;
      const proposal = await author.propose(
        requestFor(TOY_CARDS[name]!, { operator: 'debug', parent: { ...parent!, status: 'failed', outcome } }),
      );
      expect(proposal.kind).toBe('program');
      if (proposal.kind === 'program') expect(proposal.plan).not.toEqual(parent!.plan);
    }
  });

  it('makes a program that ran out of time cheaper, and keeps its model', async () => {
    const [parent] = await family('regression');
    const outcome = {
      kind: 'timeout',
      message: 'stopped after 60 s',
      stderrHead: '',
      stderrTail: '',
      stdoutTail: '',
    } as const;
    const proposal = await author.propose(
      requestFor(TOY_CARDS.regression!, { operator: 'debug', parent: { ...parent!, outcome } }),
    );
    expect(proposal).toMatchObject({ kind: 'program', changes: ['cheaper settings'], family: parent!.family });
    if (proposal.kind === 'program') expect(rounds(proposal.plan)).toBeLessThan(rounds(parent!.plan) / 2);
  });

  it('removes the component that the traceback names, and credits the recipe that says so', async () => {
    const drafts = await proposeMany(author, requestFor(TOY_CARDS.regression!), 24);
    const splines = known(drafts.find((draft) => draft.program.includes('SplineTransformer'))!, 'n5');
    const stderrTail = 'File "_polynomial.py", in SplineTransformer.fit\nValueError: Input X contains NaN.';
    const recipe = ENTRIES.find((entry) => entry.id === 'strategy.debug.input-contains-nan');
    const proposal = await author.propose(
      requestFor(TOY_CARDS.regression!, {
        operator: 'debug',
        parent: { ...splines, outcome: { kind: 'exception', message: '', stderrHead: '', stderrTail, stdoutTail: '' } },
        knowledge: recipe ? [{ entry: recipe, score: 1, why: 'signature' }] : [],
      }),
    );
    expect(proposal).toMatchObject({ kind: 'program', changes: ['remove cubic splines'] });
    if (proposal.kind === 'program' && recipe) expect(proposal.knowledge).toContain(recipe.id);
  });

  it('repeats a parameter change that paid, in its direction', async () => {
    const drafts = await proposeMany(author, requestFor(TOY_CARDS.regression!), 6);
    const ridge = known(drafts.find((draft) => draft.family === 'linear')!, 'n1');
    const before = Plan.parse(ridge.plan);
    const after = withAlpha(before, 90);
    const parent = {
      ...ridge,
      nodeId: 'n2' as KnownProgram['nodeId'],
      plan: after,
      versus: { parent: { against: ridge.nodeId, delta: 1, pairedSE: 0.1, rows: 100 } },
    };
    const proposal = await author.propose(
      requestFor(TOY_CARDS.regression!, { operator: 'evolve', parent, references: [ridge] }),
    );
    expect(proposal.kind === 'program' && Plan.parse(proposal.plan).members[0]?.model.params.alpha).toBe(270);
  });

  it('measures that change against the program it was made from, however long the branch is', async () => {
    const drafts = await proposeMany(author, requestFor(TOY_CARDS.regression!, {}), 6);
    const head = known(drafts.find((draft) => draft.family === 'linear')!, 'n1');
    const step = (nodeId: string, alpha: number, from: KnownProgram, delta: number): KnownProgram => ({
      ...head,
      nodeId: nodeId as KnownProgram['nodeId'],
      plan: withAlpha(Plan.parse(head.plan), alpha),
      versus: { parent: { against: from.nodeId, delta, pairedSE: 0.1, rows: 100 } },
    });
    const middle = step('n2', 10, head, -1);
    const parent = step('n3', 20, middle, 1);
    // As the search names them: the nearest ancestor first.
    const request = requestFor(TOY_CARDS.regression!, { operator: 'evolve', parent, references: [middle, head] });
    const proposal = await author.propose(request);
    expect(proposal.kind === 'program' && Plan.parse(proposal.plan).members[0]?.model.params.alpha).toBe(40);
  });

  it('has nothing to offer without a plan it can read, and says so', async () => {
    const foreign = { ...(await family('regression'))[0]!, plan: { text: 'by another author' } };
    const proposal = await author.propose(requestFor(TOY_CARDS.regression!, { operator: 'improve', parent: foreign }));
    expect(proposal).toMatchObject({ kind: 'none', reason: 'not-applicable' });
  });
});

function rounds(plan: unknown): number {
  return Number(Plan.parse(plan).members[0]?.model.params.n_estimators);
}

function withAlpha(plan: Plan, alpha: number): Plan {
  const [member] = plan.members;
  return {
    ...plan,
    members: [{ ...member!, model: { ...member!.model, params: { ...member!.model.params, alpha } } }],
  };
}
