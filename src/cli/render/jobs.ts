/** The table of `automlgen jobs`. Pure. */
import { styleText } from 'node:util';
import { durationText } from '../../results/number.js';
import type { JobState, JobView } from '../job-view.js';
import { cut, tableLines } from './table.js';

const COLOUR: Readonly<Record<JobState, 'green' | 'yellow' | 'red' | 'cyan' | 'dim'>> = {
  held: 'yellow',
  refused: 'red',
  waiting: 'yellow',
  starting: 'cyan',
  running: 'green',
  ending: 'cyan',
  finished: 'dim',
  failed: 'red',
};

/** Cut to `columns`; `now` decides the ages. */
export function jobLines(jobs: readonly JobView[], now: Date, columns: number): readonly string[] {
  const rows = jobs.map((job) => [
    job.job,
    job.run,
    job.node,
    job.class,
    styleText(COLOUR[job.state], job.state),
    job.since === undefined ? '' : durationText(Math.max(0, now.getTime() - job.since.getTime())),
    job.machine ?? '',
    oneLine(job.why ?? ''),
  ]);
  const titles = ['job', 'run', 'node', 'class', 'state', 'for', 'machine', 'why'];
  const lines = tableLines(
    titles.map((title) => ({ title, align: title === 'for' ? 'right' : 'left' })),
    rows,
  );
  return lines.map((line) => cut(line, columns));
}

/** `3 running, 1 waiting`, the busy ones first. */
export function jobTotals(jobs: readonly JobView[]): string {
  const order: readonly JobState[] = [
    'running',
    'starting',
    'ending',
    'waiting',
    'held',
    'refused',
    'finished',
    'failed',
  ];
  const counts = order
    .map((state) => [state, jobs.filter((job) => job.state === state).length] as const)
    .filter(([, count]) => count > 0);
  return counts.length === 0 ? 'No Jobs.' : `${counts.map(([state, count]) => `${count} ${state}`).join(', ')}.`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
