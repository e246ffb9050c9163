"""The best constant answer by metric, learnt from labels: what a program must beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Texts, Truth
from automlgen_runtime.metrics.custom import metric_of
from automlgen_runtime.metrics.metric import Metric
from automlgen_runtime.space import directions, places
from automlgen_runtime.truth import classes_of, levels_for, truth_of

Card = Mapping[str, Any]

UNSEEN = 0.5
"""Rows added to every class before shares are taken, so that no class has probability 0."""
TRIED_CLASSES = 50
TRIED_ROWS = 5_000
"""Constants are compared on at most this many rows; more would change no choice that matters."""
LEAST_SIGMA = 70.0

MEANS = ("rmse", "r2", "pearson")


def constant(card: Card, columns: Sequence[np.ndarray], sample: str | None = None) -> Prediction:
    """One row of predictions in the form that the metric scores. `columns`: labels as text, one array per target.

    `sample`: the cell of the sample submission, where it is the same in every row and cells are read as text.
    """
    metric, truth = metric_of(card), truth_of(card, columns)
    if metric.predictions == "value":
        return _values(card, metric, truth)
    if metric.predictions == "probability":
        return _shares(card, metric, truth)
    context = Context(options=dict(card.get("metricOptions") or {})).with_levels(levels_for(card), classes_of(card))
    if metric.predictions == "text":
        return _best(metric, truth, context, _texts(metric, truth, context, sample))
    return _best(metric, truth, context, _label_sets(truth) if truth.ndim == 2 else _labels(truth, len(context.levels)))


def _values(card: Card, metric: Metric, truth: Truth) -> Floats:
    if metric.name == "haversine":
        return places(directions(truth).mean(axis=0, keepdims=True))
    options = card.get("metricOptions") or {}
    columns = [column[~np.isnan(column)] for column in (truth.T if truth.ndim == 2 else [truth])]
    centres = np.array([_centre(metric.name, column, float(options.get("quantile", 0.5))) for column in columns])
    if metric.name == "laplace-log-likelihood":
        sigma = max(LEAST_SIGMA, float(np.sqrt(2.0) * np.abs(columns[0] - centres[0]).mean()))
        return np.array([[centres[0], sigma]])
    return centres[None, :] if truth.ndim == 2 else centres


def _centre(metric: str, numbers: Floats, quantile: float) -> float:
    if not len(numbers):
        return 0.0
    if metric in MEANS:
        return float(numbers.mean())
    if metric == "rmsle":
        return float(np.expm1(np.log1p(np.maximum(numbers, 0)).mean()))
    if metric == "mape":
        return _weighted_median(numbers, 1.0 / np.maximum(np.abs(numbers), np.finfo(np.float64).eps))
    return float(np.quantile(numbers, quantile if metric == "pinball" else 0.5))


def _weighted_median(numbers: Floats, weights: Floats) -> float:
    order = np.argsort(numbers, kind="stable")
    running = np.cumsum(weights[order])
    return float(numbers[order][np.searchsorted(running, running[-1] / 2)])


def _shares(card: Card, metric: Metric, truth: Truth) -> Floats:
    if truth.ndim == 1:
        counts = np.bincount(truth, minlength=len(classes_of(card))) + UNSEEN
        return (counts / counts.sum())[None, :]
    known = (~np.isnan(truth)).sum(axis=0)
    if metric.name == "kl-divergence":
        sums = np.nansum(truth, axis=1, keepdims=True)
        mean = np.nan_to_num(np.divide(truth, sums, out=np.zeros_like(truth), where=sums > 0)).sum(axis=0) + UNSEEN
        return (mean / mean.sum())[None, :]
    return ((np.nansum(truth, axis=0) + UNSEEN) / (known + 2 * UNSEEN))[None, :]


def _labels(codes: Truth, classes: int) -> list[Prediction]:
    """Every class, the commonest first; of many only the commonest 50."""
    counts = np.bincount(codes, minlength=classes)
    order = np.argsort(-counts, kind="stable")[:TRIED_CLASSES]
    return [np.array([code], dtype=np.int64) for code in order]


def _label_sets(truth: Floats) -> list[Prediction]:
    """Of several targets: those true more often than not; then the commonest one, two, ... all."""
    shares = np.nan_to_num(np.nanmean(truth, axis=0)) if len(truth) else np.zeros(truth.shape[1])
    order = np.argsort(-shares, kind="stable")
    found = [(shares > 0.5).astype(np.int64)[None, :]]
    for count in range(1, min(len(order), TRIED_CLASSES) + 1):
        row = np.zeros((1, len(order)), np.int64)
        row[0, order[:count]] = 1
        found.append(row)
    return found


def _texts(metric: Metric, truth: Texts, context: Context, sample: str | None) -> list[Prediction]:
    """The commonest cell, an empty one, the sample's, and the commonest words, one, two, ... of them."""
    words = [word for word, _ in Counter(word for cell in truth for word in cell.split()).most_common(TRIED_CLASSES)]
    if metric.name == "map-at-k":
        wanted = [" ".join(words[: int(context.options.get("k", 5))]), sample]
    else:
        common = [cell for cell, _ in Counter(truth).most_common(1)]
        lists = [" ".join(words[:count]) for count in range(1, 6)] if metric.name in BAGS else []
        wanted = [*common, *lists, "", sample]
    return [_cell(text) for text in dict.fromkeys(wanted) if text is not None]


BAGS = ("jaccard-sets", "jaccard-words", "f1-sets", "f1-sets-micro")
"""Metrics of cells that are bags of words."""


def _cell(text: str) -> Texts:
    cell = np.empty(1, dtype=object)
    cell[0] = text
    return cell


def _best(metric: Metric, truth: Truth, context: Context, candidates: list[Prediction]) -> Prediction:
    """The candidate with the best score on the labels themselves; the first among equals."""
    some = truth[:: max(1, len(truth) // TRIED_ROWS)]

    def quality(candidate: Prediction) -> float:
        return metric.sign * _value(metric.value, some, np.repeat(candidate, len(some), axis=0), context)

    return max(candidates, key=quality) if len(some) else candidates[0]


def _value(function: Callable[..., float], truth: Truth, prediction: Prediction, context: Context) -> float:
    try:
        return function(truth, prediction, context)
    except ValueError:
        return float("-inf")
