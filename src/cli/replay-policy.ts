/** What another policy would have chosen in each expansion of a recorded run, asked in the very states that the run went through. */
import type { NodeId } from '../domain/ids.js';
import type { FailureClass } from '../domain/outcome.js';
import type { SearchEvent, SelectionTrace } from '../domain/run-event.js';
import type { Score } from '../domain/score.js';
import type { PolicyName, PolicyPreset } from '../domain/search-config.js';
import { apply } from '../search/apply.js';
import { decide } from '../search/decide.js';
import { nodeOf } from '../search/graph.js';
import type { Decision, SearchState } from '../search/state.js';

/** Where a program was to be made from, and how. */
export interface Choice {
  readonly parent: string;
  readonly operator: string;
  readonly variant?: string;
  readonly references: readonly string[];
  readonly why: SelectionTrace;
}

export interface Comparison {
  readonly nodeId: NodeId;
  readonly chosen: Choice;
  /** What came of it in the run: a score, or why it failed; absent where it was never run to its end. */
  readonly result?: Score | FailureClass;
  /** Absent: the other policy would have expanded nothing then; `instead` says what it would have done. */
  readonly other?: Choice;
  readonly instead?: Decision['kind'];
  /** The same parent; and with it the same operator, variant and references. */
  readonly sameParent: boolean;
  readonly same: boolean;
}

export interface PolicyReplay {
  readonly policy: PolicyName;
  readonly preset?: PolicyPreset;
  readonly expansions: number;
  readonly same: number;
  readonly sameParent: number;
  readonly comparisons: readonly Comparison[];
}

/**
 * The other policy never goes its own way: after each comparison the run goes on as recorded, so every answer is about a state that the
 * recorded policy led to. What it draws is what the run would have drawn. Programs that a person added are passed over.
 */
export function compareWith(
  start: SearchState,
  events: readonly SearchEvent[],
  policy: PolicyName,
  preset?: PolicyPreset,
): PolicyReplay {
  const comparisons: Comparison[] = [];
  let state = start;
  for (const event of events) {
    if (event.kind === 'reserved' && event.added === undefined)
      comparisons.push(compared(state, event, policy, preset));
    state = apply(state, event);
  }
  return {
    policy,
    ...(preset === undefined ? {} : { preset }),
    expansions: comparisons.length,
    same: comparisons.filter(({ same }) => same).length,
    sameParent: comparisons.filter(({ sameParent }) => sameParent).length,
    comparisons: comparisons.map((comparison) => withResult(comparison, state)),
  };
}

function withResult(comparison: Comparison, end: SearchState): Comparison {
  const node = nodeOf(end, comparison.nodeId);
  const result = node?.score ?? node?.failure;
  return result === undefined ? comparison : { ...comparison, result };
}

type Reserved = Extract<SearchEvent, { kind: 'reserved' }>;

function compared(state: SearchState, event: Reserved, policy: PolicyName, preset?: PolicyPreset): Comparison {
  const { preset: _, ...config } = state.config;
  const asked = decide({ ...state, config: { ...config, policy, ...(preset === undefined ? {} : { preset }) } });
  const chosen = choiceOf(event);
  if (asked.kind !== 'expand')
    return { nodeId: event.nodeId, chosen, instead: asked.kind, sameParent: false, same: false };
  const other = choiceOf(asked);
  const sameParent = other.parent === chosen.parent;
  return { nodeId: event.nodeId, chosen, other, sameParent, same: sameParent && moveText(other) === moveText(chosen) };
}

function choiceOf(expansion: Reserved | Extract<Decision, { kind: 'expand' }>): Choice {
  const { parent, operator, variant, references, why } = expansion;
  return { parent, operator, ...(variant ? { variant } : {}), references: references.map(({ from }) => from), why };
}

/** `improve (tune) of n4`, `fuse n2 with n7`. */
export function moveText({ parent, operator, variant, references }: Omit<Choice, 'why'>): string {
  const what = variant ? `${operator} (${variant})` : operator;
  const from = parent === 'root' ? '' : ` of ${parent}`;
  return `${what}${from}${references.length > 0 ? ` with ${[...references].sort(byNumber).join(', ')}` : ''}`;
}

/** `n2` before `n10`. */
function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}
