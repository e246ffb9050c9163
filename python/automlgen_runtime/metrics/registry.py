"""The table of metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from automlgen_runtime.metrics import labels, probabilities, ranks, values
from automlgen_runtime.metrics.arrays import NOTHING, Context, Floats, Prediction, Truth, UndefinedScoreError
from automlgen_runtime.metrics.classes import encode, levels_of

Direction = Literal["maximise", "minimise"]
Kind = Literal["probability", "label", "value"]

__all__ = ["METRICS", "RANKED", "Metric", "UndefinedScoreError", "metric_named", "score"]


@dataclass(frozen=True)
class Metric:
    """`value(truth, prediction, context)`; `perfect` is the best value there is, `worst` the other end or infinity."""

    name: str
    direction: Direction
    predictions: Kind
    perfect: float
    worst: float
    value: Callable[[Truth, Prediction, Context], float]

    @property
    def sign(self) -> float:
        """1 where larger is better, -1 where smaller is."""
        return 1.0 if self.direction == "maximise" else -1.0


def _of_cells(function: Callable[[Floats, Floats], float]) -> Callable[[Truth, Prediction, Context], float]:
    return lambda y, p, at: function(labels.confusion(y, p, len(at.levels)), at.levels)


_INFINITE = float("inf")

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("auc", "maximise", "probability", 1.0, 0.0, lambda y, p, _: ranks.auc(y, p)),
        Metric("logloss", "minimise", "probability", 0.0, _INFINITE, lambda y, p, _: probabilities.logloss(y, p)),
        Metric("accuracy", "maximise", "label", 1.0, 0.0, _of_cells(lambda cells, _: labels.accuracy_of(cells))),
        Metric("f1-macro", "maximise", "label", 1.0, 0.0, _of_cells(lambda cells, _: labels.f1_macro_of(cells))),
        Metric("qwk", "maximise", "label", 1.0, -1.0, _of_cells(labels.qwk_of)),
        Metric("rmse", "minimise", "value", 0.0, _INFINITE, lambda y, p, _: values.rmse(y, p)),
        Metric("rmsle", "minimise", "value", 0.0, _INFINITE, lambda y, p, _: values.rmsle(y, p)),
        Metric("mae", "minimise", "value", 0.0, _INFINITE, lambda y, p, _: values.mae(y, p)),
        Metric("r2", "maximise", "value", 1.0, -_INFINITE, lambda y, p, _: values.r2(y, p)),
        Metric("spearman", "maximise", "value", 1.0, -1.0, lambda y, p, _: ranks.spearman(y, p)),
    )
}

RANKED = ("auc", "spearman")
"""Metrics that see only the order of predictions."""


def metric_named(name: str) -> Metric:
    """Raises KeyError with the known names."""
    try:
        return METRICS[name]
    except KeyError:
        raise KeyError(f"Metric {name!r} is not registered; known: {', '.join(METRICS)}.") from None


def score(name: str, y_true: Sequence[object], y_pred: npt.ArrayLike, classes: Sequence[str] | None = None) -> float:
    """Value of a metric for labels as they are written in the task's files.

    `y_pred`: probabilities (rows x classes, or one column for the second of two classes), labels, or numbers.
    """
    metric = metric_named(name)
    if metric.predictions == "value":
        truth = np.asarray([float(v) for v in y_true])  # type: ignore[arg-type]
        return metric.value(truth, np.asarray(y_pred, dtype=np.float64), NOTHING)
    if classes is None:
        raise ValueError(f"Metric {name} needs the list of classes.")
    codes = encode(y_true, classes)
    predicted = both_columns(y_pred) if metric.predictions == "probability" else encode(list(y_pred), classes)
    return metric.value(codes, predicted, Context(levels_of(classes)))


def both_columns(probabilities_: npt.ArrayLike) -> Floats:
    """A matrix of probabilities; one column is that of the second of two classes."""
    matrix = np.asarray(probabilities_, dtype=np.float64)
    if matrix.ndim == 1:
        matrix = matrix[:, None]
    return np.column_stack([1.0 - matrix[:, 0], matrix[:, 0]]) if matrix.shape[1] == 1 else matrix
