"""Standard errors, by rows or by groups of rows that belong together: in closed form, else by the bootstrap."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence import INFLUENCES
from automlgen_runtime.influence.draws import draws_of
from automlgen_runtime.metrics.arrays import NOTHING, Codes, Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.registry import Metric, metric_named
from automlgen_runtime.resampling import bootstrap_error


def mean_error(contributions: Floats, groups: Codes | None = None) -> float:
    """Standard error of the mean of `contributions`; rows of one group count as one draw.

    A single group has no spread to learn from: its rows are taken as the draws, which errs on the low side.
    """
    rows, size = len(contributions), float(np.abs(contributions).max(initial=0.0))
    if rows < 2 or size == 0:
        return 0.0
    # In units of the largest one: squares of contributions beyond 1e154 would overflow.
    shares = contributions / size
    drawn = 0 if groups is None else int(np.count_nonzero(np.bincount(groups)))
    if groups is None or drawn < 2:
        return float(shares.std(ddof=1) / np.sqrt(rows)) * size
    sums = np.bincount(groups, weights=shares - shares.mean())
    return float(np.sqrt(drawn / (drawn - 1) * float(sums @ sums)) / rows) * size


def standard_error(
    metric: Metric | str,
    truth: Truth,
    prediction: Prediction,
    context: Context = NOTHING,
    groups: Codes | None = None,
) -> float:
    """One standard error of the metric, in its unit. Arrays as in `metrics.arrays`; `groups` are integer codes."""
    known = metric_named(metric) if isinstance(metric, str) else metric
    own = draws_of(known.name, context, groups)
    if known.name in INFLUENCES:
        return mean_error(INFLUENCES[known.name](truth, prediction, context), own)
    return bootstrap_error(lambda rows: known.value(truth[rows], prediction[rows], context.at(rows)), len(truth), own)
