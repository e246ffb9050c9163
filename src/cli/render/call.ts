/** Model calls as rows of a table. */
import { boundText, moneyText, tokensText } from '../../results/model-usage.js';
import type { CallRow } from '../../store/call-row.js';
import { usdOf } from '../../store/call-row.js';
import type { Column } from './table.js';

export const CALL_COLUMNS: readonly Column[] = [
  { title: 'call' },
  { title: 'model' },
  { title: 'state' },
  { title: 'in', align: 'right' },
  { title: 'cached', align: 'right' },
  { title: 'out', align: 'right' },
  { title: 'money', align: 'right' },
  { title: 'seconds', align: 'right' },
  { title: 'what became of it' },
];

export function callCells(row: CallRow): readonly string[] {
  const name = row.try === 1 ? row.callId : `${row.callId}/${row.try}`;
  const head = [name, row.model, row.state];
  if (row.state === 'done') {
    const { usage, seconds, finish, nanoUsd, counted } = row;
    const numbers = [usage.input, usage.cachedInput, usage.output].map(tokensText);
    const note = counted === 'here' ? `${finish}, counted here` : finish;
    return [...head, ...numbers, moneyText(usdOf([nanoUsd])), seconds.toFixed(1), note];
  }
  const bound = boundText({ calls: 1, tokens: row.worst.tokens, usd: usdOf([row.worst.nanoUsd]) });
  if (row.state === 'begun') return [...head, '', '', '', bound, '', 'under way'];
  return [...head, '', '', '', row.state === 'lost' ? bound : '', '', row.cause];
}
