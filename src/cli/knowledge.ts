/** `automlgen knowledge`: read, check, seed and try the knowledge base. */
import { existsSync, readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../domain/errors.js';
import { type KnowledgeEntry, KnowledgeKind, KnowledgeLevel } from '../domain/knowledge-entry.js';
import { type ImproveVariant, Operator } from '../domain/operator.js';
import { Modality } from '../domain/task.js';
import { TaskCard } from '../domain/task-card.js';
import { printJson, printTable } from './output.js';

interface JsonOption {
  readonly json?: boolean;
}
interface ListOptions extends JsonOption {
  readonly level?: KnowledgeLevel;
  readonly kind?: KnowledgeKind;
  readonly modality?: Modality;
}
interface RecallOptions extends JsonOption {
  readonly card: string;
  readonly question: string;
  readonly inUse: readonly string[];
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ automlgen knowledge list --kind debug-recipe
  $ automlgen knowledge show strategy.metric-playbook.qwk
  $ automlgen knowledge recall draft --card card.json --question "predict the price of a diamond"
  $ automlgen knowledge recall debug --card card.json --question "$(cat stderr.txt)"`;

export function registerKnowledge(program: Command): void {
  const knowledge = program
    .command('knowledge')
    .description('The curated know-how that programs are written from.')
    .addHelpText('after', EXAMPLES);
  registerList(knowledge);
  registerShow(knowledge);
  registerCheck(knowledge);
  registerSeed(knowledge);
  registerRecall(knowledge);
}

function registerList(knowledge: Command): void {
  knowledge
    .command('list')
    .description('List the curated entries.')
    .addOption(new Option('--level <level>', 'only this level').choices(KnowledgeLevel.options))
    .addOption(new Option('--kind <kind>', 'only this kind').choices(KnowledgeKind.options))
    .addOption(new Option('--modality <modality>', 'only entries that serve it').choices(Modality.options))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen knowledge list --kind debug-recipe')
    .action(async (options: ListOptions) => {
      const entries = (await curated()).filter((entry) => isListed(entry, options));
      if (options.json) return printJson(entries.map(({ body: _, ...entry }) => entry));
      printTable(
        [{ title: 'ID' }, { title: 'KIND' }, { title: 'NAME' }],
        entries.map((entry) => [entry.id, entry.kind, entry.name]),
      );
      console.log(`\n${entries.length} entries. Read one with \`automlgen knowledge show <id>\`.`);
    });
}

function isListed(entry: KnowledgeEntry, { level, kind, modality }: ListOptions): boolean {
  if (level !== undefined && entry.level !== level) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  return modality === undefined || (entry.modalities ?? [modality]).some((value) => modality.startsWith(value));
}

function registerShow(knowledge: Command): void {
  knowledge
    .command('show')
    .description('Show one entry in full.')
    .argument('<id>', 'id of the entry, or its last part when that is unique')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen knowledge show strategy.metric-playbook.qwk')
    .action(async (id: string, options: JsonOption) => {
      const entry = entryNamed(await curated(), id);
      if (options.json) return printJson(entry);
      const { entryLines } = await import('./render/knowledge.js');
      for (const line of entryLines(entry)) console.log(line);
    });
}

function entryNamed(entries: readonly KnowledgeEntry[], id: string): KnowledgeEntry {
  const exact = entries.find((entry) => entry.id === id);
  if (exact !== undefined) return exact;
  const alike = entries.filter((entry) => entry.id.endsWith(`.${id}`) || entry.id.includes(id));
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const next =
    alike.length === 0
      ? 'List all with `automlgen knowledge list`.'
      : `Take one of: ${alike
          .slice(0, 5)
          .map((entry) => entry.id)
          .join(', ')}.`;
  throw new UserError(
    'option-invalid',
    `${alike.length === 0 ? 'No' : 'More than one'} entry is called "${id}".`,
    next,
  );
}

