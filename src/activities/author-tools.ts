/** What an author that asks a model is given for one proposal, and when its calls are given up. */
import { ApplicationFailure, cancellationDetails, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { RunHistory } from '../authors/llm/memory/memory.js';
import type { AuthorTools } from '../authors/port.js';
import { UserError } from '../domain/errors.js';
import type { BlobId } from '../domain/ids.js';
import type { RunRecord } from '../store/runs.js';
import type { ProposeInput } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { createModelCalls } from './model-calls.js';

type Needs = Pick<Dependencies, 'store' | 'modelFor'>;

/** A worker that is told to stop has ten seconds; most of them go to replies that are already paid. */
const SHUTDOWN_MS = 6_000;

/** @throws ApplicationFailure when this worker has no way to the run's model. */
export function authorTools(
  needs: Needs,
  input: ProposeInput,
  run: RunRecord,
  known: Pick<RunHistory, 'nodes' | 'lessons'>,
): AuthorTools {
  const { store } = needs;
  const signal = cancellationSignal();
  const calls = createModelCalls({
    store,
    model: modelOf(needs, run),
    run,
    nodeId: input.nodeId,
    operator: input.operator,
    signal,
    abandon: abandonSignal(signal),
    onProgress: () => heartbeat(),
  });
  const { nodes, lessons } = known;
  const history = { nodes, lessons, readText: (ref: BlobId) => store.blobs.readText(ref) };
  return { calls, signal, history };
}

function modelOf({ modelFor }: Needs, { config }: RunRecord) {
  if (config.model === undefined)
    throw ApplicationFailure.nonRetryable('The run names no language model.', 'model-missing');
  try {
    return modelFor(config.model);
  } catch (error) {
    if (error instanceof UserError) throw ApplicationFailure.nonRetryable(`${error.message} ${error.next}`, error.code);
    throw error;
  }
}

/**
 * A run that has moved on (continue-as-new) leaves this attempt behind: its reply is paid, and the next attempt waits for it, so it is
 * waited for. A cancelled proposal gives its call up at once.
 */
function abandonSignal(signal: AbortSignal): AbortSignal {
  const abandon = new AbortController();
  signal.addEventListener('abort', () => {
    const why = cancellationDetails();
    if (why?.notFound) return;
    if (why?.workerShutdown) setTimeout(() => abandon.abort(signal.reason), SHUTDOWN_MS).unref();
    else abandon.abort(signal.reason);
  });
  return abandon.signal;
}
