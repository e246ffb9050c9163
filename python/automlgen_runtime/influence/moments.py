"""Influence of rows on functions of means: R2, Pearson's correlation, quadratic weighted kappa."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence.types import centred, share_of_rows
from automlgen_runtime.metrics.arrays import Codes, Context, Floats
from automlgen_runtime.metrics.moments import averaged, level_of, pearson, standardised


def r2(truth: Floats, values: Floats, context: Context) -> Floats:
    """1 - M/V with M the mean squared error and V the variance of the truth."""
    squares, spread = (values - truth) ** 2, (truth - averaged(truth, context)) ** 2
    error, total = averaged(squares, context), averaged(spread, context)
    if total == 0:
        return np.zeros_like(squares)
    return centred(error * spread / total**2 - squares / total, context)


def pearson_influence(truth: Floats, values: Floats, context: Context) -> Floats:
    x, y = standardised(truth, context), standardised(values, context)
    if not x.any() or not y.any():
        return np.zeros_like(x)
    return share_of_rows(len(x), context) * (x * y - pearson(truth, values, context) * (x**2 + y**2) / 2)


def qwk(codes: Codes, predicted: Codes, context: Context) -> Floats:
    """Kappa is 1 - O/C; C, the disagreement by chance, is E[a^2] + E[b^2] - 2 E[a] E[b]."""
    a, b = level_of(codes, context), level_of(predicted, context)
    mean_a, mean_b = averaged(a, context), averaged(b, context)
    chance = averaged(a**2, context) + averaged(b**2, context) - 2 * mean_a * mean_b
    if chance <= 1e-15:
        return np.zeros(len(a))
    observed = averaged((a - b) ** 2, context)
    by_chance = a**2 + b**2 - 2 * mean_b * a - 2 * mean_a * b
    return centred(observed * by_chance / chance**2 - (a - b) ** 2 / chance, context)
