"""Influence of rows on metrics of the confusion matrix.

A row's influence depends on its cell alone, so it is worked out once per cell (the derivative of the metric by the
cell's share, centred) and looked up: 100,000 rows cost as much as one table look-up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats
from automlgen_runtime.metrics.labels import confusion, disagreement

Derivative = Callable[[Floats, Floats], Floats]
"""(cell shares, levels) -> derivative of the metric by each cell's share."""


def accuracy(shares: Floats, _: Floats) -> Floats:
    return np.eye(len(shares))


def f1_macro(shares: Floats, _: Floats) -> Floats:
    """F1 of class k is 2a / s with a its diagonal share and s the sum of its row and its column."""
    hits, size = np.diag(shares), shares.sum(axis=0) + shares.sum(axis=1)
    seen = size > 0
    safe = np.where(seen, size, 1.0)
    by_size = np.where(seen, -2 * hits / safe**2, 0.0)
    derivative = by_size[:, None] + by_size[None, :]
    derivative[np.diag_indices_from(derivative)] += np.where(seen, 2 / safe, 0.0)
    return derivative / seen.sum()


def qwk(shares: Floats, levels: Floats) -> Floats:
    """Kappa is 1 - O/E; E is the product of the margins."""
    weights = disagreement(levels)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((weights * shares).sum()), float(rows @ weights @ columns)
    if expected == 0:
        return np.zeros_like(shares)
    by_expected = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    return -weights / expected + observed * by_expected / expected**2


def row_influences(derivative: Derivative, codes: Codes, predicted: Codes, levels: Floats) -> Floats:
    shares = confusion(codes, predicted, len(levels)) / len(codes)
    by_cell = derivative(shares, levels)
    return (by_cell - float((by_cell * shares).sum()))[codes, predicted]
