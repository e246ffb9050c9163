/** Continue-as-new: what one link of the chain leaves to the next, and how the next takes it up. */
import { makeContinueAsNewFunc, patched } from '@temporalio/workflow';
import type { Explanation, RunResult } from '../domain/run-status.js';
import { graphOf } from '../search/graph.js';
import { type Reservation, SEARCH_ALGORITHM, type SearchState } from '../search/state.js';
import type { CompetitionInput, Handover } from './input.js';
import { bytesOf, INLINE_BYTES, joined, nextPart, PART_BYTES, restOf, type StoredPart } from './parts.js';
import { advance, carriedNow, NOTHING_CARRIED, type Run, type Session } from './run.js';

/** Hand-overs before it counted nodes, and passed a large state through the history in one piece. */
const IN_PARTS = 'large-states-are-handed-over-in-parts';
/** Nodes that travelled in the history then. */
const INLINE_NODES = 2000;
/** Parts that are read at the same time: a request to the server holds at most 4 MiB. */
const READ_TOGETHER = 4;

/** Never returns: the run goes on in a new link, under the same workflow id. */
export async function handOver(session: Session, run: Run): Promise<never> {
  const input: CompetitionInput = { ...session.input, handover: await packed(session, run) };
  return makeContinueAsNewFunc<(input: CompetitionInput) => Promise<RunResult>>()(input);
}

async function packed(session: Session, run: Run): Promise<Handover> {
  const limit = session.input.inlineBytes ?? INLINE_BYTES;
  const many = graphOf(run.state).nodes.length > INLINE_NODES;
  const large = run.parts.length > 0 || bytesOf(handoverWith(run, run.state)) > limit;
  if (!large && !many) return handoverWith(run, run.state);
  if (run.parts.length > 0 || patched(IN_PARTS)) return inParts(run, limit);
  return many ? handoverWith(run, await saveWhole(run)) : handoverWith(run, run.state);
}

function handoverWith(run: Run, state: Handover['state']): Handover {
  return {
    schemaVersion: 1,
    state,
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

/** Stores parts until the rest is small. What ends meanwhile belongs to the rest, so no part is ever stored again. */
async function inParts(run: Run, limit: number): Promise<Handover> {
  for (;;) {
    const rest = handoverWith(run, { parts: run.parts, rest: restOf(run.state, run.parts) });
    const part = bytesOf(rest) > limit ? nextPart(run.state, run.parts, Math.min(limit, PART_BYTES)) : undefined;
    if (part === undefined) return rest;
    const { ref, sha256 } = await save(run, JSON.stringify(part), `part ${run.parts.length + 1} of the state`);
    run.parts = [...run.parts, { ref, sha256, nodes: part.nodes.length, references: part.references.length }];
  }
}

/** As it was done before: until nothing changed during the saving. */
async function saveWhole(run: Run): Promise<Handover['state']> {
  for (;;) {
    const { version } = run;
    const stored = await save(run, JSON.stringify(run.state), 'state for the next link');
    if (run.version === version) return stored;
  }
}

function save(
  { activities, runId }: Run,
  snapshot: string,
  summary: string,
): ReturnType<typeof activities.saveSnapshot> {
  return activities.saveSnapshot.executeWithOptions({ summary }, [{ runId, snapshot }]);
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
    parts: 'parts' in handover.state ? handover.state.parts : [],
    carried: 'parts' in handover.state ? carriedNow() : NOTHING_CARRIED,
    ...(handover.model && { model: handover.model }),
    ...(handover.isolation && { isolation: handover.isolation }),
  };
}

function explained({ nodeId, operator, variant, parent, references, why }: Reservation): Explanation {
  return { nodeId, operator, ...(variant === undefined ? {} : { variant }), parent, references, why };
}

async function stateOf(session: Session, { state }: Handover): Promise<SearchState> {
  if ('parts' in state) return joined(state, await textsOf(session, state.parts));
  if (!('ref' in state)) return state;
  return JSON.parse(await load(session, state, 'state of the link before')) as SearchState;
}

async function textsOf(session: Session, parts: readonly StoredPart[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let from = 0; from < parts.length; from += READ_TOGETHER) {
    const together = parts.slice(from, from + READ_TOGETHER).map(({ ref, sha256 }, index) => {
      return load(session, { ref, sha256 }, `part ${from + index + 1} of the state`);
    });
    texts.push(...(await Promise.all(together)));
  }
  return texts;
}

function load(
  { activities }: Session,
  stored: { readonly ref: string; readonly sha256: string },
  summary: string,
): Promise<string> {
  return activities.loadSnapshot.executeWithOptions({ summary }, [stored]);
}
