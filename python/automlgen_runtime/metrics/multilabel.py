"""Metrics of several 0/1 targets at once: matrices rows x targets, of labels or of probabilities.

A cell whose truth is NaN counts nowhere.
"""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth, UndefinedScoreError
from automlgen_runtime.metrics.labels import f_scores, require_binary, shares_of
from automlgen_runtime.metrics.ranks import auc_of


def overlaps(truth: Truth, predicted: Prediction) -> tuple[Floats, Floats]:
    """Per row: labels that are true and predicted; labels that are true plus labels that are predicted."""
    known = ~np.isnan(truth)
    true, said = np.where(known, truth, 0.0), np.where(known, predicted, 0.0)
    return (true * said).sum(axis=1), true.sum(axis=1) + said.sum(axis=1)


def pooled(truth: Truth, predicted: Prediction, context: Context) -> tuple[Floats, Floats]:
    """Terms of the micro-averaged F1: all cells are one pile. For one target the accuracy, as in scikit-learn."""
    if truth.ndim == 1:
        return (truth == predicted).astype(np.float64), np.ones(len(truth))
    both, size = overlaps(as_cells(truth), predicted)
    return 2 * both, size


def by_row(truth: Truth, predicted: Prediction, context: Context) -> Floats:
    """F1 of the labels of each row; 1 where nothing is true and nothing predicted."""
    if truth.ndim == 1:
        return (truth == predicted).astype(np.float64)
    both, size = overlaps(as_cells(truth), predicted)
    return np.divide(2 * both, size, out=np.ones_like(size), where=size > 0)


def as_cells(truth: Truth) -> Floats:
    cells = np.asarray(truth, dtype=np.float64)
    require_binary(cells)
    return cells


def weighted_f1(truth: Truth, predicted: Prediction, context: Context) -> float:
    """F1 of each target, averaged with the number of its positives."""
    scores, supports = zip(*(column_f1(truth, predicted, context, t) for t in range(truth.shape[1])), strict=True)
    if not sum(supports):
        raise UndefinedScoreError("The weighted F1 needs a positive label somewhere.")
    return float(np.average(scores, weights=supports))


def column_f1(truth: Truth, predicted: Prediction, context: Context, target: int) -> tuple[float, float]:
    """(F1, weight of the positives) of one target."""
    cells = as_cells(truth[:, target])
    rows = np.flatnonzero(~np.isnan(cells))
    codes, inner = cells[rows].astype(np.int64), context.at(rows)
    binary = Context(np.arange(2.0), weights=inner.weights)
    shares = shares_of(codes, np.asarray(predicted)[rows, target].astype(np.int64), binary)
    return float(f_scores(shares)[1]), float(codes.sum() if inner.weights is None else codes @ inner.weights)


def weighted_auc(truth: Truth, scores: Prediction, context: Context) -> float:
    """AUC of each target, averaged with the weight of its positives (`average="weighted"` of scikit-learn)."""
    found = [part for t in range(truth.shape[1]) if (part := column_auc(truth, scores, context, t)) is not None]
    if not found:
        raise UndefinedScoreError("AUC needs a target with both labels.")
    values, supports = zip(*found, strict=True)
    return float(np.average(values, weights=supports))


def column_auc(truth: Truth, scores: Prediction, context: Context, target: int) -> tuple[float, float] | None:
    """(AUC, weight of the positives) of one target; nothing where a label does not occur."""
    cells = as_cells(truth[:, target])
    rows = np.flatnonzero(~np.isnan(cells))
    positive, weights = cells[rows] == 1, context.at(rows).weights
    if not positive.any() or positive.all():
        return None
    support = float(positive.sum() if weights is None else weights[positive].sum())
    return auc_of(positive, scores[rows, target], weights), support
