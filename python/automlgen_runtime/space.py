"""The space in which predictions are averaged, and the way back to what a metric scores.

probabilities  for losses of probabilities, and for metrics of labels (a decision rule makes labels of them)
votes          for metrics of labels where programs write labels alone
ranks          where only the order of rows counts
row-scales     where only the order within a row counts: each row is stretched to 0 ... 1
logarithms     for errors of logarithms: the mean of log(1 + x)
directions     for places on a sphere: the mean of unit vectors, so that 179 and -179 degrees meet at 180
values         otherwise: numbers clipped to the range of the training target (one extrapolating model ruined whole
               blends without it)
Texts cannot be averaged.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from automlgen_runtime.metrics.arrays import Floats, Prediction
from automlgen_runtime.metrics.probabilities import normalised
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import rank_shares
from automlgen_runtime.submission import Answer

Averaging = Literal["probabilities", "votes", "ranks", "row-scales", "logarithms", "directions", "values", "none"]
LOGARITHMIC = ("rmsle",)
WITHIN_ROWS = ("lrap", "lwlrap")


def averaging_of(ruler: Ruler) -> Averaging:
    """How answers of this task are averaged; for labels where probabilities are written."""
    metric = ruler.metric
    if metric.blend == "none" or ruler.claimed:
        return "none"
    if metric.predictions == "label":
        return "probabilities"
    if metric.name in WITHIN_ROWS or (metric.name == "ndcg" and ruler.targets):
        return "row-scales"
    if metric.blend == "rank":
        return "ranks"
    if metric.predictions == "probability":
        return "probabilities"
    if metric.name == "haversine":
        return "directions"
    return "logarithms" if metric.name in LOGARITHMIC else "values"


def averageable(ruler: Ruler, answer: Answer) -> Floats | None:
    """The answer in the space of averages; nothing for texts and for labels without probabilities."""
    averaging = averaging_of(ruler)
    if averaging == "none":
        return None
    if ruler.metric.predictions == "label":
        return None if answer.probabilities is None else _shares(ruler, answer.probabilities)
    if averaging == "ranks":
        return rank_shares(answer.primary)
    if averaging == "row-scales":
        return row_scales(answer.primary)
    if averaging == "probabilities":
        return _shares(ruler, answer.primary)
    if averaging == "directions":
        return directions(answer.primary)
    values = clipped(ruler, answer.primary)
    return np.log1p(np.maximum(values, 0.0)) if averaging == "logarithms" else values


def back(ruler: Ruler, space: Floats) -> Prediction:
    """From an average to the form that the metric scores; averages for metrics of labels need a decision rule."""
    averaging = averaging_of(ruler)
    if averaging == "logarithms":
        return np.expm1(space)
    return places(space) if averaging == "directions" else space


def _shares(ruler: Ruler, probabilities: Floats) -> Floats:
    """Of exclusive classes they sum to 1; of labels that do not exclude one another each is its own."""
    exclusive = not ruler.targets or ruler.metric.name == "kl-divergence"
    return normalised(probabilities) if exclusive else probabilities


def clipped(ruler: Ruler, values: Floats) -> Floats:
    """Each column to the range of its target; further columns, such as a confidence, stay."""
    ranges = ruler.target_ranges
    if ranges is None:
        return values
    if values.ndim == 1:
        return np.clip(values, *ranges[0])
    known = min(len(ranges), values.shape[1])
    limited = np.clip(values[:, :known], ranges[:known, 0], ranges[:known, 1])
    return np.column_stack([limited, values[:, known:]])


def row_scales(scores: Floats) -> Floats:
    low = scores.min(axis=1, keepdims=True)
    span = scores.max(axis=1, keepdims=True) - low
    return np.divide(scores - low, span, out=np.full_like(scores, 0.5), where=span > 0)


def directions(degrees: Floats) -> Floats:
    """Unit vectors of (latitude, longitude)."""
    latitude, longitude = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def places(vectors: Floats) -> Floats:
    """(latitude, longitude) of vectors of any length."""
    x, y, z = vectors.T
    return np.degrees(np.column_stack([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)]))


def votes(answer: Prediction, classes: int) -> Floats:
    """Labels as certain probabilities: rows x classes, or rows x targets where each is 0 or 1."""
    return answer.astype(np.float64) if answer.ndim == 2 else np.eye(classes)[answer]
