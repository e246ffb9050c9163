"""Influence of rows on AUC (DeLong, DeLong and Clarke-Pearson 1988, by mid-ranks) and on Spearman's correlation."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats, Mask
from automlgen_runtime.metrics.ranks import midranks, scored_classes, spearman


def delong(positive: Mask, values: Floats) -> Floats:
    """One number per row whose mean square over n is DeLong's variance. O(n log n): Sun and Xu 2014."""
    overall = midranks(values)
    placements = np.empty(len(values))
    counts = {True: int(positive.sum()), False: int((~positive).sum())}
    for side in (True, False):
        own = positive == side
        below = (overall[own] - midranks(values[own])) / counts[not side]
        share = below if side else 1.0 - below
        centred = share - share.mean()
        unbiased = np.sqrt(counts[side] / max(counts[side] - 1, 1))
        placements[own] = centred * unbiased * len(values) / counts[side]
    return placements


def auc(codes: Codes, probabilities: Floats) -> Floats:
    """Mean over the classes scored, so that the classes' covariance is accounted for."""
    scored = scored_classes(codes, probabilities.shape[1])
    return np.mean([delong(codes == k, probabilities[:, k]) for k in scored], axis=0)


def spearman_influence(truth: Floats, values: Floats) -> Floats:
    """Influence function of Croux and Dehon 2010 on mid-ranks, with the scale that ties change."""
    rows = len(truth)
    f, g = (midranks(truth) - 0.5) / rows, (midranks(values) - 0.5) / rows
    spread = float(f.std() * g.std())
    if spread == 0:
        return np.zeros(rows)
    raw = f * g + _mean_above(truth, g) + _mean_above(values, f)
    scale = _scale_influence(truth) / f.var() + _scale_influence(values) / g.var()
    return (raw - raw.mean()) / spread - spearman(truth, values) / 2 * scale


def _scale_influence(values: Floats) -> Floats:
    """Influence on the variance of mid-ranks, (1 - sum of p^3) / 12 with p the share of each distinct value."""
    _, position, counts = np.unique(values, return_inverse=True, return_counts=True)
    squares = (counts / len(values))[position] ** 2
    return -(squares - squares.mean()) / 4


def _mean_above(values: Floats, weights: Floats) -> Floats:
    """For each row, the sum of the weights of the rows with a larger value, ties half, over n."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    before = np.concatenate([[0.0], np.cumsum(weights[order])])
    first = np.searchsorted(ordered, values, side="left")
    last = np.searchsorted(ordered, values, side="right")
    return (before[-1] - (before[first] + before[last]) / 2) / len(values)
