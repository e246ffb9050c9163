/** Writing the answer: the form of sample_submission.csv, joined by id, whatever the order of the test rows. */
import { literal } from './python-text.js';
import type { Renderer } from './render.js';
import { areShares } from './several.js';

export function answerLines(renderer: Renderer): readonly string[] {
  const { card, targets } = renderer.facts;
  if (targets.length > 0) return ['', JOINED, ...severalLines(renderer)];
  return [
    '',
    JOINED,
    ...tableLines(renderer),
    // A class that is called like the id column would need a second column of that name.
    ...writeLines(card.predictions === 'label' && !card.classes?.includes(card.idColumn)),
  ];
}

const JOINED = '# Joined by id: the rows of the sample submission, in its order.';

/** One column for each target; yes or no where labels are scored, with the probabilities beside them. */
function severalLines({ facts }: Renderer): readonly string[] {
  const { task, targets } = facts;
  const same = task.submissionColumns.every((each, index) => each === targets[index]);
  const table = same
    ? 'answer = pd.DataFrame(answers, index=test[ID])'
    : 'answer = pd.DataFrame(answers, index=test[ID]).set_axis(COLUMNS, axis=1)';
  if (areShares(task))
    return [
      table,
      'answer = answer.clip(lower=1e-6)',
      'answer = answer.div(answer.sum(axis=1), axis=0)',
      ...writeLines(false),
    ];
  if (task.predictions !== 'label') return [table, ...writeLines(false)];
  return [
    'shares = pd.DataFrame(answers, index=test[ID])',
    `answer = (shares >= 0.5).astype(int)${same ? '' : '.set_axis(COLUMNS, axis=1)'}`,
    'Path("working").mkdir(exist_ok=True)',
    'sample[[ID]].join(answer, on=ID).to_csv("working/submission.csv", index=False)',
    'sample[[ID]].join(shares, on=ID).to_csv("working/probabilities.csv", index=False)',
  ];
}

/** `decide(x)` in a metric's expression becomes the plan's decision rule. */
export function decisionOf(renderer: Renderer, expression: string): string {
  return expression.replace(/decide\((\w+)\)/, (_, name: string) => decide(renderer, name));
}

function decide({ plan, section }: Renderer, name: string): string {
  const rule = plan.post.flatMap((step) => section(step, 'decide', { guess: name }))[0];
  return rule ?? `${name}.argmax(axis=1)`;
}

function tableLines(renderer: Renderer): readonly string[] {
  const { card } = renderer.facts;
  const [column = card.target] = card.submissionColumns;
  const name = column === card.target ? 'TARGET' : literal(column);
  const series = (values: string): string => `answer = pd.Series(${values}, index=test[ID], name=${name})`;
  if (!card.classes) return [series('predictions')];
  if (card.predictions === 'label') {
    return [`labels = np.array(CLASSES)[${decide(renderer, 'probabilities')}]`, series('labels')];
  }
  if (card.submissionColumns.length === 1) return [series(`probabilities[:, ${positiveIndex(renderer)}]`)];
  const same = card.submissionColumns.every((each, index) => each === card.classes?.[index]);
  return [`answer = pd.DataFrame(probabilities, index=test[ID], columns=${same ? 'CLASSES' : 'COLUMNS'})`];
}

/** The class that the single probability column speaks of: the one it is named after, else the last. */
function positiveIndex({ facts }: Renderer): number {
  const { classes = [], submissionColumns } = facts.card;
  const named = classes.indexOf(submissionColumns[0] ?? '');
  return named >= 0 ? named : classes.length - 1;
}

function writeLines(withProbabilities: boolean): readonly string[] {
  return [
    'Path("working").mkdir(exist_ok=True)',
    'sample[[ID]].join(answer, on=ID).to_csv("working/submission.csv", index=False)',
    ...(withProbabilities
      ? [
          'shares = pd.DataFrame(probabilities, index=test[ID], columns=CLASSES)',
          'sample[[ID]].join(shares, on=ID).to_csv("working/probabilities.csv", index=False)',
        ]
      : []),
  ];
}
