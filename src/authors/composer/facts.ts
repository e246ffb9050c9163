/** What the renderer needs to know of a task, worked out once from its card. */
import type { SplitManifest } from '../../domain/split.js';
import type { ColumnProfile, TaskCard } from '../../domain/task-card.js';
import type { Plan } from './plan.js';
import { planningCard, targetsOf } from './several.js';

export type Shape = 'table' | 'text' | 'image';

export interface Facts {
  /** Of one target alone where there are several. */
  readonly card: TaskCard;
  /** The whole task. */
  readonly task: TaskCard;
  /** All targets where there are several, else empty. */
  readonly targets: readonly string[];
  readonly split: Pick<SplitManifest, 'relation'>;
  readonly cpus: number;
  readonly shape: Shape;
  /** Free text, in the order of the table. */
  readonly textColumns: readonly string[];
  readonly dateColumns: readonly string[];
  /** Columns of train.csv that are no features although the test has them. */
  readonly ignored: readonly string[];
  /** Ordinary columns left beside text or image. */
  readonly otherColumns: readonly ColumnProfile[];
}

export function factsOf(task: TaskCard, split: Pick<SplitManifest, 'relation'>, cpus: number): Facts {
  const card = planningCard(task);
  const usable = card.columns.filter((column) => column.inTest && column.name !== card.idColumn);
  const text = usable.filter((column) => column.kind === 'text').map((column) => column.name);
  const shape = shapeOf(card, text);
  const imageColumn = card.image?.column;
  const isIgnored = (column: ColumnProfile): boolean =>
    // A group whose later rows are asked for is known to the model; a group that is new in test is not.
    (column.name === card.group && split.relation !== 'group+time') ||
    column.name === imageColumn ||
    ['id', 'path', 'constant'].includes(column.kind);
  const ignored = usable.filter(isIgnored).map((column) => column.name);
  const others = usable.filter((column) => !isIgnored(column) && !text.includes(column.name));
  return {
    card,
    task,
    targets: targetsOf(task),
    split,
    cpus: Math.max(1, Math.floor(cpus)),
    shape,
    textColumns: text,
    dateColumns: others.filter((column) => column.kind === 'date').map((column) => column.name),
    ignored,
    otherColumns: others,
  };
}

function shapeOf(card: TaskCard, text: readonly string[]): Shape {
  if (card.modality.startsWith('image') && card.image) return 'image';
  return card.modality.startsWith('text') && text.length > 0 ? 'text' : 'table';
}

/** Conditions that templates may ask for. */
export function flagsOf(facts: Facts, plan: Plan): ReadonlySet<string> {
  const { card } = facts;
  // A number without a range is one in disguise: 1,234 or $5.
  const numeric = facts.otherColumns.every(
    (column) => (column.kind === 'number' || column.kind === 'integer') && column.min !== undefined,
  );
  const flags: Record<string, boolean> = {
    regression: plan.objective === 'regression',
    classification: plan.objective === 'classification',
    binary: card.classes?.length === 2,
    multiclass: (card.classes?.length ?? 0) > 2,
    ordinal: card.taskType === 'ordinal',
    count: card.taskType === 'count',
    labels: card.predictions === 'label',
    all_numbers: numeric,
    missing: facts.otherColumns.some((column) => column.missing > 0),
    dates: facts.dateColumns.length > 0,
    texts: facts.textColumns.length > 0,
    few_rows: card.rows.train < 1_000,
    many_texts: facts.textColumns.length > 1,
    color: (card.image?.channels ?? 1) >= 3,
    beside: facts.otherColumns.length > 0,
  };
  return new Set(Object.keys(flags).filter((name) => flags[name]));
}
