"""Metrics of predicted classes.

All but the quadratic kappa are functions of three shares per class: hits, true rows, predicted rows. The confusion
matrix is not needed, so that 30,000 classes cost no more than three.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, UndefinedScoreError


@dataclass(frozen=True)
class Shares:
    """Per class, as (weighted) shares of all rows."""

    hits: Floats
    true: Floats
    predicted: Floats


def shares_of(codes: Codes, predicted: Codes, context: Context) -> Shares:
    classes = max(len(context.levels), 1)
    weights = np.full(len(codes), 1.0 / len(codes)) if context.weights is None else context.weights
    weights = weights / weights.sum()

    def share(of: Codes, by: Floats) -> Floats:
        return np.bincount(of, by, minlength=classes)

    return Shares(share(codes, weights * (codes == predicted)), share(codes, weights), share(predicted, weights))


OfShares = Callable[[Shares, Context], float]


def accuracy(shares: Shares, _: Context) -> float:
    return float(shares.hits.sum())


def balanced_accuracy(shares: Shares, _: Context) -> float:
    """Mean recall of the classes that occur."""
    seen = shares.true > 0
    return float(np.mean(shares.hits[seen] / shares.true[seen]))


def f_scores(shares: Shares, beta: float = 1.0) -> Floats:
    """F-beta per class; 0 where a class is neither true nor predicted."""
    size = beta**2 * shares.true + shares.predicted
    return np.divide((1 + beta**2) * shares.hits, size, out=np.zeros_like(size), where=size > 0)


def jaccards(shares: Shares) -> Floats:
    union = shares.true + shares.predicted - shares.hits
    return np.divide(shares.hits, union, out=np.zeros_like(union), where=union > 0)


def seen_of(shares: Shares) -> Floats:
    """Equal weights of the classes that are true or predicted somewhere."""
    seen = (shares.true + shares.predicted > 0).astype(np.float64)
    return seen / seen.sum()


def chosen_of(shares: Shares, context: Context) -> Floats:
    """All weight on the positive class, or the classes seen where there are more than two and none is named."""
    positive = positive_class(context)
    return seen_of(shares) if positive is None else np.eye(1, len(shares.true), positive)[0]


def positive_class(context: Context) -> int | None:
    """The class named positive, else the second of two; none with more classes."""
    if context.positive is not None:
        return context.positive
    return 1 if len(context.levels) <= 2 else None


def beta_of(context: Context) -> float:
    return float(context.options.get("beta", 1.0))


def f1(shares: Shares, context: Context) -> float:
    return float(f_scores(shares) @ chosen_of(shares, context))


def fbeta(shares: Shares, context: Context) -> float:
    return float(f_scores(shares, beta_of(context)) @ chosen_of(shares, context))


def f1_macro(shares: Shares, _: Context) -> float:
    return float(f_scores(shares) @ seen_of(shares))


def f1_weighted(shares: Shares, _: Context) -> float:
    return float(f_scores(shares) @ shares.true)


def jaccard(shares: Shares, context: Context) -> float:
    return float(jaccards(shares) @ chosen_of(shares, context))


def kappa(shares: Shares, _: Context) -> float:
    """Cohen's kappa; 0 when truth and prediction are the same constant (0/0)."""
    chance = float(shares.true @ shares.predicted)
    return (float(shares.hits.sum()) - chance) / (1 - chance) if chance < 1 - 1e-15 else 0.0


def mcc(shares: Shares, _: Context) -> float:
    """Matthews correlation, of many classes after Gorodkin 2004; 0 when either side is constant, as scikit-learn."""
    covariance = float(shares.hits.sum() - shares.true @ shares.predicted)
    spread = float((1 - shares.true @ shares.true) * (1 - shares.predicted @ shares.predicted))
    return covariance / np.sqrt(spread) if spread > 1e-15 else 0.0


# The confusion matrix itself, for decision rules.


def confusion(codes: Codes, predicted: Codes, classes: int) -> Floats:
    """Counts of each pair (true class, predicted class)."""
    return np.bincount(codes * classes + predicted, minlength=classes * classes).reshape(classes, classes).astype(float)


def f1_macro_of(cells: Floats) -> float:
    """Plain mean of the F1 of every class that is true or predicted somewhere; a class never hit has F1 0."""
    size = cells.sum(axis=0) + cells.sum(axis=1)
    seen = size > 0
    return float(np.mean(2 * np.diag(cells)[seen] / size[seen]))


def disagreement(levels: Floats) -> Floats:
    """Squared distance between classes."""
    return (levels[:, None] - levels[None, :]) ** 2


def qwk_of(cells: Floats, levels: Floats) -> float:
    """Cohen's kappa with quadratic weights; 0 when truth and prediction are the same constant (0/0)."""
    weights = disagreement(levels)
    shares = cells / cells.sum()
    expected = float((weights * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    return 1.0 - float((weights * shares).sum()) / expected if expected > 0 else 0.0


def require_binary(codes: Floats) -> None:
    if not np.isin(codes[~np.isnan(codes)], (0.0, 1.0)).all():
        raise UndefinedScoreError("A metric of several labels needs 0 or 1 in every cell.")
