"""Metrics that are a function of a few weighted means: R2, Pearson's correlation, quadratic weighted kappa."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, UndefinedScoreError


def averaged(values: Floats, context: Context) -> float:
    return float(values.mean() if context.weights is None else np.average(values, weights=context.weights))


def r2(truth: Floats, values: Floats, context: Context) -> float:
    """Share of variance explained. A constant truth gives 1 for exact predictions and 0 otherwise, as scikit-learn."""
    total = averaged((truth - averaged(truth, context)) ** 2, context)
    error = averaged((values - truth) ** 2, context)
    if total == 0:
        return 1.0 if error == 0 else 0.0
    return 1.0 - error / total


def pearson(truth: Floats, values: Floats, context: Context) -> float:
    """0 when either side is constant (SciPy gives NaN)."""
    x, y = standardised(truth, context), standardised(values, context)
    return float(np.clip(averaged(x * y, context), -1.0, 1.0)) if x.any() and y.any() else 0.0


def standardised(values: Floats, context: Context) -> Floats:
    """Mean 0 and variance 1; zeros for a constant."""
    centred = values - averaged(values, context)
    spread = np.sqrt(averaged(centred**2, context))
    return centred / spread if spread > 1e-13 * float(np.abs(values).max()) else np.zeros_like(centred)


def qwk(codes: Codes, predicted: Codes, context: Context) -> float:
    """Cohen's kappa with quadratic weights; 0 when truth and prediction are the same constant (0/0).

    The disagreement expected by chance of two independent levels is E[a^2] + E[b^2] - 2 E[a] E[b].
    """
    a, b = level_of(codes, context), level_of(predicted, context)
    chance = averaged(a**2, context) + averaged(b**2, context) - 2 * averaged(a, context) * averaged(b, context)
    constant = bool(np.all(a == a[0]) and np.all(b == a[0]))
    return 0.0 if constant or chance <= 1e-15 else 1.0 - averaged((a - b) ** 2, context) / chance


def level_of(codes: Codes, context: Context) -> Floats:
    """Levels are shifted to start at 0, so that squares of far-off levels lose no digits."""
    if not len(context.levels):
        raise UndefinedScoreError("Kappa with quadratic weights needs the levels of the classes.")
    return (context.levels - context.levels.min())[codes]
