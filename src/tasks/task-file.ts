/** `task.toml`: read, checked against the schema of a task, and every slip named with its line. */
import { readFile } from 'node:fs/promises';
import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { METRICS, type MetricChoice, MetricName, MetricOptions, metricChosen } from '../domain/metric.js';
import { Task } from '../domain/task.js';
import { didYouMean } from './suggest.js';

/** `targets` is how a task is kept; people write several as `target = ["a", "b"]`. */
const KEYS = Object.keys(Task.shape).filter((key) => key !== 'targets');

/** @throws UserError `task-invalid` or `metric-unknown`, with the key, its line and the nearest valid key. */
export async function readTaskFile(path: string): Promise<Task> {
  return parseTask(await readFile(path, 'utf8'), path);
}

export function parseTask(text: string, path: string): Task {
  const raw = parseToml(text, path);
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) throw unknownKey(key, KEYS, 'a task', text, path);
  }
  const parsed = Task.safeParse({ ...raw, ...targetsIn(raw, text, path), ...metricIn(raw) });
  if (!parsed.success) throw invalidValue(parsed.error, raw, text, path);
  return checkedOptions(parsed.data, text, path);
}

/** The registered metric for whatever people call it, with the option that its name carries (`map@5`). */
export function metricOf(name: string): MetricChoice {
  const metric = metricChosen(name);
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

/** `target = ["a", "b"]` names the first as the target, and all of them. */
function targetsIn(raw: Record<string, unknown>, text: string, path: string): Record<string, unknown> {
  const { target } = raw;
  if (!Array.isArray(target)) return {};
  const names: readonly unknown[] = target;
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || name === '') || repeated !== undefined) {
    const why = repeated === undefined ? 'it must hold names of columns' : `${JSON.stringify(repeated)} is there twice`;
    throw new UserError(
      'task-invalid',
      `${path}${lineOf('target', text)}: target = ${JSON.stringify(target)} cannot be used: ${why}.`,
      'Name one column, or several: target = ["a", "b"].',
    );
  }
  return names.length === 1 ? { target: names[0] } : { target: names[0], targets: names };
}

/** What is written under `metric_options` counts more than what the metric's name says. */
function metricIn(raw: Record<string, unknown>): Record<string, unknown> {
  if (typeof raw.metric !== 'string') return {};
  const { name, options } = metricOf(raw.metric);
  const own = raw.metric_options;
  if (options === undefined || (own !== undefined && !isTable(own))) return { metric: name };
  return { metric: name, metric_options: { ...options, ...own } };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Options that a metric cannot do without, or that contradict the rest. */
function checkedOptions(task: Task, text: string, path: string): Task {
  const { metric, metric_options: options, targets } = task;
  if (metric === 'custom' && options?.file === undefined && task.ruler !== 'script') {
    throw new UserError(
      'task-invalid',
      `${path}${lineOf('metric', text)}: metric = "custom" needs the file that computes it.`,
      'Add metric_options = { file = "metric.py" }: Python with `score(answers, submission)` that returns a number.',
    );
  }
  const weights = options?.target_weights;
  if (weights !== undefined && weights.length !== (targets?.length ?? 1)) {
    throw new UserError(
      'task-invalid',
      `${path}${lineOf('target_weights', text)}: target_weights has ${weights.length} numbers for ${targets?.length ?? 1} targets.`,
      'Give one weight for each target.',
    );
  }
  return task;
}

function unknownKey(key: string, keys: readonly string[], where: string, text: string, path: string): UserError {
  const meant = key === 'targets' ? ' Write target = ["a", "b"].' : didYouMean(key, keys);
  return new UserError(
    'task-invalid',
    `${path}${lineOf(key, text)}: "${key}" is no key of ${where}.${meant}`,
    meant === '' ? `The keys are ${keys.join(', ')}.` : `Correct or remove "${key}".`,
  );
}

function invalidValue(error: z.ZodError, raw: Record<string, unknown>, text: string, path: string): UserError {
  const [issue] = error.issues;
  const [key = '', inner] = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys' && key === 'metric_options') {
    return unknownKey(issue.keys[0] ?? '', Object.keys(MetricOptions.shape), 'metric_options', text, path);
  }
  if (!(key in raw)) {
    return new UserError('task-invalid', `${path}: the key "${key}" is missing.`, `Add ${key} = "…".`);
  }
  const value = inner !== undefined && isTable(raw[key]) ? raw[key][inner] : raw[key];
  const shown = inner !== undefined && isTable(raw[key]) ? inner : key;
  return new UserError(
    'task-invalid',
    `${path}${lineOf(shown, text)}: ${shown} = ${JSON.stringify(value)} cannot be used: ${issue?.message ?? 'invalid'}.`,
    `Correct "${shown}". ${meaningOf(shown, key)}`.trim(),
  );
}

function meaningOf(name: string, key: string): string {
  const fields = { ...(key === 'metric_options' ? MetricOptions.shape : {}), ...Task.shape };
  return Object.entries(fields).find(([field]) => field === name)?.[1].description ?? '';
}

/** `, line 3` where the key is written: alone on its line, as the head of a table, or inside of one. */
function lineOf(key: string, text: string): string {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = text.split('\n');
  const own = new RegExp(`^\\s*(?:\\[+\\s*)?["']?${escaped}["']?\\s*[=\\].]`);
  const inside = new RegExp(`[{,.\\s]["']?${escaped}["']?\\s*=`);
  const index = [own, inside].map((pattern) => lines.findIndex((line) => pattern.test(line))).find((at) => at >= 0);
  return index === undefined ? '' : `, line ${index + 1}`;
}
