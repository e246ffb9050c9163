/** Where a search began: with `events.jsonl` beside it, everything that the states of the search follow from. */
import { z } from 'zod';
import { Caps } from '../domain/run-config.js';
import { SearchConfig } from '../domain/search-config.js';
import type { PreparedTask } from '../domain/split.js';
import type { RunRecord } from '../store/runs.js';

export const SearchStart = z.object({
  config: SearchConfig,
  direction: z.enum(['maximise', 'minimise']),
  /** Milliseconds since 1970. */
  startedMs: z.number(),
  slots: z.number().int().positive(),
  caps: Caps.optional(),
});
export type SearchStart = z.infer<typeof SearchStart>;

export function searchStartOf({
  config,
  startedAt,
  prepared,
}: RunRecord & { readonly prepared: PreparedTask }): SearchStart {
  return {
    config: config.search,
    direction: prepared.baseline.direction,
    startedMs: startedAt.getTime(),
    slots: config.search.slots,
    ...(config.author === 'llm' ? { caps: config.caps } : {}),
  };
}
