"""Standard errors, by rows or by groups of rows that belong together: in closed form, else by the bootstrap."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence import INFLUENCES
from automlgen_runtime.influence.draws import draws_of
from automlgen_runtime.metrics.arrays import NOTHING, Codes, Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.registry import Metric, metric_named
from automlgen_runtime.resampling import bootstrap_error


def mean_error(contributions: Floats, groups: Codes | None = None) -> float:
    """Standard error of the mean of `contributions`; rows of one group count as one draw."""
    rows = len(contributions)
    if rows < 2:
        return 0.0
    if groups is None:
        return float(contributions.std(ddof=1) / np.sqrt(rows))
    sums = np.bincount(groups, weights=contributions - contributions.mean())
    drawn = int(np.count_nonzero(np.bincount(groups)))
    return float(np.sqrt(drawn / max(drawn - 1, 1) * float(sums @ sums)) / rows)


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
