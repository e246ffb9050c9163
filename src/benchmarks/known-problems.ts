/**
 * Competitions of MLE-bench whose result says little, and why. Used in reports only: nothing that searches or imports reads it.
 * Numbers are threads of the benchmark's repository.
 */

export type ProblemKind = 'leaky' | 'crowded' | 'other';

export interface KnownProblem {
  readonly kind: ProblemKind;
  readonly text: string;
  readonly thread?: string;
}

const CROWDED = 'medal thresholds differ in the fourth or fifth decimal, so luck decides';

const PROBLEMS: Readonly<Record<string, KnownProblem>> = {
  'multi-modal-gesture-recognition': {
    kind: 'leaky',
    text: 'public test files hold the test labels',
    thread: '#77',
  },
  'smartphone-decimeter-2022': {
    kind: 'leaky',
    text: 'span_log.nmea files of the public test set make a perfect score trivial',
    thread: '#93',
  },
  'hubmap-kidney-segmentation': { kind: 'leaky', text: 'JSON files hold the annotations' },
  'random-acts-of-pizza': { kind: 'leaky', text: 'giver_username_if_known gives the answer', thread: '#108' },
  'tabular-playground-series-dec-2021': { kind: 'crowded', text: CROWDED },
  'tabular-playground-series-may-2022': { kind: 'crowded', text: CROWDED },
  'jigsaw-toxic-comment-classification-challenge': { kind: 'crowded', text: CROWDED },
  'tensorflow-speech-recognition-challenge': {
    kind: 'other',
    text: 'labels and speakers are split badly; published numbers are disputed',
    thread: '#63, #145',
  },
  'icecube-neutrinos-in-deep-ice': { kind: 'other', text: 'checksums do not match', thread: '#58' },
  'ranzcr-clip-catheter-line-classification': {
    kind: 'other',
    text: 'the sample submission has wrong columns',
    thread: '#30',
  },
  'champs-scalar-coupling': { kind: 'other', text: 'structure files are missing', thread: '#70' },
  'aerial-cactus-identification': { kind: 'other', text: 'only a perfect score of 1.0 gets a medal' },
};

export function problemOf(competitionId: string): KnownProblem | undefined {
  return Object.hasOwn(PROBLEMS, competitionId) ? PROBLEMS[competitionId] : undefined;
}

export function isLeaky(competitionId: string): boolean {
  return problemOf(competitionId)?.kind === 'leaky';
}

export function isCrowded(competitionId: string): boolean {
  return problemOf(competitionId)?.kind === 'crowded';
}

/** `leaky: public test files hold the test labels (mle-bench #77)`. */
export function problemText({ kind, text, thread }: KnownProblem): string {
  const where = thread === undefined ? '' : ` (mle-bench ${thread})`;
  return `${kind === 'other' ? 'known problem' : kind}: ${text}${where}`;
}
