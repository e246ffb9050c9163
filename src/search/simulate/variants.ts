/** Numbers and rules of `mcgs` that were open, each as a contestant: what the defaults were chosen among. */
import type { Contestant } from './contestants.js';

export const VARIANTS: readonly Contestant[] = [];
