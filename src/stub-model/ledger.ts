/** Every call that reached the stub, kept in memory and, where asked for, as lines of JSON. */
import { appendFileSync } from 'node:fs';
import type { FaultKind } from './options.js';

export interface Tokens {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface LedgerEntry extends Tokens {
  /** Also the `x-request-id` of the reply. */
  readonly requestId: string;
  readonly at: string;
  readonly api: 'chat' | 'responses';
  readonly model: string;
  /** The same for the same question. */
  readonly question: string;
  /** 0 when it was asked for the first time. */
  readonly attempt: number;
  readonly stream: boolean;
  readonly status: number;
  readonly fault?: FaultKind;
  /** Whether all that the stub had to say was sent while the caller was still there. */
  readonly delivered: boolean;
  readonly seconds: number;
}

export interface Ledger {
  add(entry: LedgerEntry): void;
  read(): { readonly calls: readonly LedgerEntry[]; readonly totals: Tokens & { readonly calls: number } };
}

export function createLedger(path: string | undefined): Ledger {
  const calls: LedgerEntry[] = [];
  return {
    add(entry) {
      calls.push(entry);
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(entry)}\n`);
    },
    read() {
      const sum = (field: keyof Tokens): number => calls.reduce((total, call) => total + call[field], 0);
      const totals = {
        calls: calls.length,
        input: sum('input'),
        cachedInput: sum('cachedInput'),
        output: sum('output'),
        reasoning: sum('reasoning'),
      };
      return { calls: [...calls], totals };
    },
  };
}
