/** `solution.py` of a blend: runs its members, averages what they wrote and, for labels, applies the tuned decision rule. */
import type { Member } from '../domain/evaluation.js';
import type { Averaging, DecisionRule, Recipe } from '../domain/recipe.js';
import type { TaskCard } from '../domain/task-card.js';

export function blendScript(members: readonly Member[], card: TaskCard, recipe: Recipe): string {
  return `${[head(members, card, recipe), RUN_MEMBER, toSpace(card, recipe), fromSpace(card, recipe), MAIN].join(
    '\n\n\n',
  )}\n`;
}

function head(members: readonly Member[], card: TaskCard, recipe: Recipe): string {
  const weights = members.map(({ nodeId, weight }) => `    ${literal(nodeId)}: ${weight},`).join('\n');
  return `"""${summary(members, recipe)}

Usage: put train.csv, test.csv and sample_submission.csv into ./input and run \`python solution.py\`.
The answer is ./working/submission.csv.${foldNote(recipe)}
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
WEIGHTS = {
${weights}
}
FILE = ${literal(fileOf(card, recipe.averaging))}  # what is taken of each
ID = ${literal(card.idColumn)}
COLUMNS = ${literal(card.submissionColumns)}  # of the answer, after the id
CLASSES = ${literal(classesOf(card))}  # columns of the averaged predictions`;
}

function summary(members: readonly Member[], recipe: Recipe): string {
  const runs = members.length === 1 ? 'Runs one program' : `Runs ${members.length} programs`;
  const average = members.length === 1 ? '' : `, ${AVERAGES[recipe.averaging]}`;
  return `${runs}${average}${recipe.rule ? `, and ${RULES[recipe.rule.kind]}` : ''}.`;
}

const AVERAGES: Readonly<Record<Averaging, string>> = {
  none: 'takes the first answer',
  values: 'averages their numbers',
  probabilities: 'averages their probabilities',
  votes: 'lets their labels vote',
  ranks: 'averages the ranks of their predictions',
  'row-scales': 'averages their scores, each row stretched to 0 ... 1',
  logarithms: 'averages the logarithms of their numbers',
  directions: 'averages their places on the sphere',
};

const RULES: Readonly<Record<DecisionRule['kind'], string>> = {
  'most-probable': 'takes the most probable class',
  scaled: 'takes the class that is most probable for its share',
  threshold: 'takes the positive class from a tuned threshold on',
  thresholds: 'takes each label from its threshold on',
  cuts: 'cuts the expected level into classes at tuned points',
};

function foldNote({ modelsPerMember }: Recipe): string {
  if (modelsPerMember === 1) return '';
  return `

The submitted file is the mean of ${modelsPerMember} models per program, each trained without one fold; here every program is
trained once, on all labels, so that the answer is close to the submitted one but not equal to it.`;
}

function fileOf(card: TaskCard, averaging: Averaging): string {
  return averaging === 'probabilities' && card.predictions === 'label' ? 'probabilities.csv' : 'submission.csv';
}

const RUN_MEMBER = `def run_member(name: str, ids: pd.Series) -> pd.DataFrame:
    """Runs one member in a folder of its own and returns what it predicts for \`ids\`, as text."""
    folder = Path("working") / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "working").mkdir(parents=True)
    os.symlink(Path("input").resolve(), folder / "input")
    subprocess.run([sys.executable, HERE / "members" / f"{name}.py"], cwd=folder, check=True)
    table = pd.read_csv(folder / "working" / FILE, dtype=str, keep_default_na=False)
    return table.set_index(ID).loc[ids]`;

/** From a member's file to what is averaged: rows x columns of numbers. */
function toSpace(card: TaskCard, recipe: Recipe): string {
  const several = card.targets !== undefined;
  const lines = spaceLines(card, recipe, several);
  return `def to_space(table: pd.DataFrame) -> np.ndarray:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}

function spaceLines(card: TaskCard, recipe: Recipe, several: boolean): readonly string[] {
  const numbers = 'values = np.array(table[COLUMNS], dtype=float)';
  const clipped = [numbers, ...clipLines(recipe)];
  switch (recipe.averaging) {
    case 'probabilities':
      return sharesLines(card, several);
    case 'votes':
      return voteLines(card, several);
    case 'ranks':
      return [
        'values = table[COLUMNS].astype(float)',
        'return ((values.rank(method="average") - 0.5) / len(values)).to_numpy()',
      ];
    case 'row-scales':
      return [
        numbers,
        'low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)',
        'span = np.where(high > low, high - low, 1.0)',
        'return np.where(high > low, (values - low) / span, 0.5)',
      ];
    case 'logarithms':
      return [...clipped, 'return np.log1p(np.maximum(values, 0.0))'];
    case 'directions':
      return [
        numbers,
        'latitude, longitude = np.radians(values[:, 0]), np.radians(values[:, 1])',
        'flat = np.cos(latitude)',
        'return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])',
      ];
    case 'values':
    case 'none':
      return [...clipped, 'return values'];
  }
}

/** Columns beyond the clipped ones, such as a confidence, stay as they are. */
function clipLines({ clip }: Recipe): readonly string[] {
  if (!clip) return [];
  const [low, high] = [clip.map(([least]) => least), clip.map(([, most]) => most)];
  return [
    `values[:, :${clip.length}] = np.clip(values[:, :${clip.length}], ${literal(low)}, ${literal(high)})  # range of the training target`,
  ];
}

