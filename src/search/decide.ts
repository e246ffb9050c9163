/**
 * What to do next, as a pure function of the state. Total: in every reachable state it expands, dispatches, discards, cancels, waits or
 * finishes, and never spins: whatever it decides changes the state when applied, and it waits only for something that is on its way (or
 * for a person, when paused) and never past a time in the future.
 */
import type { PolicyName } from '../domain/search-config.js';
import {
  executionsLeft,
  freeSlots,
  isAffordable,
  leastTimeMs,
  proposalsWanted,
  runSecondsNow,
  searchEndMs,
  timeLeftMs,
} from './budget.js';
import { worstCase } from './estimates.js';
import { nodeNamed, numberOf } from './graph.js';
import { reserveMs } from './limits.js';
import { airaEvolutionary } from './policies/aira-evolutionary.js';
import { airaMcts } from './policies/aira-mcts.js';
import { draftOnly } from './policies/draft-only.js';
import { greedy } from './policies/greedy.js';
import { mcgs } from './policies/mcgs.js';
import { mcgsPaper } from './policies/mcgs-paper.js';
import { mcts } from './policies/mcts.js';
import type { SearchPolicy } from './policies/policy.js';
import { star } from './policies/star.js';
import { topK } from './policies/top-k.js';
import { isPruned, prunedNodes } from './pruned.js';
import { drawInteger } from './random.js';
import type { Decision, Reservation, SearchState } from './state.js';
import { traceOf } from './trace.js';

const POLICIES: Readonly<Record<PolicyName, SearchPolicy>> = {
  mcgs,
  'mcgs-paper': mcgsPaper,
  mcts,
  'top-k': topK,
  greedy,
  'aira-mcts': airaMcts,
  'aira-evolutionary': airaEvolutionary,
  star,
  'draft-only': draftOnly,
};

/** A paused run looks up once an hour, a blocked one each minute. */
const PAUSED_MS = 3_600_000;
const BLOCKED_MS = 60_000;
/** Longest time given to an evaluation that is under way when the search ends. */
const GRACE_MS = 10_000;

/** The next decision of the policy that the state names. */
export function decide(state: SearchState): Decision {
  return decideWith(state, POLICIES[state.config.policy]);
}

/** The next decision of a given policy: the order of these six lines is the schedule. */
export function decideWith(state: SearchState, policy: SearchPolicy): Decision {
  return end(state) ?? dropMisfit(state) ?? hold(state) ?? launch(state) ?? grow(state, policy) ?? rest(state, policy);
}

/** True when the next decision ends the search. */
export function isFinished(state: SearchState): boolean {
  return decide(state).kind === 'finish';
}

/** After its time, or when asked: everything in flight is cancelled, but for evaluations, which get a few seconds. */
function end(state: SearchState): Decision | undefined {
  const reason = state.steering.finishAsked ? 'asked' : timeLeftMs(state) <= 0 ? 'budget' : undefined;
  if (!reason) return undefined;
  const graceMs = Math.min(GRACE_MS, reserveMs(state) / 4);
  const graceEndMs = (work: Reservation) => Math.ceil(work.sinceMs + graceMs);
  const hasGrace = (work: Reservation) => work.phase === 'evaluating' && graceEndMs(work) > state.clock.nowMs;
  const over = state.reservations.find((work) => !hasGrace(work));
  if (over) return drop(over, reason === 'asked' ? 'the run was asked to finish' : 'the time of the search is over');
  if (state.reservations.length === 0) return { kind: 'finish', reason };
  return { kind: 'wait', until: 'any-finished', deadlineMs: Math.min(...state.reservations.map(graceEndMs)) };
}

