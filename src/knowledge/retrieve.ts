/**
 * Ranks entries for one request: hard filters, then several orders fused by reciprocal rank (Cormack, Clarke and Büttcher,
 * SIGIR 2009) and weighed by how well the kind of entry serves the move, then diversity. Pure: the same entries, request and priors give the same list.
 */
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { diversify } from './diversity.js';
import { facetFit, objection } from './facets.js';
import type { Recalled, RecallRequest } from './port.js';
import { expectedGain, NO_PRIOR, type Prior } from './priors.js';
import { purposeOf } from './purpose.js';
import { signatureMatches } from './signature.js';
import { indexTexts } from './text-index.js';

/** How much each order counts. `signature` and `inUse` put whole groups first. */
export const FUSION_WEIGHTS = { signature: 8, inUse: 3, facets: 1, text: 0.7, prior: 0.6 } as const;
type Order = keyof typeof FUSION_WEIGHTS;

/** Damps the difference between the first ranks; small, since an order holds tens of entries and not thousands. */
const RANK_OFFSET = 10;
/** Diversity is applied to the best candidates only, this many times the limit, so that variety never costs relevance. */
const POOL_FACTOR = 2;

export type Retriever = (request: RecallRequest, priors: ReadonlyMap<string, Prior>) => readonly Recalled[];

/** Builds the text index once; `priors` are those of the request's modality and metric, by entry id. */
export function createRetriever(entries: readonly KnowledgeEntry[]): Retriever {
  const textScores = indexTexts(entries);
  return (request, priors) => {
    const candidates = entries.filter((entry) => isCandidate(entry, request));
    const texts = textScores(request.question);
    const neighbours = neighboursOf(entries, request.inUse);
    const values: Readonly<Record<Order, ReadonlyMap<string, number>>> = {
      signature: valuesOf(candidates, (entry) => (matchesError(entry, request) ? 1 : 0)),
      inUse: valuesOf(candidates, (entry) => inUseValue(entry, request, neighbours)),
      facets: valuesOf(candidates, (entry) => facetFit(entry, request.card)),
      text: valuesOf(candidates, (entry) => texts.get(entry.id) ?? 0),
      prior: valuesOf(candidates, (entry) => expectedGain(priors.get(entry.id) ?? NO_PRIOR)),
    };
    const ranked = fuse(candidates, values, (entry) => purposeOf(entry, request));
    return diversify(ranked.slice(0, request.limit * POOL_FACTOR)).slice(0, request.limit);
  };
}

/** A recipe whose signature is in the error is offered whatever the card says: the error has happened. */
function isCandidate(entry: KnowledgeEntry, request: RecallRequest): boolean {
  if (purposeOf(entry, request) === 0) return false;
  return matchesError(entry, request) || objection(entry, request.card) === undefined;
}

function matchesError(entry: KnowledgeEntry, request: RecallRequest): boolean {
  return request.operator === 'debug' && signatureMatches(entry, request.question);
}

/** Tuning is about the entries in use themselves; every other move about what goes with them. */
function inUseValue(entry: KnowledgeEntry, request: RecallRequest, neighbours: ReadonlySet<string>): number {
  const used = request.inUse.includes(entry.id);
  if (request.operator === 'improve' && request.variant === 'tune') return used ? 1 : 0;
  if (request.operator === 'evolve' && used) return 1;
  return !used && neighbours.has(entry.id) ? 0.5 : 0;
}

/** Entries joined to those in use by `requires` or `improves`, in either direction. */
function neighboursOf(entries: readonly KnowledgeEntry[], inUse: readonly string[]): ReadonlySet<string> {
  const edges = entries.flatMap((entry) =>
    [...entry.requires, ...entry.improves].map((other) => [entry.id, other] as const),
  );
  return new Set(
    edges.flatMap(([from, to]) => [...(inUse.includes(from) ? [to] : []), ...(inUse.includes(to) ? [from] : [])]),
  );
}

function valuesOf(
  entries: readonly KnowledgeEntry[],
  value: (entry: KnowledgeEntry) => number,
): ReadonlyMap<string, number> {
  return new Map(entries.map((entry) => [entry.id, value(entry)]));
}

function fuse(
  candidates: readonly KnowledgeEntry[],
  values: Readonly<Record<Order, ReadonlyMap<string, number>>>,
  purpose: (entry: KnowledgeEntry) => number,
): readonly Recalled[] {
  const orders = (Object.keys(FUSION_WEIGHTS) as Order[]).map((order) => ({ order, ranks: ranksOf(values[order]) }));
  return candidates
    .map((entry) => {
      const shares = orders.map(({ order, ranks }) => ({
        order,
        rank: ranks.get(entry.id),
        value: values[order].get(entry.id) ?? 0,
      }));
      const fused = shares.reduce(
        (sum, { order, rank }) => sum + (rank === undefined ? 0 : FUSION_WEIGHTS[order] / (RANK_OFFSET + rank)),
        0,
      );
      const served = purpose(entry);
      return { entry, score: served * fused, why: `purpose ${served.toFixed(1)}, ${explain(shares)}` };
    })
    .sort((a, b) => b.score - a.score || (a.entry.id < b.entry.id ? -1 : 1));
}

/** Rank 1 is the largest value; equal values share a rank; a value of 0 or less in an order has none. */
function ranksOf(values: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const distinct = [...new Set(values.values())].filter((value) => value > 0).sort((a, b) => b - a);
  const rankOf = new Map(distinct.map((value, index) => [value, index + 1]));
  return new Map([...values].flatMap(([id, value]) => (value > 0 ? [[id, rankOf.get(value) ?? 1] as const] : [])));
}

/** `facets 0.83, text rank 2, prior 0.10`. */
function explain(shares: readonly { order: Order; rank: number | undefined; value: number }[]): string {
  return shares
    .filter(({ order, value }) => value > 0 || (order === 'prior' && value < 0))
    .map(({ order, rank, value }) => {
      if (order === 'signature') return 'signature';
      if (order === 'inUse') return value === 1 ? 'in use' : 'goes with one in use';
      return order === 'text' ? `text rank ${rank}` : `${order} ${value.toFixed(2)}`;
    })
    .join(', ');
}
