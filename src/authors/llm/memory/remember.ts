/** What an author remembers when it makes one proposal. The facts come from node records; texts are read only for what is shown. */
import type { ProposalRequest } from '../../port.js';
import { diffOf } from './diff.js';
import { type Memory, NO_MEMORY, type PastFix, type RunHistory } from './memory.js';
import { memoryOf } from './memory-of.js';

/** `NO_MEMORY` without a history. @throws what `history.readText` throws. */
export async function remember(history: RunHistory | undefined, request: ProposalRequest): Promise<Memory> {
  if (history === undefined) return NO_MEMORY;
  const memory = memoryOf(history.nodes, request);
  const fixes = await Promise.all(memory.fixes.map((fix) => withDiff(fix, history)));
  return { ...memory, fixes, lessons: history.lessons };
}

async function withDiff(fix: PastFix, { readText }: RunHistory): Promise<PastFix> {
  const [before, after] = await Promise.all([readText(fix.before), readText(fix.after)]);
  const diff = diffOf(before, after);
  return diff === undefined ? fix : { ...fix, diff };
}
