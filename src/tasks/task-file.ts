/** `task.toml`: read, checked against the schema of a task, and every slip named with its line. */
import { readFile } from 'node:fs/promises';
import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { METRICS, MetricName, metricNamed } from '../domain/metric.js';
import { Task } from '../domain/task.js';
import { didYouMean } from './suggest.js';

const KEYS = Object.keys(Task.shape);

/** @throws UserError `task-invalid` or `metric-unknown`, with the key, its line and the nearest valid key. */
export async function readTaskFile(path: string): Promise<Task> {
  return parseTask(await readFile(path, 'utf8'), path);
}

export function parseTask(text: string, path: string): Task {
  const raw = parseToml(text, path);
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) throw unknownKey(key, text, path);
  }
  const parsed = Task.safeParse(withMetricName(raw));
  if (parsed.success) return parsed.data;
  throw invalidValue(parsed.error, raw, text, path);
}

/** The registered name for whatever people call a metric. */
export function metricOf(name: string): MetricName {
  const metric = metricNamed(name);
  if (metric !== undefined) return metric;
  const known = MetricName.options.flatMap((option) => [option, ...METRICS[option].aliases]);
  throw new UserError(
    'metric-unknown',
    `The metric "${name}" is not registered.${didYouMean(name, known)}`,
    `Use one of ${MetricName.options.join(', ')}.`,
  );
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML';
    throw new UserError(
      'task-invalid',
      `${path}, line ${error.line}, column ${error.column}: ${reason}.`,
      'Correct that line.',
      { cause: error },
    );
  }
}

function withMetricName(raw: Record<string, unknown>): Record<string, unknown> {
  return typeof raw.metric === 'string' ? { ...raw, metric: metricOf(raw.metric) } : raw;
}

function unknownKey(key: string, text: string, path: string): UserError {
  const hint = didYouMean(key, KEYS);
  return new UserError(
    'task-invalid',
    `${path}${lineOf(key, text)}: "${key}" is no key of a task.${hint}`,
    hint === '' ? `The keys are ${KEYS.join(', ')}.` : `Correct or remove "${key}".`,
  );
}

function invalidValue(error: z.ZodError, raw: Record<string, unknown>, text: string, path: string): UserError {
  const [issue] = error.issues;
  const key = String(issue?.path[0] ?? '');
  if (!(key in raw)) {
    return new UserError('task-invalid', `${path}: the key "${key}" is missing.`, `Add ${key} = "…".`);
  }
  const field = Object.entries(Task.shape).find(([name]) => name === key)?.[1];
  const meaning = field?.description ?? '';
  return new UserError(
    'task-invalid',
    `${path}${lineOf(key, text)}: ${key} = ${JSON.stringify(raw[key])} cannot be used: ${issue?.message ?? 'invalid'}.`,
    `Correct "${key}". ${meaning}`.trim(),
  );
}

function lineOf(key: string, text: string): string {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^\\s*(?:\\[+\\s*)?["']?${escaped}["']?\\s*[=\\].]`);
  const index = text.split('\n').findIndex((line) => pattern.test(line));
  return index < 0 ? '' : `, line ${index + 1}`;
}
