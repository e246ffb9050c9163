"""The type of an influence function, and the weight of a row in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth

Influence = Callable[[Truth, Prediction, Context], Floats]
"""One number per row, in the metric's unit, mean 0."""


def share_of_rows(rows: int, context: Context) -> Floats:
    """Weight of each row, mean 1."""
    return np.ones(rows) if context.weights is None else context.weights * (rows / context.weights.sum())


def centred(raw: Floats, context: Context) -> Floats:
    """Contributions of a weighted mean of `raw`."""
    weights = share_of_rows(len(raw), context)
    return weights * (raw - float(np.average(raw, weights=weights)))
