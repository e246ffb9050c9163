"""Mid-ranks and the two metrics that depend on ranks alone: AUC and Spearman's correlation."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from automlgen_runtime.metrics.arrays import Codes, Floats, Mask, UndefinedScoreError


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


def auc_of(positive: Mask, values: Floats) -> float:
    """Probability that a positive row ranks above a negative one, ties count half (Mann-Whitney)."""
    positives = int(positive.sum())
    negatives = len(positive) - positives
    rank_sum = float(midranks(values)[positive].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def auc(codes: Codes, probabilities: Floats) -> float:
    """Binary: AUC of the second column. More classes: plain mean of the one-vs-rest AUCs of the classes that occur."""
    classes = probabilities.shape[1]
    return float(np.mean([auc_of(codes == k, probabilities[:, k]) for k in scored_classes(codes, classes)]))


def spearman(truth: Floats, values: Floats) -> float:
    """Pearson's correlation of mid-ranks; 0 when either side is constant (SciPy gives NaN)."""
    a, b = midranks(truth), midranks(values)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0
