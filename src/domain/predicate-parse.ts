/**
 * The predicate language of `whenToUse` and `whenNot`, by recursive descent:
 *
 *     line       = or [ ":" prose ]
 *     or         = and { "or" and }
 *     and        = unary { "and" unary }
 *     unary      = "not" unary | "(" or ")" | package | comparison | member | contains | judgement
 *     package    = "package" "(" name ")"
 *     comparison = fact ( "<" | "<=" | ">" | ">=" | "=" | "!=" ) ( number | name )
 *     member     = fact "in" "{" name { "," name } "}"
 *     contains   = set "has" name
 *     judgement  = word "is" word { word }          a person's call: never decided by the card
 */
import { FACTS, type FactName, isFact, isSetFact, SET_FACTS, type SetFactName } from './predicate-facts.js';
import { type Token, tokenise } from './predicate-tokens.js';

export type Comparator = '<' | '<=' | '>' | '>=' | '=' | '!=';
export type Predicate =
  | { readonly kind: 'or' | 'and'; readonly left: Predicate; readonly right: Predicate }
  | { readonly kind: 'not'; readonly inner: Predicate }
  | { readonly kind: 'package'; readonly name: string }
  | {
      readonly kind: 'compare';
      readonly fact: FactName;
      readonly comparator: Comparator;
      readonly value: number | string;
    }
  | { readonly kind: 'in'; readonly fact: FactName; readonly values: readonly string[] }
  | { readonly kind: 'has'; readonly set: SetFactName; readonly value: string }
  | { readonly kind: 'judgement'; readonly text: string };

/** @throws Error with one sentence that names the place and what was expected. */
export function parsePredicate(line: string): Predicate {
  const colon = line.indexOf(':');
  const cursor = cursorOver(tokenise(colon < 0 ? line : line.slice(0, colon)));
  const predicate = parseOr(cursor);
  const rest = cursor.peek();
  if (rest.kind !== 'end')
    throw new Error(`\`${rest.text}\` at ${rest.at + 1} where \`and\`, \`or\` or the end belongs`);
  return predicate;
}

interface Cursor {
  peek(ahead?: number): Token;
  take(): Token;
  /** Takes the next token when it reads so. */
  skip(text: string): boolean;
}

function cursorOver(tokens: readonly Token[]): Cursor {
  const last: Token = { kind: 'end', text: '', at: tokens.at(-1)?.at ?? 0 };
  let next = 0;
  const peek = (ahead = 0): Token => tokens[next + ahead] ?? last;
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  return { peek, take, skip: (text) => peek().kind !== 'end' && peek().text === text && take() !== undefined };
}

function parseOr(cursor: Cursor): Predicate {
  let left = parseAnd(cursor);
  while (cursor.skip('or')) left = { kind: 'or', left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Predicate {
  let left = parseUnary(cursor);
  while (cursor.skip('and')) left = { kind: 'and', left, right: parseUnary(cursor) };
  return left;
}

function parseUnary(cursor: Cursor): Predicate {
  if (cursor.skip('not')) return { kind: 'not', inner: parseUnary(cursor) };
  if (cursor.skip('(')) {
    const inner = parseOr(cursor);
    expect(cursor, ')');
    return inner;
  }
  if (cursor.peek().text === 'package' && cursor.peek(1).text === '(') return parsePackage(cursor);
  if (cursor.peek(1).text === 'is') return parseJudgement(cursor);
  return parseFact(cursor);
}

function parsePackage(cursor: Cursor): Predicate {
  cursor.take();
  expect(cursor, '(');
  const name = takeName(cursor);
  expect(cursor, ')');
  return { kind: 'package', name };
}

function parseJudgement(cursor: Cursor): Predicate {
  const words: string[] = [];
  while (cursor.peek().kind === 'word' && !['and', 'or'].includes(cursor.peek().text)) words.push(cursor.take().text);
  if (words.length < 3) throw new Error(`\`${words.join(' ')}\` is no judgement of the form \`signal is linear\``);
  return { kind: 'judgement', text: words.join(' ') };
}

function parseFact(cursor: Cursor): Predicate {
  const token = cursor.take();
  const name = token.text;
  if (isSetFact(name)) {
    expect(cursor, 'has');
    return { kind: 'has', set: name, value: takeName(cursor) };
  }
  if (!isFact(name)) {
    const known = [...FACTS, ...SET_FACTS].join(', ');
    throw new Error(`\`${name}\` at ${token.at + 1} is no fact of the task card; known: ${known}`);
  }
  if (cursor.skip('in')) return { kind: 'in', fact: name, values: parseNames(cursor) };
  return { kind: 'compare', fact: name, comparator: takeComparator(cursor), value: takeValue(cursor) };
}

function parseNames(cursor: Cursor): readonly string[] {
  expect(cursor, '{');
  const names = [takeName(cursor)];
  while (cursor.skip(',')) names.push(takeName(cursor));
  expect(cursor, '}');
  return names;
}

function takeComparator(cursor: Cursor): Comparator {
  const token = cursor.take();
  switch (token.text) {
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '=':
    case '!=':
      return token.text;
    default:
      throw new Error(`\`${token.text}\` at ${token.at + 1} where a comparison or \`in\` belongs`);
  }
}

function takeValue(cursor: Cursor): number | string {
  const token = cursor.peek();
  if (token.kind !== 'number') return takeName(cursor);
  cursor.take();
  return token.value;
}

function takeName(cursor: Cursor): string {
  const token = cursor.take();
  if (token.kind !== 'word') throw new Error(`\`${token.text}\` at ${token.at + 1} where a name belongs`);
  return token.text;
}

function expect(cursor: Cursor, text: string): void {
  const token = cursor.peek();
  if (!cursor.skip(text)) throw new Error(`\`${token.text}\` at ${token.at + 1} where \`${text}\` belongs`);
}
