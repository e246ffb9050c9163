"""Metrics that are a function of a ratio of two sums over rows: every mean of row losses, RMSE, pooled F1, LwLRAP.

With row weights both sums are weighted. With groups the ratio is taken group by group and the results are averaged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth, UndefinedScoreError

Terms = Callable[[Truth, Prediction, Context], tuple[Floats, Floats]]
"""What each row adds to the numerator and to the denominator."""
Losses = Callable[[Truth, Prediction, Context], Floats]


@dataclass(frozen=True)
class Link:
    """A function of the ratio, with its derivative."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _slope_of_root(ratio: Floats) -> Floats:
    return np.divide(0.5, np.sqrt(ratio), out=np.zeros_like(ratio), where=ratio > 0)


SMALLEST = 1e-9
"""A mean absolute error below this counts as this before the logarithm, as in the coupling-constant competition."""

IDENTITY = Link(lambda ratio: ratio, np.ones_like)
ROOT = Link(np.sqrt, _slope_of_root)
LOGARITHM = Link(
    lambda ratio: np.log(np.maximum(ratio, SMALLEST)),
    lambda ratio: np.divide(1.0, ratio, out=np.zeros_like(ratio), where=ratio > SMALLEST),
)


@dataclass(frozen=True)
class Sums:
    """Weighted sums, one per group (a single one without groups), and what made them."""

    top: Floats
    bottom: Floats
    tops: Floats
    bottoms: Floats

    @property
    def ratio(self) -> Floats:
        """0 where nothing was summed (an F1 without positives), as scikit-learn."""
        return np.divide(self.top, self.bottom, out=np.zeros_like(self.top), where=self.bottom != 0)


@dataclass(frozen=True)
class Ratio:
    terms: Terms
    link: Link = IDENTITY

    def sums(self, truth: Truth, prediction: Prediction, context: Context) -> Sums:
        tops, bottoms = self.terms(truth, prediction, context)
        if context.weights is not None:
            require_weight(context.weights)
            tops, bottoms = tops * context.weights, bottoms * context.weights
        if context.groups is None:
            return Sums(np.array([tops.sum()]), np.array([bottoms.sum()]), tops, bottoms)
        return Sums(np.bincount(context.groups, tops), np.bincount(context.groups, bottoms), tops, bottoms)

    def value(self, truth: Truth, prediction: Prediction, context: Context) -> float:
        sums = self.sums(truth, prediction, context)
        if context.groups is None:
            return float(self.link.value(sums.ratio)[0])
        drawn = np.bincount(context.groups) > 0
        return float(self.link.value(sums.ratio[drawn]).mean())


def mean_of(losses: Losses, link: Link = IDENTITY) -> Ratio:
    """Mean of a loss per row; a row whose loss is NaN is left out."""

    def terms(truth: Truth, prediction: Prediction, context: Context) -> tuple[Floats, Floats]:
        found = losses(truth, prediction, context)
        known = ~np.isnan(found)
        if not known.any():
            raise UndefinedScoreError("None of the rows can be scored: the truth is empty in all of them.")
        return np.where(known, found, 0.0), known.astype(np.float64)

    return Ratio(terms, link)


def require_weight(weights: Floats) -> None:
    """Raises UndefinedScoreError for weights that make no mean."""
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise UndefinedScoreError("Row weights must be finite, 0 or above, and not all 0.")
