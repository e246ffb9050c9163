"""Hand-written programs for p02, as a person would try them one after the other: the lower part of the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    VotingRegressor,
)
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import ElasticNet, HuberRegressor, Lasso, LinearRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from automlgen_runtime.practice.competition import Division

WORDS = ["mmarried", "msmoke", "mbsmoke", "fbaby", "prenatal1"]
Model = RegressorMixin | Any


def table_baselines() -> dict[str, tuple[str, Callable[[Division], pd.DataFrame]]]:
    """Name -> (how it was made, program)."""
    entries = {name: (how, _program(columns, model)) for name, how, columns, model in _models()}
    entries["mean by smoking and marriage"] = ("mean weight of each pair", _cells(["msmoke", "mmarried"]))
    entries["mean by smoking"] = ("mean weight of each band", _cells(["msmoke"]))
    return entries


def _models() -> list[tuple[str, str, str, Model]]:
    from catboost import CatBoostRegressor
    from lightgbm import LGBMRegressor
    from xgboost import XGBRegressor

    def lgbm(**options: Any) -> Model:
        return LGBMRegressor(verbose=-1, n_jobs=1, deterministic=True, force_row_wise=True, **options)

    ridge = Ridge(10)
    small = lgbm(n_estimators=250, learning_rate=0.025, num_leaves=6, min_child_samples=40)
    found: list[tuple[str, str, str, Model]] = [
        ("mean", "one number", "codes", DummyRegressor()),
        ("median", "one number", "codes", DummyRegressor(strategy="median")),
        ("least squares", "dummies", "dummies", LinearRegression()),
        ("lasso", "alpha 1", "scaled", Lasso(1.0)),
        ("elastic net", "alpha 0.1", "scaled", ElasticNet(0.1)),
        ("huber", "epsilon 1.35", "scaled", HuberRegressor(max_iter=1000)),
        ("quadratic ridge, weak", "alpha 1", "scaled", make_pipeline(PolynomialFeatures(2), Ridge(1))),
        ("quadratic ridge, strong", "alpha 3000", "scaled", make_pipeline(PolynomialFeatures(2), Ridge(3000))),
        ("spline ridge", "5 knots, alpha 30", "scaled", make_pipeline(SplineTransformer(5), Ridge(30))),
        ("rank ridge", "quantiles", "scaled", make_pipeline(QuantileTransformer(n_quantiles=100), Ridge(3))),
        ("support vectors", "C 300", "scaled", SVR(C=300)),
        ("support vectors, soft", "C 30", "scaled", SVR(C=30)),
        (
            "kernel ridge",
            "Nystroem 300",
            "scaled",
            make_pipeline(Nystroem(gamma=0.02, n_components=300, random_state=0), Ridge(1)),
        ),
        (
            "perceptron",
            "one layer of 32",
            "scaled",
            MLPRegressor(hidden_layer_sizes=(32,), max_iter=200, early_stopping=True, random_state=0),
        ),
        (
            "perceptron, long",
            "64 and 32, 300 rounds",
            "scaled",
            MLPRegressor(hidden_layer_sizes=(64, 32), max_iter=300, random_state=0),
        ),
        ("bagged trees", "30 trees", "codes", BaggingRegressor(n_estimators=30, random_state=0)),
        ("gradient boosting", "scikit-learn's default", "codes", GradientBoostingRegressor(random_state=0)),
        (
            "gradient boosting, small",
            "depth 2, rate 0.05",
            "codes",
            GradientBoostingRegressor(max_depth=2, learning_rate=0.05, random_state=0),
        ),
        ("histogram boosting", "default", "codes", HistGradientBoostingRegressor(random_state=0)),
        (
            "histogram boosting, stopped",
            "early stopping",
            "codes",
            HistGradientBoostingRegressor(early_stopping=True, random_state=0),
        ),
        ("lightgbm", "default", "codes", lgbm()),
        ("lightgbm, slow", "rate 0.05", "codes", lgbm(learning_rate=0.05)),
        ("lightgbm, long", "1000 rounds", "codes", lgbm(n_estimators=1000)),
        ("lightgbm, stumps", "3 leaves, 300 rounds", "codes", lgbm(n_estimators=300, num_leaves=3, learning_rate=0.05)),
        ("xgboost", "default", "codes", XGBRegressor(n_jobs=1)),
        (
            "xgboost, shallow",
            "depth 3, rate 0.05",
            "codes",
            XGBRegressor(n_jobs=1, max_depth=3, learning_rate=0.05, n_estimators=150),
        ),
        (
            "catboost",
            "300 rounds",
            "codes",
            CatBoostRegressor(iterations=300, verbose=False, allow_writing_files=False, thread_count=1, random_seed=0),
        ),
        (
            "catboost, slow",
            "rate 0.03",
            "codes",
            CatBoostRegressor(
                iterations=300,
                learning_rate=0.03,
                depth=4,
                verbose=False,
                allow_writing_files=False,
                thread_count=1,
                random_seed=0,
            ),
        ),
        (
            "ridge and small lightgbm",
            "mean of two",
            "codes",
            VotingRegressor([("a", make_pipeline(StandardScaler(), ridge)), ("b", small)]),
        ),
    ]
    found += [(f"ridge {a:g}", f"alpha {a:g}", "scaled", Ridge(a)) for a in (1, 100, 1000)]
    found += [(f"{k} neighbours", f"k {k}", "scaled", KNeighborsRegressor(k)) for k in (1, 5, 20, 50, 100)]
    found += [
        (f"tree of depth {d}", f"depth {d}", "codes", DecisionTreeRegressor(max_depth=d, random_state=0))
        for d in (2, 4, 8)
    ]
    for leaf in (1, 5, 15, 40):
        options = {"n_estimators": 200, "min_samples_leaf": leaf, "random_state": 0, "n_jobs": 1}
        found.append((f"forest, leaves of {leaf}", "200 trees", "codes", RandomForestRegressor(**options)))
        found.append((f"extra trees, leaves of {leaf}", "200 trees", "codes", ExtraTreesRegressor(**options)))
    return found


def _program(columns: str, model: Model) -> Callable[[Division], pd.DataFrame]:
    def run(division: Division) -> pd.DataFrame:
        train, target = _features(division.train), division.train["bweight"].astype(float)
        encoder = {
            "codes": make_column_transformer((OrdinalEncoder(), WORDS), remainder="passthrough"),
            "dummies": make_column_transformer((OneHotEncoder(drop="first"), WORDS), remainder="passthrough"),
            "scaled": make_pipeline(
                make_column_transformer((OneHotEncoder(), WORDS), remainder="passthrough"), StandardScaler()
            ),
        }[columns]
        fitted = make_pipeline(encoder, model).fit(train, target)
        return pd.DataFrame({"id": division.test["id"], "bweight": np.ravel(fitted.predict(_features(division.test)))})

    return run


def _cells(columns: list[str]) -> Callable[[Division], pd.DataFrame]:
    def run(division: Division) -> pd.DataFrame:
        target = division.train["bweight"].astype(float)
        means = target.groupby([division.train[name] for name in columns]).mean().rename("bweight").reset_index()
        table = division.test[["id", *columns]].merge(means, on=columns, how="left")
        return table[["id", "bweight"]].fillna(target.mean())

    return run


def _features(table: pd.DataFrame) -> pd.DataFrame:
    kept = table.drop(columns=["id", "bweight"], errors="ignore")
    return kept.astype({name: float for name in kept.columns if name not in WORDS})
