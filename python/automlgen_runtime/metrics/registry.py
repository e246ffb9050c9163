"""The table of metrics, and the score of labels as people write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from automlgen_runtime.metrics import labels, moments, multilabel, rankings, ranks
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth, UndefinedScoreError
from automlgen_runtime.metrics.classes import encode, levels_of
from automlgen_runtime.metrics.metric import Blend, Direction, Kind, Metric
from automlgen_runtime.metrics.ratio_table import RATIOS
from automlgen_runtime.metrics.ratios import require_weight
from automlgen_runtime.metrics.several import Value, by_column, by_group

__all__ = ["METRICS", "RANKED", "Metric", "UndefinedScoreError", "both_columns", "kind_of", "metric_named", "score"]

_INFINITE = float("inf")
_LEAST_LAPLACE = -float(np.log(np.sqrt(2.0) * 70.0))


def _of_shares(function: labels.OfShares) -> Value:
    return lambda y, p, context: function(labels.shares_of(y, p, context), context)


def _several(matrix: Value, single: Value) -> Value:
    """One definition for several targets together, another for a single one."""
    return lambda y, p, context: (matrix if y.ndim == 2 else single)(y, p, context)


def _undefined(_: Truth, __: Prediction, ___: Context) -> float:
    raise UndefinedScoreError("A metric of the task's own needs its file: set metric_options.file.")


VALUES: dict[str, Value] = {
    "auc": ranks.auc,
    "auc-weighted": _several(multilabel.weighted_auc, ranks.auc_weighted),
    "average-precision": ranks.average_precision,
    "balanced-accuracy": _of_shares(labels.balanced_accuracy),
    "f1": _of_shares(labels.f1),
    "f1-macro": _several(by_column(_of_shares(labels.f1), "label"), _of_shares(labels.f1_macro)),
    "f1-weighted": _several(multilabel.weighted_f1, _of_shares(labels.f1_weighted)),
    "fbeta": _of_shares(labels.fbeta),
    "mcc": _of_shares(labels.mcc),
    "kappa": _of_shares(labels.kappa),
    "qwk": moments.qwk,
    "jaccard": _of_shares(labels.jaccard),
    "r2": moments.r2,
    "pearson": moments.pearson,
    "spearman": lambda y, p, _: ranks.spearman(y, p),
    "kendall": lambda y, p, _: ranks.kendall(y, p),
    "ndcg": rankings.ndcg,
    "custom": _undefined,
    **{name: ratio.value for name, ratio in RATIOS.items()},
}

JOINT = frozenset(
    (
        *(
            "auc-weighted",
            "kl-divergence",
            "f1-macro",
            "f1-micro",
            "f1-weighted",
            "f1-samples",
            "ndcg",
            "lrap",
            "lwlrap",
        ),
        *("laplace-log-likelihood", "haversine", "angular-error", "map-at-k", "kendall-orders", "jaccard-sets"),
        *("jaccard-words", "f1-sets", "f1-sets-micro", "levenshtein"),
        *("dice", "dice-global", "iou", "iou-precision", "custom"),
    )
)
"""Metrics that take several targets as a whole; the others are the mean over the targets."""

GROUPED = frozenset(("ndcg", "custom", *RATIOS))
"""Metrics that look at the groups themselves; the others are wrapped."""

UNWEIGHTED = frozenset(("spearman", "kendall", "custom"))

RANKED = ("auc", "auc-weighted", "average-precision", "spearman", "kendall")
"""Metrics that see only the order of predictions over all rows."""


def _metric(
    name: str, direction: Direction, predictions: Kind, perfect: float, worst: float, blend: Blend = "mean"
) -> Metric:
    value = VALUES[name] if name in GROUPED else by_group(VALUES[name])
    value = value if name in JOINT else by_column(value, predictions)
    weighted = name not in UNWEIGHTED
    return Metric(name, direction, predictions, perfect, worst, _checked(name, value, weighted), blend, weighted)


def _checked(name: str, value: Value, weighted: bool) -> Value:
    """Empty rows and weights that the metric cannot honour are faults, not numbers."""

    def checked(truth: Truth, prediction: Prediction, context: Context) -> float:
        if not len(truth):
            raise UndefinedScoreError(f"There are no rows to score {name} on.")
        if context.weights is not None and not weighted:
            raise UndefinedScoreError(f"{name} takes no row weights: leave metric_options.weight out.")
        if context.weights is not None:
            require_weight(context.weights)
        return value(truth, prediction, context)

    return checked


def _up(name: str, predictions: Kind, worst: float = 0.0, blend: Blend = "mean", perfect: float = 1.0) -> Metric:
    return _metric(name, "maximise", predictions, perfect, worst, blend)


def _down(name: str, predictions: Kind, worst: float = _INFINITE, blend: Blend = "mean") -> Metric:
    return _metric(name, "minimise", predictions, 0.0, worst, blend)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        _up("auc", "probability", blend="rank"),
        _up("auc-weighted", "probability", blend="rank"),
        _up("average-precision", "probability", blend="rank"),
        _down("logloss", "probability"),
        _down("brier", "probability", 2.0),
        _up("f1-probability", "probability"),
        _down("kl-divergence", "probability"),
        _up("accuracy", "label"),
        _up("balanced-accuracy", "label"),
        _up("f1", "label"),
        _up("f1-macro", "label"),
        _up("f1-micro", "label"),
        _up("f1-weighted", "label"),
        _up("f1-samples", "label"),
        _up("fbeta", "label"),
        _up("mcc", "label", -1.0),
        _up("kappa", "label", -1.0),
        _up("qwk", "label", -1.0),
        _up("jaccard", "label"),
        _down("rmse", "value"),
        _down("rmsle", "value"),
        _down("rmspe", "value"),
        _down("mae", "value"),
        _metric("log-mae", "minimise", "value", float(np.log(1e-9)), _INFINITE),
        _down("mape", "value"),
        _down("smape", "value", 200.0),
        _down("mase", "value"),
        _up("r2", "value", -_INFINITE),
        _up("pearson", "value", -1.0),
        _up("spearman", "value", -1.0, "rank"),
        _up("kendall", "value", -1.0, "rank"),
        _down("pinball", "value"),
        _up("laplace-log-likelihood", "value", -_INFINITE, perfect=_LEAST_LAPLACE),
        _down("haversine", "value", float(np.pi * 6_371_000.0)),
        _down("angular-error", "value", float(np.pi), "none"),
        _up("ndcg", "value", blend="rank"),
        _up("lrap", "probability"),
        _up("lwlrap", "probability"),
        _up("map-at-k", "text", blend="none"),
        _up("kendall-orders", "text", -1.0, "none"),
        _up("jaccard-sets", "text", blend="none"),
        _up("jaccard-words", "text", blend="none"),
        _up("f1-sets", "text", blend="none"),
        _up("f1-sets-micro", "text", blend="none"),
        _down("levenshtein", "text", blend="none"),
        _up("dice", "text", blend="none"),
        _up("dice-global", "text", blend="none"),
        _up("iou", "text", blend="none"),
        _up("iou-precision", "text", blend="none"),
        _up("custom", "value", -_INFINITE, perfect=_INFINITE),
    )
}


def kind_of(name: str, options: Mapping[str, Any] | None) -> Kind:
    """What programs predict; for a task's own metric its option `predictions`, numbers where it says nothing."""
    known = metric_named(name).predictions
    return (options or {}).get("predictions", known) if name == "custom" else known


