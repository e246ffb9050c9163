/** The way from one program to another as SEARCH/REPLACE edits, each found once in the first one. */

export interface LineEdit {
  readonly search: string;
  readonly replace: string;
}

/** Lines `from` up to `to` of the old program become `lines`. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

export function editsBetween(before: string, after: string): readonly LineEdit[] {
  const old = before.split('\n');
  const hunks = hunksOf(old, after.split('\n'));
  return joined(hunks.map((hunk) => around(old, hunk))).map((stretch) => ({
    search: textOf(old.slice(stretch.from, stretch.to)),
    replace: textOf(changed(old, stretch, hunks)),
  }));
}

/** Every line ends, the last one too: an empty line at the end is a line. */
function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Differences by a longest common subsequence: programs have some hundred lines. */
function hunksOf(old: readonly string[], fresh: readonly string[]): readonly Hunk[] {
  const width = fresh.length + 1;
  const common = new Int32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const hunks: Hunk[] = [];
  let [i, j, from, begun] = [0, 0, 0, 0];
  const close = (): void => {
    if (i > from || j > begun) hunks.push({ from, to: i, lines: fresh.slice(begun, j) });
  };
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      close();
      [i, j] = [i + 1, j + 1];
      [from, begun] = [i, j];
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  [i, j] = [old.length, fresh.length];
  close();
  return hunks;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The hunk with as many lines around it as it takes to be found once, and at least one line with text in it. */
function around(old: readonly string[], hunk: Hunk): Stretch {
  let { from, to } = hunk;
  while ((from > 0 || to < old.length) && !foundOnce(old, from, to)) {
    if (from > 0) from -= 1;
    else to += 1;
  }
  return { from, to };
}

function foundOnce(old: readonly string[], from: number, to: number): boolean {
  const block = old.slice(from, to);
  if (block.every((line) => line.trim() === '')) return false;
  const starts = old.filter((_, start) => block.every((line, k) => old[start + k] === line));
  return starts.length === 1;
}

/** Stretches that have come to touch are one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const { from, to } of stretches) {
    let wide: Stretch = { from, to };
    for (let last = result.at(-1); last !== undefined && wide.from <= last.to; last = result.at(-1)) {
      wide = { from: Math.min(last.from, wide.from), to: Math.max(last.to, wide.to) };
      result.pop();
    }
    result.push(wide);
  }
  return result;
}

/** The lines of a stretch after all hunks inside it. */
function changed(old: readonly string[], { from, to }: Stretch, hunks: readonly Hunk[]): readonly string[] {
  const inside = hunks.filter((hunk) => hunk.from >= from && hunk.to <= to);
  const lines: string[] = [];
  let at = from;
  for (const hunk of inside) {
    lines.push(...old.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...old.slice(at, to)];
}
