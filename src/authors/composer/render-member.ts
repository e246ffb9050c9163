/** One member of a plan as Python: a function that builds its matrix and a function that fits and predicts. */
import type { Component } from './catalogue.js';
import { type Member, type Step, stepsOf } from './plan.js';
import { around, call, indent } from './python-text.js';
import type { Renderer } from './render.js';

export interface RenderedMember {
  readonly steps: readonly Step[];
  readonly imports: readonly string[];
  /** Whole functions, one array of lines each; equal ones are written once. */
  readonly functions: readonly (readonly string[])[];
  readonly build: string;
  readonly fit: string;
}

export function renderMembers(renderer: Renderer): readonly RenderedMember[] {
  const { plan } = renderer;
  const single = plan.members.length === 1;
  const rendered: RenderedMember[] = [];
  const builders = new Map<string, string>();
  for (const member of plan.members) {
    const label = labelOf(member, rendered.length);
    const body = builderBody(renderer, member);
    const known = builders.get(body.join('\n'));
    const build = single ? 'build_features' : (known ?? `${label}_features`);
    builders.set(body.join('\n'), build);
    const fit = single ? 'fit_predict' : `fit_${label}`;
    rendered.push({
      steps: stepsOf(member),
      imports: [],
      functions: [builder(renderer, build, body), fitFunction(renderer, member, fit)],
      build,
      fit,
    });
  }
  return rendered;
}

function labelOf(member: Member, index: number): string {
  const slug = member.model.component.split('.').at(-1) ?? 'model';
  return `${slug.replaceAll('-', '_')}${index === 0 ? '' : `_${index + 1}`}`;
}

function builder({ facts }: Renderer, name: string, body: readonly string[]): readonly string[] {
  const source = facts.shape === 'image' ? 'images' : 'rows';
  const docstring = '"""One matrix for train and test together, so that both get the same columns."""';
  return [`def ${name}(${source}):`, ...indent([docstring, ...body])];
}

function builderBody(renderer: Renderer, member: Member): readonly string[] {
  const steps = [renderer.plan.load, ...member.clean, ...member.encode, ...member.feature];
  const lines: string[] = [];
  const parts: string[] = [];
  const kinds = new Set<Component['output']>();
  for (const step of steps) {
    const part = renderer.section(step, 'part');
    lines.push(...renderer.section(step, 'features'));
    if (part.length > 0) kinds.add(renderer.catalogue.get(step.component).output);
    parts.push(...part);
  }
  return [...lines, ...joined(parts, kinds)];
}

/** The last lines of a builder: its parts side by side. */
function joined(parts: readonly string[], kinds: ReadonlySet<Component['output']>): readonly string[] {
  const [only = ''] = parts;
  const frames = kinds.size === 1 && kinds.has('frame');
  if (parts.length === 1) return [frames ? `return ${only}.to_numpy(float)` : `return ${only}`];
  const blocks = call(
    'blocks = [',
    parts.map((part) => [part]),
    ']',
  );
  if (kinds.has('sparse')) return [...blocks, 'return hstack(blocks).tocsr()'];
  return [...blocks, frames ? 'return pd.concat(blocks, axis=1).to_numpy(float)' : 'return np.column_stack(blocks)'];
}

function fitFunction(renderer: Renderer, member: Member, name: string): readonly string[] {
  const { plan } = renderer;
  const seeded = plan.ensemble.length > 0 && plan.members.length === 1 ? ', seed' : '';
  const expression = estimator(renderer, member);
  const what = renderer.catalogue.get(member.model.component).name;
  return [
    `def ${name}(X, y, X_new${seeded}):`,
    ...indent([
      `"""${what.replaceAll('"', "'")}: learn from X and y, answer for X_new."""`,
      ...around('model = ', expression, ''),
      ...(plan.objective === 'regression' ? NUMBERS : classLines(renderer, member)),
    ]),
  ];
}

const NUMBERS = ['model.fit(X, y)', 'return model.predict(X_new)'];

/** A model says by `thrice` that it needs three rows of a class, by `consecutive` that labels must count 0, 1, 2. */
function classLines({ catalogue }: Renderer, member: Member): readonly string[] {
  const { needs } = catalogue.get(member.model.component);
  const fit = needs.has('thrice') ? THRICE : needs.has('consecutive') ? CONSECUTIVE : ['model.fit(X, y)'];
  const present = needs.has('consecutive') ? 'present' : 'model.classes_.astype(int)';
  return [
    ...fit,
    '# A class may be missing from a small training part: its column stays zero.',
    'shares = np.zeros((X_new.shape[0], len(CLASSES)))',
    `shares[:, ${present}] = model.predict_proba(X_new)`,
    'return shares',
  ];
}

const THRICE = [
  '# Two rows are too few to learn a class from.',
  'often = np.bincount(y)[y] > 2',
  'model.fit(X[often], y[often])',
];
const CONSECUTIVE = ['present, place = np.unique(y, return_inverse=True)', 'model.fit(X, place)'];

function estimator(renderer: Renderer, member: Member): readonly string[] {
  const model = renderer.section(member.model, 'model');
  const steps = [...member.encode, ...member.feature, ...member.select, member.model].flatMap((step) =>
    stepLines(renderer, step),
  );
  return steps.length === 0 ? model : call('make_pipeline(', [...steps, model]);
}

/** Each line at the left margin opens one pipeline step. */
function stepLines(renderer: Renderer, step: Step): readonly (readonly string[])[] {
  return renderer.section(step, 'step').map((line) => [line.replace(/,$/, '')]);
}
