/** Options that every command which starts a run understands. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { PolicyName } from '../domain/search-config.js';
import { addAuthorOptions, authorshipOf, type RawAuthor } from './author-options.js';
import { durationMs } from './duration.js';
import { chooseMachines } from './machines.js';
import { presetHelp, presetOf } from './preset.js';
import { checkBudget, type StartOptions } from './start.js';
import { whole } from './whole.js';

export interface RawRunOptions extends RawAuthor {
  readonly budget: string;
  readonly slots?: string;
  readonly ahead?: string;
  /** Absent where the command has seeds of its own. */
  readonly seed?: string;
  readonly splitSeed?: string;
  readonly policy: string;
  readonly preset?: string;
  readonly executions?: string;
  readonly memory?: string;
  readonly mode: string;
  readonly requireSandbox?: boolean;
  readonly executor?: string;
  readonly class?: string;
  readonly output?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

export interface RunOptionsOf {
  readonly budget: string;
  /** Options that would have no effect in a command, which refuses them. */
  readonly without?: 'seed' | 'detach';
}

export function addRunOptions(command: Command, { budget, without }: RunOptionsOf): Command {
  command
    .option('--budget <duration>', 'wall time of the whole run: 90s, 5m, 2h30m; a bare number is minutes', budget)
    .option('--slots <n>', 'programs that run at the same time (default: what the machine can take)');
  if (without !== 'seed') command.option('--seed <n>', 'seed of the search', '1');
  command
    .option('--split-seed <n>', 'seed of the frozen split (default: 1)')
    .option('--policy <name>', PolicyName.options.join(', '), 'mcgs')
    .option('--preset <name>', `published settings of the policy (${presetHelp()})`)
    .option('--executions <n>', 'stop after this many programs')
    .option(
      '--ahead <n>',
      'programs written ahead of the free slots: a number, or auto by what writing and running take',
      '1',
    )
    .option('--memory <MiB>', 'memory of one program')
    .option('--mode <mode>', 'how programs are scored: auto, holdout, folds', 'auto')
    .option('--require-sandbox', 'refuse to run programs with less than a full sandbox or a pod each')
    .option('--executor <name>', 'where programs run: local, or kubernetes with the settings of docs/deploy.md')
    .option('--class <name>', 'class of machines of the Kubernetes settings that programs run on')
    .option('--output <folder>', 'parent folder of the results', 'runs');
  addAuthorOptions(command);
  if (without !== 'detach') command.option('--detach', 'start and return at once; what was started goes on');
  return command.option('--json', 'print the result as JSON');
}

/** @throws UserError `option-invalid`, `budget-too-small` and those of `authorshipOf`, before anything is started. */
export function parseRunOptions(raw: RawRunOptions): StartOptions {
  const budgetMs = durationMs(raw.budget, '--budget');
  chooseMachines(raw);
  checkBudget(budgetMs);
  const policy = oneOf(raw.policy, '--policy', PolicyName.options);
  return {
    budgetMs,
    seed: whole(raw.seed ?? '1', '--seed', 0),
    splitSeed: whole(raw.splitSeed ?? '1', '--split-seed', 0),
    policy,
    ...(raw.preset !== undefined && { preset: presetOf(policy, raw.preset) }),
    mode: oneOf(raw.mode, '--mode', ['auto', 'holdout', 'folds'] as const),
    requireSandbox: raw.requireSandbox ?? false,
    authorship: authorshipOf(raw),
    ...(raw.slots !== undefined && { slots: whole(raw.slots, '--slots', 1) }),
    ...(raw.executions !== undefined && { executions: whole(raw.executions, '--executions', 1) }),
    ...(raw.ahead !== undefined && { ahead: raw.ahead === 'auto' ? 'auto' : whole(raw.ahead, '--ahead', 0) }),
    ...(raw.memory !== undefined && { memoryMiB: whole(raw.memory, '--memory', 128) }),
    ...(raw.output !== undefined && { output: raw.output }),
  };
}

function oneOf<T extends string>(text: string, option: string, values: readonly T[]): T {
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new UserError('option-invalid', `${option} ${text} is not known.`, `Choose from ${values.join(', ')}.`);
}
