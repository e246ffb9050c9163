/**
 * What an author that asks a model is shown is settled by the first attempt at a proposal: nodes end and knowledge grows meanwhile, and a
 * repeat that asked other questions would pay again for replies that it has. Kept compressed: it holds the run as it was.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { RunHistory } from '../authors/llm/memory/memory.js';
import type { ProposalRequest } from '../authors/port.js';
import type { NodeId, RunId } from '../domain/ids.js';
import type { Store } from '../store/store.js';

export interface ProposalView extends Pick<RunHistory, 'nodes' | 'lessons'> {
  readonly request: ProposalRequest;
}

/** The view of the first attempt; made by `make` if this is it. */
export async function settledView(
  { nodes, blobs }: Pick<Store, 'nodes' | 'blobs'>,
  { runId, nodeId }: { readonly runId: RunId; readonly nodeId: NodeId },
  make: () => Promise<ProposalView>,
): Promise<ProposalView> {
  const known = (await nodes.find(runId, nodeId))?.viewRef;
  const ref = known ?? (await nodes.settleView(runId, nodeId, await blobs.save(await packed(await make()))));
  return unpacked(await blobs.read(ref));
}

async function packed({ request, ...history }: ProposalView): Promise<Uint8Array> {
  const text = JSON.stringify({ ...history, request: { ...request, taken: [...request.taken] } });
  return promisify(gzip)(text);
}

async function unpacked(bytes: Uint8Array): Promise<ProposalView> {
  const { request, ...history } = JSON.parse((await promisify(gunzip)(bytes)).toString('utf8'));
  return { ...history, request: { ...request, taken: new Set(request.taken) } };
}
