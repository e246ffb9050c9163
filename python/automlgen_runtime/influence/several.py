"""Influence of rows on means over targets and over groups of rows."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence.draws import are_draws, of_draws
from automlgen_runtime.influence.types import Influence
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth, UndefinedScoreError
from automlgen_runtime.metrics.several import Value, columns_of, cut, group_rows, weightless, without_groups


def by_column(inner: Influence, kind: str) -> Influence:
    """As `metrics.several.by_column`."""

    def influence(truth: Truth, prediction: Prediction, context: Context) -> Floats:
        if truth.ndim == 1:
            return inner(truth, prediction, context)
        total, weights = np.zeros(len(truth)), 0.0
        for weight, rows, column in columns_of(truth, context):
            if weightless(context.at(rows)):
                continue
            try:
                found = inner(*cut(truth, prediction, context, kind, rows, column))
            except UndefinedScoreError:
                continue
            total[rows] += weight * found * (len(truth) / len(rows))
            weights += weight
        return total / weights if weights else total

    return influence


def by_group(inner: Influence, value: Value) -> Influence:
    """As `metrics.several.by_group`; `value` is the metric of one group."""

    def influence(truth: Truth, prediction: Prediction, context: Context) -> Floats:
        if context.groups is None:
            return inner(truth, prediction, context)
        parts = [
            (rows, (truth[rows], prediction[rows], without_groups(context, rows)))
            for rows in group_rows(context.groups)
        ]
        if are_draws(context.groups):
            values = np.full(int(context.groups.max()) + 1, np.nan)
            for rows, arrays in parts:
                values[context.groups[rows[0]]] = _or_nan(value, arrays)
            return of_draws(values, context.groups)
        total, scored = np.zeros(len(truth)), 0
        for rows, arrays in parts:
            if not np.isnan(_or_nan(value, arrays)):
                total[rows] = inner(*arrays) * (len(truth) / len(rows))
                scored += 1
        return total / max(scored, 1)

    return influence


def _or_nan(value: Value, arrays: tuple[Truth, Prediction, Context]) -> float:
    if weightless(arrays[2]):
        return float("nan")
    try:
        return value(*arrays)
    except UndefinedScoreError:
        return float("nan")
