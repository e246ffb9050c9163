/** Tables of a tournament in Markdown. The same results give the same bytes. */
import type { Interval } from './bootstrap.js';
import { difference, meanTruth, type ProfileResult, recordOf, verdict } from './standing.js';

/** Every contestant against the reference, best first by the sum of its differences. */
export function standingsTable(results: readonly ProfileResult[], names: readonly string[], reference: string): string {
  const rows = names.map((name) => {
    const intervals = results.map((result) => difference(result, name, reference));
    const cells =
      name === reference ? results.map((result) => `(${signless(meanTruth(result, name))})`) : intervals.map(cell);
    const optimism = results.map((result) => signless(recordOf(result, name).optimism)).join(' · ');
    const nodes = results.map((result) => recordOf(result, name).nodes.toFixed(0)).join(' · ');
    const total = intervals.reduce((sum, { mean }) => sum + mean, 0);
    return { total, line: row([code(name), ...cells, optimism, nodes]) };
  });
  const head = row(['policy', ...results.map(titleOf), 'optimism', 'nodes']);
  return [head, rule(results.length + 3), ...sorted(rows)].join('\n');
}

/** One contestant against each of the others: what its name has to stand for. */
export function rivalsTable(results: readonly ProfileResult[], name: string, rivals: readonly string[]): string {
  const lines = rivals.map((rival) => {
    const intervals = results.map((result) => difference(result, name, rival));
    const early = results.map((result) => difference(result, name, rival, 'overTime'));
    const verdicts = intervals.map(verdict);
    const count = (wanted: string) => verdicts.filter((found) => found === wanted).length;
    const says = `${count('better')} better, ${count('open')} open, ${count('worse')} worse`;
    return row([code(rival), ...intervals.map(cell), ...early.map(cell), says]);
  });
  const profiles = results.map(({ profile }) => profile);
  const head = row([
    `${code(name)} minus`,
    ...profiles,
    ...profiles.map((profile) => `${profile}, over time`),
    'verdict',
  ]);
  return [head, rule(2 * results.length + 2), ...lines].join('\n');
}

export interface VariantRow {
  readonly name: string;
  readonly what: string;
}

/** Variants against the defaults, on the half they were chosen on and on the half that nobody had looked at. */
export function tuningTable(
  halves: { readonly tune: readonly ProfileResult[]; readonly confirm: readonly ProfileResult[] },
  rows: readonly VariantRow[],
  base: string,
): string {
  const lines = rows.map(({ name, what }) => {
    const cells = [...halves.tune, ...halves.confirm].map((result) =>
      Object.hasOwn(result.records, name) ? cell(difference(result, name, base)) : '',
    );
    return row([what, ...cells]);
  });
  const head = row([
    'instead of the default',
    ...halves.tune.map((result) => `tuned: ${titleOf(result)}`),
    ...halves.confirm.map((result) => `confirmed: ${titleOf(result)}`),
  ]);
  return [head, rule(1 + halves.tune.length + halves.confirm.length), ...lines].join('\n');
}

function titleOf({ profile, landscapes }: ProfileResult): string {
  return `${profile}, ${landscapes.length} seeds`;
}

/** `+0.12 [0.04, 0.20]`, bold where the interval leaves zero out. */
function cell(interval: Interval): string {
  const { mean, low, high } = interval;
  const text = `${signed(mean)} [${signless(low)}, ${signless(high)}]`;
  return verdict(interval) === 'open' ? text : `**${text}**`;
}

function sorted(rows: readonly { readonly total: number; readonly line: string }[]): readonly string[] {
  return [...rows].sort((a, b) => b.total - a.total).map(({ line }) => line);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function rule(columns: number): string {
  return row(Array.from({ length: columns }, () => '---'));
}

function code(name: string): string {
  const [policy = name, ...rest] = name.split(', ');
  return [`\`${policy}\``, ...rest].join(', ');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function signless(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
