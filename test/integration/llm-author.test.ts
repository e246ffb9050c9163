/** The whole way of the model author over real sockets: prompts, adapters, stub, edits, gates, under every fault and attack that the stub knows. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLlmAuthor } from '../../src/authors/llm/author.js';
import type { ModelCalls } from '../../src/authors/llm/calls.js';
import { type Model, ModelError } from '../../src/authors/llm/model.js';
import type { AuthorTools, ProposalRequest } from '../../src/authors/port.js';
import { Proposal } from '../../src/domain/proposal.js';
import { ModelSettings } from '../../src/domain/run-config.js';
import { DAMAGES, FAULT_KINDS, type FaultKind, MODEL_NAME, type StubOptions } from '../../src/stub-model/options.js';
import { programFor } from '../../src/stub-model/programs/program.js';
import type { StubModel } from '../../src/stub-model/server.js';
import { HISTORY, KNOWN, requestOf } from '../support/prompt-fixtures.js';
import { ADAPTERS, KEY, stub } from '../support/stub-model.js';

const open: StubModel[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serving(options: Partial<StubOptions> = {}): Promise<StubModel> {
  const server = await stub({ seed: 7, buggy: 0, ...options });
  open.push(server);
  return server;
}

/** Calls without a ledger: what is worth repeating is repeated at once, as the engine would. */
function callsOf(model: Model, signal: AbortSignal): ModelCalls & { readonly steps: string[] } {
  const steps: string[] = [];
  let tokens = 0;
  return {
    steps,
    async call({ step, request }) {
      steps.push(step);
      for (let attempt = 1; ; attempt += 1) {
        try {
          const reply = await model.complete(request, { signal, onProgress: () => undefined });
          tokens += (reply.usage?.input ?? 0) + (reply.usage?.output ?? 0);
          return { ...reply, found: false };
        } catch (error) {
          const again = error instanceof ModelError && (error.fault === 'busy' || error.fault === 'away');
          if (!again || attempt === 30) throw error;
        }
      }
    },
    cost: () => ({ usd: null, tokens, seconds: 0 }),
  };
}

async function proposed(
  server: StubModel,
  request: ProposalRequest,
  { api = 'chat', settings = {} }: { readonly api?: Model['api']; readonly settings?: Partial<ModelSettings> } = {},
) {
  const signal = new AbortController().signal;
  const calls = callsOf(ADAPTERS[api](server.url, KEY), signal);
  const tools: AuthorTools = { calls, signal, history: HISTORY };
  const author = createLlmAuthor(ModelSettings.parse({ name: MODEL_NAME, ...settings }));
  const proposal = Proposal.parse(await author.propose(request, tools));
  return { proposal, steps: calls.steps };
}

const OPERATORS = [
  'draft',
  'improve',
  'debug',
  'evolve',
  'fuse',
  'aggregate',
  'merge',
  'refine-block',
  'ablate',
] as const;

describe.each(['chat', 'responses'] as const)('over %s', (api) => {
  it.each(OPERATORS)('%s becomes a program', async (operator) => {
    const server = await serving();
    const { proposal, steps } = await proposed(server, requestOf(operator), { api });
    expect(proposal).toMatchObject({ kind: 'program', program: expect.stringMatching(/^.+\n/) });
    expect(server.ledger().calls).toHaveLength(steps.length);
    expect(steps.length).toBe(operator === 'ablate' ? 1 : 2);
  });
});

