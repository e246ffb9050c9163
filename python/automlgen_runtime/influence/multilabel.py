"""Influence of rows on means over targets that are weighted with the positives of each target."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.influence import labels
from automlgen_runtime.influence.ranks import delong
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.multilabel import as_cells, column_auc, column_f1

Part = tuple[float, float, Floats]
"""Value of a target, weight of its positives, influence at its rows."""


def _f1_part(truth: Truth, predicted: Prediction, context: Context, target: int, rows: Codes) -> Part:
    codes = as_cells(truth[:, target])[rows].astype(np.int64)
    inner = Context(np.arange(2.0), weights=context.at(rows).weights, positive=1)
    found = labels.of_shares(labels.f1)(codes, np.asarray(predicted)[rows, target].astype(np.int64), inner)
    return *column_f1(truth, predicted, context, target), found


def _auc_part(truth: Truth, scores: Prediction, context: Context, target: int, rows: Codes) -> Part | None:
    known = column_auc(truth, scores, context, target)
    if known is None:
        return None
    positive = as_cells(truth[:, target])[rows] == 1
    return *known, delong(positive, scores[rows, target], context.at(rows).weights)


def _weighted(part: Callable[..., Part | None], truth: Truth, prediction: Prediction, context: Context) -> Floats:
    rows_of = [np.flatnonzero(~np.isnan(as_cells(column))) for column in truth.T]
    found = [(t, rows, part(truth, prediction, context, t, rows)) for t, rows in enumerate(rows_of)]
    parts = [(t, rows, known) for t, rows, known in found if known is not None]
    supports = float(sum(known[1] for _, _, known in parts))
    total = np.zeros(len(truth))
    if supports == 0:
        return total
    value = sum(known[0] * known[1] for _, _, known in parts) / supports
    own = np.ones(len(truth)) if context.weights is None else context.weights
    for t, rows, (score, support, influence) in parts:
        total[rows] += support / supports * influence * (len(truth) / len(rows))
        total[rows] += own[rows] * as_cells(truth[rows, t]) * (score - value) * len(truth) / supports
    return total


def weighted_f1(truth: Truth, predicted: Prediction, context: Context) -> Floats:
    return _weighted(_f1_part, truth, predicted, context)


def weighted_auc(truth: Truth, scores: Prediction, context: Context) -> Floats:
    return _weighted(_auc_part, truth, scores, context)
