/** The log of `practice run`: one line of JSON for each run, also for each that failed, appended as soon as it has ended. */
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { Grade } from '../domain/evaluation.js';
import { Part } from '../domain/part.js';
import { Score } from '../domain/score.js';

/** What makes two runs the same measurement. A line of an older log lacks the later ones: they had these values. */
const Key = z.object({
  competition: z.string(),
  builderSeed: z.number().int(),
  budgetSeconds: z.number(),
  seed: z.number().int().default(1),
  splitSeed: z.number().int().default(1),
  policy: z.string().default('mcgs'),
  preset: z.string().optional(),
  mode: z.string().default('auto'),
  executions: z.number().int().optional(),
  without: Part.optional(),
  author: z
    .string()
    .optional()
    .describe('Who writes the programs, with what its model was told; absent: the composer.'),
  machines: z.string().optional().describe('Executor and class of machines; absent: the machine of the worker.'),
  askedSlots: z.number().int().optional().describe('Programs at the same time; absent: what the machine can take.'),
  memoryMiB: z.number().int().optional().describe('Memory of one program; absent: the default there.'),
});
export type PracticeKey = z.infer<typeof Key>;

const Row = Key.extend({
  runId: z.string(),
  metric: z.string(),
  slots: z.number(),
  grade: Grade.nullable(),
  estimate: Score.nullable(),
  /** Best single program on the hidden rows that chose it. */
  bestSingle: Score.nullable(),
  chosen: z.string(),
  nodes: z.object({ valid: z.number(), failed: z.number(), rejected: z.number() }),
  failures: z.record(z.string(), z.number()),
  utilisation: z.number(),
  eventsPerNode: z.number(),
  bytesPerNode: z.number(),
});
export type PracticeRow = z.infer<typeof Row>;

const Failure = Key.extend({
  failed: z.object({ code: z.string().optional(), message: z.string(), next: z.string().optional() }),
});
export type PracticeFailure = z.infer<typeof Failure>;

export type PracticeEntry = PracticeRow | PracticeFailure;

export function isFailure(entry: PracticeEntry): entry is PracticeFailure {
  return 'failed' in entry;
}

/** The same for two entries of the same measurement. */
export function keyText(key: PracticeKey): string {
  const { competition, builderSeed, budgetSeconds, seed, splitSeed, policy, preset, mode, executions, without } = key;
  const { author, machines, askedSlots, memoryMiB } = key;
  const searched = [
    seed,
    splitSeed,
    policy,
    preset,
    mode,
    executions,
    without,
    author,
    machines,
    askedSlots,
    memoryMiB,
  ];
  return JSON.stringify([competition, builderSeed, budgetSeconds, ...searched.map((value) => value ?? null)]);
}

/** One entry for each measurement, in the order in which they first appear: its last finished run, else its last failure. */
export function settled(entries: readonly PracticeEntry[]): readonly PracticeEntry[] {
  const found = new Map<string, PracticeEntry>();
  for (const entry of entries) {
    const before = found.get(keyText(entry));
    if (before === undefined || !isFailure(entry) || isFailure(before)) found.set(keyText(entry), entry);
  }
  return [...found.values()];
}

/** What is still to be run: everything that has no finished run in the log. A failed run is tried again. */
export function missing(planned: readonly PracticeKey[], entries: readonly PracticeEntry[]): readonly PracticeKey[] {
  const done = new Set(entries.filter((entry) => !isFailure(entry)).map(keyText));
  return planned.filter((key) => !done.has(keyText(key)));
}

/**
 * Reads a log. A last line without its end was being written when the command was killed: it is passed over.
 * @throws UserError `option-invalid` for any other line that is no entry.
 */
export function parseLog(text: string, path: string): readonly PracticeEntry[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const entry = parseLine(line);
    if (entry) return [entry];
    if (index === lines.length - 1) return [];
    throw new UserError(
      'option-invalid',
      `Line ${index + 1} of ${path} is no result of \`practice run\`: ${line.slice(0, 60)}`,
      'Give a file that `practice run --log` wrote, or remove the line.',
    );
  });
}

function parseLine(line: string): PracticeEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const failure = Failure.safeParse(value);
    return failure.success ? failure.data : Row.safeParse(value).data;
  } catch {
    return undefined;
  }
}

/** The entries of a log; none where the file does not exist yet. */
export async function readLog(path: string): Promise<readonly PracticeEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return parseLog(text, path);
}

/** Appends one whole line. The part of a line that a killed command left behind is removed first, so that it spoils nothing. */
export async function appendEntry(path: string, entry: PracticeEntry): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const tail = text.slice(whole.length);
  const keep = tail !== '' && parseLine(tail) !== undefined;
  if (tail !== '' && !keep) await truncate(path, Buffer.byteLength(whole));
  await appendFile(path, `${keep ? '\n' : ''}${JSON.stringify(entry)}\n`);
}
