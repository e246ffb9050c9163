/** From a task and options to a started run: the part that `run`, `demo` and `practice run` share. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type RunClient, startRun } from '../client/runs.js';
import { UserError } from '../domain/errors.js';
import { runIdOf } from '../domain/ids.js';
import type { Part } from '../domain/part.js';
import { RunConfig } from '../domain/run-config.js';
import type { PolicyName, PolicyPreset } from '../domain/search-config.js';
import type { SuiteConfig } from '../domain/suite.js';
import type { TaskSource } from '../domain/task.js';
import { type Authorship, COMPOSER } from './author-options.js';
import type { Session } from './session.js';
import { configWithout, sourceWithout } from './without.js';

export interface StartOptions {
  readonly budgetMs: number;
  readonly slots?: number;
  /** Proposals made ahead of the free slots. */
  readonly ahead?: number | 'auto';
  readonly seed: number;
  readonly splitSeed: number;
  readonly policy: PolicyName;
  readonly preset?: PolicyPreset;
  readonly executions?: number;
  readonly memoryMiB?: number;
  readonly mode: RunConfig['mode'];
  readonly requireSandbox: boolean;
  /** Absent: the composer. */
  readonly authorship?: Authorship;
  /** Part of the system to do without. */
  readonly without?: Part;
  /** Parent folder of the results; absent: `./runs`. */
  readonly output?: string;
}

/** Least wall time that covers preparing, one short program and the choice. */
export const LEAST_BUDGET_MS = 30_000;

/** @throws UserError `budget-too-small`. */
export function checkBudget(budgetMs: number): void {
  if (budgetMs >= LEAST_BUDGET_MS) return;
  throw new UserError(
    'budget-too-small',
    `A budget of ${budgetMs / 1000} s does not cover splitting the data, one program and the final choice.`,
    `Give at least ${LEAST_BUDGET_MS / 1000} s, for example --budget 5m.`,
  );
}

export async function start(session: Session, task: TaskSource, options: StartOptions): Promise<RunClient> {
  const source = sourceWithout(task, options.without);
  const runId = runIdOf(source.task.id, new Date());
  const whole = RunConfig.parse({
    ...(await commonConfig(options)),
    splitSeed: options.splitSeed,
    resultsFolder: resolve(options.output ?? 'runs', runId),
  });
  const config = configWithout(whole, options.without);
  await session.store.runs.save({ runId, source, config, startedAt: new Date(), phase: 'preparing' });
  return startRun(session.temporal.client, { runId, source, config }, userInfo().username);
}

/** What all runs that are started with the same options share. */
export async function commonConfig(options: StartOptions): Promise<SuiteConfig> {
  const { executionDefaults } = await import('./execution-defaults.js');
  const limits = executionDefaults(options.slots);
  return RunConfig.omit({ splitSeed: true, resultsFolder: true }).parse({
    search: {
      policy: options.policy,
      ...(options.preset !== undefined && { preset: options.preset }),
      seed: options.seed,
      slots: options.slots ?? limits.slots,
      budgetMs: options.budgetMs,
      ...(options.executions !== undefined && { executions: options.executions }),
      ...(options.ahead !== undefined && { proposalsAhead: options.ahead }),
    },
    ...(limits.executionClass !== undefined && { executionClass: limits.executionClass }),
    limits: { ...limits.limits, ...(options.memoryMiB !== undefined && { memoryMiB: options.memoryMiB }) },
    mode: options.mode,
    requireSandbox: options.requireSandbox,
    ...(await authored(options.authorship ?? COMPOSER)),
  });
}

/** With the address of the stub where there is one: it is started now. */
async function authored({ author, model, caps, prices, stub }: Authorship): Promise<object> {
  if (model === undefined) return { author, caps, prices };
  if (stub === undefined) return { author, model, caps, prices };
  const { ensureStub } = await import('./embedded-stub.js');
  const { places } = await import('./places.js');
  return { author, model: { ...model, server: await ensureStub(places(), stub) }, caps, prices };
}
