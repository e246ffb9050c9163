/** What a run shows in Temporal's lists and can be searched by; within the number of attributes that SQL visibility has columns for. */

export const SEARCH_ATTRIBUTES = {
  Competition: 'Keyword',
  SearchPhase: 'Keyword',
  RunOwner: 'Keyword',
  BestScore: 'Double',
  GpuHours: 'Double',
  NodesDone: 'Int',
  NodesFailed: 'Int',
  SlotsBusy: 'Int',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

export interface AttributeComparison {
  readonly missing: readonly SearchAttributeName[];
  /** Those that exist with another type; a server ignores the attempt to add them again, so this must be looked for. */
  readonly mismatched: readonly { readonly name: SearchAttributeName; readonly want: string; readonly have: string }[];
}

/** Compares what a namespace has, by name and type. */
export function compareAttributes(have: Readonly<Record<string, string>>): AttributeComparison {
  const wanted = Object.entries(SEARCH_ATTRIBUTES) as [SearchAttributeName, string][];
  return {
    missing: wanted.filter(([name]) => have[name] === undefined).map(([name]) => name),
    mismatched: wanted.flatMap(([name, want]) => {
      const type = have[name];
      return type !== undefined && type !== want ? [{ name, want, have: type }] : [];
    }),
  };
}
