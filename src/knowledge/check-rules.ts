/** What must hold for one entry among the others: each rule returns its complaints, `field: what is wrong`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { parseDependency } from '../domain/packages.js';
import { parsePredicate } from '../domain/predicate-parse.js';
import { strangeValues } from './predicate-vocabulary.js';
import { compileSignature } from './signature.js';
import { searchableText } from './text-index.js';

/** An entry where it was found, among all the others. */
export interface Placed {
  readonly path: string;
  readonly entry: KnowledgeEntry;
}
export interface Surroundings {
  /** Paths of the files that bear an id. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly templatesFolder: string;
}
export type Rule = (placed: Placed, surroundings: Surroundings) => readonly string[];

export const RULES: readonly Rule[] = [
  idMatchesPath,
  idIsUnique,
  edgesResolve,
  predicatesParse,
  dependenciesParse,
  templateExists,
  signatureMatchesAliases,
  playbookNamesMetric,
  keysAreStorable,
  noCompetitionNames,
  saysSomething,
];

function idMatchesPath({ path, entry }: Placed): readonly string[] {
  const expected = path.replace(/\.md$/, '').replaceAll('/', '.');
  const faults = entry.id === expected ? [] : [`id: \`${entry.id}\` should be \`${expected}\``];
  return entry.id.startsWith(`${entry.level}.`)
    ? faults
    : [...faults, `level: \`${entry.level}\` is not that of the id`];
}

function idIsUnique({ path, entry }: Placed, { ids }: Surroundings): readonly string[] {
  const others = (ids.get(entry.id) ?? []).filter((other) => other !== path);
  return others.map((other) => `id: \`${entry.id}\` is also that of ${other}`);
}

function edgesResolve({ entry }: Placed, { ids }: Surroundings): readonly string[] {
  return (['requires', 'conflicts', 'improves'] as const).flatMap((edge) =>
    entry[edge].filter((id) => !ids.has(id)).map((id) => `${edge}: no entry \`${id}\``),
  );
}

function predicatesParse({ entry }: Placed): readonly string[] {
  return (['whenToUse', 'whenNot'] as const).flatMap((field) =>
    entry[field].flatMap((line) => {
      try {
        return strangeValues(parsePredicate(line)).map((text) => `${field}: \`${line}\`: ${text}`);
      } catch (error) {
        return [`${field}: \`${line}\`: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
}

function dependenciesParse({ entry }: Placed): readonly string[] {
  return entry.deps
    .filter((text) => parseDependency(text) === undefined)
    .map((text) => `deps: \`${text}\` is neither \`name\` nor \`name>=version\``);
}

function templateExists({ entry }: Placed, { templatesFolder }: Surroundings): readonly string[] {
  const template = entry.component?.template;
  if (template === undefined) {
    const bare = entry.component !== undefined && entry.component.rewrite === undefined;
    return bare ? ['component: neither a template nor a rewrite'] : [];
  }
  return existsSync(join(templatesFolder, template)) ? [] : [`component.template: no file \`${template}\``];
}

/** The aliases of a debug recipe are real error lines. */
function signatureMatchesAliases({ entry }: Placed): readonly string[] {
  if (entry.kind !== 'debug-recipe') {
    return entry.signature === undefined ? [] : ['signature: only debug recipes have one'];
  }
  if (entry.signature === undefined) return ['signature: a debug recipe needs one'];
  try {
    const signature = compileSignature(entry.signature);
    if (signature.test('')) return ['signature: matches the empty text'];
    if (entry.aliases.length === 0) return ['aliases: at least one real error line'];
    return entry.aliases.filter((line) => !signature.test(line)).map((line) => `signature: does not match \`${line}\``);
  } catch (error) {
    return [`signature: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function playbookNamesMetric({ entry }: Placed): readonly string[] {
  return entry.kind === 'metric-playbook' && (entry.metrics ?? []).length === 0
    ? ['metrics: a playbook names its own']
    : [];
}

/** Some servers refuse field names with a dot or a leading dollar. */
function keysAreStorable({ entry }: Placed): readonly string[] {
  const keys = [...Object.keys(entry.cost), ...Object.keys(entry.component?.minVersions ?? {})];
  return keys.filter((key) => /^\$|\./.test(key)).map((key) => `\`${key}\` cannot be a field name`);
}

/** Names of well-known competitions, and of the bundled ones, would let retrieval recognise the task instead of its traits. */
const COMPETITION_NAMES =
  /\b(birth ?weight|docstrings?|diamonds|kaggle|zindi|drivendata|mle-?bench|titanic|house prices|spaceship|santander|otto group|porto seguro|ieee-cis|petfinder|jigsaw|dogs vs|leaf classification|whale|histopathologic|playground series|nomad2018|ventilator|amex)\b/i;

function noCompetitionNames({ entry }: Placed): readonly string[] {
  const texts = { ...searchableText(entry), whenToUse: entry.whenToUse.join('\n'), whenNot: entry.whenNot.join('\n') };
  return Object.entries(texts).flatMap(([field, text]) => {
    const name = COMPETITION_NAMES.exec(text)?.[0];
    return name === undefined ? [] : [`${field}: names a competition, \`${name}\`; that belongs in evidence`];
  });
}

const SHORTEST_SUMMARY = 40;
const SHORTEST_BODY = 200;

function saysSomething({ entry }: Placed): readonly string[] {
  return [
    ...(entry.summary.length < SHORTEST_SUMMARY ? [`summary: under ${SHORTEST_SUMMARY} characters`] : []),
    ...(entry.body.length < SHORTEST_BODY ? [`body: under ${SHORTEST_BODY} characters`] : []),
  ];
}
