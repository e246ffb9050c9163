/**
 * A small world to drive a search in: asynchronous slots, scripted durations, scores and failures, no clock but its own.
 * `runWorld` is the loop every driver of `decide` and `apply` has to be; it fails the test when a decision spins.
 */
import type { SearchNode } from '../../src/domain/node.js';
import type { FailureClass } from '../../src/domain/outcome.js';
import type { SearchEvent } from '../../src/domain/run-event.js';
import type { Complement, Cost, Versus } from '../../src/domain/score.js';
import type { SearchConfig } from '../../src/domain/search-config.js';
import { apply } from '../../src/search/apply.js';
import { decide } from '../../src/search/decide.js';
import { bestNode, branchBest } from '../../src/search/elite.js';
import { nodeOf } from '../../src/search/graph.js';
import type { Decision, Reservation, SearchState } from '../../src/search/state.js';

export type Expansion = Extract<Decision, { kind: 'expand' }>;

/** What becomes of one proposal. All durations are milliseconds. */
export interface Fate {
  readonly proposeMs: number;
  /** The author has nothing to offer; nothing else counts then. */
  readonly rejected?: string;
  readonly family: string;
  readonly runMs: number;
  readonly evaluateMs: number;
  readonly failure?: FailureClass;
  readonly milestones?: number;
  readonly value?: number;
  /** Standard error of every paired difference. */
  readonly pairedSE?: number;
  readonly complement?: readonly Complement[];
  /** Executions that infrastructure loses before one gets through. */
  readonly releases?: number;
}

export interface World {
  /** Called once for each expansion, at the time of the decision. */
  readonly fateOf: (expansion: Expansion, state: SearchState) => Fate;
  /** Events from outside, each given once the clock has reached its time. */
  readonly messages?: readonly SearchEvent[];
  /** Called with every state reached and the decision taken in it. */
  readonly observe?: (state: SearchState, decision: Decision) => void;
}

export interface WorldRun {
  readonly state: SearchState;
  /** Every event applied, in order. */
  readonly events: readonly SearchEvent[];
  readonly reason: string;
}

/** Defaults of the schema, spelled out so that tests need no parser; a test compares the two. */
export const CONFIG: SearchConfig = {
  policy: 'mcgs',
  seed: 1,
  slots: 2,
  budgetMs: 300_000,
  executions: 100_000,
  reserveShare: 0.15,
  runSecondsCap: 3600,
  proposalsAhead: 0,
  drafts: 'auto',
  exploration: 0.1,
  beatsZ: 0.5,
  debugDepth: 3,
  rejectionsPerParent: 3,
  stagnationBranch: 3,
  stagnationGlobal: 6,
  aggregations: 2,
  evolve: true,
  fuse: true,
  aggregate: true,
  greedyDrafts: 5,
  greedyDebugProbability: 0.5,
};

const MOST_STEPS = 4000;

interface Timed {
  readonly atMs: number;
  readonly nodeId: string;
  readonly eventAt: (state: SearchState, atMs: number) => SearchEvent;
}

