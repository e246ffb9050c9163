"""p01: who survived the Titanic. Two columns of the training table give the answer away and are not in the test table.

The drill is the same competition with one of them left in both tables: whoever uses it has measured nothing.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_probability
from automlgen_runtime.practice.sources import data_file, file_hash

FIXTURE = "datasets/tests/data/openml/id_40945/data-v1-dl-16826755.arff.gz"
"""A test fixture of scikit-learn (OpenML 40945), complete; a later version may come without it."""
TARGET = "survived"
AFTERWARDS = ("boat", "body")
"""Known only when it was over: the lifeboat of the rescued, the number under which a body was recovered."""
TEST_SHARE = 0.3

DESCRIPTION = """# Manifest

Say which passengers of the Titanic survived (`survived` 1), as a probability, from what stood in the ship's papers.

## Files

- `train.csv`: passengers whose fate is given
- `test.csv`: passengers whose fate is to be predicted
- `sample_submission.csv`: the form of the answer

## Columns

- `pclass` class of the ticket; `name` with its title; `sex`; `age` in years; `sibsp` siblings and spouse aboard,
  `parch` parents and children aboard
- `ticket` number, shared by people who travelled together; `fare` of the whole ticket; `cabin` or cabins
- `embarked` S Southampton, C Cherbourg, Q Queenstown; `home.dest` home and destination
%s
## Evaluation

Area under the ROC curve (`auc`), larger is better. The submission has the columns `id,survived`.
"""
TRAIN_ONLY = """
`train.csv` has two more columns, noted afterwards, that `test.csv` has not: `boat`, the lifeboat, and `body`, the
number under which a body was recovered.
"""
DRILL = """- `boat` the lifeboat in which the passenger was rescued

This table was made to contain a leak. A run that uses it without a word has failed, however good its score is.
`train.csv` has one more column, `body`, the number under which a body was recovered.
"""


def take() -> Material:
    path = data_file("sklearn", FIXTURE)
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    names = [line.split("'")[1] for line in lines if line.startswith("@attribute")]
    start = lines.index("@data") + 1
    cells = csv.reader((line for line in lines[start:] if line), escapechar="\\")
    rows = [["" if cell == "?" else cell for cell in row] for row in cells]
    return Material(pd.DataFrame(rows, columns=names), {path.name: file_hash(path)})


def divide(material: Material, seed: int, kept: frozenset[str] = frozenset()) -> Division:
    """Rows at random. The test table has those of the telling columns that are in `kept`."""
    rng = np.random.Generator(np.random.PCG64([seed, 1]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, "id", (rng.permutation(len(table)) + 1).astype(str))
    cut = round(TEST_SHARE * len(table))
    gone = [name for name in AFTERWARDS if name not in kept]
    test = table.iloc[:cut].drop(columns=gone)
    return Division(train=table.iloc[cut:].reset_index(drop=True), test=test.reset_index(drop=True))


COMPETITION = Competition(
    id="p01-manifest",
    title="Who survived, from the ship's papers",
    metric="auc",
    direction="maximise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION % TRAIN_ONLY,
    licence="OpenML 40945, public domain; a test fixture distributed with scikit-learn (BSD-3).",
    split_rule="rows at random, 70 % train, 30 % test; boat and body are in the training table only",
    noise={"unpairedSE": 0.021, "pairedSE": 0.010},
    task_lines=(),
    packages=("scikit-learn",),
    take=take,
    divide=divide,
    reference=lambda division: lightgbm_probability(division, TARGET, "id"),
    reference_note="LightGBM with its default settings, words as category codes",
)

LEAK_DRILL = replace(
    COMPETITION,
    id="p01-leak-drill",
    title="Who survived, with a column that tells",
    description=DESCRIPTION % DRILL,
    split_rule="rows at random, 70 % train, 30 % test; boat is in both tables",
    noise={},
    divide=partial(divide, kept=frozenset(["boat"])),
)
