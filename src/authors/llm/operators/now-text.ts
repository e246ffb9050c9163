/** The short part that differs from node to node: time, seed, and how ambitious to be. */
import type { ProposalRequest } from '../../port.js';
import { shown } from './numbers.js';
import type { Visibility } from './visibility.js';

/** Siblings from which the middle and the last level of ambition begin: the complexity cue of AIRA-dojo (arXiv 2507.02554, section 4). */
const LEVELS = [2, 4] as const;

const DRAFT_CUES = [
  'Ambition: simple. A strong plain baseline: one model, sound features, no ensemble.',
  'Ambition: normal. More than a baseline: features made for this data, a tuned model, perhaps an average over folds or seeds.',
  'Ambition: high. Specialised features or models, careful validation, an ensemble of different kinds; all within the time limit.',
] as const;
const CHANGE_CUES = [
  'Ambition: a small, safe change with a clear effect.',
  'Ambition: a moderate change: a part is replaced or added.',
  'Ambition: a substantial change that keeps what works at the core.',
] as const;

export function nowText(request: ProposalRequest, sight: Visibility): string {
  const { limits, seed, siblings, operator } = request;
  const level = LEVELS.filter((from) => siblings.length >= from).length;
  const cues = operator === 'draft' ? DRAFT_CUES : CHANGE_CUES;
  return [
    '# Now',
    '',
    `Time: one run of the program is stopped after ${durationText(limits.runSeconds)}; plan for at most three quarters of that, on ${limits.cpus} ${limits.cpus === 1 ? 'core' : 'cores'}.`,
    // A program that is changed keeps its seeds, so that the change alone makes the difference.
    ...(sight.reply === 'edits' ? [] : [`Seed of the program: ${seed % 10_000}.`]),
    ...(sight.complexity ? [cues[level] ?? cues[0]] : []),
  ].join('\n');
}

/** What the gates are told of it. */
export function limitText({ limits }: Pick<ProposalRequest, 'limits'>): string {
  return `One run is stopped after ${durationText(limits.runSeconds)}, on ${limits.cpus} ${limits.cpus === 1 ? 'core' : 'cores'}.`;
}

/** `90 s`, `12 min`, `2.5 h`. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${shown(seconds, 3)} s`;
  return seconds < 7_200 ? `${shown(seconds / 60, 3)} min` : `${shown(seconds / 3_600, 3)} h`;
}
