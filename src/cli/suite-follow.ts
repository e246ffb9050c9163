/** Watches a suite until it ends: a line for each run that begins or ends. The suite does not depend on it. */
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suiteHeadlines, suiteMarkdown } from '../benchmarks/suite-table.js';
import type { SuiteClient } from '../client/suites.js';
import { UserError } from '../domain/errors.js';
import type { SuiteRow, SuiteStatus } from '../domain/suite.js';
import { scoreText } from '../results/number.js';
import { type OutputOptions, printJson, progress } from './output.js';

const EVERY_MS = 1_000;
const KEEP_TICKS = 5;

/**
 * Returns when the suite has ended, or after Ctrl-C, which leaves it alone. Prints the table at the end.
 * @throws UserError `run-closed` when the suite can write no table any more.
 */
export async function followSuite(
  suite: SuiteClient,
  { json }: OutputOptions,
  keepWorking: () => Promise<void>,
): Promise<void> {
  const detach = new AbortController();
  const onInterrupt = (): void => detach.abort();
  process.once('SIGINT', onInterrupt);
  const tell = createTeller();
  try {
    for (let tick = 1; !detach.signal.aborted; tick += 1) {
      if (tick % KEEP_TICKS === 0) await keepWorking();
      // Asked before the status: what has ended by then has its last status already.
      const open = tick % KEEP_TICKS !== 0 || (await suite.isOpen().catch(() => true));
      // A query may fail while a worker restarts or the chain continues; the next one will tell.
      const status = await suite.status().catch(() => undefined);
      if (status !== undefined) {
        tell(status);
        if (status.phase === 'done' || status.phase === 'cancelled') return printEnd(status, json ?? false);
      }
      if (!open && status !== undefined) throw brokenOff(suite.suiteId);
      await sleep(EVERY_MS, undefined, { signal: detach.signal }).catch(() => undefined);
    }
    progress(`\nThe suite goes on without this window. Come back with \`automlgen suite watch ${suite.suiteId}\`,`);
    progress('see the table with `automlgen suite status`, or end it with `automlgen suite stop`.');
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}

function brokenOff(suiteId: string): UserError {
  return new UserError(
    'run-closed',
    `Suite ${suiteId} was terminated or could not write its table; runs that had begun go on without it.`,
    `See what it knows with \`automlgen suite status ${suiteId}\`, and its runs with \`automlgen list\`.`,
  );
}

function printEnd(status: SuiteStatus, json: boolean): void {
  if (json) {
    printJson({ ...status, headlines: suiteHeadlines(status) });
    return;
  }
  process.stdout.write(`\n${suiteMarkdown(status)}`);
  if (status.folder === undefined) return;
  const folder = relative(process.cwd(), status.folder) || status.folder;
  progress(`Written to ${folder}/ (suite.md, suite.json, submissions.jsonl, and a folder for each run).`);
}

function createTeller(): (status: SuiteStatus) => void {
  const told = new Map<string, string>();
  return ({ rows }) => {
    const ended = rows.filter((row) => row.state !== 'waiting' && row.state !== 'running').length;
    for (const row of rows) {
      if (row.state === 'waiting' || told.get(row.runId) === row.state) continue;
      told.set(row.runId, row.state);
      progress(`[${ended}/${rows.length}] ${row.competition}, seed ${row.seed}: ${outcomeOf(row)}`);
    }
  };
}

function outcomeOf({ state, runId, message, result }: SuiteRow): string {
  if (state === 'running') return `running as ${runId}`;
  const score = result?.grade?.score ?? result?.estimate;
  const medal = result?.grade && result.grade.medal !== 'none' ? `, ${result.grade.medal}` : '';
  const value = score ? ` ${scoreText(score)}${medal}` : '';
  return `${state}${value}${message === undefined ? '' : `: ${message}`}`;
}
