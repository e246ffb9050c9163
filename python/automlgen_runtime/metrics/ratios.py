"""Metrics that are a function of a ratio of two sums over rows: every mean of row losses, RMSE, pooled F1, LwLRAP.

With row weights both sums are weighted. With groups the ratio is taken group by group and the results are averaged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Mask, Prediction, Truth, UndefinedScoreError

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
    """Weighted sums, one per group (a single one without groups), what made them, and which of the groups count."""

    top: Floats
    bottom: Floats
    tops: Floats
    bottoms: Floats
    counted: Mask

    @property
    def ratio(self) -> Floats:
        """0 where nothing was summed (an F1 without positives), as scikit-learn."""
        return np.divide(self.top, self.bottom, out=np.zeros_like(self.top), where=self.bottom != 0)


@dataclass(frozen=True)
class Ratio:
    """`of_rows`: a mean over rows; a group without a row that can be scored has none and is skipped."""

    terms: Terms
    link: Link = IDENTITY
    of_rows: bool = False

    def sums(self, truth: Truth, prediction: Prediction, context: Context) -> Sums:
        tops, bottoms = self.terms(truth, prediction, context)
        if context.weights is not None:
            require_weight(context.weights)
            tops, bottoms = tops * context.weights, bottoms * context.weights
        if context.groups is None:
            return Sums(np.array([tops.sum()]), np.array([bottoms.sum()]), tops, bottoms, np.ones(1, dtype=bool))
        top, bottom = np.bincount(context.groups, tops), np.bincount(context.groups, bottoms)
        counted = bottom != 0 if self.of_rows else np.bincount(context.groups) > 0
        return Sums(top, bottom, tops, bottoms, counted)

    def value(self, truth: Truth, prediction: Prediction, context: Context) -> float:
        sums = self.sums(truth, prediction, context)
        if not sums.counted.any():
            raise UndefinedScoreError("None of the groups has a row that can be scored.")
        return float(self.link.value(sums.ratio[sums.counted]).mean())


def mean_of(losses: Losses, link: Link = IDENTITY) -> Ratio:
    """Mean of a loss per row; a row whose loss is NaN is left out."""

    def terms(truth: Truth, prediction: Prediction, context: Context) -> tuple[Floats, Floats]:
        found = losses(truth, prediction, context)
        known = ~np.isnan(found)
        if not known.any():
            raise UndefinedScoreError("None of the rows can be scored: the truth is empty in all of them.")
        return np.where(known, found, 0.0), known.astype(np.float64)

    return Ratio(terms, link, of_rows=True)


def require_weight(weights: Floats) -> None:
    """Raises UndefinedScoreError for weights that make no mean."""
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise UndefinedScoreError("Row weights must be finite, 0 or above, and not all 0.")
