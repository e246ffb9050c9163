/** Asking the author for one program. The call is named after its node, so a repeat meets the stored reply. */
import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { ProposeInput, ProposeResult } from '../activities/contract.js';
import type { NodeId } from '../domain/ids.js';
import type { ModelMeter } from '../domain/model-meter.js';
import { runSecondsNow } from '../search/budget.js';
import { NO_COST } from '../search/cost.js';
import { elite } from '../search/elite.js';
import { siblingsOf } from '../search/graph.js';
import type { Reservation } from '../search/state.js';
import { proposalId } from './activity-ids.js';
import { messageOf } from './failure-message.js';
import { asksModel } from './options.js';
import { record } from './recorder.js';
import { happen, type Run, reservationOf } from './run.js';
import { lineage } from './summaries.js';
import { answered, isStubborn, remember } from './trouble.js';

/** Best nodes that an author is told about. */
const SHOWN = 5;
/** Latest hints that an author is told. */
const HINTS_TOLD = 20;

/** Ends with the node `ready`, rejected, or cancelled. Never throws. */
export async function propose(run: Run, nodeId: NodeId): Promise<void> {
  const reservation = reservationOf(run, nodeId);
  if (reservation === undefined) return;
  const scope = new CancellationScope();
  run.scopes.set(nodeId, scope);
  try {
    const input = proposalOf(run, reservation);
    const times = run.config.author === 'composer' ? {} : asksModel;
    const options = { ...times, summary: lineage(reservation), activityId: proposalId(reservation) };
    settle(run, nodeId, await scope.run(() => run.activities.proposeNode.executeWithOptions(options, [input])));
  } catch (error) {
    refused(run, nodeId, error);
  } finally {
    run.scopes.delete(nodeId);
  }
}

function settle(run: Run, nodeId: NodeId, answer: ProposeResult): void {
  answered(run);
  metered(run, answer.model);
  const { cost } = answer;
  if (answer.kind === 'proposed') {
    const { programRef, planRef, fingerprint, family } = answer;
    happen(run, { kind: 'proposed', nodeId, programRef, planRef, fingerprint, family, cost });
    return;
  }
  if (answer.kind === 'rejected') {
    happen(run, { kind: 'proposal-rejected', nodeId, reason: answer.reason, cost });
  } else {
    const { cap, message } = answer;
    happen(run, { kind: 'cancelled', nodeId, why: message, cost });
    happen(run, { kind: 'capped', cap, message });
  }
  record(run);
}

/** Answers may arrive in another order than that in which the meter was read. */
function metered(run: Run, meter: ModelMeter | undefined): void {
  if (meter !== undefined && meter.revision >= (run.model?.revision ?? 0)) run.model = meter;
}

/** Faults of the server, whatever was asked of it. */
const NOBODYS_PLACE = ['model-busy', 'model-away', 'model-refused', 'model-missing', 'model-key-missing'];

/** A fault of the author is no node's fault; several in a row mean that it is not there. */
function refused(run: Run, nodeId: NodeId, error: unknown): void {
  if (isCancellation(error)) {
    happen(run, { kind: 'cancelled', nodeId, why: 'the proposal was cancelled', cost: NO_COST });
    return;
  }
  if (!(error instanceof ActivityFailure)) throw error;
  const why = `author: ${messageOf(error)}`;
  remember(run, why, run.trouble.proposals + 1);
  const ofPlace = !(error.cause instanceof ApplicationFailure && NOBODYS_PLACE.includes(error.cause.type ?? ''));
  if (ofPlace && isStubborn(run)) happen(run, { kind: 'proposal-rejected', nodeId, reason: why, cost: NO_COST });
  else happen(run, { kind: 'cancelled', nodeId, why, cost: NO_COST });
}

function proposalOf(run: Run, reservation: Reservation): ProposeInput {
  const { state } = run;
  const { nodeId, operator, variant, seed, parent, added } = reservation;
  return {
    runId: run.runId,
    nodeId,
    operator,
    ...(variant === undefined ? {} : { variant }),
    seed,
    ...(parent === 'root' ? {} : { parent }),
    references: reservation.references.map((reference) => reference.from),
    siblings: siblingsOf(state, parent).filter((sibling) => sibling !== nodeId),
    best: elite(state, SHOWN).map((node) => node.id),
    hints: state.steering.hints.slice(-HINTS_TOLD),
    runSeconds: runSecondsNow(state),
    ...(added === undefined ? {} : { added }),
  };
}
