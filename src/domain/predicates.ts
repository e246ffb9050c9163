/** Decides predicates over a task card in three values: a judgement, or a fact the card lacks, is unknown. */

import { hasPackage } from './packages.js';
import { factOf, setOf } from './predicate-facts.js';
import { type Comparator, type Predicate, parsePredicate } from './predicate-parse.js';
import type { TaskCard } from './task-card.js';

export type Verdict = 'true' | 'false' | 'unknown';

/**
 * Kleene's logic: `unknown and false` is false, `unknown or true` is true.
 * A line that does not parse is unknown here: `automlgen knowledge check` reports it, a search must not stop over it.
 */
export function decide(line: string, card: TaskCard): Verdict {
  try {
    return verdictOf(parsePredicate(line), card);
  } catch {
    return 'unknown';
  }
}

export function verdictOf(predicate: Predicate, card: TaskCard): Verdict {
  switch (predicate.kind) {
    case 'or':
      return negate(both(negate(verdictOf(predicate.left, card)), negate(verdictOf(predicate.right, card))));
    case 'and':
      return both(verdictOf(predicate.left, card), verdictOf(predicate.right, card));
    case 'not':
      return negate(verdictOf(predicate.inner, card));
    case 'package':
      return said(hasPackage(card.packages, { name: predicate.name }));
    case 'has':
      return said(setOf(card, predicate.set).includes(predicate.value));
    case 'in': {
      const fact = factOf(card, predicate.fact);
      return fact === undefined ? 'unknown' : said(predicate.values.includes(String(fact)));
    }
    case 'compare': {
      const fact = factOf(card, predicate.fact);
      return fact === undefined ? 'unknown' : said(compare(fact, predicate.comparator, predicate.value));
    }
    case 'judgement':
      return 'unknown';
  }
}

function compare(fact: number | string, comparator: Comparator, value: number | string): boolean {
  if (comparator === '=') return fact === value;
  if (comparator === '!=') return fact !== value;
  if (typeof fact !== 'number' || typeof value !== 'number') return false;
  switch (comparator) {
    case '<':
      return fact < value;
    case '<=':
      return fact <= value;
    case '>':
      return fact > value;
    case '>=':
      return fact >= value;
  }
}

function said(value: boolean): Verdict {
  return value ? 'true' : 'false';
}

function negate(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? verdict : said(verdict === 'false');
}

function both(left: Verdict, right: Verdict): Verdict {
  if (left === 'false' || right === 'false') return 'false';
  return left === 'true' && right === 'true' ? 'true' : 'unknown';
}
