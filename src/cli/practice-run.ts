/** Runs practice competitions one after the other and tells how each went, as rows that a table is made of. */
import type { Grade } from '../domain/evaluation.js';
import type { RunResult, RunStatus } from '../domain/run-status.js';
import type { Score } from '../domain/score.js';
import { loadChoice } from './facts.js';
import { progress } from './output.js';
import { practiceSource } from './practice-source.js';
import { openSession, type Session } from './session.js';
import { type StartOptions, start } from './start.js';

export interface PracticeRow {
  readonly competition: string;
  readonly builderSeed: number;
  readonly runId: string;
  readonly metric: string;
  readonly budgetSeconds: number;
  readonly slots: number;
  readonly grade: Grade | null;
  readonly estimate: Score | null;
  /** Best single program on the hidden rows that chose it. */
  readonly bestSingle: Score | null;
  readonly chosen: string;
  readonly nodes: RunStatus['nodes'];
  readonly failures: RunStatus['failures'];
  readonly utilisation: number;
  readonly history: { readonly events: number; readonly bytes: number };
  readonly eventsPerNode: number;
  readonly bytesPerNode: number;
}

export interface PracticePlan {
  readonly competitions: readonly string[];
  readonly builderSeeds: readonly number[];
  readonly options: StartOptions;
}

/** One run at a time: they share the machine, and a number from a shared slot means nothing. */
export async function runPractice(plan: PracticePlan, onRow: (row: PracticeRow) => Promise<void>): Promise<void> {
  const session = await openSession({ worker: true });
  try {
    for (const competition of plan.competitions) {
      for (const builderSeed of plan.builderSeeds) {
        progress(`${competition}, builder seed ${builderSeed}, ${plan.options.budgetMs / 1000} s …`);
        await onRow(await runOne(session, competition, builderSeed, plan.options));
      }
    }
  } finally {
    await session.close();
  }
}

async function runOne(
  session: Session,
  competition: string,
  builderSeed: number,
  options: StartOptions,
): Promise<PracticeRow> {
  const source = await practiceSource(competition, String(builderSeed));
  const run = await start(session, source, options);
  const result: RunResult = await run.result();
  const [status, record, history] = await Promise.all([
    run.status(),
    session.store.runs.find(run.runId),
    run.history(),
  ]);
  const choice = record ? await loadChoice(record) : null;
  const ended = Math.max(1, status.nodes.valid + status.nodes.failed);
  return {
    competition,
    builderSeed,
    runId: run.runId,
    metric: source.task.metric,
    budgetSeconds: options.budgetMs / 1000,
    slots: status.slots,
    grade: result.grade,
    estimate: result.estimate,
    bestSingle: choice?.candidates.find((candidate) => candidate.kind === 'single')?.pooled ?? null,
    chosen: choice ? `${choice.chosen.kind} of ${choice.chosen.members.length}` : 'baseline',
    nodes: status.nodes,
    failures: status.failures,
    utilisation: status.utilisation,
    history,
    eventsPerNode: history.events / ended,
    bytesPerNode: history.bytes / ended,
  };
}
