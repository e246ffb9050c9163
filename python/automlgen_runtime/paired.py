"""Differences between two programs on the same rows: the only comparisons that decisions use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from automlgen_runtime.influence import INFLUENCES
from automlgen_runtime.influence.draws import draws_of
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction, Truth, UndefinedScoreError
from automlgen_runtime.metrics.ratio_table import RATIOS
from automlgen_runtime.metrics.registry import JOINT, Metric
from automlgen_runtime.resampling import bootstrap_error
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

    def gap(rows: Codes | slice) -> float:
        own, inner = truth[rows], context.at(rows)
        return metric.sign * (metric.value(own, first[rows], inner) - metric.value(own, second[rows], inner)) + 0.0

    drawn = draws_of(metric.name, context, groups)
    if metric.name in INFLUENCES:
        influence = INFLUENCES[metric.name]
        error = mean_error(influence(truth, first, context) - influence(truth, second, context), drawn)
    else:
        error = bootstrap_error(gap, len(truth), drawn)
    return Difference(gap(slice(None)), error, len(truth))


def fragile(metric: Metric, truth: Truth, first: Prediction, second: Prediction, context: Context) -> bool:
    """A win of `first` on a metric of numbers that vanishes without the worst 1 % of the rows (heavy tails)."""
    rows = len(truth)
    dropped = int(np.ceil(rows * WORST_SHARE))
    if metric.predictions != "value" or metric.name not in (*RATIOS, "r2", "pearson") or rows - dropped < 2:
        return False
    if metric.sign * (metric.value(truth, first, context) - metric.value(truth, second, context)) <= 0:
        return False
    worst = np.maximum(_errors(metric.name, truth, first, context), _errors(metric.name, truth, second, context))
    kept = np.argsort(worst, kind="stable")[: rows - dropped]
    inner = context.at(kept)
    try:
        rest = metric.value(truth[kept], first[kept], inner) - metric.value(truth[kept], second[kept], inner)
    except UndefinedScoreError:
        return False
    return metric.sign * rest <= 0


def _errors(name: str, truth: Truth, values: Prediction, context: Context) -> Floats:
    """How wrong each row is, in the metric's own loss where it has one; the worst of several targets."""
    if name == "laplace-log-likelihood":
        return np.abs(values[:, 0] - truth)
    if truth.ndim == 1 or name in JOINT:
        losses = RATIOS[name].terms(truth, values, context)[0] if name in RATIOS else np.abs(values - truth)
        return np.abs(losses)
    columns = [_errors(name, truth[:, t], values[:, t], context) for t in range(truth.shape[1])]
    sizes = [max(float(np.nanmean(column)), 1e-300) for column in columns]
    return np.nan_to_num(np.max([column / size for column, size in zip(columns, sizes, strict=True)], axis=0))
