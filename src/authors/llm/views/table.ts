/** Rows of a table, the head first: a first line with the names, then rows from the top, each line cut where it is long. */
import type { CountTokens } from './budgeted.js';
import { headView } from './lines.js';

export function tableView(text: string, tokens: number, count: CountTokens): string {
  return headView(text, tokens, count);
}
