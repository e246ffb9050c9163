/** What a model has cost, in words and columns: unknown is n/a, lost is an upper bound, and nothing is told of a run without a model. */
import { describe, expect, test } from '@jest/globals';
import { callCells } from '../../../src/cli/render/call.js';
import { blobIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import type { ModelMeter } from '../../../src/domain/model-meter.js';
import { callsCsv } from '../../../src/results/calls-table.js';
import { modelSection } from '../../../src/results/model-section.js';
import { cachedText, moneyText, tokensText, usageLine } from '../../../src/results/model-usage.js';
import { type CallRow, meterOf } from '../../../src/store/call-row.js';
import { memoryStore, PREPARED, RUN } from '../../support/memory-store.js';

const at = new Date('2026-01-02T00:00:00Z');
const begun = (ordinal: number, operator: CallRow['operator'] = 'draft') => ({
  runId: RUN,
  callId: `n${ordinal}/${operator}`,
  try: 1,
  nodeId: nodeIdOf(ordinal),
  step: operator,
  operator,
  model: 'm',
  owner: 'o',
  worst: { tokens: 5_000, nanoUsd: 40_000_000 },
  promptRef: blobIdOf('prompt'),
  at,
  seenAt: at,
});
const done = (ordinal: number, nanoUsd: number | null, operator: CallRow['operator'] = 'draft'): CallRow => ({
  ...begun(ordinal, operator),
  state: 'done',
  replyRef: blobIdOf('reply'),
  usage: { input: 1_000, cachedInput: 750, output: 200, reasoning: 50 },
  counted: 'server',
  nanoUsd,
  seconds: 2,
  finish: 'stop',
  answeredBy: 'm-1',
  requestId: 'r',
  endedAt: at,
});
const lost: CallRow = { ...begun(3), state: 'lost', cause: 'its worker died, "really"', endedAt: at };
const failed: CallRow = { ...begun(4), state: 'failed', cause: 'busy', endedAt: at };

test('money and tokens are short, exact where they are small, and n/a where they are not known', () => {
  expect([null, 0, 0.00051, 0.0123, 0.5, 0.999, 4.2, 1234.5].map(moneyText)).toEqual([
    'n/a',
    '$0',
    '$0.00051',
    '$0.0123',
    '$0.5',
    '$1.00',
    '$4.20',
    '$1234.50',
  ]);
  expect([0, 999, 1000, 45_240, 999_949, 3_100_000].map(tokensText)).toEqual([
    '0',
    '999',
    '1.0k',
    '45.2k',
    '999.9k',
    '3.1M',
  ]);
});

describe('one line', () => {
  test('has caps, the cached share, calls under way and lost ones with their bound', () => {
    const meter = meterOf([done(1, 12_000_000), done(2, 3_000_000), lost, failed, { ...begun(5), state: 'begun' }]);
    expect(usageLine(meter, { usd: 2, tokens: 1_000_000, calls: 50 })).toBe(
      'model $0.015 of $2.00 · 2.4k of 1.0M tokens, 75 % cached · 2 of 50 calls · 1 under way · 1 lost, up to $0.04',
    );
    expect(usageLine(meterOf([]))).toBe('model $0 · 0 tokens · 0 calls');
  });

  test('says n/a as soon as one price is not known, and bounds what was lost in tokens', () => {
    const unpriced: CallRow = { ...lost, worst: { tokens: 5_000, nanoUsd: null } };
    const meter: ModelMeter = meterOf([done(1, 1), done(2, null), unpriced]);
    expect(usageLine(meter)).toContain('model n/a');
    expect(usageLine(meter)).toContain('1 lost, up to 5.0k tokens');
    expect(cachedText(meter)).toBe('75 % cached');
  });
});

describe('a call that was given up', () => {
  const { state: _, cause: __, ...call } = lost as Extract<CallRow, { state: 'lost' }>;
  const gaveUp = { ...call, state: 'lost' as const, cause: 'the run had ended' };
  const reply = done(3, 12_000_000) as Extract<CallRow, { state: 'done' }>;

  test('counts for its bound, for the price of a reply that came late, or for nothing when it was turned away', () => {
    const late: CallRow = { ...gaveUp, late: reply };
    const refused: CallRow = { ...gaveUp, late: { state: 'failed', cause: 'busy', endedAt: at } };
    const lostOf = (row: CallRow) => meterOf([row]).lost;
    expect(lostOf(gaveUp)).toEqual({ calls: 1, tokens: 5_000, usd: 0.04 });
    expect(lostOf(late)).toEqual({ calls: 1, tokens: 1_200, usd: 0.012 });
    expect(lostOf(refused)).toEqual({ calls: 1, tokens: 0, usd: 0 });
    expect(meterOf([late]).paid).toMatchObject({ calls: 0, tokens: 0, usd: 0 });
  });

  test('stays lost in the tables, with the tokens and the price of the late reply', () => {
    const late: CallRow = { ...gaveUp, late: reply };
    expect(callCells(late)).toEqual([
      'n3/draft',
      'm',
      'lost',
      '1.0k',
      '750',
      '200',
      '$0.012',
      '2.0',
      'the run had ended; a reply came late',
    ]);
    expect(callCells(gaveUp).slice(2)).toEqual(['lost', '', '', '', 'up to $0.04', '', 'the run had ended']);
    const [, cells] = callsCsv([late]).split('\n');
    expect(cells).toContain(',lost,1000,750,200,50,server,0.012,5000,0.04,2,stop,');
    expect(cells).toContain('the run had ended');
  });
});

describe('the report', () => {
  const facts = async (calls: readonly CallRow[]) => {
    const run = await memoryStore().runs.find(RUN);
    if (run === undefined) throw new Error('no run');
    const { name, ...rest } = { name: 'm', ...run };
    const model = { ...run.config.model, name } as NonNullable<typeof run.config.model>;
    const config = {
      ...run.config,
      model,
      prices: { m: { input: 2, cachedInput: 0.5, output: 8, source: '--price' } },
    };
    const common = { nodes: [], events: [], choice: null, grade: null, reason: 'budget' };
    return { ...common, run: { ...rest, config, prepared: PREPARED }, model: meterOf(calls), calls };
  };

  test('tells what was paid, at which prices, what was turned away and lost, and how it divides', async () => {
    const text = modelSection(
      await facts([done(1, 12e6), done(2, 3e6, 'improve'), done(5, 3e6, 'improve'), lost, failed]),
    );
    expect(text).toContain(
      '**Paid**: $0.018 for 3 calls, 3.0k tokens in (75 % cached), 600 out (150 of them reasoning)',
    );
    expect(text).toContain('`m` 2 (cached 0.5) in, 8 out (--price)');
    expect(text).toContain('**Turned away**: 1 calls');
    expect(text).toContain('**Lost**: 1 calls whose reply never arrived, up to $0.04 in all');
    expect(text).toContain('| improve | 2 | 2.4k | $0.006 | 2.0 s |');
  });

  test('has no such section without a model', async () => {
    const { model: _, calls: __, ...none } = await facts([]);
    expect(modelSection(none)).toBe('');
  });
});

test('calls.csv has a cell for each column, the bound of what was lost, and n/a for a price that is not known', () => {
  const [head = '', first = '', second = '', third = ''] = callsCsv([done(1, null), lost, failed]).split('\n');
  const columns = head.split(',');
  expect(columns.slice(0, 7)).toEqual(['node', 'step', 'try', 'operator', 'model', 'state', 'input']);
  expect(first.split(',')).toHaveLength(columns.length);
  expect(first.split(',')[columns.indexOf('usd')]).toBe('n/a');
  expect(second).toContain('lost');
  expect(second).toContain('5000,0.04');
  expect(second).toContain('"its worker died, ""really"""');
  expect(third.split(',')[columns.indexOf('input')]).toBe('');
});
