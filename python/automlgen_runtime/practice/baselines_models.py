"""Ordinary models as people try them one after the other, shared by the hand-written programs of several boards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from automlgen_runtime.practice.competition import Division

Program = Callable[[Division], pd.DataFrame]
Entries = dict[str, tuple[str, Program]]
"""Name -> (how it was made, program)."""
Models = list[tuple[str, str, Any]]
"""Name, settings, and the model itself; all of them take numbers without gaps."""
_LIGHT: dict[str, Any] = {"verbose": -1, "n_jobs": 1, "deterministic": True, "force_row_wise": True}
_CAT: dict[str, Any] = {"verbose": False, "allow_writing_files": False, "thread_count": 1, "random_seed": 0}
_TREES: dict[str, Any] = {"n_estimators": 200, "n_jobs": 1, "random_state": 0}
_FEWER: dict[str, Any] = {**_TREES, "n_estimators": 100}


def regressors() -> Models:
    from catboost import CatBoostRegressor
    from lightgbm import LGBMRegressor
    from xgboost import XGBRegressor

    perceptron = MLPRegressor(hidden_layer_sizes=(64,), early_stopping=True, max_iter=100, random_state=0)
    return [
        *((f"ridge {a:g}", f"alpha {a:g}", scaled(Ridge(a))) for a in (1, 100, 3000)),
        *((f"{k} neighbours", f"k {k}", scaled(KNeighborsRegressor(k))) for k in (5, 30, 100)),
        *((f"tree of depth {d}", f"depth {d}", DecisionTreeRegressor(max_depth=d, random_state=0)) for d in (3, 6)),
        ("forest", "100 trees, leaves of 5", RandomForestRegressor(min_samples_leaf=5, max_features=0.4, **_FEWER)),
        ("forest, soft", "leaves of 25", RandomForestRegressor(min_samples_leaf=25, max_features=0.4, **_FEWER)),
        ("extra trees", "100 trees, leaves of 3", ExtraTreesRegressor(min_samples_leaf=3, max_features=0.4, **_FEWER)),
        ("gradient boosting", "depth 3, half the rows", GradientBoostingRegressor(subsample=0.5, random_state=0)),
        ("histogram boosting", "default", HistGradientBoostingRegressor(random_state=0)),
        ("lightgbm", "default", LGBMRegressor(**_LIGHT)),
        ("lightgbm, slow", "rate 0.03, 15 leaves", LGBMRegressor(learning_rate=0.03, num_leaves=15, **_LIGHT)),
        (
            "lightgbm, careful",
            "300 rounds, rate 0.03, 15 leaves of 50, half the columns",
            LGBMRegressor(
                n_estimators=300,
                learning_rate=0.03,
                num_leaves=15,
                min_child_samples=50,
                colsample_bytree=0.5,
                **_LIGHT,
            ),
        ),
        ("lightgbm, long", "600 rounds", LGBMRegressor(n_estimators=600, **_LIGHT)),
        ("xgboost", "default", XGBRegressor(n_jobs=1)),
        ("xgboost, shallow", "depth 3, rate 0.1", XGBRegressor(n_jobs=1, max_depth=3, learning_rate=0.1)),
        ("catboost", "300 rounds", CatBoostRegressor(iterations=300, **_CAT)),
        ("perceptron", "one layer of 64", scaled(perceptron)),
        ("support vectors", "C 1", scaled(SVR(C=1.0))),
    ]


def classifiers() -> Models:
    from catboost import CatBoostClassifier
    from lightgbm import LGBMClassifier
    from xgboost import XGBClassifier

    perceptron = MLPClassifier(hidden_layer_sizes=(32,), early_stopping=True, max_iter=200, random_state=0)
    return [
        *((f"logistic {c:g}", f"C {c:g}", scaled(LogisticRegression(C=c, max_iter=1000))) for c in (0.01, 1)),
        *((f"{k} neighbours", f"k {k}", scaled(KNeighborsClassifier(k))) for k in (5, 40)),
        ("tree", "depth 4", DecisionTreeClassifier(max_depth=4, random_state=0)),
        ("bayes", "normal", scaled(GaussianNB())),
        ("forest", "200 trees, leaves of 3", RandomForestClassifier(min_samples_leaf=3, **_TREES)),
        ("forest, soft", "leaves of 15", RandomForestClassifier(min_samples_leaf=15, **_TREES)),
        ("extra trees", "200 trees, leaves of 3", ExtraTreesClassifier(min_samples_leaf=3, **_TREES)),
        ("gradient boosting", "depth 3, half the rows", GradientBoostingClassifier(subsample=0.5, random_state=0)),
        ("histogram boosting", "default", HistGradientBoostingClassifier(random_state=0)),
        ("lightgbm", "default", LGBMClassifier(**_LIGHT)),
        (
            "lightgbm, careful",
            "rate 0.03, 7 leaves of 30",
            LGBMClassifier(learning_rate=0.03, num_leaves=7, min_child_samples=30, **_LIGHT),
        ),
        ("xgboost, shallow", "depth 3, rate 0.1", XGBClassifier(n_jobs=1, max_depth=3, learning_rate=0.1)),
        ("catboost", "200 rounds", CatBoostClassifier(iterations=200, **_CAT)),
        ("perceptron", "one layer of 32", scaled(perceptron)),
    ]


def scaled(model: Any) -> Any:
    return make_pipeline(StandardScaler(), model)


def numbers(train: pd.DataFrame, test: pd.DataFrame, *left_out: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Columns of numbers that both tables have, gaps filled with the median and flagged where there are many."""
    both = []
    features = [name for name in test.columns if name in train.columns and name not in left_out]
    known = train[features].apply(pd.to_numeric, errors="coerce")
    asked = test[features].apply(pd.to_numeric, errors="coerce")
    gaps = [name for name in features if known[name].isna().mean() > 0.02]
    for part in (known, asked):
        flags = {f"{name} missing": part[name].isna().astype(float) for name in gaps}
        both.append(part.fillna(known.median()).fillna(0.0).assign(**flags))
    return both[0], both[1]


def answer(division: Division, target: str, values: Any) -> pd.DataFrame:
    return pd.DataFrame({"id": division.test["id"], target: np.asarray(values)})
