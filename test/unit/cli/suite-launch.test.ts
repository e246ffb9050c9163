/** A suite is refused before anything is built or started, with the value and what to do. */
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { addPracticeRun } from '../../../src/cli/practice-run-command.js';
import { registerSuite } from '../../../src/cli/suite.js';
import { launchSuite, type SuitePlan } from '../../../src/cli/suite-launch.js';
import { UserError } from '../../../src/domain/errors.js';

const plan = (competitions: readonly string[], parallel = 1): SuitePlan => ({
  name: 'suite',
  competitions,
  practice: false,
  seeds: [1, 2],
  limits: { parallel },
  options: { budgetMs: 60_000, seed: 1, splitSeed: 1, policy: 'mcgs', mode: 'auto', requireSandbox: false },
});

async function refusal(of: SuitePlan): Promise<UserError> {
  const error = await launchSuite(of, { detach: true }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof UserError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

test('a name that is neither competition nor folder is refused before the ones before it are built', async () => {
  const { code, message, next } = await refusal(plan(['p02', 'p06-docstring']));
  expect(code).toBe('practice-unknown');
  expect(message).toMatch(/"p06-docstring".*Nor is there a folder \/.*p06-docstring\.$/);
  expect(next).toContain('p06-docstrings');
  expect(await refusal(plan(['no/such']))).toMatchObject({ code: 'path-missing' });
  expect(await refusal(plan([]))).toMatchObject({ code: 'option-invalid', message: 'No competition was named.' });
});

test('no more runs at the same time than can be asked for later', async () => {
  const { code, message } = await refusal(plan(['p06-docstring'], 201));
  expect([code, message]).toEqual(['option-invalid', expect.stringContaining('--parallel 201')]);
  expect((await refusal(plan(['p06-docstring'], 200))).code).toBe('practice-unknown');
});

test('no more runs than a message can carry are refused before a name is looked at', async () => {
  const seeds = (count: number) => ({
    ...plan(['p06-docstring']),
    seeds: Array.from({ length: count }, (_, seed) => seed),
  });
  const { code, message, next } = await refusal(seeds(501));
  expect([code, message]).toEqual(['option-invalid', expect.stringContaining('are 501 runs; a suite has at most 500')]);
  expect(next).toContain('--first-seed');
  expect((await refusal(seeds(500))).code).toBe('practice-unknown');
});

test('a seed of the split is refused for a folder, which is split by the seed of each run', async () => {
  const asked = { ...plan(['src']), splitSeedAsked: true };
  expect(await refusal(asked)).toMatchObject({
    code: 'option-invalid',
    message: expect.stringMatching(/--split-seed.* src:/),
  });
  expect((await refusal({ ...asked, competitions: ['p06-docstring'] })).code).toBe('practice-unknown');
  expect((await refusal(plan(['src']))).message).not.toContain('--split-seed');
});

/** What commander says about an option. */
async function parsed(register: (program: Command) => void, ...words: string[]): Promise<unknown> {
  const program = new Command();
  register(program);
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.commands.forEach(quiet);
  };
  quiet(program);
  return program.parseAsync(words, { from: 'user' }).then(
    () => 'ran',
    (error: { readonly code?: string }) => error.code,
  );
}

test('money for a whole suite is refused where nothing says what one run may spend', async () => {
  const suite = ['suite', 'run', 'p06-docstring', '--usd', '5'];
  const model = ['--author', 'llm', '--stub'];
  expect(await parsed(registerSuite, ...suite, ...model)).toBe('option-invalid');
  expect(await parsed(registerSuite, ...suite, ...model, '--max-usd', '1')).toBe('practice-unknown');
  expect(await parsed(registerSuite, ...suite)).toBe('practice-unknown');
});

test('options that would have no effect are unknown', async () => {
  expect(await parsed(registerSuite, 'suite', 'run', '--seed', '3')).toBe('commander.unknownOption');
  expect(await parsed(registerSuite, 'suite', 'run', '--seeds', '3', '--detach')).toBe('option-invalid');
  expect(await parsed(addPracticeRun, 'run', '--detach')).toBe('commander.unknownOption');
  expect(await parsed(addPracticeRun, 'run', '--seed', '3')).toBe('option-invalid');
});
