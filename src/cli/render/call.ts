/** Model calls as rows of a table. */
import { answerOf } from '../../results/calls-table.js';
import { boundText, moneyText, tokensText } from '../../results/model-usage.js';
import type { CallRow } from '../../store/call-row.js';
import { costOf, usdOf } from '../../store/call-row.js';
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
  const answer = answerOf(row);
  if (answer !== undefined) {
    const { usage, seconds, finish, nanoUsd, counted } = answer;
    const numbers = [usage.input, usage.cachedInput, usage.output].map(tokensText);
    const end = row.state === 'lost' ? `${row.cause}; a reply came late` : finish;
    const note = counted === 'here' ? `${end}, counted here` : end;
    return [...head, ...numbers, moneyText(usdOf([nanoUsd])), seconds.toFixed(1), note];
  }
  const { tokens, nanoUsd } = costOf(row);
  const bound = boundText({ calls: 1, tokens, usd: usdOf([nanoUsd]) });
  if (row.state === 'begun') return [...head, '', '', '', bound, '', 'under way'];
  const cause = row.state === 'done' ? '' : row.cause;
  return [...head, '', '', '', row.state === 'lost' ? bound : '', '', cause];
}
