/** Where the programs of a run are executed: told to everything that a command starts through the environment, which its worker inherits. */
import { UserError } from '../domain/errors.js';
import { runsInCluster } from '../worker/operations.js';

export interface RawMachines {
  readonly executor?: string;
  readonly class?: string;
}

/**
 * Puts the options into `environment`.
 * @throws UserError `option-invalid`, also for a class of machines where programs run on the machine of the worker: nobody would take them.
 */
export function chooseMachines(raw: RawMachines, environment: NodeJS.ProcessEnv = process.env): void {
  if (raw.executor !== undefined) {
    checkExecutor(raw.executor);
    environment.AUTOMLGEN_EXECUTOR = raw.executor;
  }
  if (raw.class !== undefined) environment.AUTOMLGEN_EXECUTION_CLASS = raw.class;
  const given = raw.class === undefined ? 'AUTOMLGEN_EXECUTION_CLASS' : '--class';
  checkClass(given, environment);
}

/** @throws UserError `option-invalid` for a class that no run could name. `given` is what the person set. */
export function checkClass(given: string, environment: NodeJS.ProcessEnv): void {
  const name = environment.AUTOMLGEN_EXECUTION_CLASS || 'cpu';
  if (runsInCluster(environment) || name === 'cpu') return;
  throw new UserError(
    'option-invalid',
    `${given} ${name} has no effect: programs run on the machine of the worker, which has one class, cpu.`,
    'Add --executor kubernetes (AUTOMLGEN_EXECUTOR), whose settings name the classes (docs/deploy.md), or leave it out.',
  );
}

function checkExecutor(name: string): void {
  if (name === 'local' || name === 'kubernetes') return;
  throw new UserError('option-invalid', `--executor ${name} is not known.`, 'Choose from local, kubernetes.');
}
