/** Answers of the queries: read from the run, never changing it. */
import { workflowInfo } from '@temporalio/workflow';
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import type { FailureClass } from '../domain/outcome.js';
import type { Explanation, GraphPage, InFlight, RunPhase, RunStatus } from '../domain/run-status.js';
import { elapsedMs } from '../search/budget.js';
import { NO_COST } from '../search/cost.js';
import { bestNode, topNodes } from '../search/elite.js';
import { graphOf, nodeOf, reservationOf } from '../search/graph.js';
import { reserveMs } from '../search/limits.js';
import type { SearchState } from '../search/state.js';
import { GRAPH_PAGE, type GraphQuery, type NodeAnswer } from './messages.js';
import { advance, type Run, type Session } from './run.js';

const TOP = 5;

/** `paused` and `blocked` are read from the search; all else the workflow knows itself. */
export function phaseOf({ phase, run }: Session): RunPhase {
  if (phase !== 'searching' || run === null || !run.state.steering.paused) return phase;
  return run.state.steering.blocked === undefined ? 'paused' : 'blocked';
}

export function statusOf(session: Session): RunStatus {
  const { input, run } = session;
  const nowMs = session.endedMs ?? Math.max(Date.now(), workflowInfo().unsafe.now());
  const config = run?.state.config ?? input.config.search;
  const result = session.result === null ? {} : { result: session.result };
  const common = {
    runId: input.runId,
    title: run?.facts.title ?? input.source.task.title ?? input.source.task.id,
    phase: phaseOf(session),
    policy: config.policy,
    seed: config.seed,
    nowMs,
    startedMs: session.startedMs,
    budgetMs: config.budgetMs,
    ...result,
  };
  return run === null ? { ...common, ...unprepared(session, nowMs) } : { ...common, ...searching(run, nowMs) };
}

type Common = 'runId' | 'title' | 'phase' | 'policy' | 'seed' | 'nowMs' | 'startedMs' | 'budgetMs' | 'result';

function unprepared({ input, startedMs }: Session, nowMs: number): Omit<RunStatus, Common> {
  const { search } = input.config;
  return {
    slots: search.slots,
    elapsedMs: nowMs - startedMs,
    reserveMs: search.reserveShare * search.budgetMs,
    executions: { spent: 0, cap: search.executions },
    spent: NO_COST,
    top: [],
    nodes: { valid: 0, failed: 0, rejected: 0 },
    failures: {},
    inFlight: [],
    utilisation: 0,
    continuations: 0,
    warnings: [],
  };
}

function searching(run: Run, nowMs: number): Omit<RunStatus, Common> {
  const { state, facts } = run;
  const { blocked, slots } = state.steering;
  const failures = failuresOf(state);
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const best = bestOf(run);
  const { busyMs, slotMs } = advance(run.meter, state, nowMs);
  return {
    ...(blocked === undefined ? {} : { blocked }),
    mode: facts.mode,
    slots,
    elapsedMs: elapsedMs({ ...state, clock: { ...state.clock, nowMs } }),
    reserveMs: reserveMs(state),
    executions: { spent: state.spent.executions, cap: state.config.executions },
    spent: spentOf(run),
    ...(run.model === undefined ? {} : { model: run.model, caps: run.config.caps }),
    ...(state.baseline === undefined ? {} : { baseline: state.baseline }),
    ...(best === null ? {} : { best }),
    top: topNodes(state, TOP).flatMap(({ id, score, operator, family }) =>
      score === undefined ? [] : [{ nodeId: id, score, operator, family }],
    ),
    nodes: { valid: graphOf(state).nodes.length - failed, failed, rejected: state.rejected },
    failures,
    inFlight: inFlightOf(state),
    utilisation: slotMs === 0 ? 0 : busyMs / slotMs,
    continuations: run.continuations,
    warnings: facts.warnings,
  };
}

/** Money and tokens as the ledger has them: calls of proposals that came to nothing count as well. */
function spentOf({ state, model }: Run): RunStatus['spent'] {
  return model === undefined ? state.spent : { ...state.spent, usd: model.paid.usd, tokens: model.paid.tokens };
}

export function bestOf(run: Run | null): NonNullable<RunStatus['best']> | null {
  const best = run === null ? undefined : bestNode(run.state);
  return best?.score === undefined ? null : { nodeId: best.id, score: best.score, family: best.family };
}

export function failuresOf(state: SearchState): Partial<Record<FailureClass, number>> {
  const counts: Partial<Record<FailureClass, number>> = {};
  for (const { failure } of graphOf(state).nodes) {
    if (failure !== undefined) counts[failure] = (counts[failure] ?? 0) + 1;
  }
  return counts;
}

function inFlightOf(state: SearchState): readonly InFlight[] {
  return state.reservations.map(({ nodeId, operator, parent, phase, sinceMs }) => ({
    nodeId,
    operator,
    parent,
    phase,
    sinceMs,
  }));
}

/** Nodes in the order of finishing, with the references that lead to them. */
export function graphPage(run: Run | null, { from = 0, limit = GRAPH_PAGE }: GraphQuery = {}): GraphPage {
  if (run === null) return { nodes: [], references: [], inFlight: [] };
  const size = Math.min(GRAPH_PAGE, Math.max(1, Math.floor(limit)));
  const rest = graphOf(run.state).finished.filter((node) => node.ordinal >= from);
  const nodes = rest.slice(0, size);
  const shown = new Set<NodeId>(nodes.map((node: SearchNode) => node.id));
  const next = rest[size]?.ordinal;
  return {
    nodes,
    references: run.state.references.filter((reference) => shown.has(reference.to)),
    inFlight: inFlightOf(run.state),
    ...(next === undefined ? {} : { next }),
  };
}

/** @throws for a node that the run does not know. */
export function nodeAnswer(run: Run | null, nodeId: NodeId): NodeAnswer {
  const node = run === null ? undefined : nodeOf(run.state, nodeId);
  if (node !== undefined) return { kind: 'finished', node };
  const reservation = run === null ? undefined : reservationOf(run.state, nodeId);
  if (reservation !== undefined) return { kind: 'in-flight', reservation };
  throw new Error(`The run has no node ${String(nodeId)}.`);
}

/** @throws for a node that this link of the chain did not decide. */
export function explanationOf(run: Run | null, nodeId: NodeId): Explanation {
  const known = run?.explanations.get(nodeId);
  if (known !== undefined) return known;
  nodeAnswer(run, nodeId);
  throw new Error(`${nodeId} was decided before the last continue-as-new; its reasons are in the event store.`);
}
