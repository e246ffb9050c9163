/** The facts of a task card that predicates may speak of. */
import type { TaskCard } from './task-card.js';

/** Facts with one value: a number, a name, or nothing when the card does not say. */
const SINGLE = {
  rows: (card: TaskCard) => card.rows.train,
  testRows: (card: TaskCard) => card.rows.test,
  /** Columns that programs may use as features. */
  columns: (card: TaskCard) => card.columns.filter((column) => column.inTest).length,
  classes: (card: TaskCard) => card.classes?.length,
  /** Largest share of missing cells in any usable column, 0 to 1. */
  missing: (card: TaskCard) => most(card, (column) => column.missing),
  /** Most levels of any category column. */
  levels: (card: TaskCard) => most(card, (column) => (column.kind === 'category' ? column.unique : undefined)),
  /** Mean characters of the longest text column. */
  textLength: (card: TaskCard) => most(card, (column) => column.meanLength),
  /** The longer side of an image, in pixels. */
  imageSize: (card: TaskCard) => card.image && Math.max(card.image.width, card.image.height),
  targetMin: (card: TaskCard) => card.targetRange?.[0],
  targetMax: (card: TaskCard) => card.targetRange?.[1],
  modality: (card: TaskCard) => card.modality,
  taskType: (card: TaskCard) => card.taskType,
  metric: (card: TaskCard) => card.metric,
  predictions: (card: TaskCard) => card.predictions,
} as const satisfies Record<string, (card: TaskCard) => number | string | undefined>;

/** Facts with several values, asked with `has`. */
const SETS = {
  regime: (card: TaskCard): readonly string[] => card.regimes,
  /** Kinds of the usable columns: `kinds has text`. */
  kinds: (card: TaskCard): readonly string[] =>
    card.columns.filter((column) => column.inTest).map((column) => column.kind),
} as const;

export type FactName = keyof typeof SINGLE;
export type SetFactName = keyof typeof SETS;

export const FACTS: readonly string[] = Object.keys(SINGLE);
export const SET_FACTS: readonly string[] = Object.keys(SETS);

export function isFact(name: string): name is FactName {
  return Object.hasOwn(SINGLE, name);
}

export function isSetFact(name: string): name is SetFactName {
  return Object.hasOwn(SETS, name);
}

export function factOf(card: TaskCard, name: FactName): number | string | undefined {
  return SINGLE[name](card);
}

export function setOf(card: TaskCard, name: SetFactName): readonly string[] {
  return SETS[name](card);
}

function most(card: TaskCard, pick: (column: TaskCard['columns'][number]) => number | undefined): number | undefined {
  const values = card.columns
    .filter((column) => column.inTest)
    .map(pick)
    .filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}
