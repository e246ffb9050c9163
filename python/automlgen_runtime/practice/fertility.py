"""p10: a panel of yearly series whose next years are asked for. The split of train and test is one of time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.sources import data_file, file_hash

TARGET, GROUP, TIME = "rate", "country", "year"
FIRST, LAST = 1960, 2011
AHEAD = 8
"""Years to forecast."""
STEP, ORIGINS = 3, 5
"""Each seed ends the history three years earlier than the one before; after five the first comes again."""
AGGREGATES = (
    "Latin America & Caribbean (all income levels)",
    "OECD members",
    "Other small states",
    "Pacific island small states",
)
"""Means of other rows."""
DAMPING = 0.9

DESCRIPTION = """# Fertility

The total fertility rate of a country is the number of children a woman would bear if she lived through the rates of all
ages of one year. Forecast it for eight years after the end of the table.

## Files

- `train.csv`: `id`, `country`, `year`, `rate` (the target), one row per country and year
- `test.csv`: `id`, `country`, `year`: the eight years that follow, of the same countries
- `sample_submission.csv`: the form of the answer

## Evaluation

Mean absolute scaled error (`mase`), smaller is better: the absolute error of each row is divided by the mean absolute
change from year to year of its country in `train.csv`; then the mean over each country is taken, and the mean of those.
The submission has the columns `id,rate`.
"""


def take() -> Material:
    """One row per country whose series has no gap."""
    path = data_file("statsmodels", "datasets/fertility/fertility.csv")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    years = [str(year) for year in range(FIRST, LAST + 1)]
    whole = (table[years] != "").all(axis=1) & ~table["Country Name"].isin(AGGREGATES)
    table = table.loc[whole, ["Country Name", *years]].rename(columns={"Country Name": GROUP})
    return Material(table.reset_index(drop=True), {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    """Seeds 1 to 5 end the history in 2003, 2000, ... 1991 with all countries; others with three quarters of them."""
    rng = np.random.Generator(np.random.PCG64([seed, 10]))
    table = material.table
    if not 1 <= seed <= ORIGINS:
        table = table.iloc[np.sort(rng.permutation(len(table))[: len(table) * 3 // 4])]
    last = LAST - AHEAD - STEP * ((seed - 1) % ORIGINS)
    long = table.melt(id_vars=GROUP, var_name=TIME, value_name=TARGET)
    long[TARGET] = long[TARGET].astype(float).round(6).map("{:g}".format)
    year = long[TIME].astype(int)
    long = long[year <= last + AHEAD].iloc[rng.permutation(int((year <= last + AHEAD).sum()))]
    long.insert(0, "id", [f"r{n:05d}" for n in rng.permutation(len(long))])
    known = long[TIME].astype(int) <= last
    train, test = long[known].reset_index(drop=True), long[~known].reset_index(drop=True)
    scale = test[GROUP].map(scales(train))
    return Division(train, test, beside=pd.DataFrame({"metric_group": test[GROUP], "scale": scale.map(repr)}))


def scales(train: pd.DataFrame) -> pd.Series:
    """Mean absolute change from year to year by country."""
    wide = wide_table(train)
    return wide.diff(axis=1).abs().mean(axis=1).round(9)


def wide_table(train: pd.DataFrame) -> pd.DataFrame:
    """Countries by years, both in order."""
    numbers = train.assign(**{TARGET: train[TARGET].astype(float), TIME: train[TIME].astype(int)})
    return numbers.pivot(index=GROUP, columns=TIME, values=TARGET).sort_index(axis=1)


def damped_trend(division: Division) -> pd.DataFrame:
    """The last change goes on, a tenth weaker each year."""
    wide = wide_table(division.train)
    ahead = division.test[TIME].astype(int) - wide.columns.max()
    level, change = wide.iloc[:, -1], wide.iloc[:, -1] - wide.iloc[:, -2]
    steps = DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)
    value = division.test[GROUP].map(level) + division.test[GROUP].map(change) * steps
    return pd.DataFrame({"id": division.test["id"], TARGET: value.round(6)})


COMPETITION = Competition(
    id="p10-fertility",
    title="Fertility of 188 countries, eight years ahead",
    metric="mase",
    direction="minimise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="World Bank, SP.DYN.TFRT.IN, under its terms of use; distributed with statsmodels (BSD-3).",
    split_rule="the last eight years are the test rows; each seed ends the history three years earlier",
    noise={},
    task_lines=(),
    packages=("statsmodels",),
    take=take,
    divide=divide,
    reference=damped_trend,
    reference_note="the last change of each country, damped by 0.9 a year",
    group=GROUP,
    group_shown=True,
    metric_options={"group": GROUP, "time": TIME},
)
