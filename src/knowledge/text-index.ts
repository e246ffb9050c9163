/** BM25 over what people would search an entry by. Evidence is left out: it may name where a fact was seen. */
import MiniSearch from 'minisearch';
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';

const BOOSTS = { name: 3, aliases: 3, summary: 2, facets: 1, body: 1 } as const;

/** Long descriptions say most things twice; the first words carry the task. */
const QUESTION_CHARACTERS = 6_000;

/** The text of an entry that is searched, by field. */
export function searchableText(entry: KnowledgeEntry): Readonly<Record<keyof typeof BOOSTS, string>> {
  const facets = [
    entry.kind,
    entry.family,
    ...(entry.modalities ?? []),
    ...(entry.taskTypes ?? []),
    ...(entry.metrics ?? []),
  ];
  return {
    name: entry.name,
    aliases: entry.aliases.join('; '),
    summary: entry.summary,
    facets: facets.join(' '),
    body: entry.body,
  };
}

/** One word in common is chance: `weight` of a newborn and weights of a model. */
const LEAST_TERMS = 2;

/** Words that say nothing about a task; without this list a long description would be matched by its grammar. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and are as at be been but by can do does each for from has have if in into is it its may more most no not of on one only or other our out so some such than that the their them then there these they this those to use used was were what when where which who will with would you your'.split(
    ' ',
  ),
);

/** Search of one fixed set of entries: id to BM25 score, hits only. */
export type TextIndex = (question: string) => ReadonlyMap<string, number>;

export function indexTexts(entries: readonly KnowledgeEntry[]): TextIndex {
  const index = new MiniSearch({
    fields: Object.keys(BOOSTS),
    processTerm: (term) => (STOP_WORDS.has(term.toLowerCase()) ? null : term.toLowerCase()),
    searchOptions: { boost: BOOSTS },
  });
  index.addAll(entries.map((entry) => ({ id: entry.id, ...searchableText(entry) })));
  return (question) => {
    const hits = index.search(question.slice(0, QUESTION_CHARACTERS));
    const least = Math.min(LEAST_TERMS, new Set(hits.flatMap((hit) => hit.queryTerms)).size);
    return new Map(
      hits.filter((hit) => hit.queryTerms.length >= least).map((hit) => [String(hit.id), hit.score] as const),
    );
  };
}
