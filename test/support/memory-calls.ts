/** The ledger of model calls in memory: rows alone, and the meter counted from them each time. */
import type { CallRow } from '../../src/store/call-row.js';
import { meterOf } from '../../src/store/call-row.js';
import type { Calls } from '../../src/store/calls.js';

export interface MemoryCalls extends Calls {
  readonly rows: Map<string, CallRow>;
}

export function memoryCalls(): MemoryCalls {
  const rows = new Map<string, CallRow>();
  let revision = 0;
  let closed = false;
  const idOf = (call: Pick<CallRow, 'callId' | 'try'>): string => `${call.callId}/${call.try}`;
  const put = (row: CallRow): void => {
    revision += 1;
    rows.set(idOf(row), row);
  };
  const meter = () => meterOf([...rows.values()], revision);
  return {
    rows,
    tries: async (_run, callId) => [...rows.values()].filter((row) => row.callId === callId),
    async begin(call, caps) {
      if (closed) return { kind: 'closed' };
      if (rows.has(idOf(call))) return { kind: 'taken' };
      const { paid, lost, inFlight } = meter();
      const held = (name: 'calls' | 'tokens' | 'usd') => (paid[name] ?? 0) + (lost[name] ?? 0) + (inFlight[name] ?? 0);
      const wanted = { usd: (call.worst.nanoUsd ?? Infinity) / 1e9, tokens: call.worst.tokens, calls: 1 };
      const cap = (['usd', 'tokens', 'calls'] as const).find(
        (name) => held(name) + wanted[name] > (caps[name] ?? Infinity) + 1e-12,
      );
      if (cap !== undefined) return { kind: 'capped', cap, meter: meter() };
      put({ ...call, seenAt: new Date() });
      return { kind: 'begun' };
    },
    async beat(call) {
      const row = rows.get(idOf(call));
      if (row?.state !== 'begun' || row.owner !== call.owner) return false;
      rows.set(idOf(row), { ...row, seenAt: new Date() });
      return true;
    },
    async settle(call, ending) {
      const row = rows.get(idOf(call));
      if (row?.owner !== call.owner) return;
      if (row.state === 'begun') put({ ...row, ...ending });
      else if (row.state === 'lost' && row.late === undefined && ending.state !== 'lost') put({ ...row, late: ending });
    },
    async buryIfSilent(row, silentMs, cause) {
      const now = rows.get(idOf(row));
      if (now?.state !== 'begun' || Date.now() - now.seenAt.getTime() < silentMs) return false;
      put({ ...now, state: 'lost', cause, endedAt: new Date() });
      return true;
    },
    reconcile: async () => undefined,
    async close(_run, cause) {
      closed = rows.size > 0;
      for (const row of rows.values()) {
        if (row.state === 'begun') put({ ...row, state: 'lost', cause, endedAt: new Date() });
      }
      return rows.size === 0 ? undefined : meter();
    },
    meter: async () => (rows.size === 0 ? undefined : meter()),
    ofRun: async () => [...rows.values()],
  };
}
