/** Continue-as-new: what one link of the chain leaves to the next, and how the next takes it up. */
import { makeContinueAsNewFunc } from '@temporalio/workflow';
import type { Explanation, RunResult } from '../domain/run-status.js';
import { graphOf } from '../search/graph.js';
import { type Reservation, SEARCH_ALGORITHM, type SearchState } from '../search/state.js';
import type { CompetitionInput, Handover } from './input.js';
import { advance, type Run, type Session } from './run.js';

/** Nodes up to which the state travels in the history: about 400 KB, below the server's warning. */
const INLINE_NODES = 2000;

/** Never returns: the run goes on in a new link, under the same workflow id. */
export async function handOver(session: Session, run: Run): Promise<never> {
  const input: CompetitionInput = { ...session.input, handover: await packed(run) };
  return makeContinueAsNewFunc<(input: CompetitionInput) => Promise<RunResult>>()(input);
}

async function packed(run: Run): Promise<Handover> {
  const small = graphOf(run.state).nodes.length <= INLINE_NODES;
  const stored = small ? undefined : await save(run);
  // Read after the write: what has ended meanwhile belongs into the hand-over or, if it can still come, to nobody but the next link.
  return {
    schemaVersion: 1,
    state: stored ?? run.state,
    facts: run.facts,
    progress: [...run.progress.values()],
    unrecorded: run.log.pending,
    sequence: run.log.from,
    meter: advance(run.meter, run.state, Date.now()),
    trouble: run.trouble,
    continuations: run.continuations + 1,
    ...(run.model && { model: run.model }),
    ...(run.isolation && { isolation: run.isolation }),
  };
}

/** Saves until nothing changed during the saving. */
async function save(run: Run): Promise<Handover['state']> {
  for (;;) {
    const { version } = run;
    const snapshot = JSON.stringify(run.state);
    const stored = await run.activities.saveSnapshot.executeWithOptions({ summary: 'state for the next link' }, [
      { runId: run.runId, snapshot },
    ]);
    if (run.version === version) return stored;
  }
}

/** The run as the link before left it. @throws when the state was made by other decisions than this code makes. */
export async function takeOver(session: Session, handover: Handover): Promise<Run> {
  const state = await stateOf(session, handover);
  if (state.schemaVersion !== 1 || state.algorithm !== SEARCH_ALGORITHM) {
    throw new Error(
      `The state has algorithm ${state.algorithm}, this code makes the decisions of ${SEARCH_ALGORITHM}.`,
    );
  }
  return {
    runId: session.input.runId,
    config: session.input.config,
    facts: handover.facts,
    activities: session.activities,
    continuations: handover.continuations,
    state,
    version: 0,
    log: { pending: handover.unrecorded, from: handover.sequence },
    progress: new Map(handover.progress.map((progress) => [progress.nodeId, progress])),
    scopes: new Map(),
    explanations: new Map(state.reservations.map((reservation) => [reservation.nodeId, explained(reservation)])),
    meter: handover.meter,
    trouble: handover.trouble,
    recording: false,
    ...(handover.model && { model: handover.model }),
    ...(handover.isolation && { isolation: handover.isolation }),
  };
}

function explained({ nodeId, operator, variant, parent, references, why }: Reservation): Explanation {
  return { nodeId, operator, ...(variant === undefined ? {} : { variant }), parent, references, why };
}

async function stateOf(session: Session, { state }: Handover): Promise<SearchState> {
  if (!('ref' in state)) return state;
  const text = await session.activities.loadSnapshot.executeWithOptions({ summary: 'state of the link before' }, [
    state,
  ]);
  return JSON.parse(text) as SearchState;
}
