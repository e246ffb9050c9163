"""Influence of rows on means and on functions of means."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Floats


def mean(losses: Floats) -> Floats:
    return losses - losses.mean()


def root_mean_square(errors: Floats) -> Floats:
    squares = errors**2
    average = float(squares.mean())
    return (squares - average) / (2 * np.sqrt(average)) if average > 0 else np.zeros_like(squares)


def r2(truth: Floats, values: Floats) -> Floats:
    """1 - M/V with M the mean squared error and V the variance of the truth."""
    squares, spread = (values - truth) ** 2, (truth - truth.mean()) ** 2
    error, total = float(squares.mean()), float(spread.mean())
    if total == 0:
        return np.zeros_like(squares)
    return -(squares - error) / total + error * (spread - total) / total**2