describe('a server', () => {
  it.each(['ignore', 'refuse'] as const)('that would %s schemas is understood', async (schema) => {
    const server = await serving({ schema });
    for (const operator of ['draft', 'improve', 'debug'] as const) {
      const { proposal } = await proposed(server, requestOf(operator));
      expect({ operator, kind: proposal.kind }).toEqual({ operator, kind: 'program' });
    }
  });

  it('with a small context is asked for less', async () => {
    const server = await serving({ contextTokens: 4_000 });
    const request = requestOf('improve', { description: 'A very long story. '.repeat(3_000) });
    const { proposal, steps } = await proposed(server, request, {
      settings: { contextTokens: 16_000, maxOutputTokens: 2_000 },
    });
    expect(proposal.kind).toBe('program');
    expect(steps.some((step) => /-smaller-[12]$/.test(step))).toBe(true);
  });

  it('that writes part by part is merged into one program', async () => {
    const { proposal, steps } = await proposed(await serving(), requestOf('draft'), {
      settings: { draft: 'stepwise' },
    });
    expect(proposal.kind).toBe('program');
    expect(steps).toEqual(['draft-data', 'draft-model', 'draft-training', 'draft-merge', 'review']);
  });

  it('that repairs gets the program right in one debug', async () => {
    const broken = programFor('Metric: rmse', 'a broken one', 1);
    const parent = { ...KNOWN.failed, program: broken.program };
    const { proposal } = await proposed(await serving(), requestOf('debug', { parent }));
    const sound = programFor('Metric: rmse', 'a broken one', 0).program;
    expect(proposal.kind === 'program' && proposal.program).toBe(sound.replace(/(# recipe \w+)/, '$1, repaired'));
  });

  it('whose edits miss and whose reviews object still leads to programs', async () => {
    const server = await serving({ clumsy: 1, strict: 0.5 });
    const kinds = [];
    for (let seed = 0; seed < 6; seed += 1) {
      const { proposal, steps } = await proposed(server, requestOf('improve', { seed, hints: [`variant ${seed}`] }));
      expect(steps.slice(0, 2)).toEqual(['improve-features', 'improve-features-edits']);
      kinds.push(proposal.kind);
    }
    expect(kinds.filter((kind) => kind === 'program').length).toBeGreaterThan(3);
  });
});

describe('faults', () => {
  const lost: readonly FaultKind[] = ['wrong-key'];
  it.each(FAULT_KINDS.filter((kind) => !lost.includes(kind)))(
    '%s in a third of the calls costs no proposal its form',
    async (kind) => {
      const server = await serving({ faults: { share: 0.33, kinds: [kind] } });
      const met = (): number => server.ledger().calls.filter(({ fault }) => fault === kind).length;
      // Which calls are met goes by their text: more of them, until some were.
      for (let turn = 0; turn < 8 && (turn === 0 || met() === 0); turn += 1) {
        for (const operator of ['draft', 'improve', 'debug'] as const) {
          const { proposal } = await proposed(server, requestOf(operator, { hints: [`${kind} ${turn}`] }));
          if (proposal.kind === 'none')
            expect({ kind, damaged: [...DAMAGES, 'context'].includes(kind) }).toEqual({ kind, damaged: true });
        }
      }
      expect(met()).toBeGreaterThan(0);
    },
  );

  it('a wrong key is nobody’s program', async () => {
    const server = await serving({ apiKey: 'another' });
    await expect(proposed(server, requestOf('draft'))).rejects.toMatchObject({
      fault: 'refused',
      details: { status: 401 },
    });
  });

  it('cancelled, the call ends at the server', async () => {
    const server = await serving({ latencyMs: { p50: 20_000, p95: 20_000 } });
    const abort = new AbortController();
    const calls = callsOf(ADAPTERS.chat(server.url, KEY), abort.signal);
    const author = createLlmAuthor(ModelSettings.parse({ name: MODEL_NAME }));
    const proposal = author.propose(requestOf('draft'), { calls, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('cancelled by a person')), 200);
    await expect(proposal).rejects.toThrow('cancelled by a person');
    for (let waited = 0; waited < 50 && server.ledger().calls.length === 0; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.ledger().calls).toMatchObject([{ delivered: false }]);
  });
});

describe('attacks', () => {
  it('become a program for the sandbox, or nothing; never an exception, an order obeyed or a word on a page', async () => {
    const server = await serving({ hostile: 1 });
    const kinds = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const operator = OPERATORS[seed % OPERATORS.length] ?? 'draft';
      const { proposal } = await proposed(server, requestOf(operator, { hints: [`attack ${seed}`] }));
      kinds.add(proposal.kind === 'program' ? 'program' : proposal.reason);
      const shown = JSON.stringify({ ...proposal, program: '' });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(shown).not.toMatch(/\\u00(0[0-8]|1b|7f)|[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/);
      expect(shown.length).toBeLessThan(20_000);
      expect(shown).not.toContain('not.offered');
      if (proposal.kind !== 'program') continue;
      expect(proposal.summary.length).toBeLessThanOrEqual(120);
      expect(proposal.family).toMatch(/^[a-z0-9-]{1,40}$/);
      expect(proposal.knowledge).toEqual([]);
      expect(proposal.program).not.toContain('OPENAI_API_KEY"]');
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(kinds.size).toBeGreaterThan(1);
  });
});
