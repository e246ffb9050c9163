"""p02: birth weight from what was known about the pregnancy. Over-fitting is easy: boosting defaults lose to a line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_table
from automlgen_runtime.practice.sources import file_hash, package_folder

TARGET = "bweight"
LEFT_OUT = ("lbweight", "mbsmoke_", "mmarried_", "fbaby_", "prenatal1_", "mage2")
"""A function of the target, and copies of other columns."""
TEST_SHARE = 0.3

DESCRIPTION = """# Birth weight

Predict the birth weight of a newborn in grams (`bweight`) from what was recorded about the mother, the father and the
pregnancy: ages, years of schooling, smoking, prenatal visits, months since the last birth, order of birth and more.

## Files

- `train.csv`: births with their weight
- `test.csv`: births whose weight is to be predicted
- `sample_submission.csv`: the form of the answer

## Columns

- `mmarried` mother married; `mhisp`, `fhisp` Hispanic; `mrace`, `frace` white; `foreign` mother born abroad
- `mage`, `fage` ages in years (`fage` 0: unknown); `medu`, `fedu` years of schooling
- `alcohol` drank during pregnancy; `msmoke` cigarettes a day, in bands; `mbsmoke` smoked
- `nprenatal` prenatal visits; `prenatal` trimester of the first visit (0: none); `prenatal1` in the first trimester
- `order` order of birth; `fbaby` first baby; `deadkids` earlier births that died
- `monthslb` months since the last birth; `birthmonth` month of birth

## Evaluation

Root mean squared error (`rmse`), smaller is better. The submission has the columns `id,bweight`.
"""


def take() -> Material:
    path = package_folder("statsmodels") / "treatment" / "tests" / "results" / "cataneo2.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns=list(LEFT_OUT), errors="ignore")
    return Material(table, {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 2]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, "id", (rng.permutation(len(table)) + 1).astype(str))
    cut = round(TEST_SHARE * len(table))
    return Division(train=table.iloc[cut:].reset_index(drop=True), test=table.iloc[:cut].reset_index(drop=True))


COMPETITION = Competition(
    id="p02-birthweight",
    title="Birth weight of 4,642 newborns",
    metric="rmse",
    direction="minimise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="Cattaneo (2010), example data distributed with statsmodels (BSD-3); check before passing the data on.",
    split_rule="rows at random, 70 % train, 30 % test",
    noise={"unpairedSE": 16.6, "pairedSE": 4.9},
    task_lines=(),
    packages=("statsmodels",),
    take=take,
    divide=divide,
    reference=lambda division: lightgbm_table(division, TARGET, "id"),
    reference_note="LightGBM with its default settings, words as category codes",
)
