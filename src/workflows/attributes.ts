/** Search attributes: what lists of runs can be filtered and sorted by. One history event for each change, so changes are few. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { graphOf } from '../search/graph.js';
import type { Session } from './run.js';
import { bestOf, phaseOf } from './status.js';

const COMPETITION = defineSearchAttributeKey('Competition', SearchAttributeType.KEYWORD);
const PHASE = defineSearchAttributeKey('SearchPhase', SearchAttributeType.KEYWORD);
const BEST = defineSearchAttributeKey('BestScore', SearchAttributeType.DOUBLE);
const DONE = defineSearchAttributeKey('NodesDone', SearchAttributeType.INT);
const FAILED = defineSearchAttributeKey('NodesFailed', SearchAttributeType.INT);
const BUSY = defineSearchAttributeKey('SlotsBusy', SearchAttributeType.INT);

/** Nodes that may finish before the counts are brought up to date. */
const EVERY = 10;

/** Returns a function that publishes the run's attributes when its phase has changed or enough nodes have finished. */
export function attributePublisher(session: Session): () => void {
  if (session.input.searchAttributes === false) return () => undefined;
  let published: { readonly phase: string; readonly nodes: number } | undefined;
  return () => {
    const phase = phaseOf(session);
    const nodes = session.run === null ? 0 : graphOf(session.run.state).nodes.length;
    if (published?.phase === phase && nodes < published.nodes + EVERY) return;
    published = { phase, nodes };
    upsertSearchAttributes([{ key: PHASE, value: phase }, ...counts(session)]);
  };
}

function counts({ run, input }: Session) {
  const competition = { key: COMPETITION, value: input.source.task.id };
  if (run === null) return [competition];
  const { nodes } = graphOf(run.state);
  const best = bestOf(run);
  const failed = nodes.filter((node) => node.status === 'failed').length;
  const busy = run.state.reservations.filter((reservation) => reservation.phase === 'executing').length;
  return [
    ...(best === null ? [] : [{ key: BEST, value: best.score.value }]),
    { key: DONE, value: nodes.length },
    { key: FAILED, value: failed },
    { key: BUSY, value: busy },
  ];
}
