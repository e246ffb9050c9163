"""Hand-written programs for p12: the price as it is, its logarithm, and what jewellers know about weight and grades."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import HuberRegressor, LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer

from automlgen_runtime.practice.baselines_models import Entries, Program, answer, regressors, scaled
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.diamonds import TARGET

GRADES = {
    "cut": ("Fair", "Good", "Very Good", "Premium", "Ideal"),
    "color": tuple("JIHGFED"),
    "clarity": ("I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"),
}
"""Worst to best."""
MEASURES = ("carat", "depth", "table", "x", "y", "z")
SLOW = ("support vectors", "gradient boosting", "perceptron", "forest, soft", "lightgbm, long")
PLAIN = ("ridge 1", "30 neighbours", "tree of depth 6", "histogram boosting", "lightgbm, slow", "xgboost, shallow")


def diamond_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    models = {name: (how, model) for name, how, model in regressors()}
    found: Entries = {
        "mean": ("one number", _number(np.mean)),
        "median": ("one number", _number(np.median)),
        "mean of logarithms": ("one number", _number(lambda prices: np.expm1(np.log1p(prices).mean()))),
        "mean by clarity": ("logarithms", _cells(["clarity"])),
        "mean by three grades": ("logarithms", _cells(["cut", "color", "clarity"])),
        "price of the weight": ("straight line of logarithms", _program("weight", LinearRegression())),
        "curve of the weight": ("8 knots", _program("weight", make_pipeline(SplineTransformer(8), Ridge(1e-3)))),
        "least squares": ("grades as dummies", _program("dummies", LinearRegression())),
        "least squares of the price": ("grades as dummies", _program("dummies", LinearRegression(), logarithm=False)),
        "least squares of logarithms": ("of weight and volume too", _program("jeweller", LinearRegression())),
        "huber": ("epsilon 1.35", _program("jeweller", scaled(HuberRegressor(max_iter=300)))),
        "splines": ("6 knots", _program("jeweller", scaled(make_pipeline(SplineTransformer(6), Ridge(1))))),
        "products of two": ("squares and pairs", _program("jeweller", scaled(_pairs(2)))),
        "products of three": ("up to the third power", _program("few", scaled(_pairs(3)))),
        "products of two, dummies": ("pairs of dummies", _program("few dummies", _pairs(2))),
    }
    for name, (how, model) in models.items():
        if name not in SLOW:
            found[name] = (f"{how}; on the logarithm", _program("codes", model))
    for name in PLAIN:
        how, model = models[name]
        found[f"{name}, plain"] = (f"{how}; on the price as it is", _program("codes", model, logarithm=False))
    for name in (
        "5 neighbours",
        "30 neighbours",
        "tree of depth 6",
        "xgboost",
        "lightgbm",
        "lightgbm, careful",
        "catboost",
    ):
        how, model = models[name]
        found[f"{name}, jeweller"] = (f"{how}; logarithms of weight and volume", _program("jeweller", model))
    for name in ("lightgbm", "catboost"):
        found[f"{name}, dummies"] = ("grades as dummies", _program("dummies", models[name][1]))
    return found


def _pairs(degree: int) -> Any:
    return make_pipeline(PolynomialFeatures(degree), Ridge(1))


def _number(rule: Any) -> Program:
    return lambda division: answer(
        division, TARGET, np.full(len(division.test), float(rule(division.train[TARGET].astype(float))))
    )


def _cells(columns: list[str]) -> Program:
    def run(division: Division) -> pd.DataFrame:
        logs = np.log1p(division.train[TARGET].astype(float))
        means = logs.groupby([division.train[name] for name in columns]).mean().rename("mean").reset_index()
        found = division.test[columns].merge(means, on=columns, how="left")["mean"]
        return answer(division, TARGET, np.expm1(found.fillna(logs.mean())))

    return run


def _program(features: str, model: Any, *, logarithm: bool = True) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = (_features(features, part) for part in (division.train, division.test))
        prices = division.train[TARGET].astype(float)
        fitted = model.fit(train, np.log1p(prices) if logarithm else prices)
        guess = np.ravel(fitted.predict(test))
        guess = np.expm1(guess.clip(0, 12)) if logarithm else guess.clip(100)
        return answer(division, TARGET, guess)

    return run


def _features(kind: str, table: pd.DataFrame) -> np.ndarray:
    measures = table[list(MEASURES)].astype(float)
    grades = pd.DataFrame({name: table[name].map(order.index) for name, order in GRADES.items()}).astype(float)
    weight = np.log(measures[["carat"]])
    dummies = pd.DataFrame(
        {
            f"{name} {grade}": (table[name] == grade).astype(float)
            for name, order in GRADES.items()
            for grade in order[1:]
        }
    )
    size = np.log(measures[["x", "y", "z"]].clip(lower=0.5)).clip(-1, 2.5)
    parts = {
        "weight": [weight],
        "codes": [measures, grades],
        "dummies": [measures, dummies, weight],
        "few": [weight, grades, measures[["depth", "table"]]],
        "few dummies": [weight, dummies],
        "jeweller": [measures, grades, weight, size, size.sum(axis=1)],
    }[kind]
    return np.column_stack(parts)
