/** The state of a suite and the rules that change it: pure functions over plain data. */
import type { RunReport, SuiteConfig, SuiteItem, SuiteLimits, SuiteRow } from '../domain/suite.js';

/** Everything of a suite that outlives one link of its chain. */
export interface SuiteBook {
  readonly rows: readonly SuiteRow[];
  readonly parallel: number;
  /** Set when no further run shall begin. */
  readonly stopped: boolean;
  readonly startedMs: number;
}

export function openBook(items: readonly SuiteItem[], { parallel }: SuiteLimits, nowMs: number): SuiteBook {
  const rows = items.map(({ runId, competition, seed }) => ({ runId, competition, seed, state: 'waiting' as const }));
  return { rows, parallel, stopped: false, startedMs: nowMs };
}

export function isEnded({ state }: SuiteRow): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** Null as soon as the price of one run's calls is not known. */
export function spentUsd(book: SuiteBook): number | null {
  const spent = book.rows.map((row) => (row.spent === undefined ? 0 : row.spent.usd));
  return spent.reduce<number | null>((sum, usd) => (sum === null || usd === null ? null : sum + usd), 0);
}

export interface RunPrice {
  /** Most that one run can spend, US dollars; infinite where nothing limits it. */
  readonly usd: number;
}

/** A run that asks no model spends no money; another as much as its own cap allows. */
export function priceOf({ author, caps }: Pick<SuiteConfig, 'author' | 'caps'>): RunPrice {
  return { usd: author === 'composer' ? 0 : (caps.usd ?? Number.POSITIVE_INFINITY) };
}

/** Positions of the waiting runs that may begin now: in order, within the slots, the money and the time of the suite. */
export function due(book: SuiteBook, limits: SuiteLimits, price: RunPrice, nowMs: number): readonly number[] {
  if (book.stopped || isLate(book, limits, nowMs)) return [];
  const running = book.rows.filter((row) => row.state === 'running').length;
  const free = Math.max(0, book.parallel - running);
  const affordable = affordableRuns(book, limits, price, running);
  return positions(book, 'waiting').slice(0, Math.min(free, affordable));
}

/** True when no waiting run will ever begin: what is promised to running ones may come back, what is spent may not. */
export function isOver(book: SuiteBook, limits: SuiteLimits, price: RunPrice, nowMs: number): boolean {
  const running = book.rows.some((row) => row.state === 'running');
  return !running && due(book, limits, price, nowMs).length === 0;
}

function isLate(book: SuiteBook, { wallMs }: SuiteLimits, nowMs: number): boolean {
  return wallMs !== undefined && nowMs - book.startedMs >= wallMs;
}

function affordableRuns(book: SuiteBook, { usd }: SuiteLimits, price: RunPrice, running: number): number {
  if (usd === undefined || price.usd <= 0) return book.rows.length;
  const spent = spentUsd(book);
  return spent === null ? 0 : Math.max(0, Math.floor((usd - spent) / price.usd + 1e-9) - running);
}

function positions(book: SuiteBook, state: SuiteRow['state']): readonly number[] {
  return book.rows.flatMap((row, position) => (row.state === state ? [position] : []));
}

export function began(book: SuiteBook, position: number, nowMs: number): SuiteBook {
  return withRow(book, position, (row) => ({ ...row, state: 'running', startedMs: nowMs }));
}

/** Its start did not come about. */
export function unbegun(book: SuiteBook, position: number): SuiteBook {
  return withRow(book, position, ({ runId, competition, seed }) => ({ runId, competition, seed, state: 'waiting' }));
}

/** The first report of a run counts; one that comes again, or from a run that is not of this suite, changes nothing. */
export function reported(book: SuiteBook, report: RunReport, nowMs: number): SuiteBook {
  const position = book.rows.findIndex((row) => row.runId === report.runId);
  const row = book.rows[position];
  if (row === undefined || isEnded(row)) return book;
  return withRow(book, position, (before) => ({ ...before, ...report, endedMs: nowMs }));
}

export function isRunning(book: SuiteBook, runId: SuiteRow['runId']): boolean {
  return book.rows.some((row) => row.runId === runId && row.state === 'running');
}

/** A run that was ended from outside, and what it is known to have cost. */
export function lost(
  book: SuiteBook,
  runId: SuiteRow['runId'],
  message: string,
  nowMs: number,
  spent?: SuiteRow['spent'],
): SuiteBook {
  const position = book.rows.findIndex((row) => row.runId === runId && row.state === 'running');
  const end = { state: 'lost' as const, message, endedMs: nowMs, ...(spent && { spent }) };
  return position < 0 ? book : withRow(book, position, (row) => ({ ...row, ...end }));
}

/** Runs that never began are told so, with the reason. */
export function closed(book: SuiteBook, message: string): SuiteBook {
  const rows = book.rows.map(
    (row): SuiteRow => (row.state === 'waiting' ? { ...row, state: 'skipped', message } : row),
  );
  return { ...book, rows };
}

/** Why waiting runs do not begin any more. */
export function reasonToSkip(book: SuiteBook, limits: SuiteLimits, nowMs: number): string {
  if (book.stopped) return 'The suite was stopped.';
  if (isLate(book, limits, nowMs)) return 'The time of the suite was used up.';
  return `Another run could spend more than is left of the suite's ${limits.usd} US dollars.`;
}

function withRow(book: SuiteBook, position: number, change: (row: SuiteRow) => SuiteRow): SuiteBook {
  return { ...book, rows: book.rows.map((row, at) => (at === position ? change(row) : row)) };
}
