/** The search graph as an indented tree on primary parents. Long trees keep what matters: the way to the best and what is new. */
import { styleText } from 'node:util';
import type { NodeId } from '../../domain/ids.js';
import type { SearchNode } from '../../domain/node.js';
import type { GraphPage } from '../../domain/run-status.js';
import { scoreText } from '../../results/number.js';
import { dim } from './table.js';

/** At most `limit` lines. Branches come in the order of their ids, so that the picture keeps still while it grows. */
export function treeLines(graph: GraphPage, best: NodeId | undefined, limit: number): readonly string[] {
  const kept = keptNodes(graph.nodes, best, limit - 1);
  const children = childrenOf(graph.nodes.filter((node) => kept.has(node.id)));
  const lines = below(children, 'root', '', best);
  const hidden = graph.nodes.length - kept.size;
  return hidden > 0 ? [...lines, dim(`… and ${hidden} more (automlgen show lists all)`)] : lines;
}

/** The best node with its ancestors first, then branches' best, then the newest, each with its ancestors, while room is left. */
function keptNodes(nodes: readonly SearchNode[], best: NodeId | undefined, limit: number): ReadonlySet<NodeId> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const newest = [...nodes].sort((a, b) => b.ordinal - a.ordinal).map((node) => node.id);
  const wanted = [...(best ? [best] : []), ...newest.slice(0, 4), ...bestOfBranches(nodes), ...newest];
  const kept = new Set<NodeId>();
  for (const id of wanted) {
    const path = pathTo(byId, id).filter((step) => !kept.has(step));
    if (kept.size + path.length > limit) continue;
    for (const step of path) kept.add(step);
  }
  return kept;
}

function pathTo(byId: ReadonlyMap<NodeId, SearchNode>, id: NodeId): readonly NodeId[] {
  const node = byId.get(id);
  if (!node) return [];
  return node.parent === 'root' ? [id] : [...pathTo(byId, node.parent), id];
}

function bestOfBranches(nodes: readonly SearchNode[]): readonly NodeId[] {
  const best = new Map<NodeId, SearchNode>();
  for (const node of nodes) {
    const held = best.get(node.branch);
    if (node.score && (!held?.score || isBetter(node, held))) best.set(node.branch, node);
  }
  return [...best.values()].sort((a, b) => (isBetter(a, b) ? -1 : 1)).map((node) => node.id);
}

function isBetter(a: SearchNode, b: SearchNode): boolean {
  if (!a.score || !b.score) return a.score !== undefined;
  return a.score.direction === 'maximise' ? a.score.value > b.score.value : a.score.value < b.score.value;
}

type Children = ReadonlyMap<NodeId | 'root', readonly SearchNode[]>;

function childrenOf(nodes: readonly SearchNode[]): Children {
  const children = new Map<NodeId | 'root', SearchNode[]>();
  for (const node of [...nodes].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  }
  return children;
}

function below(
  children: Children,
  parent: NodeId | 'root',
  indent: string,
  best: NodeId | undefined,
): readonly string[] {
  const nodes = children.get(parent) ?? [];
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const joint = parent === 'root' ? '' : last ? '└ ' : '├ ';
    const deeper = parent === 'root' ? '  ' : `${indent}${last ? '  ' : '│ '}`;
    return [`${dim(`${indent}${joint}`)}${nodeText(node, best)}`, ...below(children, node.id, deeper, best)];
  });
}

function nodeText(node: SearchNode, best: NodeId | undefined): string {
  const by = node.variant ? `${node.operator} ${node.variant}` : node.operator;
  const head = `${node.id} ${by}`;
  if (node.status === 'failed') return `${head} ${styleText('red', node.failure ?? 'failed')}`;
  const score = node.score ? scoreText(node.score) : '';
  const text = `${head} ${score} ${dim(node.family)}`;
  return node.id === best ? styleText(['bold', 'green'], `★ ${head} ${score} ${node.family}`) : text;
}
