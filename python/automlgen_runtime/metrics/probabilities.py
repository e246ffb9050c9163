"""Logarithmic loss of class probabilities."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats

EPSILON = 1e-15
"""Probabilities are clipped to at least this before the logarithm; a sure mistake costs 34.5."""


def normalised(probabilities: Floats) -> Floats:
    """Rows clipped to [EPSILON, 1] and divided by their sum."""
    clipped = np.clip(probabilities, EPSILON, 1.0)
    return clipped / clipped.sum(axis=1, keepdims=True)


def row_losses(codes: Codes, probabilities: Floats) -> Floats:
    """Minus the logarithm of the probability given to the true class, one number per row."""
    return -np.log(np.maximum(normalised(probabilities)[np.arange(len(codes)), codes], EPSILON))


def logloss(codes: Codes, probabilities: Floats) -> float:
    return float(row_losses(codes, probabilities).mean())
