/** A run as lines that only ever grow: for log files, pipes and continuous integration. */
import type { SearchNode } from '../../domain/node.js';
import type { GraphPage, RunStatus } from '../../domain/run-status.js';
import { durationText, scoreText } from '../../results/number.js';

export interface PlainLog {
  update(status: RunStatus, graph: GraphPage): void;
}

/** Writes a line when the phase changes and one for each node, in the order of finishing. */
export function createPlainLog(write: (line: string) => void): PlainLog {
  let phase = '';
  let shown = 0;
  let best: string | undefined;
  return {
    update(status, graph) {
      const at = durationText(status.elapsedMs);
      const fresh = graph.nodes.filter((node) => node.ordinal >= shown).sort((a, b) => a.ordinal - b.ordinal);
      for (const node of fresh) {
        const isBest = node.id === status.best?.nodeId && node.id !== best;
        write(`${at}  ${nodeLine(node)}${isBest ? '  best so far' : ''}`);
        shown = node.ordinal + 1;
      }
      best = status.best?.nodeId;
      if (status.phase === phase) return;
      phase = status.phase;
      write(`${at}  ${status.title}: ${phaseLine(status)}`);
    },
  };
}

function nodeLine(node: SearchNode): string {
  const from = node.parent === 'root' ? '' : ` ← ${node.parent}`;
  const outcome = node.score ? scoreText(node.score) : `failed: ${node.failure ?? 'unknown'}`;
  return `${node.id} ${node.operator}${from}  ${node.family}  ${outcome}`;
}

function phaseLine(status: RunStatus): string {
  if (status.blocked) return `blocked by ${status.blocked}; it tries again by itself`;
  const baseline = status.baseline && status.phase === 'searching' ? `, baseline ${scoreText(status.baseline)}` : '';
  return `${status.phase}${baseline}`;
}
