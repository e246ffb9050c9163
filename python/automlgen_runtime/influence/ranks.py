"""Influence of rows on metrics of the order.

AUC: DeLong, DeLong and Clarke-Pearson 1988, by mid-ranks (Sun and Xu 2014). Spearman: Croux and Dehon 2010 on
mid-ranks. Kendall's tau-b and average precision: first-order projections of the statistics.
"""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence.dominance import concordance, unequal_share
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Mask
from automlgen_runtime.metrics.ranks import (
    class_aucs,
    class_shares,
    midranks,
    placements,
    precision_terms,
    scored_classes,
    spearman,
)


def delong(positive: Mask, values: Floats, weights: Floats | None = None) -> Floats:
    """One number per row whose mean square over n is DeLong's variance. O(n log n)."""
    shares, own = placements(positive, values, weights), np.ones(len(values)) if weights is None else weights
    found = np.empty(len(values))
    for side in (positive, ~positive):
        count, total = int(side.sum()), float(own[side].sum())
        unbiased = np.sqrt(count / max(count - 1, 1))
        away = shares[side] - np.average(shares[side], weights=own[side])
        found[side] = own[side] * away * unbiased * len(values) / total
    return found


def auc(codes: Codes, probabilities: Floats, context: Context) -> Floats:
    """Mean over the classes scored, so that the classes' covariance is accounted for."""
    scored = scored_classes(codes, probabilities.shape[1])
    return np.mean([delong(codes == k, probabilities[:, k], context.weights) for k in scored], axis=0)


def auc_weighted(codes: Codes, probabilities: Floats, context: Context) -> Floats:
    """The shares of the classes, which weight the mean, vary with the rows as well."""
    scored, values = class_aucs(codes, probabilities, context)
    shares = class_shares(codes, context, scored)
    value = float(shares @ values)
    total = np.zeros(len(codes))
    own = np.ones(len(codes)) if context.weights is None else context.weights
    counted = float(own[np.isin(codes, scored)].sum())
    for k, area, share in zip(scored, values, shares, strict=True):
        total += share * delong(codes == k, probabilities[:, k], context.weights)
        total += (codes == k) * own * (area - value) * len(codes) / counted
    return total


def average_precision(codes: Codes, probabilities: Floats, context: Context) -> Floats:
    scored = scored_classes(codes, probabilities.shape[1])
    return np.mean([_precision(codes == k, probabilities[:, k], context.weights) for k in scored], axis=0)


def _precision(positive: Mask, values: Floats, weights: Floats | None) -> Floats:
    """A row moves its own term, and the precision at every positive that ranks no higher."""
    own = np.ones(len(values)) if weights is None else weights
    average, precision, everything, block = precision_terms(positive, values, weights)
    hits = np.bincount(block, own * positive)
    density = np.divide(hits, everything, out=np.zeros_like(hits), where=everything > 0)
    lower, lower_hits = (np.cumsum(part[::-1])[::-1][block] for part in (density, density * precision))
    raw = positive * (precision[block] - average) + positive * lower - lower_hits
    return own * raw * len(values) / float(own[positive].sum())


def spearman_influence(truth: Floats, values: Floats) -> Floats:
    """With the scale that ties change."""
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


def kendall_influence(truth: Floats, values: Floats) -> Floats:
    """Tau-b is T / sqrt(B C): concordance over the shares of pairs that are unequal in truth and in prediction."""
    together, apart, other = concordance(truth, values), unequal_share(truth), unequal_share(values)
    t, b, c = (float(part.mean()) for part in (together, apart, other))
    if b * c == 0:
        return np.zeros(len(truth))
    root = np.sqrt(b * c)
    return 2 * (together - t) / root - t / root * ((apart - b) / b + (other - c) / c)
