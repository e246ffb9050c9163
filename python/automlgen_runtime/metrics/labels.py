"""Metrics of predicted classes. All are functions of the confusion matrix (rows: truth, columns: prediction)."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats


def confusion(codes: Codes, predicted: Codes, classes: int) -> Floats:
    """Counts of each pair (true class, predicted class)."""
    return np.bincount(codes * classes + predicted, minlength=classes * classes).reshape(classes, classes).astype(float)


def accuracy_of(cells: Floats) -> float:
    return float(np.trace(cells) / cells.sum())


def f1_macro_of(cells: Floats) -> float:
    """Plain mean of the F1 of every class that is true or predicted somewhere; a class never hit has F1 0."""
    size = cells.sum(axis=0) + cells.sum(axis=1)
    seen = size > 0
    return float(np.mean(2 * np.diag(cells)[seen] / size[seen]))


def disagreement(levels: Floats) -> Floats:
    """Squared distance between classes."""
    return (levels[:, None] - levels[None, :]) ** 2


def qwk_of(cells: Floats, levels: Floats) -> float:
    """Cohen's kappa with quadratic weights; 0 when truth and prediction are the same constant (0/0)."""
    weights = disagreement(levels)
    shares = cells / cells.sum()
    expected = float((weights * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    return 1.0 - float((weights * shares).sum()) / expected if expected > 0 else 0.0
