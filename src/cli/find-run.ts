/** Names of runs as people write them: `last`, a run id, or the beginning of exactly one. */
import { UserError } from '../domain/errors.js';
import type { RunId } from '../domain/ids.js';
import type { RunRecord, Runs } from '../store/runs.js';

const NAMED = 5;

/** @throws UserError `run-unknown` for a name that is none, or the beginning of several. */
export async function findRun(
  runs: Pick<Runs, 'find' | 'latest' | 'beginningWith'>,
  name = 'last',
): Promise<RunRecord> {
  if (name === 'last') {
    const [latest] = await runs.latest(1);
    if (latest) return latest;
    throw new UserError('run-unknown', 'There is no run yet.', 'Start one with `automlgen demo`.');
  }
  const exact = await runs.find(name as RunId);
  if (exact) return exact;
  const matches = name === '' ? [] : await runs.beginningWith(name, NAMED + 1);
  const [only, ...others] = matches;
  if (only && others.length === 0) return only;
  if (only) {
    const count = matches.length > NAMED ? `more than ${NAMED}` : matches.length;
    const names = matches.slice(0, NAMED).map((run) => run.runId);
    throw new UserError(
      'run-unknown',
      `${name} begins ${count} runs: ${names.join(', ')}.`,
      'Write more of the run id.',
    );
  }
  const some = (await runs.latest(1)).length > 0;
  const next = some ? 'See them with `automlgen list`.' : 'Start one with `automlgen demo`.';
  throw new UserError('run-unknown', `No run is called ${name}.`, next);
}
