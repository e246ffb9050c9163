/** The stable part: the task as its card, its own words and its files tell it. Names and words of the competition stand in fences only. */
import type { ColumnProfile, TaskCard } from '../../../domain/task-card.js';
import type { ProposalRequest } from '../../port.js';
import type { CountTokens } from '../views/budgeted.js';
import { oneLine } from '../views/untrusted.js';
import type { Block } from './assemble.js';
import { dataBlock, listBlock, plainBlock } from './block.js';
import { hostless } from './hostless.js';
import { METRIC_WORDS } from './metric-words.js';
import { shown } from './numbers.js';
import { packageNotes } from './package-notes.js';
import type { Visibility } from './visibility.js';

const MOST = { description: 5_000, profile: 3_000, inputs: 1_500 };

export function taskBlocks(request: ProposalRequest, sight: Visibility, count: CountTokens): readonly Block[] {
  const { card } = request;
  // Those that every prompt has come first, so that operators share as long a beginning as they can.
  return [
    cardBlock(card, count),
    plainBlock('scoring', scoringText(request)),
    plainBlock('resources', resourcesText(request)),
    ...(sight.profile ? [profileBlock(card, count)] : []),
    ...(sight.description ? [descriptionBlock(request, count)] : []),
    ...(sight.inputs && request.inputs ? [inputsBlock(request.inputs, count)] : []),
  ];
}

function cardBlock(card: TaskCard, count: CountTokens): Block {
  const quoted = (names: readonly string[], most: number): string =>
    [
      ...names.slice(0, most).map((name) => JSON.stringify(oneLine(name, 80))),
      ...(names.length > most ? [`… ${names.length - most} more`] : []),
    ].join(', ');
  const lines = [
    `title: ${oneLine(card.title, 200)}`,
    `kind of data: ${card.modality}; kind of prediction: ${card.taskType}`,
    `target: ${quoted(card.targets ?? [card.target], 40)}; id column: ${quoted([card.idColumn], 1)}`,
    `columns of submission.csv after the id: ${quoted(card.submissionColumns, 60)}`,
    ...(card.classes ? [`classes (${card.classes.length}): ${quoted(card.classes, 60)}`] : []),
    ...(card.targetRange ? [`range of the target: ${card.targetRange.map((end) => shown(end)).join(' to ')}`] : []),
    `rows: ${card.rows.train} labelled, ${card.rows.test} to predict`,
    ...(card.group === undefined ? [] : [`groups: ${quoted([card.group], 1)}`]),
    ...(card.time === undefined ? [] : [`time: ${quoted([card.time], 1)}`]),
    ...(card.image ? [`images: ${imageText(card.image)}`] : []),
    ...(card.regimes.length > 0 ? [`special: ${card.regimes.join(', ')}`] : []),
    ...(words(card.metricOptions).length > 0 ? [`options of the metric: ${words(card.metricOptions).join(', ')}`] : []),
    ...card.warnings.slice(0, 12).map((warning) => `warning: ${oneLine(hostless(warning), 240)}`),
  ];
  const shape = { name: 'card', heading: '# The task', label: 'task card', kind: 'text' } as const;
  return dataBlock(shape, lines.join('\n'), count);
}

function imageText(image: NonNullable<TaskCard['image']>): string {
  const { folder, column, suffix, width, height, channels } = image;
  const path = `./input/${oneLine(folder, 80)}/<${oneLine(column, 80)}>${oneLine(suffix, 20)}`;
  return `${path}, ${width} × ${height}, ${channels} channels`;
}

const PREDICTIONS = {
  probability: 'probabilities between 0 and 1 (of all classes of a row: sum 1)',
  label: 'labels, written as in train.csv, and probabilities.csv beside them',
  value: 'numbers',
  text: 'texts in the form of the sample submission',
} as const;

const RELATIONS = {
  random: 'Rows to predict are like labelled rows: validate on random folds, stratified where there are classes.',
  group: 'Rows to predict belong to groups that train.csv does not have: validate on whole groups.',
  time: 'Rows to predict come after the labelled rows: validate on the latest rows, train on those before.',
  'group+time':
    'Rows to predict are the latest of their groups: validate on the latest rows of each group, train on those before.',
} as const;

