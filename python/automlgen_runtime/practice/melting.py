"""p05: melting points from structural formulas. Chemistry hides in a string that no table model reads by itself."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.sources import data_file, file_hash

TARGET = "melting_point"
POINTS = "Phase Change/OpenNotebook Melting Points.tsv"
IDENTIFIERS = tuple(
    f"Identifiers/chemical identifiers {part}.tsv" for part in ("pubchem small", "pubchem large", "example user db")
)
"""Tables without header: number, CAS number, formula, weight, SMILES and more. The first that has a compound counts."""
TEST_SHARE = 0.3

DESCRIPTION = """# Melting

Predict the melting point of a compound in kelvin (`melting_point`) from its structure.

## Files

- `train.csv`: compounds with their melting point
- `test.csv`: compounds whose melting point is to be predicted
- `sample_submission.csv`: the form of the answer

## Columns

- `smiles` the structure as a line of text: atoms by their symbols (small letters in aromatic rings), `=` and `#` double
  and triple bonds, brackets around side chains, equal digits where a ring closes, `@` handedness, `.` between parts
- `formula` the number of atoms by element

## Evaluation

Root mean squared error (`rmse`), smaller is better. The submission has the columns `id,melting_point`.
"""

_ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*)")


def take() -> Material:
    paths = [data_file("chemicals", name) for name in (POINTS, *IDENTIFIERS)]
    points = pd.read_csv(paths[0], sep="\t", dtype=str, keep_default_na=False)
    known: dict[str, tuple[str, str]] = {}
    for path in paths[1:]:
        for line in path.read_text("utf-8").splitlines():
            _, cas, formula, _, smiles, *_ = line.split("\t", 5)
            known.setdefault(cas, (smiles, formula))
    rows = [(*known[cas], value) for cas, value in zip(points["CAS"], points["Tm"], strict=True) if cas in known]
    table = pd.DataFrame(rows, columns=["smiles", "formula", TARGET])
    # Several numbers for one structure: the first stays, so that no structure is on both sides.
    table = table[table["smiles"] != ""].drop_duplicates("smiles").reset_index(drop=True)
    return Material(table, {path.name: file_hash(path) for path in paths})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 5]))
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, "id", [f"m{n:05d}" for n in rng.permutation(len(table))])
    cut = round(TEST_SHARE * len(table))
    return Division(train=table.iloc[cut:].reset_index(drop=True), test=table.iloc[:cut].reset_index(drop=True))


def atoms(table: pd.DataFrame) -> pd.DataFrame:
    """Number of atoms by element, as the formula says."""
    found = [{name: int(n or 1) for name, n in _ELEMENT.findall(formula)} for formula in table["formula"]]
    return pd.DataFrame(found).fillna(0).sort_index(axis=1)


def lightgbm_counts(division: Division) -> pd.DataFrame:
    """LightGBM with default settings on atoms and on up to three characters in a row of the structure."""
    from lightgbm import LGBMRegressor
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import CountVectorizer

    pieces = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, min_df=10)
    elements = atoms(division.train)
    known = hstack([csr_matrix(elements.to_numpy(float)), pieces.fit_transform(division.train["smiles"])]).tocsr()
    others = atoms(division.test).reindex(columns=elements.columns, fill_value=0)
    asked = hstack([csr_matrix(others.to_numpy(float)), pieces.transform(division.test["smiles"])]).tocsr()
    model = LGBMRegressor(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    model.fit(known.astype(float), division.train[TARGET].astype(float))
    return pd.DataFrame({"id": division.test["id"], TARGET: model.predict(asked.astype(float))})


COMPETITION = Competition(
    id="p05-melting",
    title="Melting points from structures",
    metric="rmse",
    direction="minimise",
    target=TARGET,
    id_column="id",
    columns=(TARGET,),
    description=DESCRIPTION,
    licence="Open Notebook Melting Points (CC0) and PubChem identifiers, distributed with chemicals (MIT).",
    split_rule="compounds at random, 70 % train, 30 % test",
    noise={"unpairedSE": 0.84, "pairedSE": 0.25},
    task_lines=(),
    packages=("chemicals",),
    take=take,
    divide=divide,
    reference=lightgbm_counts,
    reference_note="LightGBM with its default settings on counts of elements and of one to three characters in a row",
)
