"""Hand-written programs for p04: each model with three ways of turning what it knows into a rating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, cross_val_predict

from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.practice.baselines_models import Entries, Program, answer, classifiers, numbers, regressors
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.marriage import TARGET

RATINGS = np.arange(1, 6)
Cut = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Values of rows out of their fold, their ratings, and values of the test rows -> ratings of the test rows."""


def marriage_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    found: Entries = {
        "very good": ("the most frequent rating", lambda d: answer(d, TARGET, np.full(len(d.test), 5))),
        "affairs alone": ("5 without, 3 with", lambda d: answer(d, TARGET, np.where(_affairs(d) > 0, 3, 5))),
        "much affairs": ("quantiles of time", lambda d: answer(d, TARGET, np.select([_affairs(d) > 1], [2], 5))),
        "years and affairs": ("a sum of three, cut at the shares", _by_hand),
    }
    for name, how, model in classifiers():
        found[f"{name}, likeliest"] = (f"{how}; the most probable rating", _likeliest(model))
    for name, how, model in regressors():
        if name in _KEPT:
            found[f"{name}, rounded"] = (f"{how}; the mean rating, rounded", _valued(model, _rounded))
            found[f"{name}, by shares"] = (f"{how}; ratings as frequent as in training", _valued(model, _shares))
            found[f"{name}, cut"] = (f"{how}; cut points that folds found best", _valued(model, _best_cuts))
    return found


_KEPT = ("ridge 1", "30 neighbours", "forest, soft", "extra trees", "lightgbm", "lightgbm, careful", "catboost")


def _affairs(division: Division) -> pd.Series:
    return division.test["affairs"].astype(float)


def _by_hand(division: Division) -> pd.DataFrame:
    train, test = _features(division)
    value = [-0.5 * np.log1p(t["affairs"]) - 0.02 * t["yrs_married"] + 0.1 * t["religious"] for t in (train, test)]
    ratings = division.train[TARGET].astype(int).to_numpy()
    return answer(division, TARGET, _shares(value[0].to_numpy(), ratings, value[1].to_numpy()))


def _likeliest(model: Any) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = _features(division)
        fitted = model.fit(train, division.train[TARGET].astype(int) - 1)
        return answer(division, TARGET, np.ravel(fitted.predict(test)).astype(int) + 1)

    return run


def _valued(model: Any, cut: Cut) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = _features(division)
        ratings = division.train[TARGET].astype(int).to_numpy()
        folds = np.zeros(0)
        if cut is not _rounded:
            folds = cross_val_predict(model, train, ratings, cv=KFold(3, shuffle=True, random_state=0))
        values = np.ravel(model.fit(train, ratings).predict(test))
        return answer(division, TARGET, cut(np.ravel(folds), ratings, values))

    return run


def _rounded(_: np.ndarray, __: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 1, 5).astype(int)


def _shares(folds: np.ndarray, ratings: np.ndarray, values: np.ndarray) -> np.ndarray:
    below = np.cumsum(np.bincount(ratings, minlength=6)[1:5]) / len(ratings)
    return np.searchsorted(np.quantile(folds, below), values) + 1


def _best_cuts(folds: np.ndarray, ratings: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Moves one cut point after the other through the quantiles of the values, three times around."""
    context = Context(RATINGS.astype(float))
    steps = np.quantile(folds, np.linspace(0.002, 0.998, 80))
    cuts = np.quantile(folds, np.cumsum(np.bincount(ratings, minlength=6)[1:5]) / len(ratings))

    def kappa(points: np.ndarray) -> float:
        return METRICS["qwk"].value(ratings - 1, np.searchsorted(np.sort(points), folds), context)

    for _ in range(3):
        for i in range(4):
            tried = [np.concatenate([cuts[:i], [step], cuts[i + 1 :]]) for step in steps]
            cuts = np.sort(max([cuts, *tried], key=kappa))
    return np.searchsorted(cuts, values) + 1


def _features(division: Division) -> tuple[pd.DataFrame, pd.DataFrame]:
    return numbers(division.train, division.test, "id", TARGET)
