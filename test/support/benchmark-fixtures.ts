/** A checkout of MLE-bench, prepared competitions and a competition of MLE-Dojo in their true layout, written here and small. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

export async function putFiles(root: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

/** What grading code of the benchmark imports: the error class, the readers and one shared helper. */
const PACKAGE: Files = {
  'pyproject.toml':
    '[project]\nname = "mlebench"\ndependencies = ["scikit-learn>=1.5", "pandas>=2.2", "levenshtein>=0.25.1"]\n',
  'mlebench/__init__.py': '',
  'mlebench/utils.py':
    'import pandas as pd\n\n\ndef get_logger(name):\n    import logging\n\n    return logging.getLogger(name)\n',
  'mlebench/grade_helpers.py': [
    'from mlebench.utils import get_logger',
    '',
    'logger = get_logger(__name__)',
    '',
    '',
    'class InvalidSubmissionError(Exception):',
    '    pass',
    '',
  ].join('\n'),
};

export interface FakeCompetition {
  readonly id: string;
  readonly graderName: string;
  /** Body of grade.py. */
  readonly code: string;
  /** Name in the private folder. */
  readonly answers?: string;
  /** `public/sample_submission.csv` when absent. */
  readonly sample?: string;
  readonly board?: string;
  readonly more?: Files;
}

export async function putCheckout(root: string, competitions: readonly FakeCompetition[]): Promise<void> {
  await putFiles(root, PACKAGE);
  for (const competition of competitions) {
    const { id, answers = 'test.csv', sample = 'public/sample_submission.csv', board, more = {} } = competition;
    const folder = join(root, 'mlebench', 'competitions', id);
    await putFiles(folder, {
      'config.yaml': [
        `id: ${id} `,
        `name: "About ${id}"`,
        'competition_type: simple',
        'awards_medals: true',
        'prizes: null',
        `description: mlebench/competitions/${id}/description.md`,
        'dataset:',
        `  answers: ${id}/prepared/private/${answers}`,
        `  sample_submission: ${id}/prepared/${sample}`,
        'grader:',
        `  name: ${competition.graderName}`,
        `  grade_fn: mlebench.competitions.${id}.grade:grade`,
        `preparer: mlebench.competitions.${id}.prepare:prepare`,
        '',
      ].join('\n'),
      'description.md': `# ${id}\n`,
      'grade.py': competition.code,
      ...(board !== undefined && { 'leaderboard.csv': board }),
      ...more,
    });
  }
}

/** A board with the benchmark's columns, best first. */
export function benchBoard(scores: readonly number[]): string {
  const rows = scores.map((score, index) => `${score},${index + 1000},True,2020-01-0${(index % 9) + 1},${score},True`);
  return `scoreNullable,teamId,hasTeamName,submissionDate,score,hasScore\n${rows.join('\n')}\n`;
}

/** A board as MLE-Dojo writes it. */
export function textBoard(scores: readonly number[]): string {
  return `rank,score\n${scores.map((score, index) => `${index + 1},${score}`).join('\n')}\n`;
}

export const LFS_POINTER =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

/** Whole error of one column, strict about ids and columns as the benchmark's graders are. */
export function columnGrader(call: string, imports: string, target: string, id = 'id'): string {
  return [
    imports,
    'from mlebench.grade_helpers import InvalidSubmissionError',
    '',
    '',
    'def grade(submission, answers):',
    `    if set(submission.columns) != {"${id}", "${target}"}:`,
    `        raise InvalidSubmissionError(f"Columns {list(submission.columns)}")`,
    '    if len(submission) != len(answers):',
    '        raise InvalidSubmissionError(f"{len(submission)} rows instead of {len(answers)}")',
    `    submission = submission.sort_values("${id}")`,
    `    answers = answers.sort_values("${id}")`,
    `    if (submission["${id}"].values != answers["${id}"].values).any():`,
    '        raise InvalidSubmissionError("other ids")',
    `    truth, prediction = answers["${target}"], submission["${target}"]`,
    '    print("grading")',
    `    return ${call}`,
    '',
  ].join('\n');
}

/** A table of numbers with a target that depends on them; the same rows for the same sizes. */
export function numberTable(
  rows: number,
  from: number,
  columns: readonly string[],
  withTarget: string | undefined,
): string {
  const head = ['id', ...columns, ...(withTarget === undefined ? [] : [withTarget])].join(',');
  const lines = Array.from({ length: rows }, (_, index) => {
    const id = from + index;
    const values = columns.map((_, position) => ((id * (7 + position)) % 23) - 11);
    const target = values.reduce((sum, value, position) => sum + value * (position + 1), 0) / 4;
    return [id, ...values, ...(withTarget === undefined ? [] : [target])].join(',');
  });
  return `${head}\n${lines.join('\n')}\n`;
}
