"""Models and columns for a small noisy table: RMSE of birth weight, 5 folds, three builder seeds, paired errors."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer, StandardScaler

from common import line, practice

warnings.filterwarnings("ignore", message="Stochastic Optimizer")
warnings.filterwarnings("ignore", message="X does not have valid feature names")
BOOST = {"verbose": -1, "num_threads": 1}


def forest(kind: type, leaf: int) -> Callable[[], RegressorMixin]:
    return lambda: kind(n_estimators=100, min_samples_leaf=leaf, max_features=0.3, random_state=0)


def scaled(*steps: RegressorMixin) -> Callable[[], RegressorMixin]:
    return lambda: make_pipeline(StandardScaler(), *steps)


def candidates(
    plain: pd.DataFrame, codes: pd.DataFrame, curved: pd.DataFrame
) -> dict[str, tuple[pd.DataFrame, Callable]]:
    slow = {
        "n_estimators": 250,
        "learning_rate": 0.025,
        "num_leaves": 6,
        "min_child_samples": 40,
        "colsample_bytree": 0.7,
    }
    return {
        "LightGBM slow small": (codes, lambda: lgb.LGBMRegressor(**slow, **BOOST)),
        "LightGBM defaults": (codes, lambda: lgb.LGBMRegressor(**BOOST)),
        "ridge": (plain, scaled(Ridge(30))),
        "ridge, curved counts": (curved, scaled(Ridge(30))),
        "ridge, splines": (plain, scaled(SplineTransformer(5, extrapolation="constant"), Ridge(30))),
        "ridge 1, quadratic": (plain, scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge(1))),
        "ridge 1,000, quadratic": (
            plain,
            scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge(1000)),
        ),
        "random forest, 1 row a leaf": (codes, forest(RandomForestRegressor, 1)),
        "random forest, 15 rows a leaf": (codes, forest(RandomForestRegressor, 15)),
        "extra trees, 1 row a leaf": (codes, forest(ExtraTreesRegressor, 1)),
        "extra trees, 15 rows a leaf": (codes, forest(ExtraTreesRegressor, 15)),
        "50 neighbours": (plain, scaled(KNeighborsRegressor(50, weights="distance"))),
    }


def out_of_fold(table: pd.DataFrame, target: np.ndarray, make: Callable[[], RegressorMixin]) -> np.ndarray:
    out = np.zeros(len(target))
    for fit, held in KFold(5, shuffle=True, random_state=0).split(table):
        values = make().fit(table.to_numpy()[fit], target[fit]).predict(table.to_numpy()[held])
        out[held] = values.clip(target[fit].min(), target[fit].max())
    return out


COPIES = ["lbweight", "mbsmoke_", "mmarried_", "fbaby_", "prenatal1_", "mage2"]
seen: dict[str, list[list[float]]] = {}
for seed in (1, 2, 3):
    train = pd.read_csv(practice("p02-birthweight", seed) / "train.csv").drop(columns=COPIES, errors="ignore")
    target = train.pop("bweight").to_numpy(float)
    train = train.drop(columns="id")
    text = train.select_dtypes(exclude="number").columns
    codes = train.assign(**{name: train[name].astype("category").cat.codes for name in text}).astype(float)
    plain = pd.get_dummies(train, columns=list(text)).astype(float)
    curving = plain.loc[:, (plain.min() >= 0) & (plain.nunique() > 2)]
    curved = pd.concat([plain, np.log1p(curving).add_prefix("log "), (curving**2).add_suffix(" squared")], axis=1)
    base = None
    for name, (table, make) in candidates(plain, codes, curved).items():
        errors = (target - out_of_fold(table, target, make)) ** 2
        base = errors if base is None else base
        root, reference = np.sqrt(errors.mean()), np.sqrt(base.mean())
        paired = (errors - base).std() / np.sqrt(len(errors)) / (root + reference)
        seen.setdefault(name, []).append([root, root - reference, paired])
print("RMSE; more than LightGBM slow small; paired error of that; means of three builder seeds")
for name, figures in seen.items():
    line(name, *np.mean(figures, axis=0), digits=1)


def seeded(seed: int) -> dict[str, tuple[pd.DataFrame, Callable[[], RegressorMixin]]]:
    sampling = {"colsample_bytree": 0.6, "subsample": 0.7, "subsample_freq": 1, "random_state": seed}
    slow = {"n_estimators": 250, "learning_rate": 0.025, "num_leaves": 6, "min_child_samples": 40}
    network = MLPRegressor(hidden_layer_sizes=(32,), alpha=3.0, max_iter=40, random_state=seed)
    return {
        "perceptron, 32 units, alpha 3, 40 epochs": (plain, scaled(network)),
        "LightGBM, 70 % of the rows, 60 % of the columns": (
            codes,
            lambda: lgb.LGBMRegressor(**slow, **sampling, **BOOST),
        ),
    }


print("one model seed of five: mean RMSE, deviation; RMSE of the mean of the five")
centre, scale = target.mean(), target.std()
standard = (target - centre) / scale
for name in seeded(0):
    made = np.array([out_of_fold(seeded(s)[name][0], standard, seeded(s)[name][1]) for s in range(5)])
    roots = scale * np.sqrt(((made - standard) ** 2).mean(axis=1))
    line(name, roots.mean(), roots.std(ddof=1), scale * np.sqrt(((made.mean(axis=0) - standard) ** 2).mean()), digits=1)
