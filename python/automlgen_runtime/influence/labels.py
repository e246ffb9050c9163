"""Influence of rows on metrics of predicted classes: the derivative by the three shares of each class, looked up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.influence.types import Influence, centred
from automlgen_runtime.metrics.arrays import Codes, Context, Floats
from automlgen_runtime.metrics.labels import Shares, beta_of, chosen_of, f_scores, jaccards, seen_of, shares_of

Slopes = tuple[Floats, Floats, Floats]
"""Derivatives by hits, true rows and predicted rows of each class."""
Derivative = Callable[[Shares, Context], Slopes]


def of_shares(derivative: Derivative) -> Influence:
    def influence(codes: Codes, predicted: Codes, context: Context) -> Floats:
        by_hit, by_true, by_predicted = derivative(shares_of(codes, predicted, context), context)
        return centred(by_hit[codes] * (codes == predicted) + by_true[codes] + by_predicted[predicted], context)

    return influence


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


def balanced_accuracy(shares: Shares, _: Context) -> Slopes:
    seen = float((shares.true > 0).sum())
    recall = _over(shares.hits, shares.true)
    return _over(np.ones_like(recall), shares.true) / seen, -_over(recall, shares.true) / seen, np.zeros_like(recall)


def _f_slopes(shares: Shares, weights: Floats, beta: float) -> Slopes:
    scores, size = f_scores(shares, beta), beta**2 * shares.true + shares.predicted
    by_size = -_over(weights * scores, size)
    return _over(weights * (1 + beta**2), size), by_size * beta**2, by_size


def f1(shares: Shares, context: Context) -> Slopes:
    return _f_slopes(shares, chosen_of(shares, context), 1.0)


def fbeta(shares: Shares, context: Context) -> Slopes:
    return _f_slopes(shares, chosen_of(shares, context), beta_of(context))


def f1_macro(shares: Shares, _: Context) -> Slopes:
    return _f_slopes(shares, seen_of(shares), 1.0)


def f1_weighted(shares: Shares, _: Context) -> Slopes:
    by_hit, by_true, by_predicted = _f_slopes(shares, shares.true, 1.0)
    return by_hit, by_true + f_scores(shares), by_predicted


def jaccard(shares: Shares, context: Context) -> Slopes:
    weights, scores = chosen_of(shares, context), jaccards(shares)
    union = shares.true + shares.predicted - shares.hits
    by_union = -_over(weights * scores, union)
    return _over(weights, union) - by_union, by_union, by_union


def kappa(shares: Shares, _: Context) -> Slopes:
    """(H - C) / (1 - C) with H all hits and C the agreement by chance, the product of the margins."""
    hits, chance = float(shares.hits.sum()), float(shares.true @ shares.predicted)
    if chance >= 1 - 1e-15:
        return _none(shares)
    by_chance = (hits - 1) / (1 - chance) ** 2
    by_hit = np.full_like(shares.hits, 1 / (1 - chance))
    return by_hit, by_chance * shares.predicted, by_chance * shares.true


def mcc(shares: Shares, _: Context) -> Slopes:
    """N / sqrt(A B) with N = H - C and A, B what 1 exceeds the squared margins by."""
    a, b = 1 - float(shares.true @ shares.true), 1 - float(shares.predicted @ shares.predicted)
    if a * b <= 1e-15:
        return _none(shares)
    root = np.sqrt(a * b)
    covariance = float(shares.hits.sum() - shares.true @ shares.predicted)
    by_true = (covariance * shares.true / a - shares.predicted) / root
    by_predicted = (covariance * shares.predicted / b - shares.true) / root
    return np.full_like(shares.hits, 1 / root), by_true, by_predicted


def _none(shares: Shares) -> Slopes:
    nothing = np.zeros_like(shares.hits)
    return nothing, nothing, nothing
