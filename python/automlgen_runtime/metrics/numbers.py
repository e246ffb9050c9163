"""Row losses of predicted numbers."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, UndefinedScoreError

EARTH_METRES = 6_371_000.0
"""Mean radius."""
LEAST_SIGMA, LARGEST_ERROR = 70.0, 1000.0
"""Limits of the modified Laplace log-likelihood: confidences are raised to the one, errors cut at the other."""


def squared(truth: Floats, values: Floats, _: Context) -> Floats:
    return (values - truth) ** 2


def squared_log(truth: Floats, values: Floats, _: Context) -> Floats:
    """Squared difference of log(1 + x). Every number must be 0 or above, as in scikit-learn."""
    if len(truth) and min(float(np.min(truth)), float(np.min(values))) < 0:
        raise UndefinedScoreError("RMSLE is undefined for numbers below 0.")
    return (np.log1p(values) - np.log1p(truth)) ** 2


def absolute(truth: Floats, values: Floats, _: Context) -> Floats:
    return np.abs(values - truth)


def absolute_share(truth: Floats, values: Floats, _: Context) -> Floats:
    """|error| / |truth|, a fraction; a truth of 0 counts as the smallest step of a float, as in scikit-learn."""
    return np.abs(values - truth) / np.maximum(np.abs(truth), np.finfo(np.float64).eps)


def squared_share(truth: Floats, values: Floats, _: Context) -> Floats:
    """(error / truth) squared; NaN, not scored, where the truth is 0."""
    share = np.divide(values - truth, truth, out=np.full(len(truth), np.nan), where=truth != 0)
    return share**2


def symmetric_share(truth: Floats, values: Floats, _: Context) -> Floats:
    """In percent, between 0 and 200; 0 where truth and prediction are both 0."""
    size = np.abs(truth) + np.abs(values)
    return 200.0 * np.divide(np.abs(values - truth), size, out=np.zeros_like(size), where=size > 0)


def scaled(truth: Floats, values: Floats, context: Context) -> Floats:
    """|error| in units of the naive forecast's error (Hyndman and Koehler 2006); NaN where that error is 0."""
    if context.scale is None:
        raise UndefinedScoreError("MASE needs the scale of every row: name the column that orders the rows (time).")
    known = context.scale > 0
    return np.divide(np.abs(values - truth), context.scale, out=np.full(len(truth), np.nan), where=known)


def pinball(truth: Floats, values: Floats, context: Context) -> Floats:
    quantile = float(context.options.get("quantile", 0.5))
    return np.where(truth >= values, quantile * (truth - values), (quantile - 1) * (truth - values))


def laplace(truth: Floats, values: Floats, _: Context) -> Floats:
    """Modified Laplace log-likelihood of the pulmonary-fibrosis competition; columns: the value and its sigma."""
    if values.ndim != 2 or values.shape[1] != 2:
        raise UndefinedScoreError("The Laplace log-likelihood needs two predicted columns: the value and its sigma.")
    sigma = np.maximum(values[:, 1], LEAST_SIGMA)
    error = np.minimum(np.abs(values[:, 0] - truth), LARGEST_ERROR)
    return -np.sqrt(2.0) * error / sigma - np.log(np.sqrt(2.0) * sigma)


def angle(truth: Floats, values: Floats, _: Context) -> Floats:
    """Radians between two directions, each an azimuth and a zenith in radians; NaN where the true one is unknown."""
    if truth.ndim != 2 or truth.shape[1] != 2:
        raise UndefinedScoreError("The angular error needs two targets: azimuth and zenith.")
    (azimuth, zenith), (said, height) = truth.T, values.T
    half = np.sin((zenith - height) / 2) ** 2 + np.sin(zenith) * np.sin(height) * np.sin((azimuth - said) / 2) ** 2
    return 2 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def haversine(truth: Floats, values: Floats, _: Context) -> Floats:
    """Metres along the sphere between (latitude, longitude) in degrees; NaN where the true place is unknown."""
    if truth.ndim != 2 or truth.shape[1] != 2:
        raise UndefinedScoreError("The haversine distance needs two targets: latitude and longitude.")
    (latitude, longitude), (near, far) = np.radians(truth.T), np.radians(values.T)
    half = np.sin((near - latitude) / 2) ** 2 + np.cos(latitude) * np.cos(near) * np.sin((far - longitude) / 2) ** 2
    return 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
