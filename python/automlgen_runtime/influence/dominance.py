"""Pairs of rows that agree or disagree in order, counted per row without looking at all pairs."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats


def concordance(x: Floats, y: Floats) -> Floats:
    """For each row the mean over all rows of sign(x - x') sign(y - y'). O(n log n)."""
    agree = dominated(x, y) + dominated(-x, -y)
    return (agree - dominated(x, -y) - dominated(-x, y)) / len(x)


def unequal_share(values: Floats) -> Floats:
    """For each row the share of rows with another value."""
    _, position, counts = np.unique(values, return_inverse=True, return_counts=True)
    return 1.0 - counts[position] / len(values)


def dominated(x: Floats, y: Floats) -> Codes:
    """For each row, how many rows have both a smaller x and a smaller y.

    In the order of x each row asks how many before it have a smaller rank in y. Ranks are split bit by bit, highest
    first: within rows that agree in all higher bits, those with a 1 exceed the earlier ones with a 0.
    """
    rows = len(x)
    order = np.lexsort((-y, x))
    values = np.empty(rows, np.int64)
    values[np.lexsort((-np.arange(rows), y[order]))] = np.arange(rows)
    owners, counts = order.copy(), np.zeros(rows, np.int64)
    places = np.arange(rows)
    for bit in reversed(range(max(rows - 1, 1).bit_length())):
        starts = values >> (bit + 1) << (bit + 1)
        one = (values >> bit & 1).astype(bool)
        zeros = np.concatenate([[0], np.cumsum(~one)])
        before = zeros[:-1] - zeros[starts]
        counts[owners[one]] += before[one]
        target = (values >> bit << bit) + np.where(one, places - starts - before, before)
        moved = np.empty_like(values)
        moved[target], owners[target] = values, owners.copy()
        values = moved
    return counts
