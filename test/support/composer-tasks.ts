/** Small task cards and requests for tests of the composer. */
import type { ProposalRequest } from '../../src/authors/port.js';
import type { SplitManifest } from '../../src/domain/split.js';
import { type ColumnProfile, TaskCard } from '../../src/domain/task-card.js';

type Column = Partial<ColumnProfile> & Pick<ColumnProfile, 'name' | 'kind'>;

function column(profile: Column): ColumnProfile {
  return { missing: 0, unique: 50, inTest: true, ...(isNumber(profile) && { min: -5, max: 9 }), ...profile };
}

function isNumber({ kind }: Column): boolean {
  return kind === 'number' || kind === 'integer';
}

const BASE = {
  taskId: 'toy',
  title: 'Toy',
  idColumn: 'id',
  rows: { train: 240, test: 60 },
  regimes: [],
  packages: {},
  warnings: [],
};

const TABLE = [
  column({ name: 'id', kind: 'id' }),
  column({ name: 'size', kind: 'number', missing: 0.1 }),
  column({ name: 'visits', kind: 'integer', unique: 8 }),
  column({ name: 'weight kg', kind: 'number' }),
  column({ name: 'town', kind: 'category', unique: 6 }),
  column({ name: 'seen', kind: 'date' }),
  column({ name: 'leak', kind: 'number', inTest: false }),
  column({ name: 'house', kind: 'category', unique: 60 }),
];
const TEXT = [
  column({ name: 'id', kind: 'id' }),
  column({ name: 'note', kind: 'text', meanLength: 60 }),
  column({ name: 'town', kind: 'category', unique: 6 }),
];
const IMAGE = [column({ name: 'id', kind: 'id' }), column({ name: 'file', kind: 'path' })];

/** The kinds of task that the composer claims, by name. */
export const TOY_CARDS: Readonly<Record<string, TaskCard>> = Object.fromEntries(
  Object.entries({
    regression: { ...table('rmse'), taskType: 'regression', target: 'price', targetRange: [1, 900] },
    skewed: { ...table('rmsle'), taskType: 'count', target: 'price', targetRange: [0, 900] },
    binary: { ...classes('auc', 'probability', ['no', 'yes']), ...withColumns(TABLE), submissionColumns: ['kind'] },
    grouped: { ...classes('logloss', 'probability', ['0', '1', '2']), ...withColumns(TABLE), group: 'house' },
    multiclass: { ...classes('f1-macro', 'label', ['naïve one', 'd\'été "2"', '03']), ...withColumns(TABLE) },
    ordinal: { ...classes('qwk', 'label', ['1', '2', '3', '4']), ...withColumns(TABLE), taskType: 'ordinal' },
    'several-numbers': { ...table('rmsle'), ...several(['price', 'rent']), taskType: 'multi-regression' },
    'several-shares': {
      ...table('kl-divergence'),
      ...several(['a', 'b', 'c']),
      taskType: 'multilabel',
      predictions: 'probability',
    },
    'several-chances': {
      ...table('auc'),
      ...several(['old', 'new']),
      taskType: 'multilabel',
      predictions: 'probability',
    },
    'several-labels': {
      ...table('f1-samples'),
      ...withColumns(TEXT),
      ...several(['red', 'blue']),
      modality: 'text-classification',
      taskType: 'multilabel',
      predictions: 'label',
    },
    text: {
      ...classes('logloss', 'probability', ['a b', 'ç', 'NA']),
      ...withColumns(TEXT),
      modality: 'text-classification',
    },
    'text-regression': {
      ...table('mae'),
      ...withColumns(TEXT),
      modality: 'text-regression',
      taskType: 'regression',
      target: 'price',
      targetRange: [1, 900],
    },
    image: {
      ...classes('accuracy', 'label', ['flat', 'lined', 'dotted']),
      ...withColumns(IMAGE),
      modality: 'image-classification',
      image: { folder: 'pictures', column: 'file', suffix: '.png', width: 12, height: 12, channels: 1 },
    },
  }).map(([name, card]) => [name, TaskCard.parse({ ...BASE, modality: 'tabular', ...card })]),
);

function withColumns(columns: readonly ColumnProfile[]): object {
  return { columns };
}

function table(metric: string): object {
  const direction = 'minimise';
  return { metric, direction, predictions: 'value', submissionColumns: ['price'], columns: TABLE };
}

function several(targets: readonly string[]): object {
  return { target: targets[0], targets, submissionColumns: targets };
}

function classes(metric: string, predictions: 'label' | 'probability', labels: readonly string[]): object {
  return {
    metric,
    direction: metric === 'logloss' ? 'minimise' : 'maximise',
    predictions,
    taskType: labels.length === 2 ? 'binary' : 'multiclass',
    target: 'kind',
    classes: labels,
    submissionColumns: predictions === 'label' ? ['kind'] : labels.map((label) => `p ${label}`),
  };
}

const SPLIT = { relation: 'random' } as SplitManifest;

export function requestFor(card: TaskCard, changes: Partial<ProposalRequest> = {}): ProposalRequest {
  return {
    runId: 'toy-20260101-abcdef' as ProposalRequest['runId'],
    nodeId: 'n9' as ProposalRequest['nodeId'],
    operator: 'draft',
    seed: 1,
    card,
    split: { ...SPLIT, relation: card.group ? 'group' : 'random' },
    description: '',
    references: [],
    siblings: [],
    best: [],
    knowledge: [],
    taken: new Set(),
    hints: [],
    limits: { cpus: 1, memoryMiB: 2048, runSeconds: 60 },
    ...changes,
  };
}