function sharesLines(card: TaskCard, several: boolean): readonly string[] {
  const columns = card.predictions === 'label' ? 'CLASSES' : 'COLUMNS';
  const exclusive = (!several || card.metric === 'kl-divergence') && !(columns === 'COLUMNS' && isOneColumn(card));
  return exclusive
    ? [
        `values = np.clip(table[${columns}].to_numpy(dtype=float), 1e-15, 1.0)`,
        'return values / values.sum(axis=1, keepdims=True)',
      ]
    : [`return table[${columns}].to_numpy(dtype=float)`];
}

function isOneColumn(card: TaskCard): boolean {
  return card.submissionColumns.length === 1;
}

function voteLines(card: TaskCard, several: boolean): readonly string[] {
  if (several || !isOneColumn(card)) return ['return table[CLASSES].to_numpy(dtype=float)'];
  return ['return (table[COLUMNS].to_numpy() == np.array([CLASSES])).astype(float)'];
}

/** From the average to the cells of the answer. */
function fromSpace(card: TaskCard, recipe: Recipe): string {
  const lines = card.predictions === 'label' ? labelLines(card, recipe) : valueLines(recipe);
  return `def from_space(blend: np.ndarray) -> np.ndarray:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}

function valueLines(recipe: Recipe): readonly string[] {
  if (recipe.averaging === 'logarithms') return ['return np.expm1(blend)'];
  if (recipe.averaging !== 'directions') return ['return blend'];
  return ['x, y, z = blend.T', 'return np.degrees(np.column_stack([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)]))'];
}

function labelLines(card: TaskCard, recipe: Recipe): readonly string[] {
  const several = card.targets !== undefined;
  const plain: DecisionRule = several
    ? { kind: 'thresholds', thresholds: (card.targets ?? []).map(() => 0.5) }
    : { kind: 'most-probable' };
  const codes = ruleLines(recipe.rule ?? plain);
  if (several) return [...codes, 'return codes'];
  if (isOneColumn(card)) return [...codes, 'return np.array(CLASSES, dtype=object)[codes][:, None]'];
  return [...codes, 'return (np.array(CLASSES)[codes][:, None] == np.array([COLUMNS])).astype(int)'];
}

function ruleLines(rule: DecisionRule): readonly string[] {
  switch (rule.kind) {
    case 'most-probable':
      return ['codes = blend.argmax(axis=1)'];
    case 'scaled':
      return [`codes = (blend / np.array(${literal(rule.divisors)})).argmax(axis=1)`];
    case 'threshold':
      return [
        'others = blend.copy()',
        `others[:, ${rule.positive}] = -1.0`,
        `codes = np.where(blend[:, ${rule.positive}] >= ${rule.threshold}, ${rule.positive}, others.argmax(axis=1))`,
      ];
    case 'thresholds':
      return [`codes = (blend >= np.array(${literal(rule.thresholds)})).astype(int)`];
    case 'cuts':
      return [
        `level = blend @ np.array(${literal(rule.levels)})`,
        `codes = np.array(${literal(rule.order)})[np.searchsorted(${literal(rule.cuts)}, level, side="right")]`,
      ];
  }
}

const MAIN = `submission = pd.read_csv("input/sample_submission.csv", dtype={ID: str})
total = sum(WEIGHTS.values())
blend = sum(to_space(run_member(name, submission[ID])) * (weight / total) for name, weight in WEIGHTS.items())
cells = pd.DataFrame(from_space(blend), columns=COLUMNS)
answer = pd.concat([submission[[ID]], cells], axis=1)
answer.to_csv("working/submission.csv", index=False)
print(f"Made {len(answer)} rows from {len(WEIGHTS)} program(s).")`;

function classesOf(card: TaskCard): readonly string[] {
  return card.targets ?? card.classes ?? [];
}

/** Text, numbers and lists are written alike in JSON and Python. */
function literal(value: string | readonly (string | number)[]): string {
  return JSON.stringify(value);
}
