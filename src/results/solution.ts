/** The chosen program as files that run alone: one script, or members and a script that runs and averages them. */
import type { Member } from '../domain/evaluation.js';
import type { TaskCard } from '../domain/task-card.js';

export interface ProgramFile {
  /** Path below the results folder. */
  readonly path: string;
  readonly text: string;
}

export interface ChosenProgram extends Member {
  readonly program: string;
}

/** A single is written as `solution.py` itself; a blend as `members/<node>.py` and a `solution.py` that runs them. */
export function solutionFiles(members: readonly ChosenProgram[], card: TaskCard): readonly ProgramFile[] {
  const [only] = members;
  if (only && members.length === 1) return [{ path: 'solution.py', text: only.program }];
  const parts = members.map((member) => ({ path: `members/${member.nodeId}.py`, text: member.program }));
  return [...parts, { path: 'solution.py', text: blendScript(members, card) }];
}

function blendScript(members: readonly ChosenProgram[], card: TaskCard): string {
  const weights = members.map((member) => `    "${member.nodeId}": ${member.weight.toFixed(4)},`).join('\n');
  const labels = card.predictions === 'label';
  const ranks = card.metric === 'auc' || card.metric === 'spearman';
  return `"""Runs every member of the blend and averages what they predict${labels ? ', then takes the likeliest label' : ''}.

Usage: put train.csv, test.csv and sample_submission.csv into ./input and run \`python solution.py\`.
The answer is ./working/submission.csv.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
WEIGHTS = {
${weights}
}
ID = ${JSON.stringify(card.idColumn)}


def run_member(name: str) -> pd.DataFrame:
    """Runs one member in a folder of its own and returns its predictions, indexed by id."""
    folder = Path("working") / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "working").mkdir(parents=True)
    os.symlink(Path("input").resolve(), folder / "input")
    subprocess.run([sys.executable, HERE / "members" / f"{name}.py"], cwd=folder, check=True)
    return pd.read_csv(folder / "working" / "${labels ? 'probabilities.csv' : 'submission.csv'}", dtype={ID: str}).set_index(ID)


predictions = {name: run_member(name) for name in WEIGHTS}
total = sum(WEIGHTS.values())
blend = sum(${ranks ? 'predictions[name].rank(pct=True)' : 'predictions[name]'} * weight for name, weight in WEIGHTS.items()) / total

submission = pd.read_csv("input/sample_submission.csv", dtype={ID: str})
${
  labels
    ? `submission[${JSON.stringify(card.submissionColumns[0] ?? card.target)}] = blend.loc[submission[ID]].idxmax(axis=1).to_numpy()`
    : `columns = [name for name in submission.columns if name != ID]
submission[columns] = blend.loc[submission[ID], columns].to_numpy()`
}
submission.to_csv("working/submission.csv", index=False)
print(f"Blended {len(WEIGHTS)} programs into {len(submission)} rows.")
`;
}
