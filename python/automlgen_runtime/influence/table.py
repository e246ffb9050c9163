"""Influence functions by metric name."""

from __future__ import annotations

from automlgen_runtime.influence import labels, moments, multilabel, ranks
from automlgen_runtime.influence.draws import of_draws
from automlgen_runtime.influence.ratios import of_ratio
from automlgen_runtime.influence.several import by_column, by_group
from automlgen_runtime.influence.types import Influence, centred
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.rankings import ndcg_parts
from automlgen_runtime.metrics.ratio_table import RATIOS
from automlgen_runtime.metrics.registry import JOINT, METRICS, VALUES


def _several(matrix: Influence, single: Influence) -> Influence:
    return lambda y, p, context: (matrix if y.ndim == 2 else single)(y, p, context)


def _ndcg(truth: Truth, values: Prediction, context: Context) -> Floats:
    scores, queries = ndcg_parts(truth, values, context)
    return centred(scores, context) if truth.ndim == 2 else of_draws(scores, queries)


_F1 = labels.of_shares(labels.f1)

SINGLE: dict[str, Influence] = {
    "auc": ranks.auc,
    "auc-weighted": _several(multilabel.weighted_auc, ranks.auc_weighted),
    "average-precision": ranks.average_precision,
    "balanced-accuracy": labels.of_shares(labels.balanced_accuracy),
    "f1": _F1,
    "f1-macro": _several(by_column(_F1, "label"), labels.of_shares(labels.f1_macro)),
    "f1-weighted": _several(multilabel.weighted_f1, labels.of_shares(labels.f1_weighted)),
    "fbeta": labels.of_shares(labels.fbeta),
    "mcc": labels.of_shares(labels.mcc),
    "kappa": labels.of_shares(labels.kappa),
    "qwk": moments.qwk,
    "jaccard": labels.of_shares(labels.jaccard),
    "r2": moments.r2,
    "pearson": moments.pearson_influence,
    "spearman": lambda y, p, _: ranks.spearman_influence(y, p),
    "kendall": lambda y, p, _: ranks.kendall_influence(y, p),
}
"""Of one target, or of what a metric takes as a whole."""


def _complete(name: str, inner: Influence) -> Influence:
    grouped = by_group(inner, VALUES[name])
    return grouped if name in JOINT else by_column(grouped, METRICS[name].predictions)


def _of_ratios(name: str) -> Influence:
    inner = of_ratio(RATIOS[name])
    return inner if name in JOINT else by_column(inner, METRICS[name].predictions)


INFLUENCES: dict[str, Influence] = {
    **{name: _complete(name, inner) for name, inner in SINGLE.items()},
    **{name: _of_ratios(name) for name in RATIOS},
    "ndcg": _ndcg,
}
"""Every metric but the task's own, which is resampled."""


def influences(name: str, truth: Truth, prediction: Prediction, context: Context) -> Floats:
    """One number per row, in the metric's unit, mean 0."""
    return INFLUENCES[name](truth, prediction, context)
