"""p12: prices of 54,000 diamonds, the large table. Errors are ratios: learn the logarithm of the price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_table
from automlgen_runtime.practice.sources import data_file, file_hash

TARGET = "price"
TEST_SHARE = 0.3

DESCRIPTION = """# Diamonds

Predict the price of a cut diamond in US dollars (`price`) from its weight, its four grades and its measures.

## Files

- `train.csv`: diamonds with their price
- `test.csv`: diamonds whose price is to be predicted
- `sample_submission.csv`: the form of the answer

## Columns

- `carat` weight, 0.2 grams each
- `cut` Fair, Good, Very Good, Premium, Ideal; `color` D (best) to J; `clarity` I1 (worst), SI2, SI1, VS2, VS1, VVS2,
  VVS1, IF (best)
- `x`, `y`, `z` length, width and height in millimetres; 0 where nobody measured, and a few are misprints
- `depth` height in percent of the mean of length and width; `table` width of the top in percent of the widest point

## Evaluation

Root mean squared logarithmic error (`rmsle`), smaller is better. The submission has the columns `id,price`.
"""


def take() -> Material:
    """Lines that repeat another in everything, price included, are left out: they would be in both tables."""
    path = data_file("plotnine", "data/diamonds.csv")
    table = pd.read_csv(path, dtype=str, keep_default_na=False).drop_duplicates().reset_index(drop=True)
    return Material(table, {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 12]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, "id", (rng.permutation(len(table)) + 1).astype(str))
    cut = round(TEST_SHARE * len(table))
    return Division(train=table.iloc[cut:].reset_index(drop=True), test=table.iloc[:cut].reset_index(drop=True))


def reference(division: Division) -> pd.DataFrame:
    answer = lightgbm_table(division, TARGET, "id")
    return answer.assign(**{TARGET: answer[TARGET].clip(lower=0)})


COMPETITION = Competition(
    id="p12-diamonds",
    title="Prices of 54,000 diamonds",
    metric="rmsle",
    direction="minimise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="Table of ggplot2 (MIT), distributed with plotnine (MIT).",
    split_rule="rows at random, 70 % train, 30 % test",
    noise={},
    task_lines=(),
    packages=("plotnine",),
    take=take,
    divide=divide,
    reference=reference,
    reference_note="LightGBM with its default settings on the price as it is, words as category codes",
)
