/**
 * Another draw of the rows: no program has learnt from the hidden rows or from the test rows, so that any division of them into rows to search on and
 * rows to judge by is as good as the recorded one. A draw for each seed keeps the luck of one division from deciding a whole landscape.
 */
import { randomOf } from '../chance.js';
import type { Random } from '../world.js';
import { answersOf } from './answers.js';
import type { RecordedProgram, RecordedRows, Recording } from './recording.js';
import { scoreOf } from './row-metrics.js';

/**
 * As many rows to search on as were recorded, the others to judge by; known groups stay together. Scores are computed anew from the
 * predictions; costs, failures and moves stay. Deterministic.
 */
export function dealt(recording: Recording, seed: number): Recording {
  const { order, searched } = divided(recording.rows, randomOf(seed));
  const pick = (values: ArrayLike<number>) => Float64Array.from(order, (row) => values[row] ?? 0);
  const kept = new Map<number, Float64Array>();
  const predictions = (program: number) => {
    const found = kept.get(program) ?? pick(recording.predictions(program));
    kept.set(program, found);
    return found;
  };
  const rows = rowsAt(recording.rows, order, searched);
  const other: Recording = { ...recording, rows, predictions };
  return { ...other, programs: rescored(other) };
}

function rowsAt(
  { hidden, test, group, truth }: RecordedRows,
  order: readonly number[],
  searched: number,
): RecordedRows {
  const names = order.map((row) => group?.[row] ?? -1 - row);
  const all = truth ? order.map((row) => (row < hidden ? truth[0][row] : truth[1][row - hidden]) ?? 0) : [];
  return {
    hidden: searched,
    test: hidden + test - searched,
    searched: Array.from({ length: searched }, () => true),
    group: group ? names.slice(0, searched) : null,
    truth: truth && [all.slice(0, searched), all.slice(searched)],
  };
}

/** All rows in a drawn order, and how many of them, from the first on, are searched on: at least as many as were recorded. */
function divided(
  { hidden, test, group }: RecordedRows,
  random: Random,
): { order: readonly number[]; searched: number } {
  const units = new Map<number, number[]>();
  for (let row = 0; row < hidden + test; row += 1) {
    const name = (row < hidden ? group?.[row] : undefined) ?? -1 - row;
    const unit = units.get(name);
    if (unit) unit.push(row);
    else units.set(name, [row]);
  }
  const order: number[] = [];
  let searched = 0;
  for (const unit of shuffled([...units.values()], random)) {
    if (order.length < hidden) searched += unit.length;
    order.push(...unit);
  }
  return { order, searched };
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function rescored(recording: Recording): readonly RecordedProgram[] {
  const { rows, of } = answersOf(recording);
  return recording.programs.map((program, number) => {
    if (program.search === null) return program;
    const { search, test } = of([number]);
    const value = scoreOf(rows.search, search);
    return { ...program, search: value, final: value, test: scoreOf(rows.test, test) };
  });
}
