/** Which run of a suite begins when, and what counts as its end. */
import { describe, expect, test } from '@jest/globals';
import type { RunId } from '../../../src/domain/ids.js';
import type { Cost } from '../../../src/domain/score.js';
import type { RunReport, SuiteItem } from '../../../src/domain/suite.js';
import * as books from '../../../src/workflows/suite-book.js';

const runId = (n: number): RunId => `task-20261121-aaaaa${n}` as RunId;
const items = (count: number): readonly SuiteItem[] =>
  Array.from({ length: count }, (_, n) => ({
    runId: runId(n),
    competition: `c${n % 2}`,
    seed: n,
    source: { task: { id: 'c', train: '', test: '', target: 'y', metric: 'rmse', drop: [] }, folder: '/' },
    splitSeed: n,
    searchSeed: n,
    resultsFolder: `/results/${n}`,
  }));
const spent = (usd: number | null): Cost => ({ seconds: 1, gpuSeconds: 0, usd, tokens: 0, executions: 1 });
const done = (n: number, usd: number | null = 0): RunReport => ({ runId: runId(n), state: 'done', spent: spent(usd) });
const FREE = { usd: 0 };

describe('what may begin', () => {
  test('as many as there are slots, in order', () => {
    const book = books.openBook(items(5), { parallel: 2 }, 0);
    expect(books.due(book, { parallel: 2 }, FREE, 0)).toEqual([0, 1]);
    const one = books.began(book, 0, 1);
    expect(books.due(one, { parallel: 2 }, FREE, 1)).toEqual([1]);
    expect(books.due(books.reported(books.began(one, 1, 1), done(0), 2), { parallel: 2 }, FREE, 2)).toEqual([2]);
  });

  test('nothing that could pass the cap in money together with what is spent and promised', () => {
    const limits = { parallel: 10, usd: 10 };
    const price = { usd: 3 };
    let book = books.openBook(items(6), limits, 0);
    expect(books.due(book, limits, price, 0)).toEqual([0, 1, 2]);
    for (const n of [0, 1, 2]) book = books.began(book, n, 0);
    expect(books.due(book, limits, price, 0)).toEqual([]);
    expect(books.isOver(book, limits, price, 0)).toBe(false);
    // One run was cheap: what it was promised comes back.
    book = books.reported(book, done(0, 0.5), 1);
    expect(books.due(book, limits, price, 1)).toEqual([3]);
    book = books.reported(
      books.reported(books.reported(books.began(book, 3, 1), done(1, 3), 2), done(2, 3), 2),
      done(3, 3),
      2,
    );
    expect(books.spentUsd(book)).toBeCloseTo(9.5);
    expect(books.due(book, limits, price, 2)).toEqual([]);
    expect(books.isOver(book, limits, price, 2)).toBe(true);
    expect(books.reasonToSkip(book, limits, 2)).toContain('10 US dollars');
  });

  test('nothing more once a run has made calls whose price nobody knows', () => {
    const limits = { parallel: 1, usd: 10 };
    const book = books.reported(books.began(books.openBook(items(3), limits, 0), 0, 0), done(0, null), 1);
    expect(books.spentUsd(book)).toBeNull();
    expect(books.due(book, limits, { usd: 1 }, 1)).toEqual([]);
    expect(books.due(book, { parallel: 1 }, { usd: 1 }, 1)).toEqual([1]);
  });

  test('a run costs what its own cap allows: nothing without a model, anything without a cap', () => {
    expect(books.priceOf({ author: 'composer', caps: { usd: 5 } })).toEqual({ usd: 0 });
    expect(books.priceOf({ author: 'llm', caps: { usd: 5 } })).toEqual({ usd: 5 });
    const unlimited = books.priceOf({ author: 'mixed', caps: {} });
    const book = books.openBook(items(2), { parallel: 2 }, 0);
    expect(books.due(book, { parallel: 2, usd: 100 }, unlimited, 0)).toEqual([]);
    expect(books.due(book, { parallel: 2 }, unlimited, 0)).toEqual([0, 1]);
  });

  test('nothing after the time of the suite, and nothing once it was stopped', () => {
    const limits = { parallel: 2, wallMs: 1000 };
    const book = books.openBook(items(3), limits, 500);
    expect(books.due(book, limits, FREE, 1499)).toHaveLength(2);
    expect(books.due(book, limits, FREE, 1500)).toEqual([]);
    expect(books.due({ ...book, stopped: true }, limits, FREE, 600)).toEqual([]);
    expect(books.closed(book, 'why').rows.map((row) => [row.state, row.message])).toEqual([
      ['skipped', 'why'],
      ['skipped', 'why'],
      ['skipped', 'why'],
    ]);
  });
});

describe('reports', () => {
  const book = books.began(books.openBook(items(2), { parallel: 1 }, 0), 0, 5);

  test('the first one counts', () => {
    const after = books.reported(book, { ...done(0), nodes: { valid: 3, failed: 1 } }, 9);
    expect(after.rows[0]).toMatchObject({ state: 'done', startedMs: 5, endedMs: 9, nodes: { valid: 3, failed: 1 } });
    expect(books.reported(after, { runId: runId(0), state: 'failed', message: 'late' }, 10)).toBe(after);
    expect(books.lost(after, runId(0), 'gone', 11)).toBe(after);
  });

  test('of strangers change nothing', () => {
    expect(books.reported(book, { runId: 'other-20261121-zzzzzz' as RunId, state: 'done' }, 9)).toBe(book);
  });

  test('a run that is gone without one is lost, and its slot is free', () => {
    const after = books.lost(book, runId(0), 'The run was ended from outside.', 7);
    expect(after.rows[0]).toMatchObject({ state: 'lost', endedMs: 7 });
    expect(books.due(after, { parallel: 1 }, FREE, 7)).toEqual([1]);
  });

  test('a run that is gone counts for what its ledger says, against the cap of the suite too', () => {
    const limits = { parallel: 1, usd: 10 };
    const after = (usd: number | null) => books.lost(book, runId(0), 'gone', 7, spent(usd));
    expect(books.isRunning(book, runId(0))).toBe(true);
    expect([books.isRunning(after(7), runId(0)), books.isRunning(book, runId(1))]).toEqual([false, false]);
    expect(books.spentUsd(after(7))).toBe(7);
    expect(books.due(after(7), limits, { usd: 4 }, 7)).toEqual([]);
    expect(books.due(after(6), limits, { usd: 4 }, 7)).toEqual([1]);
    expect(books.due(after(null), limits, { usd: 4 }, 7)).toEqual([]);
  });
});
