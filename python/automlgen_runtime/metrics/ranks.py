"""Metrics that depend on the order of predictions alone: AUC, average precision, Spearman, Kendall."""

from __future__ import annotations

import numpy as np
from scipy.stats import kendalltau, rankdata

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Mask, UndefinedScoreError


def midranks(values: Floats) -> Floats:
    """Ranks from 1, ties get their mean. O(n log n)."""
    return np.asarray(rankdata(values, method="average"), dtype=np.float64)


def scored_classes(codes: Codes, classes: int) -> list[int]:
    """Classes whose one-vs-rest AUC exists: they occur, and so does another one. Two classes: the second alone."""
    counts = np.bincount(codes, minlength=classes)
    present = [int(k) for k in np.flatnonzero((counts > 0) & (counts < len(codes)))]
    if not present:
        raise UndefinedScoreError("AUC needs rows of at least two classes; all rows are of one class.")
    return [1] if classes == 2 else present


def placements(positive: Mask, values: Floats, weights: Floats | None) -> Floats:
    """For each positive row the (weighted) share of negatives below it, for each negative that of positives above.

    Ties count half. Without weights by mid-ranks (Sun and Xu 2014), else by running sums of weights; O(n log n).
    """
    shares = np.empty(len(values))
    if weights is None:
        overall = midranks(values)
        for side in (positive, ~positive):
            shares[side] = (overall[side] - midranks(values[side])) / np.count_nonzero(~side)
    else:
        for side in (positive, ~positive):
            shares[side] = _weight_below(values[~side], weights[~side], values[side])
    shares[~positive] = 1.0 - shares[~positive]
    return shares


def _weight_below(values: Floats, weights: Floats, at: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    ordered, running = values[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    if running[-1] == 0:
        raise UndefinedScoreError("AUC needs rows of both classes with a weight above 0.")
    below, upto = (running[np.searchsorted(ordered, at, side=side)] for side in ("left", "right"))
    return (below + upto) / (2 * running[-1])


def auc_of(positive: Mask, values: Floats, weights: Floats | None = None) -> float:
    """Probability that a positive row ranks above a negative one, ties count half (Mann-Whitney)."""
    if weights is not None:
        return float(np.average(placements(positive, values, weights)[positive], weights=weights[positive]))
    positives = int(positive.sum())
    negatives = len(positive) - positives
    rank_sum = float(midranks(values)[positive].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def class_aucs(codes: Codes, probabilities: Floats, context: Context) -> tuple[list[int], Floats]:
    """Classes scored one against the rest, and their AUCs."""
    scored = scored_classes(codes, probabilities.shape[1])
    return scored, np.array([auc_of(codes == k, probabilities[:, k], context.weights) for k in scored])


def auc(codes: Codes, probabilities: Floats, context: Context) -> float:
    """Binary: AUC of the second column. More classes: plain mean of the one-vs-rest AUCs of the classes that occur."""
    return float(class_aucs(codes, probabilities, context)[1].mean())


def auc_weighted(codes: Codes, probabilities: Floats, context: Context) -> float:
    """As `auc`, the mean weighted by the share of each class (`average="weighted"` of scikit-learn)."""
    scored, values = class_aucs(codes, probabilities, context)
    return float(np.average(values, weights=class_shares(codes, context, scored)))


def class_shares(codes: Codes, context: Context, scored: list[int]) -> Floats:
    counts = np.bincount(codes, context.weights, minlength=max(scored) + 1)[scored].astype(np.float64)
    return counts / counts.sum()


def average_precision(codes: Codes, probabilities: Floats, context: Context) -> float:
    """Binary: mean precision at the positives, a block of ties entering at once (scikit-learn's, no interpolation).

    More classes: plain mean over the classes that occur, each against the rest.
    """
    scored = scored_classes(codes, probabilities.shape[1])
    return float(np.mean([precision_terms(codes == k, probabilities[:, k], context.weights)[0] for k in scored]))


def precision_terms(positive: Mask, values: Floats, weights: Floats | None) -> tuple[float, Floats, Floats, Codes]:
    """(average precision; precision and weight down to each block of ties, best first; block of each row)."""
    own = np.ones(len(values)) if weights is None else weights
    if not own[positive].any():
        raise UndefinedScoreError("Average precision needs a positive row with a weight above 0.")
    _, block = np.unique(-values, return_inverse=True)
    hits, everything = np.cumsum(np.bincount(block, own * positive)), np.cumsum(np.bincount(block, own))
    precision = np.divide(hits, everything, out=np.zeros_like(hits), where=everything > 0)
    average = float(np.average(precision[block][positive], weights=own[positive]))
    return average, precision, everything, block


def spearman(truth: Floats, values: Floats) -> float:
    """Pearson's correlation of mid-ranks; 0 when either side is constant (SciPy gives NaN)."""
    a, b = midranks(truth), midranks(values)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def kendall(truth: Floats, values: Floats) -> float:
    """Kendall's tau-b; 0 when either side is constant (SciPy gives NaN). O(n log n)."""
    tau = float(kendalltau(truth, values).statistic) if len(truth) > 1 else 0.0
    return tau if np.isfinite(tau) else 0.0
