"""Metrics of numbers."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Floats, UndefinedScoreError


def rmse(truth: Floats, values: Floats) -> float:
    return float(np.sqrt(np.mean((values - truth) ** 2)))


def rmsle(truth: Floats, values: Floats) -> float:
    """Root mean squared difference of log(1 + x). Every number must be 0 or above."""
    if min(float(truth.min()), float(values.min())) < 0:
        raise UndefinedScoreError("RMSLE is undefined for numbers below 0.")
    return rmse(np.log1p(truth), np.log1p(values))


def mae(truth: Floats, values: Floats) -> float:
    return float(np.mean(np.abs(values - truth)))


def r2(truth: Floats, values: Floats) -> float:
    """Share of variance explained. A constant truth gives 1 for exact predictions and 0 otherwise, as scikit-learn."""
    total = float(np.mean((truth - truth.mean()) ** 2))
    error = float(np.mean((values - truth) ** 2))
    if total == 0:
        return 1.0 if error == 0 else 0.0
    return 1.0 - error / total
