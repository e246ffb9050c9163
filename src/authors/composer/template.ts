/**
 * Component templates: Python with three additions. `#: name` opens a section, `#: if flag`, `#: else`, `#: end` keep
 * lines for some tasks only (`!flag` negates), and `__name__` stands for a parameter. Nothing else is special.
 */

export type Sections = ReadonlyMap<string, readonly string[]>;
export type Flags = ReadonlySet<string>;

export const SECTIONS = [
  'imports',
  'read',
  'constants',
  'functions',
  'features',
  'part',
  'step',
  'model',
  'target',
  'values',
  'probabilities',
  'check',
  'decide',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Sections of a template, unexpanded. Throws on a section that does not exist: a template is part of the product. */
export function parseTemplate(name: string, source: string): Sections {
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of source.split('\n').filter((each) => !each.startsWith('#: kind '))) {
    const title = /^#: (\w+)$/.exec(line)?.[1];
    if (title !== undefined && title !== 'else' && title !== 'end') {
      if (!SECTIONS.some((known) => known === title)) throw new Error(`${name}: no section is called "${title}"`);
      current = [];
      sections.set(title, current);
    } else if (current !== undefined) {
      current.push(line);
    }
  }
  return sections;
}

/** Lines of one section for these flags and values; leading and trailing blank lines are removed. */
export function expand(
  lines: readonly string[] | undefined,
  flags: Flags,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const kept = selectLines(lines ?? [], flags).map((line) => substitute(line, values));
  const first = kept.findIndex((line) => line.trim() !== '');
  const last = kept.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : kept.slice(first, last + 1);
}

function selectLines(lines: readonly string[], flags: Flags): readonly string[] {
  const kept: string[] = [];
  const open: boolean[] = [];
  for (const line of lines) {
    const directive = /^\s*#: (if (!?)(\w+)|else|end)$/.exec(line);
    if (directive === null) {
      if (open.every(Boolean)) kept.push(line);
    } else if (directive[1] === 'end') {
      open.pop();
    } else if (directive[1] === 'else') {
      open.push(!open.pop());
    } else {
      open.push(flags.has(directive[3] ?? '') !== (directive[2] === '!'));
    }
  }
  return kept;
}

function substitute(line: string, values: Readonly<Record<string, string>>): string {
  return line.replace(/__([a-z][a-z_0-9]*?)__/gi, (whole, name: string) => values[name] ?? whole);
}
