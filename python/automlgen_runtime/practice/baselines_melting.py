"""Hand-written programs for p05: how a structure is turned into numbers decides, then the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import spmatrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

from automlgen_runtime.practice.baselines_models import Entries, Program, answer, regressors
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.melting import TARGET, atoms

Numbers = np.ndarray | spmatrix
Describe = Callable[[Division], tuple[Numbers, Numbers]]
PARTS = {
    "rings": r"\d",
    "aromatic": "[cnos]",
    "double": "=",
    "triple": "#",
    "branches": r"\(",
    "depth": r"\)\)",
    "handed": "@",
    "parts": r"\.",
    "charges": r"[+-]\]",
    "acid": r"C\(=O\)O(?![A-Z])|OC\(=O\)|C\(=O\)O$",
    "amide": r"C\(=O\)N|NC\(=O\)",
    "alcohol": r"(?:^O|O$|\(O\)|O\))",
    "amine": r"(?:^N|N$|\(N\))",
    "nitro": r"\[N\+\]\(=O\)\[O-\]",
    "sulfonyl": r"S\(=O\)\(=O\)",
    "halogen": "F|Cl|Br|I",
    "chain": "CCCC",
    "long chain": "CCCCCCCC",
    "benzene": "C1=CC=C",
    "bulky": r"C\(C\)\(C\)C",
}
"""What a chemist looks for, as patterns of the structure's text."""


def melting_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    views: dict[str, tuple[str, Describe]] = {
        "atoms": ("the formula alone", formula),
        "parts": ("the formula and twenty parts of structures", parts),
        "pieces": ("one to three characters in a row", pieces),
        "everything": ("parts, ratios and pieces", everything),
    }
    found: Entries = {
        "mean": ("one number", lambda d: answer(d, TARGET, np.full(len(d.test), _kelvin(d).mean()))),
        "median": ("one number", lambda d: answer(d, TARGET, np.full(len(d.test), _kelvin(d).median()))),
        "weight": ("mean of twenty bands of length", _by_length),
        "likeness": ("ten most similar texts, cosine of 1-4 characters", _likeness),
        "pieces, wide ridge": ("2-5 characters, TF-IDF", _wide_ridge),
        "letters alone": ("counts of single characters, boosting", _letters),
        "many pieces, long boosting": ("1500 pieces of up to four characters", _many_pieces),
        "mean of two": ("everything by boosting, and similar texts", _mean_of_two),
    }
    for view, (what, describe) in views.items():
        for name, how, model in regressors():
            if name in _KEPT[view]:
                found[f"{view}, {name}"] = (f"{what}; {how}", _program(describe, model))
    return found


_SHORT = ("ridge 1", "5 neighbours", "30 neighbours", "tree of depth 6", "extra trees", "lightgbm", "catboost")
_KEPT = {
    "atoms": (*_SHORT, "perceptron", "xgboost"),
    "parts": (
        *_SHORT,
        "ridge 100",
        "gradient boosting",
        "forest",
        "perceptron",
        "lightgbm, long",
        "histogram boosting",
    ),
    "pieces": ("lightgbm", "lightgbm, careful", "lightgbm, slow", "xgboost, shallow"),
    "everything": ("lightgbm", "lightgbm, careful", "lightgbm, long", "xgboost", "catboost"),
}


def formula(division: Division) -> tuple[np.ndarray, np.ndarray]:
    train = atoms(division.train)
    test = atoms(division.test).reindex(columns=train.columns, fill_value=0)
    return train.to_numpy(float), test.to_numpy(float)


def parts(division: Division) -> tuple[np.ndarray, np.ndarray]:
    known, asked = formula(division)
    both = zip((known, asked), (division.train, division.test), strict=True)
    train, test = (np.column_stack([found, _parts_of(table), _ratios(found)]) for found, table in both)
    return train, test


def pieces(division: Division) -> tuple[np.ndarray, np.ndarray]:
    reader = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False, min_df=20, max_features=400)
    train, test = reader.fit_transform(division.train["smiles"]), reader.transform(division.test["smiles"])
    return train.toarray().astype(float), test.toarray().astype(float)


def everything(division: Division) -> tuple[np.ndarray, np.ndarray]:
    first, second = parts(division), pieces(division)
    return np.hstack([first[0], second[0]]), np.hstack([first[1], second[1]])


def _parts_of(table: pd.DataFrame) -> np.ndarray:
    found = [table["smiles"].str.count(pattern) for pattern in PARTS.values()]
    return np.column_stack([*found, table["smiles"].str.len()]).astype(float)


def _ratios(found: np.ndarray) -> np.ndarray:
    """Each element's share of the atoms, and how many there are."""
    total = np.maximum(found.sum(axis=1, keepdims=True), 1)
    return np.hstack([found / total, total])


def _program(describe: Describe, model: Any) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = describe(division)
        return answer(division, TARGET, np.ravel(model.fit(train, _kelvin(division)).predict(test)))

    return run


def _by_length(division: Division) -> pd.DataFrame:
    edges = np.unique(np.quantile(division.train["smiles"].str.len(), np.linspace(0, 1, 21))[1:-1])
    bands = [np.searchsorted(edges, table["smiles"].str.len()) for table in (division.train, division.test)]
    means = _kelvin(division).groupby(bands[0]).mean()
    return answer(division, TARGET, pd.Series(bands[1]).map(means))


def _likeness(division: Division) -> pd.DataFrame:
    reader = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), lowercase=False, sublinear_tf=True, min_df=2)
    train, test = reader.fit_transform(division.train["smiles"]), reader.transform(division.test["smiles"])
    model = KNeighborsRegressor(10, metric="cosine", weights="distance").fit(train, _kelvin(division))
    return answer(division, TARGET, model.predict(test))


def _wide_ridge(division: Division) -> pd.DataFrame:
    reader = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), lowercase=False, sublinear_tf=True, min_df=3)
    train, test = reader.fit_transform(division.train["smiles"]), reader.transform(division.test["smiles"])
    return answer(division, TARGET, Ridge(0.5).fit(train, _kelvin(division)).predict(test))


def _letters(division: Division) -> pd.DataFrame:
    return _boosted(division, CountVectorizer(analyzer="char", lowercase=False), "lightgbm")


def _many_pieces(division: Division) -> pd.DataFrame:
    reader = CountVectorizer(analyzer="char", ngram_range=(1, 4), lowercase=False, min_df=10, max_features=1500)
    return _boosted(division, reader, "lightgbm, long")


def _boosted(division: Division, reader: CountVectorizer, name: str) -> pd.DataFrame:
    model = next(model for other, _, model in regressors() if other == name)
    train = reader.fit_transform(division.train["smiles"]).astype(float)
    model.fit(train, _kelvin(division))
    return answer(division, TARGET, model.predict(reader.transform(division.test["smiles"]).astype(float)))


def _mean_of_two(division: Division) -> pd.DataFrame:
    boosted = next(model for name, _, model in regressors() if name == "lightgbm, long")
    first = _program(everything, boosted)(division)[TARGET]
    return answer(division, TARGET, 0.7 * first + 0.3 * _likeness(division)[TARGET])


def _kelvin(division: Division) -> pd.Series:
    return division.train[TARGET].astype(float)
