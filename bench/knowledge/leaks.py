"""How much a score promises too much: target means, groups, early stopping, own splits."""

from __future__ import annotations

import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import GroupKFold, KFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline

from common import line

warnings.filterwarnings("ignore", message="The argument 'eval_set'|The groups parameter")
SETTINGS = {"learning_rate": 0.05, "num_leaves": 15, "min_child_samples": 20, "verbose": -1, "num_threads": 1}


def folds(seed: int) -> KFold:
    return KFold(5, shuffle=True, random_state=seed)


def target_means(seed: int) -> list[float]:
    """AUC in cross-validation and on fresh rows: in-sample means of 600 empty levels, then out-of-fold means."""
    rng = np.random.default_rng(seed)
    level, signal = rng.integers(0, 600, 3000), rng.normal(size=3000)
    label = (signal + rng.normal(size=3000) * 1.5 > 0).astype(int)
    train, fresh = np.arange(2000), np.arange(2000, 3000)
    mean = label[train].mean()

    def means(rows: np.ndarray, prior: float) -> pd.Series:
        sums = pd.Series(label[rows]).groupby(level[rows]).agg(["sum", "count"])
        return (sums["sum"] + prior * mean) / (sums["count"] + prior)

    inside = pd.Series(level).map(means(train, 0)).fillna(mean).to_numpy(copy=True)
    outside = pd.Series(level).map(means(train, 20)).fillna(mean).to_numpy(copy=True)
    for fit, held in folds(seed).split(train):
        outside[train[held]] = pd.Series(level[train[held]]).map(means(train[fit], 20)).fillna(mean)
    found = []
    for encoded in (inside, outside):
        features = np.column_stack([signal, encoded])
        model = lgb.LGBMClassifier(n_estimators=80, **SETTINGS)
        promised = np.zeros(2000)
        for fit, held in folds(9).split(train):
            promised[held] = model.fit(features[fit], label[fit]).predict_proba(features[held])[:, 1]
        delivered = model.fit(features[train], label[train]).predict_proba(features[fresh])[:, 1]
        found += [roc_auc_score(label[train], promised), roc_auc_score(label[fresh], delivered)]
    return found


def groups(seed: int) -> list[float]:
    """R2 by random folds and by group folds: 100 groups of 20 rows, a group effect that features identify."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(100), 20)
    features = rng.normal(size=(100, 5))[group] + 0.1 * rng.normal(size=(2000, 5))
    target = rng.normal(size=100)[group] + 0.3 * features[:, 0] + rng.normal(size=2000)
    found = []
    for scheme in (folds(0), GroupKFold(5)):
        out = np.zeros(2000)
        for fit, held in scheme.split(features, target, group):
            model = lgb.LGBMRegressor(n_estimators=150, **SETTINGS)
            out[held] = model.fit(features[fit], target[fit]).predict(features[held])
        found.append(r2_score(target, out))
    return found


def stopping(seed: int) -> list[float]:
    """Optimism of the RMSE in per cent, stopped on the scored rows and on inner rows; then both fresh RMSEs."""
    data, target = load_diabetes(return_X_y=True)
    train, fresh = train_test_split(np.arange(len(data)), test_size=0.5, random_state=seed)
    squares: dict[str, list[float]] = {"leak": [], "leak fresh": [], "inner": [], "inner fresh": []}

    def stopped(fit: np.ndarray, watch: np.ndarray) -> lgb.LGBMRegressor:
        model = lgb.LGBMRegressor(n_estimators=600, **SETTINGS)
        quiet = lgb.early_stopping(30, verbose=False)
        return model.fit(data[fit], target[fit], eval_set=[(data[watch], target[watch])], callbacks=[quiet])

    for a, b in folds(seed).split(train):
        fit, held = train[a], train[b]
        inner, watch = train_test_split(fit, test_size=0.2, random_state=seed)
        rounds = max(10, int((stopped(inner, watch).best_iteration_ or 10) * 1.1))
        honest = lgb.LGBMRegressor(n_estimators=rounds, **SETTINGS).fit(data[fit], target[fit])
        for name, model in (("leak", stopped(fit, held)), ("inner", honest)):
            squares[name].append(float(np.mean((target[held] - model.predict(data[held])) ** 2)))
            squares[f"{name} fresh"].append(float(np.mean((target[fresh] - model.predict(data[fresh])) ** 2)))
    roots = {name: float(np.mean(values)) ** 0.5 for name, values in squares.items()}
    return [
        100 * (1 - roots["leak"] / roots["leak fresh"]),
        100 * (1 - roots["inner"] / roots["inner fresh"]),
        roots["leak fresh"],
        roots["inner fresh"],
    ]


def selection(seed: int) -> list[float]:
    """Accuracy on noise: 20 of 2,000 columns chosen on all 100 rows before the folds, and inside them."""
    rng = np.random.default_rng(seed)
    features, label = rng.normal(size=(100, 2000)), np.repeat([0, 1], 50)
    chosen = SelectKBest(k=20).fit_transform(features, label)
    scheme = KFold(5, shuffle=True, random_state=seed)
    before = cross_val_score(LogisticRegression(), chosen, label, cv=scheme).mean()
    return [
        before,
        cross_val_score(make_pipeline(SelectKBest(k=20), LogisticRegression()), features, label, cv=scheme).mean(),
    ]


for name, measure, seeds in (
    ("target means: in-sample cv, fresh; out of fold cv, fresh", target_means, 3),
    ("groups: R2 by random folds, by group folds", groups, 3),
    ("early stopping: optimism %, inner %, fresh, fresh", stopping, 12),
    ("selection on noise: before the split, inside", selection, 5),
):
    found = np.array([measure(seed) for seed in range(seeds)])
    line(name, *found.mean(axis=0))
    line(f"  standard error over {seeds} seeds", *(found.std(axis=0, ddof=1) / seeds**0.5))
