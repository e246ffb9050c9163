/** Tokens of the predicate language. */

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

/** Longer signs first: the first that fits is taken. */
const SIGNS = ['<=', '>=', '!=', '<', '>', '=', '(', ')', '{', '}', ','] as const;
const WORD = /[A-Za-z][A-Za-z0-9_.-]*/y;
/** An optional share: `5%` is 0.05. */
const NUMBER = /(-?\d+(?:\.\d+)?)(%?)/y;

/** @throws Error naming the first character that begins no token. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function tokenAt(text: string, at: number): Token {
  const sign = SIGNS.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { kind: 'sign', text: sign, at };
  const word = matchAt(WORD, text, at);
  if (word !== null) return { kind: 'word', text: word[0], at };
  const number = matchAt(NUMBER, text, at);
  if (number === null) throw new Error(`\`${text.charAt(at)}\` at ${at + 1} begins no word, number or sign`);
  return { kind: 'number', value: Number(number[1]) / (number[2] === '%' ? 100 : 1), text: number[0], at };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
