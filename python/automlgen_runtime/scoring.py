"""Scores of stored predictions on chosen hidden rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from automlgen_runtime import paired
from automlgen_runtime.metrics.arrays import Codes, Floats, Mask, Prediction
from automlgen_runtime.metrics.ranks import midranks
from automlgen_runtime.metrics.registry import RANKED
from automlgen_runtime.predictions import NodePredictions, assembled, rows_done
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.standard_errors import standard_error


def rank_shares(values: Floats) -> Floats:
    """Ranks of each column, between 0 and 1."""
    if values.ndim == 1:
        return (midranks(values) - 0.5) / max(len(values), 1)
    return np.column_stack([rank_shares(column) for column in values.T]) if len(values) else values


def comparable(ruler: Ruler, node: NodePredictions) -> Prediction:
    """Predictions at all hidden rows, comparable from fold to fold.

    Where only the order counts each fold is replaced by its ranks: the folds are five models, and what is submitted is
    the mean of their ranks, so that a shift between them must not count as an error.
    """
    filled = assembled(ruler, node)
    if ruler.folds and ruler.metric.name in RANKED and not (ruler.targets and ruler.metric.name == "ndcg"):
        filled = filled.astype(np.float64)
        for view in node.views:
            rows = ruler.rows_of(view)
            filled[rows] = rank_shares(filled[rows])
    return filled


def value_on(ruler: Ruler, prediction: Prediction, rows: Mask | Codes) -> float:
    return ruler.metric.value(ruler.truth[rows], prediction[rows], ruler.context.at(rows))


def error_on(ruler: Ruler, prediction: Prediction, rows: Mask | Codes) -> float:
    return standard_error(
        ruler.metric, ruler.truth[rows], prediction[rows], ruler.context.at(rows), ruler.groups_of(rows)
    )


def score_on(ruler: Ruler, prediction: Prediction, rows: Mask | Codes, source: str) -> dict[str, Any]:
    """`Score` of `src/domain/score.ts`."""
    count = int(rows.sum()) if rows.dtype == bool else len(rows)
    return {
        "value": value_on(ruler, prediction, rows),
        "standardError": error_on(ruler, prediction, rows),
        "rows": count,
        "direction": ruler.metric.direction,
        "source": source,
    }


def difference_on(ruler: Ruler, first: Prediction, second: Prediction, rows: Mask | Codes) -> paired.Difference:
    return paired.difference(
        ruler.metric, ruler.truth[rows], first[rows], second[rows], ruler.context.at(rows), ruler.groups_of(rows)
    )


def score_rows(ruler: Ruler, node: NodePredictions) -> Mask:
    """The rows that a node is scored on: search rows, or the rows of the folds done."""
    return rows_done(ruler, node) & ruler.search
