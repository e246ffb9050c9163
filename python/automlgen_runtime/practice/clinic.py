"""p03: doctor visits of a year. Rows of a person belong together, and errors count on the logarithm."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_logarithm
from automlgen_runtime.practice.sources import data_file, file_hash

TARGET = "mdvis"
PERSON = "person"
SAME_YEAR = (
    "outpdol",
    "drugdol",
    "suppdol",
    "mentdol",
    "inpdol",
    "meddol",
    "totadm",
    "inpmis",
    "mentvis",
    "notmdvis",
    "lnmeddol",
    "binexp",
)
"""What else was used and paid in the year whose visits are asked for: nobody knows it before the visits themselves."""
COPIES = ("lnum", "logc", "linc")
"""Logarithms of columns that stay (`lfam` or `num`, `coins`, `income`)."""
TEST_SHARE = 0.3

DESCRIPTION = """# Clinic

In a health insurance experiment families were given plans of different generosity for three or five years. Predict how
often a person saw a doctor in a year (`mdvis`).

## Files

- `train.csv`: one row per person and year
- `test.csv`: years of other people
- `sample_submission.csv`: the form of the answer

## Columns

- `person` whose year it is; all years of a person are in one of the two tables
- `plan` number of the plan, `site` of the study, `coins` share in per cent that the person pays, `idp` plan with an
  individual deductible, `mdeoff` most that the family pays in a year, `fmde` a function of it, `pioff` incentive to
  take part and `lpi` its logarithm
- `year` of the study, `time` share of the year the person took part, `tookphys` examined at the start
- `xage` age, `female`, `child`, `fchild` girl, `black`, `educdec` years of schooling of the head of the family,
  `income`, `num` size of the family and `lfam` its logarithm
- at the start: `mhi` mental health (0 to 100), `disea` chronic diseases, `physlm` physical limitations, `ghindx`
  general health and `xghindx` the same with gaps filled, `hlthg`, `hlthf`, `hlthp` health called good, fair, poor

## Evaluation

Root mean squared logarithmic error (`rmsle`), smaller is better. The submission has the columns `id,mdvis`.
"""


def take() -> Material:
    path = data_file("statsmodels", "datasets/randhie/src/randhie.csv")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table.drop(columns=[*SAME_YEAR, *COPIES]).rename(columns={"zper": PERSON})
    return Material(table, {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    """Whole persons. Their numbers are replaced: a family has neighbouring ones, and the first digit is the site."""
    rng = np.random.Generator(np.random.PCG64([seed, 3]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    people = np.array(sorted(table[PERSON].unique()))
    shuffled = rng.permutation(people)
    away = set(shuffled[: round(TEST_SHARE * len(people))])
    names = dict(zip(people, (f"p{n:04d}" for n in rng.permutation(len(people))), strict=True))
    test = table[PERSON].isin(away)
    table[PERSON] = table[PERSON].map(names)
    table.insert(0, "id", (rng.permutation(len(table)) + 1).astype(str))
    table = table[["id", PERSON, *(name for name in table.columns if name not in ("id", PERSON))]]
    return Division(train=table[~test].reset_index(drop=True), test=table[test].reset_index(drop=True))


COMPETITION = Competition(
    id="p03-clinic",
    title="Doctor visits of 5,912 people",
    metric="rmsle",
    direction="minimise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="RAND Health Insurance Experiment, public domain; distributed with statsmodels (BSD-3).",
    split_rule="whole persons at random, 70 % train, 30 % test",
    noise={"unpairedSE": 0.0063, "pairedSE": 0.0010},
    task_lines=(),
    packages=("statsmodels",),
    take=take,
    divide=divide,
    reference=lambda division: lightgbm_logarithm(division, TARGET, "id", ("id", PERSON)),
    reference_note="LightGBM with its default settings on the logarithm, without the person",
    group=PERSON,
    group_shown=True,
)
