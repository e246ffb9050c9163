/** `reproduce.sh`: from the task's data to the answer, without automlgen. */

/** `inputFolder` holds train.csv, test.csv and sample_submission.csv. */
export function reproduceScript(inputFolder: string): string {
  return `#!/usr/bin/env bash
# Runs the chosen program on the task's data. Needs Python >= 3.11; packages go into ./venv.
set -euo pipefail
cd "$(dirname "$0")"
data="\${1:-${inputFolder}}"
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet --requirement requirements.txt
rm -rf again && mkdir -p again/working
ln -s "$(realpath "$data")" again/input
(cd again && ../venv/bin/python ../solution.py)
echo "The answer is $PWD/again/working/submission.csv"
`;
}
