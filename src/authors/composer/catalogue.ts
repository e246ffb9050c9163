/** The components that a plan may use: knowledge entries with an executable part, and the templates behind them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnowledgeEntry, type Parameter, Slot } from '../../domain/knowledge-entry.js';
import { hasPackage, parseDependency } from '../../domain/packages.js';
import { decide } from '../../domain/predicates.js';
import type { TaskCard } from '../../domain/task-card.js';
import type { ParameterValue, Step } from './plan.js';
import { parseTemplate, type Sections } from './template.js';

/** What a feature component yields: a pandas frame, a SciPy sparse matrix or a NumPy array. */
export type Output = 'frame' | 'sparse' | 'dense';

export interface Component {
  readonly id: string;
  readonly slot: Slot;
  readonly name: string;
  readonly summary: string;
  readonly family: string;
  readonly params: readonly Parameter[];
  /** Words of the entry's `needs`, for example `complete`, `scaled`, `dense`, `counts`. */
  readonly needs: ReadonlySet<string>;
  readonly conflicts: readonly string[];
  readonly sections: Sections;
  readonly output: Output;
  readonly entry: KnowledgeEntry;
}

export interface Catalogue {
  readonly components: ReadonlyMap<string, Component>;
  /** @throws Error when the plan names a component that is not there. */
  get(id: string): Component;
}

/** Splitting is the ruler's, not a program's. */
const COMPOSER_SLOTS: readonly Slot[] = Slot.options.filter((slot) => slot !== 'split');

/** Reads every template once. Debug recipes are no components: they have no template of their own. */
export function createCatalogue(entries: readonly KnowledgeEntry[], templatesFolder: string): Catalogue {
  const components = new Map<string, Component>();
  for (const entry of entries) {
    const component = componentOf(entry, templatesFolder);
    if (component) components.set(component.id, component);
  }
  const get = (id: string): Component => {
    const component = components.get(id);
    if (component === undefined) throw new Error(`No component is called "${id}".`);
    return component;
  };
  return { components, get };
}

function componentOf(entry: KnowledgeEntry, folder: string): Component | undefined {
  const { component } = entry;
  const template = component?.template;
  if (component === undefined || entry.kind === 'debug-recipe' || !template?.endsWith('.py.tpl')) return;
  if (!COMPOSER_SLOTS.includes(component.slot)) return;
  const source = readFileSync(join(folder, template), 'utf8');
  return {
    id: entry.id,
    slot: component.slot,
    name: entry.name,
    summary: entry.summary,
    family: entry.family ?? entry.id.split('.')[1] ?? 'other',
    params: entry.params,
    needs: new Set((component.needs ?? '').split(/[\s,;]+/).filter(Boolean)),
    conflicts: entry.conflicts,
    sections: parseTemplate(template, source),
    output: (/^#: kind (sparse|dense|frame)$/m.exec(source)?.[1] ?? 'frame') as Output,
    entry,
  };
}

/** A step with the component's defaults where `params` says nothing. */
export function stepOf(component: Component, params: Readonly<Record<string, ParameterValue>> = {}): Step {
  const defaults = Object.fromEntries(component.params.map((parameter) => [parameter.name, parameter.default]));
  return { component: component.id, params: { ...defaults, ...params } };
}

/** Whether the component may be used for this task at all: modality, task type, metric, packages, and what its entry says against it. */
export function fits(component: Component, card: TaskCard): boolean {
  const { modalities, taskTypes, metrics, whenNot } = component.entry;
  const modality = modalities === undefined || modalities.some((name) => card.modality.startsWith(name));
  const task = taskTypes === undefined || taskTypes.includes(card.taskType);
  const metric = metrics === undefined || component.slot === 'model' || metrics.includes(card.metric);
  return (
    modality && task && metric && hasPackages(component, card) && !whenNot.some((line) => decide(line, card) === 'true')
  );
}

/** Task types name what a model can be asked: an ordinal target also accepts a regression on the rating. */
export function answers(component: Component, objective: 'regression' | 'classification'): boolean {
  const types = component.entry.taskTypes ?? ['regression', 'multiclass'];
  return objective === 'regression' ? types.includes('regression') : types.includes('multiclass');
}

function hasPackages(component: Component, card: TaskCard): boolean {
  return component.entry.deps.every((dep) => {
    const name = parseDependency(dep)?.name;
    return name === undefined || hasPackage(card.packages, { name });
  });
}
