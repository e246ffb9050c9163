/** The straight-line part of a program: read, split once for a cheap check, fit, write. */
import { printedMetric } from './metric-text.js';
import type { Plan } from './plan.js';
import { around, call, indent, literal } from './python-text.js';
import type { Renderer } from './render.js';
import { answerLines, decisionOf } from './render-answer.js';
import type { RenderedMember } from './render-member.js';

export function renderBody(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  return renderer.facts.targets.length > 0 ? bodyOfSeveral(renderer, members) : bodyOfOne(renderer, members);
}

function bodyOfOne(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  return [
    ...readLines(renderer),
    '',
    ...matrixLines(renderer, members),
    '',
    ...checkLines(renderer, members),
    '',
    ...finalLines(renderer, members),
    ...answerLines(renderer),
  ];
}

/** One matrix for all targets, then the same model for each. There is no print-out of a hold-out: it would double the time. */
function bodyOfSeveral(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  return [
    ...readLines(renderer),
    '',
    ...matrixLines(renderer, members),
    '',
    'answers = {}',
    'for name in TARGETS:',
    ...indent(oneOfSeveral(renderer, members)),
    ...answerLines(renderer),
  ];
}

function oneOfSeveral(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  const { facts } = renderer;
  const gaps = '# A cell without a label counts as the middle of the others.';
  if (!facts.card.classes) {
    const transforms = transformed(renderer);
    const known = 'labels.fillna(labels.median()).to_numpy()';
    return [
      gaps,
      'labels = train[name].astype(float)',
      ...(transforms.length === 0 ? [`y = ${known}`] : [`target = ${known}`, ...transforms]),
      ...finalLines(renderer, members),
      'answers[name] = predictions',
    ];
  }
  return [
    '# A cell without a label counts as a no.',
    'y = (train[name].astype(float).fillna(0) >= 0.5).to_numpy(int)',
    'if y.min() == y.max():',
    '    answers[name] = np.full(len(test), float(y[0]))',
    '    continue',
    ...finalLines(renderer, members),
    'answers[name] = probabilities[:, 1]',
  ];
}

function transformed(renderer: Renderer): readonly string[] {
  return renderer.plan.post
    .flatMap((step) => renderer.section(step, 'target', { values: 'target' }))
    .map((expression) => `y = ${expression}`);
}

function readLines(renderer: Renderer): readonly string[] {
  const { card, targets } = renderer.facts;
  const asWritten = card.classes && targets.length === 0 ? ', dtype={TARGET: str}' : '';
  return [
    `train = pd.read_csv("input/train.csv"${asWritten})`,
    ...(targets.length === 0 ? gapLikeLabels(card.classes ?? []) : []),
    'test = pd.read_csv("input/test.csv", dtype={ID: str})',
    'sample = pd.read_csv("input/sample_submission.csv", dtype={ID: str})',
    '',
    ...(targets.length === 0 ? targetLines(renderer) : []),
    ...renderer.section(renderer.plan.load, 'read'),
  ];
}

