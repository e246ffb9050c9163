/** Earlier attempts by the words of their plans: two that paid and two that did not, none of which the prompt tells elsewhere. */
import MiniSearch from 'minisearch';
import type { NodeId } from '../../../domain/ids.js';
import type { NodeRecord } from '../../../store/nodes.js';
import type { ProposalRequest } from '../../port.js';
import { attemptOf } from './attempt.js';
import type { Attempt } from './memory.js';

const EACH = 2;
/** Plans of the same kind of step come first. */
const SAME_VARIANT = 1.5;

/** `told` are the nodes of the path; children of the parent are told as siblings. Best match first within paid and unpaid. */
export function similarAttempts(
  nodes: readonly NodeRecord[],
  request: ProposalRequest,
  told: ReadonlySet<NodeId>,
): readonly Attempt[] {
  const { parent, siblings, variant } = request;
  if (parent === undefined) return [];
  const elsewhere = new Set([...told, ...siblings.map(({ nodeId }) => nodeId), parent.nodeId]);
  const others = nodes.filter((node) => !elsewhere.has(node.nodeId) && node.changes.length > 0);
  const search = new MiniSearch<{ id: string; text: string }>({ fields: ['text'], idField: 'id' });
  search.addAll(others.map((node) => ({ id: node.nodeId, text: wordsOf(node) })));
  const query = [parent.summary, parent.family, ...parent.changes, ...(variant ? [variant] : [])].join(' ');
  const byId = new Map(others.map((node) => [String(node.nodeId), node]));
  const found = search
    .search(query, { boostDocument: (id) => (variant && byId.get(String(id))?.variant === variant ? SAME_VARIANT : 1) })
    .flatMap(({ id }) => byId.get(String(id)) ?? [])
    .map(attemptOf);
  const paid = found.filter(({ result }) => result === 'better');
  const unpaid = found.filter(({ result }) => result === 'worse' || result === 'even' || result === 'failed');
  return [...paid.slice(0, EACH), ...unpaid.slice(0, EACH)];
}

function wordsOf({ summary, family, changes, variant }: NodeRecord): string {
  return [summary, family, ...changes, variant ?? ''].join(' ');
}
