/** The generated parts of docs/operators.md: the table of what each prompt may see, measured sizes, one prompt and reply of each operator. */
import { type BlockName, TRIM_ORDER } from '../../src/authors/llm/operators/assemble.js';
import type { Prompt } from '../../src/authors/llm/operators/prompt.js';
import { VISIBILITY, type Visibility } from '../../src/authors/llm/operators/visibility.js';

export interface Sizes {
  readonly nodes: number;
  readonly competitions: number;
  readonly contextTokens: number;
  readonly rows: readonly {
    readonly name: string;
    readonly prompts: number;
    readonly p50: number;
    readonly p95: number;
    readonly stable: number | null;
    readonly seen: number | null;
  }[];
}

export interface Example {
  readonly name: string;
  readonly prompt: Prompt;
  /** As the stub model wrote it. */
  readonly reply: string;
}

/** By the name of its markers: `<!-- name:begin -->` … `<!-- name:end -->`. */
export function generatedParts(sizes: Sizes, examples: readonly Example[]): Readonly<Record<string, string>> {
  return {
    visibility: visibilityTable(),
    'trim-order': TRIM_ORDER.map((name) => `${BLOCKS[name]} (\`${name}\`)`).join(', '),
    sizes: sizesTable(sizes),
    examples: examplesText(examples),
  };
}

/** Replaces what stands between the markers. @throws when a marker is missing. */
export function withParts(document: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/operators.md has no ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n${part}\n${text.slice(to)}`;
  }, document);
}

const BLOCKS: Readonly<Record<(typeof TRIM_ORDER)[number], string>> = {
  lessons: 'lessons of earlier runs',
  best: 'best programs',
  similar: 'similar attempts',
  siblings: 'what was tried on the same program',
  knowledge: 'knowledge items',
  path: 'the way to the program',
  branch: 'digest of the branch',
  inputs: 'input files',
  profile: 'columns',
  references: 'other programs',
  plan: 'the plan of the program',
  fixes: 'past repairs',
  description: 'description',
  output: 'what the program printed',
  hints: 'hints',
  material: 'findings',
  program: 'the program itself',
} satisfies Readonly<Partial<Record<BlockName, string>>>;

function visibilityTable(): string {
  const head = [
    'prompt',
    'for',
    'reply',
    'task',
    'program at hand',
    'other programs',
    'history and memory',
    'knowledge',
  ];
  const rows = Object.entries(VISIBILITY).map(([name, sight]) => rowOf(name, sight));
  return table(head, rows);
}

function rowOf(name: string, sight: Visibility): readonly string[] {
  const { purpose, reply, description, profile, inputs, parent, references, siblings, history, memory, lessons } =
    sight;
  const task = [
    'card',
    ...(profile ? ['columns'] : []),
    ...(description ? ['description'] : []),
    ...(inputs ? ['files'] : []),
  ];
  const hand = parent && [
    parent.program,
    ...(parent.plan ? ['plan'] : []),
    ...(parent.score ? ['score'] : []),
    ...(parent.output === undefined ? [] : [parent.output === 'tail' ? 'its last output' : 'how it failed']),
  ];
  const others = [
    ...(references
      ? [`${references.most === 1 ? 'one' : `up to ${references.most}`}: ${partsOf(references).join(', ')}`]
      : []),
    ...(siblings ? ['siblings in a line each'] : []),
  ];
  const remembered = [
    ...(history ? [history === 'path' ? 'way to it' : 'way to it, digest of the branch'] : []),
    ...memory.map(
      (kind) => ({ fixes: 'repairs of such failures', similar: 'similar attempts', best: 'best programs' })[kind],
    ),
    ...(lessons ? ['lessons'] : []),
  ];
  return [
    `\`${name}\``,
    purpose,
    reply,
    task.join(', '),
    hand?.join(', ') ?? '–',
    others.join('; ') || '–',
    remembered.join(', ') || '–',
    knowledgeOf(sight),
  ];
}

function partsOf({ program, plan, score, output }: NonNullable<Visibility['references']>): readonly string[] {
  return [
    ...(program === undefined ? [] : [`${program} program`]),
    ...(plan ? ['plan'] : []),
    ...(score ? ['score'] : []),
    ...(output ? ['its output'] : []),
  ];
}

function knowledgeOf({ knowledge: { most, levels } }: Visibility): string {
  if (most === 0) return '–';
  return levels === 'recipes' ? `${most}: debug recipes` : `${most}: ${levels.join(', ')}`;
}

function sizesTable({ nodes, competitions, contextTokens, rows }: Sizes): string {
  const percent = (value: number | null): string => (value === null ? '–' : `${value} %`);
  const lines = rows.map(({ name, prompts, p50, p95, stable, seen }) => [
    name.includes(' ') ? name : `\`${name}\``,
    String(prompts),
    p50.toLocaleString('en'),
    p95.toLocaleString('en'),
    percent(stable),
    percent(seen),
  ]);
  return [
    `${competitions} practice competitions, one simulated run of ${nodes} nodes each (and six stepwise drafts), context of ${contextTokens.toLocaleString('en')} tokens; tokens by o200k_base.`,
    '',
    table(['prompt', 'prompts', 'tokens p50', 'p95', 'stable prefix', 'seen before'], lines),
  ].join('\n');
}

function examplesText(examples: readonly Example[]): string {
  const [first] = examples;
  const system = first?.prompt.messages[0]?.content ?? '';
  const user = first?.prompt.messages[1]?.content ?? '';
  return [
    folded('The system message of every prompt', 'text', system),
    folded(`The task, as \`${first?.name}\` begins`, 'text', user.slice(0, user.indexOf('# Your task')).trimEnd()),
    ...examples.flatMap(({ name, prompt, reply }) => {
      const text = prompt.messages[1]?.content ?? '';
      return [
        `### ${name}`,
        folded('Prompt, from the task on', 'text', text.slice(text.indexOf('# Your task'))),
        folded('Reply of the stub model', 'json', JSON.stringify(JSON.parse(reply), null, 2)),
      ];
    }),
  ].join('\n\n');
}

function folded(title: string, language: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n\`\`\`\`\`${language}\n${text}\n\`\`\`\`\`\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
