/** The live view of a run: pure, from status and graph to lines. */
import { styleText } from 'node:util';
import type { GraphPage, InFlight, RunStatus } from '../../domain/run-status.js';
import { usageLine } from '../../results/model-usage.js';
import { durationText, scoreText } from '../../results/number.js';
import { cut, dim } from './table.js';
import { treeLines } from './tree.js';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export interface Links {
  readonly temporalUi?: string;
}

/** At most `screen.rows` lines of at most `screen.columns` characters. */
export function liveLines(status: RunStatus, graph: GraphPage, links: Links, screen: Screen): readonly string[] {
  const model = status.model ? [usageLine(status.model, status.caps)] : [];
  const head = [titleLine(status), budgetLine(status, screen), bestLine(status), countsLine(status), ...model, ''];
  const foot = ['', ...runningLines(status), ...(links.temporalUi ? [dim(`Temporal UI  ${links.temporalUi}`)] : [])];
  const space = Math.max(4, screen.rows - head.length - foot.length - 1);
  const tree = treeLines(graph, status.best?.nodeId, space);
  return [...head, ...tree, ...foot].map((line) => cut(line, screen.columns));
}

function titleLine(status: RunStatus): string {
  const phase = status.blocked ? `blocked: ${status.blocked}` : status.phase;
  return `${styleText('bold', status.title)}  ${dim(status.runId)}  ${styleText(PHASE_COLOUR[status.phase], phase)}`;
}

const PHASE_COLOUR: Readonly<Record<RunStatus['phase'], 'cyan' | 'green' | 'yellow' | 'red'>> = {
  preparing: 'cyan',
  searching: 'cyan',
  finalising: 'cyan',
  paused: 'yellow',
  blocked: 'red',
  done: 'green',
  cancelled: 'yellow',
  failed: 'red',
};

function budgetLine(status: RunStatus, screen: Screen): string {
  const share = Math.min(1, status.elapsedMs / status.budgetMs);
  const cells = Math.max(10, Math.min(40, screen.columns - 50));
  const full = Math.round(share * cells);
  const bar = `${'█'.repeat(full)}${dim('░'.repeat(cells - full))}`;
  return `${bar} ${durationText(status.elapsedMs)} of ${durationText(status.budgetMs)} ${dim(`(the last ${durationText(status.reserveMs)} for the choice)`)}`;
}

function bestLine(status: RunStatus): string {
  const baseline = status.baseline ? `baseline ${scoreText(status.baseline)}` : 'no baseline yet';
  if (!status.best) return baseline;
  const { score, nodeId, family } = status.best;
  return `${styleText('green', `best ${scoreText(score)}`)} ${dim(`${nodeId}, ${family}`)}   ${baseline}`;
}

function countsLine(status: RunStatus): string {
  const { valid, failed, rejected } = status.nodes;
  const classes = Object.entries(status.failures).map(([kind, count]) => `${count} ${kind}`);
  const failures = failed > 0 ? `, ${failed} failed (${classes.join(', ')})` : '';
  const refused = rejected > 0 ? `, ${rejected} refused` : '';
  return `${valid} scored${failures}${refused}   slots ${Math.round(status.utilisation * 100)} % busy   ${status.policy}, seed ${status.seed}`;
}

function runningLines(status: RunStatus): readonly string[] {
  const running = status.inFlight.filter((entry) => entry.phase === 'executing');
  return running.map(
    (entry) =>
      `▶ ${entry.nodeId} ${entry.operator}${originOf(entry)} ${dim(durationText(status.nowMs - entry.sinceMs))}`,
  );
}

function originOf(entry: InFlight): string {
  return entry.parent === 'root' ? '' : ` ← ${entry.parent}`;
}
