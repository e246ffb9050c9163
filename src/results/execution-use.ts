/** What the programs of a run have taken of its machines, from its ledger: tries that were lost and runs on all labels too. */
import { type RecordedExecution, searchExecutions } from '../domain/search-outcome.js';
import type { LedgerRow } from '../store/ledger.js';
import type { NodeRecord } from '../store/nodes.js';
import { durationText } from './number.js';

export interface Use {
  readonly executions: number;
  /** Wall seconds of the programs' own processes. */
  readonly seconds: number;
  readonly gpuSeconds: number;
}

export interface ExecutionUse {
  readonly all: Use;
  /** Of these, what went into finding programs and gave an outcome, what the machine lost, and what ran on all labels at the end. */
  readonly search: Use;
  readonly lost: Use;
  readonly refits: Use;
}

const NONE: Use = { executions: 0, seconds: 0, gpuSeconds: 0 };

/** Rows of executions that have not ended, and of the isolation probe, have cost nothing and are not counted. */
export function executionUse(
  ledger: readonly LedgerRow[],
  nodes: readonly Pick<NodeRecord, 'executions'>[],
): ExecutionUse {
  const kinds = new Map(nodes.flatMap(kindsOf));
  const use = { search: NONE, lost: NONE, refits: NONE };
  for (const { callId, cost } of ledger) {
    const kind = kinds.get(callId);
    if (kind !== undefined) use[kind] = plus(use[kind], { ...cost, executions: 1 });
  }
  return { all: plus(plus(use.search, use.lost), use.refits), ...use };
}

function kindsOf(node: Pick<NodeRecord, 'executions'>): readonly (readonly [string, 'search' | 'lost' | 'refits'])[] {
  const searched = new Set<RecordedExecution>(searchExecutions(node));
  return Object.values(node.executions ?? {}).map((execution) => [
    execution.executionId,
    execution.kind === 'infrastructure' || execution.kind === 'cancelled'
      ? 'lost'
      : searched.has(execution)
        ? 'search'
        : 'refits',
  ]);
}

function plus(left: Use, right: Use): Use {
  return {
    executions: left.executions + right.executions,
    seconds: left.seconds + right.seconds,
    gpuSeconds: left.gpuSeconds + right.gpuSeconds,
  };
}

/** One line: `programs 12 min 03 s in 20 executions, GPU 4 min 10 s · 1 lost, 3 s · 2 on all labels, 1 min 00 s`. */
export function executionLine({ all, lost, refits }: ExecutionUse): string {
  const gpu = all.gpuSeconds > 0 ? `, GPU ${durationText(all.gpuSeconds * 1000)}` : '';
  const parts = [
    `programs ${spent(all)} in ${all.executions} ${all.executions === 1 ? 'execution' : 'executions'}${gpu}`,
  ];
  if (lost.executions > 0) parts.push(`${lost.executions} lost to the machine, ${spent(lost)}`);
  if (refits.executions > 0) parts.push(`${refits.executions} on all labels, ${spent(refits)}`);
  return parts.join(' · ');
}

function spent({ seconds }: Use): string {
  return durationText(seconds * 1000);
}

/** The section of `report.md`; empty where nothing was run or the ledger is not at hand. */
export function executionSection(use: ExecutionUse | undefined): string {
  if (use === undefined || use.all.executions === 0) return '';
  return ['## Machine time', '', `- ${executionLine(use)}.`].join('\n');
}