/** Drives `state` to its end. Deterministic: what is due at the same time happens in the order in which it was started. */
export function runWorld(start: SearchState, world: World): WorldRun {
  let state = start;
  const events: SearchEvent[] = [];
  const fates = new Map<string, Fate>();
  let due: Timed[] = [];
  const messages = [...(world.messages ?? [])].sort((a, b) => a.atMs - b.atMs);
  const put = (event: SearchEvent) => {
    state = apply(state, event);
    events.push(event);
  };
  const later = (nodeId: string, afterMs: number, eventAt: Timed['eventAt']) =>
    due.push({ atMs: state.clock.nowMs + afterMs, nodeId, eventAt });

  for (let step = 0; step < MOST_STEPS; step += 1) {
    const decision = decide(state);
    world.observe?.(state, decision);
    const before = state;
    switch (decision.kind) {
      case 'finish':
        return { state, events, reason: decision.reason };
      case 'expand': {
        const fate = world.fateOf(decision, state);
        fates.set(decision.nodeId, fate);
        const { kind: _, ...reserved } = decision;
        put({ kind: 'reserved', atMs: state.clock.nowMs, ...reserved, references: [...decision.references] });
        later(decision.nodeId, fate.proposeMs, (_state, atMs) => proposedEvent(decision.nodeId, fate, atMs));
        break;
      }
      case 'dispatch': {
        const fate = fates.get(decision.nodeId)!;
        const work = state.reservations.find(({ nodeId }) => nodeId === decision.nodeId)!;
        put({ kind: 'started', atMs: state.clock.nowMs, nodeId: decision.nodeId, try: work.try + 1 });
        const runMs = Math.min(fate.runMs, decision.runSeconds * 1000);
        later(decision.nodeId, runMs, (_state, atMs) => executedEvent(work, fate, runMs, decision.runSeconds, atMs));
        break;
      }
      case 'discard':
      case 'cancel':
        due = due.filter(({ nodeId }) => nodeId !== decision.nodeId);
        put({
          kind: 'cancelled',
          atMs: state.clock.nowMs,
          nodeId: decision.nodeId,
          why: decision.why,
          cost: costOf(0),
        });
        break;
      case 'wait': {
        if (!(decision.deadlineMs > state.clock.nowMs))
          throw new Error(`waits until ${decision.deadlineMs}, in the past`);
        due.sort((a, b) => a.atMs - b.atMs);
        const next = due[0];
        const message = messages[0];
        const nextMs = Math.min(next?.atMs ?? Infinity, message?.atMs ?? Infinity, decision.deadlineMs);
        if (message && message.atMs <= nextMs) {
          put(messages.shift()!);
        } else if (next && next.atMs <= nextMs) {
          due = due.filter((other) => other !== next);
          const event = next.eventAt(state, next.atMs);
          put(event);
          if (event.kind === 'executed') {
            const fate = fates.get(next.nodeId)!;
            later(next.nodeId, fate.evaluateMs, (now, atMs) => finishedEvent(now, event.nodeId, fate, atMs));
          }
        } else {
          put({ kind: 'ticked', atMs: nextMs });
        }
        break;
      }
    }
    if (state === before && decision.kind !== 'wait') throw new Error(`spins: ${JSON.stringify(decision)}`);
  }
  throw new Error(`no end after ${MOST_STEPS} steps`);
}

export function costOf(seconds: number): Cost {
  return { seconds, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
}

function proposedEvent(nodeId: Reservation['nodeId'], fate: Fate, atMs: number): SearchEvent {
  const cost = costOf(fate.proposeMs / 1000);
  if (fate.rejected !== undefined) return { kind: 'proposal-rejected', atMs, nodeId, reason: fate.rejected, cost };
  const refs = { programRef: `program-${nodeId}`, planRef: `plan-${nodeId}`, fingerprint: `fingerprint-${nodeId}` };
  return { kind: 'proposed', atMs, nodeId, ...refs, family: fate.family, cost };
}

function executedEvent(work: Reservation, fate: Fate, runMs: number, limit: number, atMs: number): SearchEvent {
  const on = { atMs, nodeId: work.nodeId, cost: costOf(runMs / 1000) };
  if (work.try < (fate.releases ?? 0)) return { kind: 'released', ...on, cause: 'node-lost' };
  if (fate.runMs >= limit * 1000) return { kind: 'failed', ...on, failure: 'timeout', milestones: 2 };
  if (fate.failure) return { kind: 'failed', ...on, failure: fate.failure, milestones: fate.milestones ?? 0 };
  return { kind: 'executed', ...on };
}

function finishedEvent(state: SearchState, nodeId: Reservation['nodeId'], fate: Fate, atMs: number): SearchEvent {
  const work = state.reservations.find((reservation) => reservation.nodeId === nodeId)!;
  const value = fate.value ?? 0;
  const score = { value, standardError: 0.01, rows: 500, direction: state.direction, source: 'hidden' as const };
  const paired = (node: SearchNode | undefined) => {
    if (!node?.score) return undefined;
    const sign = state.direction === 'maximise' ? 1 : -1;
    const delta = sign * (value - node.score.value);
    return { against: node.id, delta, pairedSE: fate.pairedSE ?? 0, rows: 500 };
  };
  const versus: Versus = {};
  const parent = paired(nodeOf(state, work.parent));
  const inBranch = paired(branchBest(state, work.branch));
  const best = paired(bestNode(state));
  if (parent) versus.parent = parent;
  if (inBranch) versus.branchBest = inBranch;
  if (best) versus.best = best;
  const cost = costOf(fate.evaluateMs / 1000);
  const extra = fate.complement ? { complement: [...fate.complement] } : {};
  return { kind: 'finished', atMs, nodeId, score, versus, ...extra, cost };
}
