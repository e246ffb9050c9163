/** A drill's two ledgers side by side, as a Markdown table. */
import { markdownRows } from '../../src/results/markdown.js';
import type { CallRow } from '../../src/store/call-row.js';
import type { LedgerEntry, Tokens } from '../../src/stub-model/ledger.js';
import type { DrillReport } from './ledger-drill.js';

const KINDS = ['input', 'cachedInput', 'output', 'reasoning'] as const;

export function ledgerTable(report: DrillReport): string {
  const { rows, stub, inFlightAtKill, events, status, seconds } = report;
  const done = rows.flatMap((row) => (row.state === 'done' ? [row] : []));
  const ours = new Set(done.map((row) => row.requestId));
  const paid = stub.filter((entry) => entry.input + entry.output > 0);
  const unseen = paid.filter((entry) => !ours.has(entry.requestId));
  const seen = paid.filter((entry) => ours.has(entry.requestId));
  const lost = rows.flatMap((row) => (row.state === 'lost' ? [row] : []));
  const died = lost.filter(({ cause }) => cause === 'its worker died');
  const sums = (all: readonly Tokens[]): readonly string[] =>
    KINDS.map((kind) => String(all.reduce((sum, one) => sum + one[kind], 0)));
  const bound = lost.reduce((sum, row) => sum + row.worst.tokens, 0);
  const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
  return [
    ...markdownRows(
      ['ledger', 'calls', 'input', 'cached', 'output', 'reasoning'],
      [
        ['ours: answered', String(done.length), ...sums(done.map((row) => row.usage))],
        ['the stub: the same calls', String(seen.length), ...sums(seen)],
        ['the stub: paid, reply never arrived', String(unseen.length), ...sums(unseen)],
        ['ours: lost, at most', String(lost.length), `${bound} in and out`, '', '', ''],
        [
          'ours: turned away, nothing charged',
          String(rows.filter(({ state }) => state === 'failed').length),
          '',
          '',
          '',
          '',
        ],
      ],
    ),
    '',
    `${status.executions.spent} programs (${count('finished')} scored, ${count('failed')} failed), ${count('proposal-rejected')} proposals rejected, ${count('cancelled')} given up; ${seconds.toFixed(0)} s.`,
    `Killed ${inFlightAtKill.length} times with ${inFlightAtKill.join(', ')} calls under way: ${died.length} of them lost. Other losses: ${causes(lost)}.`,
    `Faults of the stub: ${faults(stub)}.`,
  ].join('\n');
}

function causes(lost: readonly Extract<CallRow, { state: 'lost' }>[]): string {
  const others = lost.filter(({ cause }) => cause !== 'its worker died');
  return others.length === 0 ? 'none' : `${others.length} replies that broke off or were given up`;
}

function faults(stub: readonly LedgerEntry[]): string {
  const kinds = new Map<string, number>();
  for (const { fault } of stub) if (fault !== undefined) kinds.set(fault, (kinds.get(fault) ?? 0) + 1);
  const total = [...kinds.values()].reduce((sum, one) => sum + one, 0);
  const list = [...kinds].sort().map(([kind, times]) => `${kind} ${times}`);
  return `${total} of ${stub.length} calls (${list.join(', ')})`;
}