/** Words that pandas reads as a missing cell. */
const GAPS = new Set(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None', '#N/A', '<NA>', '-NaN', '-nan']);

function gapLikeLabels(classes: readonly string[]): readonly string[] {
  const label = classes.find((each) => GAPS.has(each));
  if (label === undefined) return [];
  return [
    `# ${literal(label)} is a class here, not a gap.`,
    'labels = pd.read_csv("input/train.csv", usecols=[TARGET], dtype=str, keep_default_na=False)',
    'train[TARGET] = labels[TARGET]',
  ];
}

function targetLines(renderer: Renderer): readonly string[] {
  const { plan, facts } = renderer;
  if (facts.card.classes) {
    const kind = plan.objective === 'regression' ? 'float' : 'int';
    return [
      'code = {label: index for index, label in enumerate(CLASSES)}',
      `y = train[TARGET].map(code).to_numpy(${kind})`,
    ];
  }
  const transforms = transformed(renderer);
  if (transforms.length === 0) return ['y = train[TARGET].to_numpy(float)'];
  return ['target = train[TARGET].to_numpy(float)', ...transforms];
}

function matrixLines({ facts }: Renderer, members: readonly RenderedMember[]): readonly string[] {
  const source = facts.shape === 'image' ? 'images' : 'rows';
  const [first] = members;
  if (members.length === 1 && first) {
    return [`features = ${first.build}(${source})`, 'X, X_test = features[: len(train)], features[len(train) :]'];
  }
  const shared = members.map((member) => member.build).filter((name, index, all) => all.indexOf(name) !== index);
  const matrix = (build: string): string =>
    shared.includes(build) ? build.replace('_features', '_matrix') : `${build}(${source})`;
  return [
    ...[...new Set(shared)].map((build) => `${matrix(build)} = ${build}(${source})`),
    ...call(
      'members = [',
      members.map((member) => [`(${matrix(member.build)}, ${member.fit})`]),
      ']',
    ),
    '',
    '',
    'def blend(learn, answer):',
    '    """Mean of the members for the rows `answer`, each fitted on the rows `learn`."""',
    '    return np.mean([fit(X[learn], y[learn], X[answer]) for X, fit in members], axis=0)',
    '',
  ];
}

function checkLines(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  const { plan, facts } = renderer;
  const { card } = facts;
  const printed = printedMetric(card);
  const metric = printed.expression(card.classes?.length === 2 && card.submissionColumns.length === 1);
  const truth = plan.post.some((step) => renderer.section(step, 'target').length > 0) ? 'target' : 'y';
  const calibration = plan.calibrate.flatMap((step) => [
    ...renderer.section(step, 'check'),
    `guess = ${renderer.section(step, 'probabilities', { probabilities: 'guess' }).join(' ')}`,
  ]);
  const call =
    members.length > 1 ? 'blend(inner, outer)' : `fit_predict(X[inner], y[inner], X[outer]${oneSeed(renderer)})`;
  return [
    ...splitLines(renderer),
    ...around('guess = ', valueExpression(renderer, call), ''),
    ...calibration,
    ...plan.post.flatMap((step) => renderer.section(step, 'check')),
    `truth = ${truth}[outer]`,
    `score = ${decisionOf(renderer, metric)}`,
    `print(f"hold-out ${printed.name}: {score:.5f}")`,
  ];
}

function oneSeed({ plan }: Renderer): string {
  return plan.ensemble.length > 0 && plan.members.length === 1 ? ', SEEDS[0]' : '';
}

function splitLines({ facts, plan }: Renderer): readonly string[] {
  const { card, split } = facts;
  // Learnt decision rules need a model of full strength; a mere print-out does not.
  const full = plan.calibrate.length > 0 || plan.post.some((step) => step.component.includes('.postprocess.'));
  const small = card.rows.train <= (facts.shape === 'table' ? 5_000 : 2_000);
  const why =
    full || small
      ? 'One hold-out split; the fit that counts uses every row.'
      : 'A quick look on a part of the rows; the fit that counts uses every row.';
  const sizes = full || small ? 'test_size=0.2' : 'train_size=0.25, test_size=0.15';
  if (card.time !== undefined && split.relation.endsWith('time')) {
    return [
      `# The latest rows play the test. The fit that counts uses every row.`,
      'order = train[TIME].argsort().to_numpy()',
      'inner, outer = order[: int(0.8 * len(y))], order[int(0.8 * len(y)) :]',
    ];
  }
  if (card.group !== undefined) {
    return [
      `# ${why} Groups stay together, as in the test.`,
      `splitter = GroupShuffleSplit(1, ${sizes}, random_state=SEED)`,
      'inner, outer = next(splitter.split(y, groups=train[GROUP]))',
    ];
  }
  const strata = stratified(facts, plan) ? ['stratify = y if np.bincount(y).min() > 1 else None'] : [];
  const shared = strata.length > 0 ? ['stratify=stratify'] : [];
  const parts = call(
    'inner, outer = train_test_split(',
    ['np.arange(len(y))', sizes, ...shared, 'random_state=SEED'].map((each) => [each]),
  );
  return [`# ${why}`, ...strata, ...parts];
}

/** Every class in both parts, where the smaller part has room for all of them. */
function stratified({ card }: Renderer['facts'], plan: Plan): boolean {
  const classes = card.classes?.length ?? 0;
  return plan.objective === 'classification' && classes > 0 && classes <= 0.1 * card.rows.train;
}

/** Predictions back on the scale of the target, innermost first. */
function valueExpression(renderer: Renderer, expression: string): readonly string[] {
  const target = renderer.plan.post.some((step) => renderer.section(step, 'target').length > 0) ? 'target' : 'y';
  const wrapped = renderer.plan.post.reduce(
    (inner, step) => renderer.section(step, 'values', { values: inner, target })[0] ?? inner,
    expression,
  );
  return [wrapped];
}

function finalLines(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  const { plan, facts } = renderer;
  const bagged = plan.ensemble.length > 0 && members.length === 1;
  const single = bagged
    ? 'np.mean([fit_predict(X, y, X_test, seed) for seed in SEEDS], axis=0)'
    : 'fit_predict(X, y, X_test)';
  const call = members.length > 1 ? 'blend(known, asked)' : single;
  const before = members.length > 1 ? ['known, asked = np.arange(len(y)), np.arange(len(y), len(y) + len(test))'] : [];
  if (!facts.card.classes) return [...before, ...around('predictions = ', valueExpression(renderer, call), '')];
  const expression = plan.calibrate.reduce(
    (inner, step) => renderer.section(step, 'probabilities', { probabilities: inner })[0] ?? inner,
    call,
  );
  return [...before, `probabilities = ${expression}`];
}
