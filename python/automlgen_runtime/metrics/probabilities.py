"""Row losses of class probabilities."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Truth, UndefinedScoreError

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


def logarithmic(codes: Codes, probabilities: Floats, _: Context) -> Floats:
    return row_losses(codes, probabilities)


def quadratic(codes: Codes, probabilities: Floats, _: Context) -> Floats:
    """Brier's squared distance to the true class; half of it for two classes, as scikit-learn."""
    if probabilities.shape[1] == 2:
        return (probabilities[:, 1] - codes) ** 2
    own = probabilities[np.arange(len(codes)), codes]
    return (probabilities**2).sum(axis=1) - 2 * own + 1.0


def probable_hits(codes: Codes, probabilities: Floats, context: Context) -> tuple[Floats, Floats]:
    """Terms of an F1 whose predicted labels are probabilities: no threshold (breast-cancer screening competition)."""
    if probabilities.shape[1] != 2:
        raise UndefinedScoreError("The probabilistic F1 needs two classes.")
    positive = 1 if context.positive is None else context.positive
    true, said = (codes == positive).astype(np.float64), probabilities[:, positive]
    return 2 * true * said, true + said


def divergence(truth: Truth, probabilities: Floats, context: Context) -> Floats:
    """Kullback-Leibler divergence from the true distribution of a row to the predicted one, in nats.

    A truth of class codes is certain, and the divergence the logarithmic loss. Truths are divided by their sum (votes);
    NaN for a row whose truth is unknown or empty.
    """
    if truth.ndim == 1:
        return row_losses(truth, probabilities)
    sums = truth.sum(axis=1, keepdims=True)
    shares = np.divide(truth, sums, out=np.full(truth.shape, np.nan), where=sums > 0)
    surprise = np.log(np.maximum(shares, EPSILON)) - np.log(np.maximum(normalised(probabilities), EPSILON))
    return np.where(shares > 0, shares * surprise, shares * 0.0).sum(axis=1)
