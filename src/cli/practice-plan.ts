/** Which runs a `practice run` consists of. */
import type { PracticeKey } from './practice-log.js';
import type { StartOptions } from './start.js';

/** Every competition with the first seed, then every one with the second: a measurement that is cut short has seen them all. */
export function plannedRuns(
  competitions: readonly string[],
  builderSeeds: readonly number[],
  options: StartOptions,
): readonly PracticeKey[] {
  const { budgetMs, seed, splitSeed, policy, preset, mode, executions } = options;
  const common = { budgetSeconds: budgetMs / 1000, seed, splitSeed, policy, mode };
  return builderSeeds.flatMap((builderSeed) =>
    competitions.map((competition) => ({
      competition,
      builderSeed,
      ...common,
      ...(preset !== undefined && { preset }),
      ...(executions !== undefined && { executions }),
    })),
  );
}
