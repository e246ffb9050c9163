"""p04: an ordered answer with few steps. Where the cut points lie matters more than the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_label
from automlgen_runtime.practice.sources import data_file, file_hash

TARGET = "rate_marriage"
TEST_SHARE = 0.3

DESCRIPTION = """# Marriage

In 1974 readers of a magazine rated their marriage (`rate_marriage`) from 1, very poor, to 5, very good. Predict the
rating from the other answers.

## Files

- `train.csv`: answers with their rating
- `test.csv`: answers whose rating is to be predicted
- `sample_submission.csv`: the form of the answer

## Columns

- `age` in years; `yrs_married` years married; `children` number of children (5.5: more than five): all of them bands
- `religious` 1 not at all to 4 strongly; `educ` years of schooling (9, 12, 14, 16, 17 or 20)
- `occupation`, `occupation_husb` 1 student, 2 farming or unskilled, 3 office, 4 teaching, nursing or skilled,
  5 managerial, 6 professional with advanced degree
- `affairs` a measure of time spent in affairs

## Evaluation

Quadratically weighted kappa (`qwk`), larger is better. The submission has the columns `id,rate_marriage`; ratings are
the whole numbers 1 to 5.
"""


def take() -> Material:
    path = data_file("statsmodels", "datasets/fair/fair.csv")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return Material(table, {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 4]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, "id", (rng.permutation(len(table)) + 1).astype(str))
    cut = round(TEST_SHARE * len(table))
    return Division(train=table.iloc[cut:].reset_index(drop=True), test=table.iloc[:cut].reset_index(drop=True))


COMPETITION = Competition(
    id="p04-marriage",
    title="How 6,366 readers rate their marriage",
    metric="qwk",
    direction="maximise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="Fair (1978), distributed with statsmodels (BSD-3) by permission of the author.",
    split_rule="rows at random, 70 % train, 30 % test",
    noise={"unpairedSE": 0.018, "pairedSE": 0.02},
    task_lines=('type = "ordinal"',),
    packages=("statsmodels",),
    take=take,
    divide=divide,
    reference=lambda division: lightgbm_label(division, TARGET, "id"),
    reference_note="LightGBM with its default settings, the most probable rating",
)