function registerCheck(knowledge: Command): void {
  knowledge
    .command('check')
    .description('Check every entry: schema, ids, edges, predicates, templates, signatures.')
    .option('--folder <folder>', 'check another folder of entries, laid out as <level>/<group>/<slug>.md')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen knowledge check --folder my-entries')
    .action(async (options: JsonOption & { readonly folder?: string }) => {
      const { checkKnowledge } = await import('../knowledge/check.js');
      const { entries, complaints } = checkKnowledge(existing(options.folder));
      if (options.json) printJson({ entries: entries.length, complaints });
      for (const { path, text } of options.json ? [] : complaints) console.log(`${path}: ${text}`);
      if (complaints.length > 0) process.exitCode = 1;
      if (!options.json) console.log(`${entries.length} entries, ${complaints.length} complaints.`);
    });
}

function registerSeed(knowledge: Command): void {
  knowledge
    .command('seed')
    .description("Bring the database's curated entries up to date; your own entries there are left alone.")
    .option('--mongodb <uri>', 'database to seed; the running stack by default', process.env.MONGODB_URI)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen knowledge seed')
    .action(async (options: JsonOption & { readonly mongodb?: string }) => {
      const { openDatabase } = await import('../store/connection.js');
      const { seedKnowledge } = await import('../knowledge/seed.js');
      const database = await openDatabase(await databaseUri(options.mongodb));
      try {
        const result = await seedKnowledge(database.db, await curated());
        if (options.json) return printJson(result);
        const { added, updated, unchanged, removed } = result;
        console.log(`${added} added, ${updated} updated, ${unchanged} unchanged, ${removed} removed.`);
      } finally {
        await database.close();
      }
    });
}

/** The operators of the search, `improve` also by its variant. */
const MOVES = [...Operator.options, 'improve.tune', 'improve.features', 'improve.strategy'];

function registerRecall(knowledge: Command): void {
  knowledge
    .command('recall')
    .description('Show what an author would be given for a task, and why. Uses no database and no priors.')
    .argument('<operator>', MOVES.join(', '), operatorNamed)
    .requiredOption(
      '--card <file>',
      'task card as JSON, which a run keeps in data/prepared/<run>/card.json of the cache; required',
    )
    .option('--question <text>', "the task's description, a plan or an error text", '')
    .option('--in-use <ids...>', 'entries that the program uses already', [])
    .option('--limit <count>', 'most entries to show', positive, 12)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  automlgen knowledge recall draft --card card.json --question "predict the price of a diamond"',
    )
    .action(async (operator: string, options: RecallOptions) => {
      const { createRetriever } = await import('../knowledge/retrieve.js');
      const [name, variant] = operator.split('.');
      const request = {
        card: cardAt(options.card),
        operator: Operator.parse(name),
        ...(variant === undefined ? {} : { variant: variant as ImproveVariant }),
        question: options.question,
        inUse: options.inUse,
        limit: options.limit,
      };
      const recalled = createRetriever(await curated())(request, new Map());
      if (options.json) return printJson(recalled.map(({ entry, score, why }) => ({ id: entry.id, score, why })));
      printTable(
        [{ title: 'SCORE', align: 'right' }, { title: 'ID' }, { title: 'WHY' }],
        recalled.map(({ entry, score, why }) => [score.toFixed(3), entry.id, why]),
      );
    });
}

function operatorNamed(text: string): string {
  if (MOVES.includes(text)) return text;
  throw new InvalidArgumentError(`Known: ${MOVES.join(', ')}.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('A whole number above 0 is needed.');
}

function cardAt(path: string): TaskCard {
  const text = contentOf(path);
  try {
    return TaskCard.parse(JSON.parse(text));
  } catch (cause) {
    const complaint = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new UserError(
      'option-invalid',
      `${path} holds no task card: ${complaint}`,
      'A run keeps one in `data/prepared/<run>/card.json` of the cache, which `automlgen stack status` names.',
      { cause },
    );
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError('path-missing', `No file at ${path}.`, 'Give the path of a readable file.', { cause });
  }
}

async function curated(): Promise<readonly KnowledgeEntry[]> {
  const { loadEntries } = await import('../knowledge/load.js');
  return loadEntries();
}

function existing(folder: string | undefined): string | undefined {
  if (folder === undefined || existsSync(folder)) return folder;
  throw new UserError('path-missing', `No folder at ${folder}.`, 'Give a folder of entries.');
}

async function databaseUri(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const { up } = await import('../stack/up.js');
  return (await up({ pieces: ['database'] })).mongodbUri;
}
