/** `automlgen replay --policy`: finds the recorded run, asks another policy about it and prints the comparison. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../domain/errors.js';
import { SearchEvent } from '../domain/run-event.js';
import { PolicyName } from '../domain/search-config.js';
import { SearchStart, searchStartOf } from '../results/search-start.js';
import { initialState } from '../search/initial-state.js';
import { printJson } from './output.js';
import { presetOf } from './preset.js';
import { policyReplayLines } from './render/policy-replay.js';
import { compareWith } from './replay-policy.js';

export interface Recorded {
  readonly start: SearchStart;
  readonly events: readonly SearchEvent[];
}

export interface ReplayPolicyOptions {
  readonly policy: string;
  readonly preset?: string;
  readonly json?: boolean;
}

export async function replayPolicy(name: string, options: ReplayPolicyOptions): Promise<void> {
  const policy = policyOf(options.policy);
  const preset = options.preset === undefined ? undefined : presetOf(policy, options.preset);
  const { start, events } = name.endsWith('.jsonl') ? await recordedIn(name) : await recordedRun(name);
  const replay = compareWith(initialState(start), events, policy, preset);
  if (replay.expansions === 0) {
    throw new UserError(
      'run-unknown',
      `${name} has no expansion to compare: nothing was searched in it.`,
      'Name a run with programs; `automlgen list` shows how many each has.',
    );
  }
  if (options.json) printJson(replay);
  else for (const line of policyReplayLines(replay, start.config.policy)) console.log(line);
}

/** @throws UserError `path-missing` or `option-invalid`, with the line that cannot be read. */
export async function recordedIn(path: string): Promise<Recorded> {
  const beside = join(dirname(path), 'search.json');
  const [text, about] = await Promise.all([read(path), read(beside)]);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const events = lines.map((line, index) => parsed(SearchEvent, line, `Line ${index + 1} of ${path}`));
  return { start: parsed(SearchStart, about, beside), events };
}

async function recordedRun(name: string): Promise<Recorded> {
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: false, quiet: true });
  try {
    const run = await session.findRun(name);
    const { prepared } = run;
    if (prepared === undefined) {
      throw new UserError('run-unknown', `${run.runId} had not begun to search.`, 'Name another run, or wait for it.');
    }
    return { start: searchStartOf({ ...run, prepared }), events: await session.store.events.read(run.runId) };
  } finally {
    await session.close();
  }
}

function policyOf(name: string): PolicyName {
  const policy = PolicyName.safeParse(name);
  if (policy.success) return policy.data;
  throw new UserError(
    'option-invalid',
    `--policy ${name} is not known.`,
    `Choose from ${PolicyName.options.join(', ')}.`,
  );
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const next = 'Name the events.jsonl of a results folder, with its search.json beside it, or a run.';
    throw new UserError('path-missing', `${path} cannot be read.`, next, { cause });
  });
}

function parsed<T>(schema: { parse: (value: unknown) => T }, text: string, where: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const next = 'Name a file that a run of this version wrote.';
    throw new UserError('option-invalid', `${where} is not what a run writes.`, next, { cause });
  }
}
