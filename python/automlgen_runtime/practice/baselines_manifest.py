"""Hand-written programs for p01: what the papers say as it stands, and what people read out of names and tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.practice.baselines_models import Entries, Program, answer, classifiers, numbers
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.manifest import TARGET

Describe = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""Rows to describe, and all rows of both tables -> columns of numbers."""
_TITLES = {"Mr": 0, "Mrs": 1, "Miss": 2, "Master": 3}


def manifest_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    views: dict[str, tuple[str, Describe]] = {
        "papers": ("numbers, sex and harbour", papers),
        "title": ("with the title of the name and the size of the family", title),
        "party": ("with title, family, deck and who shares the ticket", party),
    }
    found: Entries = {
        "a coin": ("one number", lambda d: answer(d, TARGET, np.full(len(d.test), 0.5))),
        "sex": ("women first", lambda d: answer(d, TARGET, (d.test["sex"] == "female") * 1.0)),
        "class": ("first class first", lambda d: answer(d, TARGET, 1 / d.test["pclass"].astype(float))),
        "fare": ("the dearest first", lambda d: answer(d, TARGET, _number(d.test["fare"]).fillna(0))),
        "women and children": ("sex, then age below 13", _women_and_children),
        "sex and class": ("shares of six cells", _cells(["sex", "pclass"])),
        "sex, class and harbour": ("shares of cells", _cells(["sex", "pclass", "embarked"])),
        "families": ("party's forest, raised where the family of the name lived", _families),
    }
    kept = ("logistic 1", "40 neighbours", "bayes", "forest", "extra trees", "lightgbm, careful", "catboost")
    for view, (what, describe) in views.items():
        for name, how, model in classifiers():
            if view == "title" or name in kept or (view == "party" and name in ("gradient boosting", "perceptron")):
                found[f"{view}, {name}"] = (f"{what}; {how}", _program(describe, model))
    return found


def papers(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    given = rows[["pclass", "age", "sibsp", "parch", "fare"]].apply(_number)
    harbours = {f"from {letter}": (rows["embarked"] == letter) * 1.0 for letter in "SCQ"}
    return given.assign(female=(rows["sex"] == "female") * 1.0, **harbours)


def title(rows: pd.DataFrame, everybody: pd.DataFrame) -> pd.DataFrame:
    said = rows["name"].str.extract(r",\s*(?:the\s+)?(\w+)\.?")[0]
    code = said.map({**_TITLES, "Ms": 2, "Mlle": 2, "Mme": 1}).fillna(4)
    plain = papers(rows, everybody)
    size = plain["sibsp"] + plain["parch"] + 1
    titles = {f"is {word}": (code == value) * 1.0 for word, value in _TITLES.items()}
    return plain.assign(size=size, alone=(size == 1) * 1.0, **titles)


def party(rows: pd.DataFrame, everybody: pd.DataFrame) -> pd.DataFrame:
    sharing = everybody["ticket"].value_counts()
    surnames = _surname(everybody).value_counts()
    count = rows["ticket"].map(sharing).astype(float)
    plain = title(rows, everybody)
    return plain.assign(
        sharing=count,
        share=plain["fare"] / count,
        surname=_surname(rows).map(surnames).astype(float),
        deck=rows["cabin"].str.extract(r"([A-G])")[0].map({d: i for i, d in enumerate("ABCDEFG")}).fillna(-1),
        cabins=rows["cabin"].str.split().str.len(),
        letters=rows["ticket"].str.contains("[A-Z]") * 1.0,
    )


def _program(describe: Describe, model: Any) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = _described(division, describe)
        fitted = model.fit(train, division.train[TARGET].astype(int))
        return answer(division, TARGET, fitted.predict_proba(test)[:, 1])

    return run


def _families(division: Division) -> pd.DataFrame:
    """Half a forest, half the known fate of others on the same ticket, where there are some."""
    forest = next(model for name, _, model in classifiers() if name == "forest")
    train, test = _described(division, party)
    lived = division.train[TARGET].astype(int)
    chance = pd.Series(forest.fit(train, lived).predict_proba(test)[:, 1])
    others = division.test["ticket"].map(lived.groupby(division.train["ticket"]).mean())
    return answer(division, TARGET, chance.where(others.isna(), 0.7 * chance + 0.3 * others))


def _women_and_children(division: Division) -> pd.DataFrame:
    child = _number(division.test["age"]).lt(13)
    return answer(division, TARGET, (division.test["sex"] == "female") * 1.0 + child * 0.6)


def _cells(columns: list[str]) -> Program:
    def run(division: Division) -> pd.DataFrame:
        lived = division.train[TARGET].astype(float)
        shares = lived.groupby([division.train[name] for name in columns]).mean().rename("share").reset_index()
        found = division.test[columns].merge(shares, on=columns, how="left")["share"]
        return answer(division, TARGET, found.fillna(lived.mean()))

    return run


def _described(division: Division, describe: Describe) -> tuple[pd.DataFrame, pd.DataFrame]:
    everybody = pd.concat([division.train[list(division.test.columns)], division.test], ignore_index=True)
    return numbers(describe(division.train, everybody), describe(division.test, everybody))


def _surname(rows: pd.DataFrame) -> pd.Series:
    return rows["name"].str.split(",").str[0]


def _number(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce")