/** Work that steering, a smaller budget or the clock made pointless: one at a time, the latest and least advanced first. */
function dropMisfit(state: SearchState): Decision | undefined {
  const pruned = prunedNodes(state);
  const outcast = state.reservations.find((work) => isPruned(pruned, work));
  if (outcast) return drop(outcast, 'its branch was pruned');
  const latest = [...state.reservations].sort(leastAdvanced)[0];
  if (latest && executionsLeft(state) < 0) return drop(latest, 'the budget no longer covers it');
  const late = timeLeftMs(state) <= leastTimeMs(state) && latest;
  if (late && !isRunning(late)) return drop(late, 'too little time is left to run it');
  return undefined;
}

/** Nothing new starts while paused; what runs goes on. */
function hold(state: SearchState): Decision | undefined {
  const { paused, blocked } = state.steering;
  if (!paused) return undefined;
  const forMs = blocked === undefined ? PAUSED_MS : BLOCKED_MS;
  const until = blocked === undefined ? 'resumed' : 'unblocked';
  return { kind: 'wait', until, deadlineMs: Math.ceil(state.clock.nowMs) + forMs };
}

/** The oldest proposal takes the free slot. */
function launch(state: SearchState): Decision | undefined {
  const ready = state.reservations.find((work) => work.phase === 'ready');
  if (!ready || freeSlots(state) === 0) return undefined;
  return { kind: 'dispatch', nodeId: ready.nodeId, runSeconds: runSecondsNow(state) };
}

function grow(state: SearchState, policy: SearchPolicy): Decision | undefined {
  if (proposalsWanted(state) <= 0 || executionsLeft(state) < 1 || timeLeftMs(state) <= leastTimeMs(state))
    return undefined;
  const move = state.capped ? undefined : policy.choose(state);
  if (!move) return undefined;
  const committed = worstCase(state, move.operator);
  if (!isAffordable(state, committed)) return undefined;
  const nodeId = nodeNamed(state.nextNode);
  return {
    kind: 'expand',
    nodeId,
    parent: move.parent,
    branch: move.branch ?? nodeId,
    operator: move.operator,
    ...(move.variant === undefined ? {} : { variant: move.variant }),
    references: move.references.map(({ from, kind }) => ({ from, to: nodeId, kind })),
    seed: drawInteger(state.streams.author, 0),
    committed,
    why: traceOf(policy.name, move),
  };
}

function rest(state: SearchState, policy: SearchPolicy): Decision {
  const { nowMs } = state.clock;
  const endMs = searchEndMs(state);
  const closingMs = endMs - leastTimeMs(state);
  if (state.reservations.length > 0) {
    return { kind: 'wait', until: 'any-finished', deadlineMs: Math.ceil(closingMs > nowMs ? closingMs : endMs) };
  }
  if (closingMs <= nowMs) return { kind: 'finish', reason: 'budget' };
  if (executionsLeft(state) < 1) return { kind: 'finish', reason: 'executions' };
  const message = capText(state, policy);
  return message === undefined
    ? { kind: 'finish', reason: 'exhausted' }
    : { kind: 'finish', reason: 'budget', message };
}

/** Why nothing more is proposed, if a cap on model calls is the reason. */
function capText(state: SearchState, policy: SearchPolicy): string | undefined {
  if (state.capped) return state.capped.message;
  const move = state.caps && policy.choose(state);
  if (!move || isAffordable(state, worstCase(state, move.operator))) return undefined;
  const { usd, tokens } = state.caps ?? {};
  const caps = [
    ...(usd === undefined ? [] : [`${usd} US dollars`]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
  ];
  return `Another ${move.operator} could pass the cap of ${caps.join(' or ')}.`;
}

function drop({ nodeId, phase }: Reservation, why: string): Decision {
  return { kind: phase === 'ready' ? 'discard' : 'cancel', nodeId, why };
}

function isRunning({ phase }: Reservation): boolean {
  return phase === 'executing' || phase === 'evaluating';
}

const ADVANCE: Readonly<Record<Reservation['phase'], number>> = { proposing: 0, ready: 1, executing: 2, evaluating: 3 };

function leastAdvanced(a: Reservation, b: Reservation): number {
  return ADVANCE[a.phase] - ADVANCE[b.phase] || numberOf(b.nodeId) - numberOf(a.nodeId);
}