function scoringText({ card, split }: ProposalRequest): string {
  const better = card.direction === 'maximise' ? 'higher is better' : 'lower is better';
  return [
    '# How it is scored',
    '',
    `Metric: ${card.metric}${numbers(card.metricOptions)}, ${better}: ${METRIC_WORDS[card.metric]}.`,
    `submission.csv holds ${PREDICTIONS[card.predictions]}.`,
    RELATIONS[split.relation],
    runsText(split),
  ].join('\n');
}

type Options = TaskCard['metricOptions'];

/** Options that name columns or labels are the competition's words: they stand in the card's fence. */
function words(options: Options): readonly string[] {
  return Object.entries(options ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'file' && name !== 'function'
      ? [`${name} = ${JSON.stringify(oneLine(value, 80))}`]
      : [],
  );
}

function numbers(options: Options): string {
  const told = Object.entries(options ?? {}).filter(([, value]) => typeof value !== 'string');
  return told.length === 0 ? '' : ` (${told.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')})`;
}

function runsText({ mode, folds }: ProposalRequest['split']): string {
  if (mode === 'script') {
    return 'Nothing could be hidden here: the program scores itself. Its last line on standard output is `automlgen_score=<number>`, its honest validation score in the metric above.';
  }
  return mode === 'folds'
    ? `The program runs up to ${folds} times, each time with another part of the labelled rows hidden in test.csv; the time limit holds for each run.`
    : 'A fixed part of the labelled rows is hidden in test.csv.';
}

function descriptionBlock({ description }: ProposalRequest, count: CountTokens): Block {
  const shape = { name: 'description', heading: '', label: 'task description', kind: 'description' } as const;
  return dataBlock({ ...shape, most: MOST.description }, description, count);
}

/** Few columns: each on a line. Many: what they are together, then as many as fit. */
function profileBlock({ columns }: TaskCard, count: CountTokens): Block {
  const kinds = new Map<string, number>();
  for (const { kind } of columns) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const together = `${columns.length} columns: ${[...kinds].map(([kind, times]) => `${times} ${kind}`).join(', ')}`;
  return listBlock(
    { name: 'profile', heading: '', label: 'columns of train.csv', most: MOST.profile },
    columns.length === 0 ? [] : [together, ...columns.map(columnText)],
    count,
  );
}

function columnText(column: ColumnProfile): string {
  const { name, kind, missing, unique, inTest, min, max, meanLength } = column;
  const facts = [
    kind,
    `${unique} distinct`,
    ...(min !== undefined && max !== undefined ? [`${shown(min)} to ${shown(max)}`] : []),
    ...(meanLength === undefined ? [] : [`${Math.round(meanLength)} characters`]),
    ...(missing > 0 ? [`${shown(missing * 100, 2)} % missing`] : []),
    ...(inTest ? [] : ['NOT in test.csv']),
  ];
  return `${JSON.stringify(oneLine(name, 80))}: ${facts.join(', ')}`;
}

function inputsBlock(inputs: NonNullable<ProposalRequest['inputs']>, count: CountTokens): Block {
  const items = inputs.map(({ path, bytes, head }) => {
    const title = `./input/${oneLine(path, 120)} (${bytes} bytes)`;
    return head === undefined ? title : `${title}\n${head.trimEnd().replace(/^/gm, '  ')}`;
  });
  return listBlock({ name: 'inputs', heading: '', label: 'input files', most: MOST.inputs }, items, count);
}

function resourcesText({ card, limits }: ProposalRequest): string {
  const packages = Object.entries(card.packages).map(([name, version]) => `${name} ${version}`);
  const notes = packageNotes(card.packages);
  return [
    '# What it may use',
    '',
    `Cores: ${limits.cpus}. Memory: ${limits.memoryMiB} MiB. ${gpuText(limits.gpus ?? 0)}`,
    packages.length > 0 ? `Packages: ${packages.join(', ')}.` : 'Packages: those of the scientific Python stack.',
    ...(notes.length > 0 ? ['What these versions do not take any more:', ...notes] : []),
  ].join('\n');
}

function gpuText(gpus: number): string {
  if (gpus === 0) return 'No GPU: choose what trains on the cores within the time.';
  return `GPUs: ${gpus}. Train on ${gpus === 1 ? 'it' : 'them'} what gains by it, and end with a clear message where none is found.`;
}
