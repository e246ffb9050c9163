"""Influence functions by metric name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.influence import cells, ranks, values
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.probabilities import row_losses

Influence = Callable[[Truth, Prediction, Context], Floats]


def _of_cells(derivative: cells.Derivative) -> Influence:
    return lambda y, p, at: cells.row_influences(derivative, y, p, at.levels)


INFLUENCES: dict[str, Influence] = {
    "auc": lambda y, p, _: ranks.auc(y, p),
    "logloss": lambda y, p, _: values.mean(row_losses(y, p)),
    "accuracy": _of_cells(cells.accuracy),
    "f1-macro": _of_cells(cells.f1_macro),
    "qwk": _of_cells(cells.qwk),
    "rmse": lambda y, p, _: values.root_mean_square(p - y),
    "rmsle": lambda y, p, _: values.root_mean_square(np.log1p(p) - np.log1p(y)),
    "mae": lambda y, p, _: values.mean(np.abs(p - y)),
    "r2": lambda y, p, _: values.r2(y, p),
    "spearman": lambda y, p, _: ranks.spearman_influence(y, p),
}


def influences(name: str, truth: Truth, prediction: Prediction, context: Context) -> Floats:
    """One number per row, in the metric's unit, mean 0."""
    return INFLUENCES[name](truth, prediction, context)