def metric_named(name: str) -> Metric:
    """Raises KeyError with the known names."""
    try:
        return METRICS[name]
    except KeyError:
        raise KeyError(f"Metric {name!r} is not registered; known: {', '.join(METRICS)}.") from None


def score(
    name: str,
    y_true: Sequence[object] | npt.ArrayLike,
    y_pred: npt.ArrayLike,
    classes: Sequence[str] | None = None,
    context: Context | None = None,
) -> float:
    """Value of a metric for labels as they are written in the task's files.

    `y_pred`: probabilities (rows x classes, or one column for the second of two classes), labels, numbers, texts; for
    several targets both are matrices rows x targets. `context` brings options, weights, groups and scales.
    """
    metric, given = metric_named(name), context or Context()
    if metric.predictions == "text":
        return metric.value(_texts(y_true), _texts(y_pred), given)
    if metric.predictions == "value" or np.ndim(y_true) == 2:
        truth = np.asarray(y_true, dtype=np.float64)
        return metric.value(truth, np.asarray(y_pred, dtype=np.float64), given)
    if classes is None:
        raise ValueError(f"Metric {name} needs the list of classes.")
    codes = encode(y_true, classes)
    predicted = both_columns(y_pred) if metric.predictions == "probability" else encode(list(y_pred), classes)
    return metric.value(codes, predicted, given.with_levels(levels_of(classes), classes))


def _texts(cells: npt.ArrayLike) -> npt.NDArray[np.object_]:
    return np.array([str(cell) for cell in np.asarray(cells, dtype=object)], dtype=object)


def both_columns(probabilities_: npt.ArrayLike) -> Floats:
    """A matrix of probabilities; one column is that of the second of two classes."""
    matrix = np.asarray(probabilities_, dtype=np.float64)
    if matrix.ndim == 1:
        matrix = matrix[:, None]
    return np.column_stack([1.0 - matrix[:, 0], matrix[:, 0]]) if matrix.shape[1] == 1 else matrix
