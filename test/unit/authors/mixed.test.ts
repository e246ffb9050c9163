/** Who is asked for what in a mixed run, and who pays. */
import { describe, expect, it } from '@jest/globals';
import { CapReachedError } from '../../../src/authors/llm/calls.js';
import { createMixedAuthor } from '../../../src/authors/mixed.js';
import type { Author, KnownProgram } from '../../../src/authors/port.js';
import type { Proposal } from '../../../src/domain/proposal.js';
import { KNOWN, node, requestOf } from '../../support/prompt-fixtures.js';

const cost = (tokens: number) => ({ seconds: 0, gpuSeconds: 0, usd: 0, tokens, executions: 0 });

function answering(name: 'composer' | 'llm', has: boolean, asked: string[]): Author {
  const tokens = name === 'llm' ? 7 : 0;
  const proposal: Proposal = has
    ? {
        kind: 'program',
        program: name,
        plan: {},
        summary: name,
        changes: [],
        family: name,
        knowledge: [],
        cost: cost(tokens),
      }
    : { kind: 'none', reason: 'duplicate', message: `${name} has none.`, cost: cost(tokens) };
  return {
    name,
    async propose() {
      asked.push(name);
      return proposal;
    },
  };
}

function mixed(has: { readonly composer?: boolean; readonly llm?: boolean } = {}) {
  const asked: string[] = [];
  const author = createMixedAuthor({
    composer: answering('composer', has.composer ?? true, asked),
    llm: answering('llm', has.llm ?? true, asked),
  });
  return { asked, author };
}

const byModel: KnownProgram = { ...KNOWN.failed, plan: { author: 'llm', summary: 'x' } };

describe('the mixed author', () => {
  it('takes turns with drafts, its own first', async () => {
    const { asked, author } = mixed();
    for (const number of [1, 2, 3]) await author.propose(requestOf('draft', { nodeId: node(number) }));
    expect(asked).toEqual(['composer', 'llm', 'composer']);
  });

  it('has each repair what it wrote, and lets the model build', async () => {
    const { asked, author } = mixed();
    await author.propose(requestOf('debug'));
    await author.propose(requestOf('debug', { parent: byModel }));
    for (const operator of ['improve', 'evolve', 'fuse', 'aggregate', 'merge'] as const)
      await author.propose(requestOf(operator));
    expect(asked).toEqual(['composer', 'llm', 'llm', 'llm', 'llm', 'llm', 'llm']);
  });

  it('goes on without the model where a cap on its calls is reached, and with every other fault it stops', async () => {
    const failing = (error: Error): Author => ({ name: 'llm', propose: () => Promise.reject(error) });
    const composer = answering('composer', true, []);
    const calls = { call: () => Promise.reject(new Error('unasked')), cost: () => ({ usd: 0, tokens: 7, seconds: 0 }) };
    const tools = { calls, signal: new AbortController().signal };
    const capped = createMixedAuthor({ composer, llm: failing(new CapReachedError('usd', 'The cap is reached.')) });
    expect(await capped.propose(requestOf('improve'), tools)).toMatchObject({ program: 'composer', cost: cost(7) });
    const away = createMixedAuthor({ composer, llm: failing(new Error('away')) });
    await expect(away.propose(requestOf('improve'), tools)).rejects.toThrow('away');
  });

  it('asks the other one where one has nothing, and counts what the first has cost', async () => {
    const { asked, author } = mixed({ llm: false });
    expect(await author.propose(requestOf('improve'))).toMatchObject({ program: 'composer', cost: cost(7) });
    expect(asked).toEqual(['llm', 'composer']);
    const other = mixed({ composer: false });
    expect(await other.author.propose(requestOf('draft', { nodeId: node(1) }))).toMatchObject({
      program: 'llm',
      cost: cost(7),
    });
    const neither = mixed({ composer: false, llm: false });
    expect(await neither.author.propose(requestOf('fuse'))).toMatchObject({
      kind: 'none',
      cost: cost(7),
      message: 'llm has none. composer has none.',
    });
  });
});
