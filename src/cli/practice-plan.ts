/** Which runs a `practice run` consists of. */
import { operationsFrom, runsInCluster } from '../worker/operations.js';
import type { Authorship } from './author-options.js';
import type { PracticeKey } from './practice-log.js';
import type { StartOptions } from './start.js';

/** Every competition with the first seed, then every one with the second: a measurement that is cut short has seen them all. */
export function plannedRuns(
  competitions: readonly string[],
  builderSeeds: readonly number[],
  options: StartOptions,
  environment: NodeJS.ProcessEnv = process.env,
): readonly PracticeKey[] {
  const { budgetMs, seed, splitSeed, policy, preset, mode, executions, slots, memoryMiB } = options;
  const author = authorText(options.authorship);
  const machines = machinesText(environment);
  const common = { budgetSeconds: budgetMs / 1000, seed, splitSeed, policy, mode };
  return builderSeeds.flatMap((builderSeed) =>
    competitions.map((competition) => ({
      competition,
      builderSeed,
      ...common,
      ...(preset !== undefined && { preset }),
      ...(executions !== undefined && { executions }),
      ...(author !== undefined && { author }),
      ...(machines !== undefined && { machines }),
      ...(slots !== undefined && { askedSlots: slots }),
      ...(memoryMiB !== undefined && { memoryMiB }),
    })),
  );
}

/** Everything that makes a model another author: who it is, what it may spend, how it is asked. Prices and keys do not. */
function authorText(authorship: Authorship | undefined): string | undefined {
  if (authorship?.model === undefined) return undefined;
  const { author, model, caps, stub } = authorship;
  return JSON.stringify([author, model, caps, ...(stub === undefined ? [] : [stub])]);
}

function machinesText(environment: NodeJS.ProcessEnv): string | undefined {
  return runsInCluster(environment) ? `kubernetes/${operationsFrom(environment).executionClass}` : undefined;
}
