/** Long texts within a number of tokens, each kind shortened in the manner that keeps what an author needs. */
import { codeView } from './code.js';
import { descriptionView } from './description.js';
import { headView } from './lines.js';
import { logView } from './log.js';
import { tableView } from './table.js';

export type ViewKind = 'log' | 'code' | 'table' | 'description' | 'text';
export type CountTokens = (text: string) => number;

const VIEWS: Readonly<Record<ViewKind, (text: string, tokens: number, count: CountTokens) => string>> = {
  log: logView,
  code: codeView,
  table: tableView,
  description: descriptionView,
  text: headView,
};

/** At most `tokens`; the text itself where it fits; '' where not even its first line does. What is left out is said in its place. */
export function budgetedView(text: string, kind: ViewKind, tokens: number, count: CountTokens): string {
  if (tokens <= 0 || text === '') return '';
  // No token is longer than its text; most are three letters or more.
  if (text.length <= tokens || count(text) <= tokens) return text;
  return VIEWS[kind](text, tokens, count);
}
