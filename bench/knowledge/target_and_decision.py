"""The loss, the target and the decision rule against each metric, with one LightGBM on 6,000 visits to a doctor."""

from __future__ import annotations

from collections.abc import Callable

import lightgbm as lgb
import numpy as np
import statsmodels.api as sm
from scipy.stats import rankdata, spearmanr
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold

from common import line

SETTINGS = {"learning_rate": 0.05, "num_leaves": 15, "min_child_samples": 20, "verbose": -1, "num_threads": 1}
table = sm.datasets.randhie.load_pandas().data.sample(6000, random_state=0).reset_index(drop=True)
visits = table.pop("mdvis").to_numpy(float)


def predicted(
    values: np.ndarray, seed: int, undo: Callable[[np.ndarray], np.ndarray] = np.asarray, **more: object
) -> np.ndarray:
    """Out-of-fold predictions, undone and clipped to the range of the target."""
    out = np.zeros(len(values))
    for fit, held in KFold(5, shuffle=True, random_state=seed).split(table):
        model = lgb.LGBMRegressor(n_estimators=150, **SETTINGS, **more).fit(table.iloc[fit], values[fit])
        out[held] = undo(np.asarray(model.predict(table.iloc[held])))
    return out


def shares(labels: np.ndarray, seed: int, rounds: int = 150, **more: object) -> np.ndarray:
    out = np.zeros((len(labels), len(np.unique(labels))))
    for fit, held in StratifiedKFold(5, shuffle=True, random_state=seed).split(table, labels):
        model = lgb.LGBMClassifier(n_estimators=rounds, **{**SETTINGS, **more}).fit(table.iloc[fit], labels[fit])
        out[held] = model.predict_proba(table.iloc[held])
    return out


def clipped(values: np.ndarray) -> np.ndarray:
    return values.clip(visits.min(), visits.max())


def rmsle(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean((np.log1p(visits) - np.log1p(values)) ** 2)))


for seed in (0, 1):
    made = {
        "squared error": clipped(predicted(visits, seed)),
        "log1p target": clipped(predicted(np.log1p(visits), seed, np.expm1)),
        "absolute error": clipped(predicted(visits, seed, objective="l1")),
        "Poisson": clipped(predicted(visits, seed, objective="poisson")),
    }
    ranked = predicted(rankdata(visits), seed)
    print(f"seed {seed}: RMSLE, MAE, RMSE, Spearman")
    for name, values in made.items():
        errors = visits - values
        line(
            name, rmsle(values), np.abs(errors).mean(), np.sqrt((errors**2).mean()), spearmanr(visits, values).statistic
        )
    line("rank target, Spearman only", spearmanr(visits, ranked).statistic)
    squares = np.sort((visits - made["squared error"]) ** 2)[::-1]
    line(
        "R2; share of the worst 1 % of rows in its residual",
        1 - squares.mean() / visits.var(),
        squares[:60].sum() / squares.sum(),
    )

four = np.digitize(visits, [1, 5, 15])
prior = np.bincount(four) / len(four)
line("four classes, shares", *prior)
for seed in (0, 1):
    plain, weighted = shares(four, seed), shares(four, seed, class_weight="balanced")
    labels = {power: (plain / prior**power).argmax(axis=1) for power in (0, 0.25, 0.5, 0.75, 1)}
    line(
        f"seed {seed}: macro-F1 at power 0, 0.25, 0.5, 0.75, 1",
        *(f1_score(four, x, average="macro") for x in labels.values()),
    )
    line("macro-F1, balanced weights", f1_score(four, weighted.argmax(axis=1), average="macro"))
    line(
        "accuracy; log loss, plain and balanced",
        accuracy_score(four, labels[0]),
        log_loss(four, plain),
        log_loss(four, weighted),
    )

any_visit = (visits > 0).astype(int)
line("any visit, log loss of the class shares", log_loss(any_visit, np.full(len(visits), any_visit.mean())))
for name, rounds, more in (("150 rounds", 150, {}), ("over-fitted: 1,000 rounds, 31 leaves", 1000, {"num_leaves": 31})):
    p = shares(any_visit, 0, rounds, **more)[:, 1]
    logits = np.log(p / (1 - p))
    losses = {t: log_loss(any_visit, 1 / (1 + np.exp(-logits / t))) for t in np.arange(0.6, 5.01, 0.1)}
    best = min(losses, key=lambda t: losses[t])
    line(
        f"{name}: log loss, AUC, best temperature, loss then",
        log_loss(any_visit, p),
        roc_auc_score(any_visit, p),
        best,
        losses[best],
    )
