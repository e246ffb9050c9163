/** Measured runs learn nothing from one another: with private answers, or told so by their settings (suites). */
import type { RunRecord } from '../store/runs.js';

export function learns({ config, source }: Pick<RunRecord, 'config' | 'source'>): boolean {
  return config.lessons && source.privateFolder === undefined;
}
