/** `reproduce.sh`: from the task's data to the answer, without automlgen. */
import { dirname, resolve } from 'node:path';
import type { TaskSource } from '../domain/task.js';
import { TABLE_READER } from './table-reader.js';

/**
 * Gives the program the task's own tables as it read them in the search: comma-separated, unpacked, without the columns of `drop`, and
 * beside them what else lies in the folder. Where the task ships no sample, the answer's own form is the sample.
 */
export function reproduceScript({ task, folder }: TaskSource): string {
  const at = (name: string): string => quoted(resolve(folder, name));
  const table = (path: string, name: string): string =>
    `table ${path} again/input/${name}${task.drop.map((column) => ` ${quoted(column)}`).join('')}`;
  const sample = task.sample_submission === undefined ? 'submission.csv' : at(task.sample_submission);
  const lines = [
    table(at(task.train), 'train.csv'),
    table(at(task.test), 'test.csv'),
    `table ${sample} again/input/sample_submission.csv`,
    ...(task.images === undefined ? [] : imagesLines(task.images, at(task.images))),
    ...(task.other_files === false ? [] : [othersLine(quoted(resolve(folder)))]),
  ];
  return `#!/usr/bin/env bash
# Runs the chosen program on the task's data. Needs CPython 3.11, 3.12 or 3.13; packages go into ./venv, the answer into ./again.
set -euo pipefail
cd "$(dirname "$0")"
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet --requirement requirements.txt
rm -rf again
mkdir -p again/input again/working
${TABLE_READER}
${lines.join('\n')}
(cd again && ../venv/bin/python ../solution.py)
echo "The answer is $PWD/again/working/submission.csv"
`;
}

function imagesLines(name: string, path: string): readonly string[] {
  const parent = dirname(name);
  return [
    ...(parent === '.' ? [] : [`mkdir -p again/input/${quoted(parent)}`]),
    `ln -s ${path} again/input/${quoted(name)}`,
  ];
}

function othersLine(folder: string): string {
  return `for file in ${folder}/*; do
  name=$(basename "$file")
  [ "$name" = private ] || [ -e "again/input/$name" ] || ln -s "$file" "again/input/$name"
done`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
