/** What the Temporal UI shows about a run, in Markdown. Costs no history events. */
import type { Score } from '../domain/score.js';
import { elapsedMs } from '../search/budget.js';
import { topNodes } from '../search/elite.js';
import { graphOf } from '../search/graph.js';
import type { Run, Session } from './run.js';
import { bestOf, failuresOf, phaseOf } from './status.js';

const BAR = 20;

export function detailsOf(session: Session): string {
  const { run } = session;
  if (run === null) return `**${session.phase}**`;
  const lines = [
    heading(session, run),
    ...bars(run),
    ...topTable(run),
    ...troubles(run),
    ...warnings(run),
    ...isolation(run),
  ];
  return lines.join('\n');
}

function heading(session: Session, run: Run): string {
  const best = bestOf(run);
  const score = best === null ? 'no score yet' : `best ${scoreText(best.score)} (${best.nodeId}, ${best.family})`;
  const baseline = run.state.baseline === undefined ? '' : ` · baseline ${number(run.state.baseline.value)}`;
  const blocked = run.state.steering.blocked === undefined ? '' : `: ${run.state.steering.blocked}`;
  return `**${phaseOf(session)}${blocked}** · ${score}${baseline}\n`;
}

function bars(run: Run): readonly string[] {
  const { state } = run;
  const { budgetMs, executions } = state.config;
  const busy = state.reservations.filter((reservation) => reservation.phase === 'executing').length;
  return [
    `- time ${bar(elapsedMs(state) / budgetMs)} ${minutes(elapsedMs(state))} of ${minutes(budgetMs)}`,
    `- executions ${bar(state.spent.executions / executions)} ${state.spent.executions} of ${executions}`,
    `- slots ${bar(busy / state.steering.slots)} ${busy} of ${state.steering.slots}`,
    ...modelBars(run),
    '',
  ];
}

function modelBars({ model, config }: Run): readonly string[] {
  if (model === undefined) return [];
  const { paid, lost } = model;
  const { usd, tokens, calls } = config.caps;
  const money = (amount: number | null): string => (amount === null ? 'n/a' : `${number(amount)} US dollars`);
  const bound = lost.usd === null ? `${lost.tokens} tokens` : money(lost.usd);
  const { input, cachedInput } = paid.counts;
  const cached = input === 0 ? '' : `, ${Math.round((100 * cachedInput) / input)} % of the input cached`;
  return [
    `- money ${capped(paid.usd ?? 0, usd)}${money(paid.usd)}${usd === undefined ? '' : ` of ${number(usd)}`}`,
    `- tokens ${capped(paid.tokens, tokens)}${paid.tokens}${tokens === undefined ? '' : ` of ${tokens}`}${cached}`,
    `- model calls ${capped(paid.calls, calls)}${paid.calls}${calls === undefined ? '' : ` of ${calls}`}${lost.calls === 0 ? '' : `, ${lost.calls} lost (up to ${bound})`}`,
  ];
}

/** A bar where there is a cap. */
function capped(value: number, cap: number | undefined): string {
  return cap === undefined ? '' : `${bar(cap === 0 ? 1 : value / cap)} `;
}

function topTable({ state }: Run): readonly string[] {
  const rows = topNodes(state, 5).flatMap(({ id, score, operator, family, cost }) =>
    score === undefined
      ? []
      : [`| ${id} | ${scoreText(score)} | ${operator} | ${family} | ${number(cost.seconds)} s |`],
  );
  if (rows.length === 0) return [];
  return ['| node | score | operator | family | time |', '| --- | --- | --- | --- | --- |', ...rows, ''];
}

function troubles({ state }: Run): readonly string[] {
  const failures = Object.entries(failuresOf(state)).sort(([a], [b]) => (a < b ? -1 : 1));
  const failed = failures.map(([kind, count]) => `${kind} ${count}`).join(', ');
  const total = graphOf(state).nodes.length;
  const rejected = state.rejected === 0 ? '' : `, ${state.rejected} proposals rejected`;
  return [`${total} nodes${failed === '' ? '' : `, failed: ${failed}`}${rejected}`];
}

function warnings({ facts }: Run): readonly string[] {
  return facts.warnings.length === 0 ? [] : ['', ...facts.warnings.map((warning) => `> ${warning}`)];
}

function isolation({ isolation: found }: Run): readonly string[] {
  if (found === undefined) return [];
  if (found.sealed) return ['', `isolation: ${found.attempts} attempts to reach the answers, all refused`];
  if (found.readable.length === 0) return ['', '> Isolation is not proven: see the report.'];
  return ['', `> Scores are not protected: a program could reach ${found.readable.slice(0, 3).join(', ')}.`];
}

function scoreText(score: Score): string {
  return `${number(score.value)} ± ${number(score.standardError)}`;
}

/** Four significant digits, without the locale's help. */
function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function bar(share: number): string {
  const full = Math.round(BAR * Math.min(1, Math.max(0, share)));
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

function minutes(ms: number): string {
  return `${number(ms / 60_000)} min`;
}
