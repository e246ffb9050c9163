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

/** Search of one fixed set of entries: id to BM25 score, hits only. */
export type TextIndex = (question: string) => ReadonlyMap<string, number>;

export function indexTexts(entries: readonly KnowledgeEntry[]): TextIndex {
  const index = new MiniSearch({ fields: Object.keys(BOOSTS), searchOptions: { boost: BOOSTS } });
  index.addAll(entries.map((entry) => ({ id: entry.id, ...searchableText(entry) })));
  return (question) =>
    new Map(index.search(question.slice(0, QUESTION_CHARACTERS)).map((hit) => [String(hit.id), hit.score]));
}
