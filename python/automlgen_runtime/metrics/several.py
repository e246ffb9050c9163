"""Several targets and groups of rows: the metric of each, then the mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction, Truth, UndefinedScoreError

Value = Callable[[Truth, Prediction, Context], float]

SELDOM = "The metric has a value in none of the {parts}."


def by_column(inner: Value, kind: str) -> Value:
    """(Weighted) mean over the targets; cells without truth are skipped, and so are targets without a value."""

    def value(truth: Truth, prediction: Prediction, context: Context) -> float:
        if truth.ndim == 1:
            return inner(truth, prediction, context)
        values, weights = [], []
        for weight, rows, column in columns_of(truth, context):
            found = _or_nothing(inner, *cut(truth, prediction, context, kind, rows, column))
            if found is not None:
                values.append(found)
                weights.append(weight)
        return _mean(values, weights, "targets")

    return value


def by_group(inner: Value) -> Value:
    """Plain mean over the groups of `context.groups`; groups without a value are skipped."""

    def value(truth: Truth, prediction: Prediction, context: Context) -> float:
        if context.groups is None:
            return inner(truth, prediction, context)
        parts = (
            _or_nothing(inner, truth[rows], prediction[rows], without_groups(context, rows))
            for rows in group_rows(context.groups)
        )
        values = [found for found in parts if found is not None]
        return _mean(values, [1.0] * len(values), "groups")

    return value


def _or_nothing(inner: Value, truth: Truth, prediction: Prediction, context: Context) -> float | None:
    if weightless(context):
        return None
    try:
        return inner(truth, prediction, context)
    except UndefinedScoreError:
        return None


def weightless(context: Context) -> bool:
    """Whether no row of a group or target counts, so that it has no value."""
    return context.weights is not None and not context.weights.any()


def _mean(values: list[float], weights: list[float], parts: str) -> float:
    if not sum(weights):
        raise UndefinedScoreError(SELDOM.format(parts=parts))
    return float(np.average(values, weights=weights))


def columns_of(truth: Truth, context: Context) -> Iterator[tuple[float, Codes, int]]:
    """(weight, rows with a truth, position) of each target that has a truth and a weight."""
    weights = target_weights(truth, context)
    for column in range(truth.shape[1]):
        rows = np.flatnonzero(~np.isnan(np.asarray(truth[:, column], dtype=np.float64)))
        if len(rows) and weights[column]:
            yield float(weights[column]), rows, column


def target_weights(truth: Truth, context: Context) -> Floats:
    given = context.options.get("target_weights")
    weights = np.ones(truth.shape[1]) if given is None else np.asarray(given, dtype=np.float64)
    if len(weights) != truth.shape[1]:
        raise UndefinedScoreError(f"target_weights has {len(weights)} numbers for {truth.shape[1]} targets.")
    return weights


def cut(
    truth: Truth, prediction: Prediction, context: Context, kind: str, rows: Codes, column: int
) -> tuple[Truth, Prediction, Context]:
    """One target of several, as the metric of a single one takes it."""
    own, said, inner = truth[rows, column], prediction[rows, column], context.at(rows)
    if kind == "value":
        return np.asarray(own, dtype=np.float64), said, inner
    codes = np.asarray(own, dtype=np.int64)
    if kind == "probability":
        return codes, np.column_stack([1.0 - said, said]), inner.of_classes(2)
    most = int(max(codes.max(), said.max())) + 1
    return codes, np.asarray(said, dtype=np.int64), inner.of_classes(max(2, most, len(context.levels)))


def group_rows(groups: Codes) -> list[Codes]:
    """Rows of each group, in the order of the groups."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def without_groups(context: Context, rows: Codes) -> Context:
    return context.at(rows).ungrouped()
