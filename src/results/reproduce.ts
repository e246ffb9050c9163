/** `reproduce.sh`: from the task's data to the answer, without automlgen. */
import { resolve } from 'node:path';
import type { TaskSource } from '../domain/task.js';

/** Links the task's files under the names that programs read. Where the task ships no sample, the answer's own form is the sample. */
export function reproduceScript({ task, folder }: TaskSource): string {
  const at = (name: string): string => quoted(resolve(folder, name));
  const sample = task.sample_submission === undefined ? 'submission.csv' : at(task.sample_submission);
  return `#!/usr/bin/env bash
# Runs the chosen program on the task's data. Needs Python >= 3.11; packages go into ./venv, the answer into ./again.
set -euo pipefail
cd "$(dirname "$0")"
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet --requirement requirements.txt
rm -rf again
mkdir -p again/input again/working
${task.images === undefined ? '' : `ln -s ${at(task.images)} again/input/${quoted(task.images)}\n`}ln -s ${at(task.train)} again/input/train.csv
ln -s ${at(task.test)} again/input/test.csv
cp ${sample} again/input/sample_submission.csv
(cd again && ../venv/bin/python ../solution.py)
echo "The answer is $PWD/again/working/submission.csv"
`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
