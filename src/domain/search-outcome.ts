/** How the search knows a program to have ended: the one reading of a node's record, for reports, screens and authors alike. */
import type { Evaluation } from './evaluation.js';
import type { FailureClass, OutcomeKind } from './outcome.js';

/** One execution as it was recorded. `attempt`: `1`, `2`, … for the tries of a program, `2-folds` for its further folds, `refit…`. */
export interface RecordedExecution {
  readonly attempt: string;
  readonly kind: OutcomeKind;
  readonly message: string;
}

export interface Recorded<E extends RecordedExecution> {
  readonly executions?: Readonly<Record<string, E>>;
  readonly evaluation?: Evaluation;
}

/**
 * `open`: nothing about the program has been decided. It waits, runs, waits for its score, or was lost to the machine, which is nobody's
 * failure. `execution`: the one that decided, or the last that told something about the program; absent where none did.
 */
export type SearchOutcome<E extends RecordedExecution> =
  | {
      readonly kind: 'valid';
      readonly evaluation: Extract<Evaluation, { readonly kind: 'valid' }>;
      readonly execution?: E;
    }
  | {
      readonly kind: 'failed';
      readonly failure: FailureClass;
      /** The evaluator's own word where it refused the submission, else the failure. */
      readonly code: string;
      readonly message: string;
      readonly execution?: E;
    }
  | { readonly kind: 'open'; readonly lost: boolean; readonly execution?: E };

/**
 * The last execution counts; those that infrastructure or a cancel ended say nothing, and runs on all labels are no part of the search.
 * A score of the first folds does not outlive a failure on the others.
 */
export function searchOutcome<E extends RecordedExecution>(node: Recorded<E>): SearchOutcome<E> {
  const all = searchExecutions(node);
  const last = all.findLast(({ kind }) => kind !== 'infrastructure' && kind !== 'cancelled');
  const execution = last && { execution: last };
  const failure = last && failureOf(last.kind);
  if (last && failure) return { kind: 'failed', failure, code: failure, message: last.message, ...execution };
  const { evaluation } = node;
  if (evaluation?.kind === 'valid') return { kind: 'valid', evaluation, ...execution };
  if (evaluation) {
    const { failure: refused, code, message } = evaluation;
    return { kind: 'failed', failure: refused, code, message, ...execution };
  }
  return { kind: 'open', lost: all.length > 0 && !last, ...execution };
}

/** In the order in which they were tried, lost ones too: what the search paid for. */
export function searchExecutions<E extends RecordedExecution>({ executions = {} }: Recorded<E>): readonly E[] {
  return Object.values(executions)
    .flatMap((execution) => {
      const place = placeOf(execution.attempt);
      return place === undefined ? [] : [{ execution, place }];
    })
    .sort((a, b) => a.place - b.place)
    .map(({ execution }) => execution);
}

/** Tries only ever grow, and the further folds of a try come after its first. */
function placeOf(attempt: string): number | undefined {
  const [, number, folds] = /^(\d+)(-folds)?$/.exec(attempt) ?? [];
  return number === undefined ? undefined : 2 * Number(number) + (folds === undefined ? 0 : 1);
}

function failureOf(kind: OutcomeKind): FailureClass | undefined {
  return kind === 'finished' || kind === 'infrastructure' || kind === 'cancelled' ? undefined : kind;
}
