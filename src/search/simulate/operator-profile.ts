/**
 * How reliable an author is, and how fast. Rates of failure: reference logs of a 2025 reasoning model (2,972 programs of 72 public runs of
 * another system), an assumption for models of 2026, and programs assembled from tested components.
 */

export interface OperatorProfile {
  /** Chance that a first program fails. */
  readonly draftFails: number;
  /** Chance that a changed program fails. */
  readonly changeFails: number;
  /** Chance that one repair works. */
  readonly fixWorks: number;
  /** Programs that the time of a search is made for, if no slot ever idles and none fails. */
  readonly nodes: number;
  /** Mean time of the author and of a program, seconds. */
  readonly proposeSeconds: number;
  readonly runSeconds: number;
}

export type ProfileName = 'r1-2025' | 'strong-2026' | 'composer';

export const PROFILES: Readonly<Record<ProfileName, OperatorProfile>> = {
  'r1-2025': { draftFails: 0.77, changeFails: 0.37, fixWorks: 0.32, nodes: 80, proposeSeconds: 90, runSeconds: 400 },
  'strong-2026': { draftFails: 0.2, changeFails: 0.1, fixWorks: 0.6, nodes: 80, proposeSeconds: 90, runSeconds: 400 },
  composer: { draftFails: 0.05, changeFails: 0.03, fixWorks: 0.8, nodes: 360, proposeSeconds: 0.2, runSeconds: 10 },
};
