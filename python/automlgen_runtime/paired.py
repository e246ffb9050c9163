"""Differences between two programs on the same rows: the only comparisons that decisions use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from automlgen_runtime.influence import influences
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.registry import Metric
from automlgen_runtime.standard_errors import mean_error

WORST_SHARE = 0.01
"""Share of rows whose removal must not undo a win."""


@dataclass(frozen=True)
class Difference:
    """`delta` > 0: the first is better, whatever the metric's direction."""

    delta: float
    standard_error: float
    rows: int


def difference(
    metric: Metric, truth: Truth, first: Prediction, second: Prediction, context: Context, groups: Codes | None = None
) -> Difference:
    """Paired difference with its paired standard error (for AUC: DeLong's, with the covariance)."""
    delta = metric.sign * (metric.value(truth, first, context) - metric.value(truth, second, context)) + 0.0
    contrast = influences(metric.name, truth, first, context) - influences(metric.name, truth, second, context)
    return Difference(delta, mean_error(contrast, groups), len(truth))


def fragile(metric: Metric, truth: Truth, first: Prediction, second: Prediction, context: Context) -> bool:
    """A win of `first` on a metric of numbers that vanishes without the worst 1 % of the rows (heavy tails)."""
    rows = len(truth)
    dropped = int(np.ceil(rows * WORST_SHARE))
    if metric.predictions != "value" or metric.name == "spearman" or rows - dropped < 2:
        return False
    if metric.sign * (metric.value(truth, first, context) - metric.value(truth, second, context)) <= 0:
        return False
    worst = np.maximum(_errors(metric.name, truth, first), _errors(metric.name, truth, second))
    kept = np.argsort(worst, kind="stable")[: rows - dropped]
    inner = context.at(kept)
    rest = metric.value(truth[kept], first[kept], inner) - metric.value(truth[kept], second[kept], inner)
    return metric.sign * rest <= 0


def _errors(name: str, truth: Truth, values: Prediction) -> Floats:
    return np.abs(np.log1p(values) - np.log1p(truth)) if name == "rmsle" else np.abs(values - truth)
