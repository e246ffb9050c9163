/** The graph of a run, kept up to date by what is new: finished nodes never change, so no answer holds one twice. */
import type { RunClient } from '../client/runs.js';
import type { GraphPage } from '../domain/run-status.js';

/** Each call asks for the nodes that have finished since the last one, and gives all of them. */
export function graphSoFar(run: Pick<RunClient, 'graph'>): () => Promise<GraphPage> {
  let known: Pick<GraphPage, 'nodes' | 'references'> = { nodes: [], references: [] };
  return async () => {
    const from = (known.nodes.at(-1)?.ordinal ?? -1) + 1;
    const { nodes, references, inFlight } = await run.graph(from);
    known = { nodes: [...known.nodes, ...nodes], references: [...known.references, ...references] };
    return { ...known, inFlight };
  };
}
