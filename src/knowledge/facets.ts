/** Does an entry fit a task card at all, and how specifically? */
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';
import { hasPackage, parseDependency } from '../domain/packages.js';
import { decide } from '../domain/predicates.js';
import type { TaskCard } from '../domain/task-card.js';

/** Task types that programs for another one serve too: an ordinal target is met by a classifier or by a regressor, several targets one by one. */
const SERVED_BY: Readonly<Record<string, readonly string[]>> = {
  ordinal: ['ordinal', 'multiclass', 'regression'],
  count: ['count', 'regression'],
  multilabel: ['multilabel', 'binary', 'multiclass'],
  'multi-regression': ['multi-regression', 'regression'],
};

/** What a listed facet is worth when it names the card's value; an entry that lists nothing gets half. */
const FACET_WEIGHTS = { metric: 3, taskType: 2, modality: 1, whenToUse: 3 } as const;
const ALL_FACETS = Object.values(FACET_WEIGHTS).reduce((sum, weight) => sum + weight, 0);

/** Why an entry must not be offered for this card; absent when it may. */
export function objection(entry: KnowledgeEntry, card: TaskCard): string | undefined {
  if (!allows(entry.modalities, [card.modality])) return `not for ${card.modality}`;
  if (!allows(entry.taskTypes, SERVED_BY[card.taskType] ?? [card.taskType])) return `not for ${card.taskType}`;
  if (entry.kind === 'metric-playbook' && !allows(entry.metrics, [card.metric])) return `not for ${card.metric}`;
  const missing = missingPackage(entry, card);
  if (missing !== undefined) return `needs ${missing}`;
  const against = entry.whenNot.find((line) => decide(line, card) === 'true');
  return against === undefined ? undefined : `not when ${against}`;
}

/** 0 to 1: how much of what the entry asks for the card has. */
export function facetFit(entry: KnowledgeEntry, card: TaskCard): number {
  const { metric, taskType, modality, whenToUse } = FACET_WEIGHTS;
  const sum =
    metric * listed(entry.metrics, [card.metric]) +
    taskType * listed(entry.taskTypes, SERVED_BY[card.taskType] ?? [card.taskType]) +
    modality * listed(entry.modalities, [card.modality]) +
    whenToUse * conditionsMet(entry.whenToUse, card);
  return sum / ALL_FACETS;
}

function allows(values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return values === undefined || values.some((value) => wanted.some((name) => covers(value, name)));
}

/** `text` stands for `text-classification` and `text-regression`. */
function covers(value: string, wanted: string): boolean {
  return wanted === value || wanted.startsWith(`${value}-`);
}

function listed(values: readonly string[] | undefined, wanted: readonly string[]): number {
  if (values === undefined) return 0.5;
  return allows(values, wanted) ? 1 : 0;
}

/** Unknown conditions count neither way; none decided is half. */
function conditionsMet(lines: readonly string[], card: TaskCard): number {
  const decided = lines.map((line) => decide(line, card)).filter((verdict) => verdict !== 'unknown');
  if (decided.length === 0) return 0.5;
  return decided.filter((verdict) => verdict === 'true').length / decided.length;
}

function missingPackage(entry: KnowledgeEntry, card: TaskCard): string | undefined {
  const versions = Object.entries(entry.component?.minVersions ?? {}).map(([name, atLeast]) => ({ name, atLeast }));
  const wanted = [...entry.deps.map(parseDependency).filter((dependency) => dependency !== undefined), ...versions];
  return wanted.find((dependency) => !hasPackage(card.packages, dependency))?.name;
}
