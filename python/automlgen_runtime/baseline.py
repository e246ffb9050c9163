"""The prediction that needs no program: class shares, a constant label, the mean or the median, a common text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.constants import constant
from automlgen_runtime.metrics.arrays import Prediction
from automlgen_runtime.metrics.custom import metric_of
from automlgen_runtime.standard_errors import standard_error
from automlgen_runtime.truth import classes_of, context_of, groups_in, label_columns, targets_of, truth_of

Card = Mapping[str, Any]
Labels = Sequence[str] | pd.DataFrame
"""Labels as text: a column, or a table with one column per target."""


def baseline(
    card: Card,
    labels: pd.DataFrame,
    split: Mapping[str, Any],
    train_labels: Labels | None = None,
    test_rows: int = 1,
    sample: str | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Predictions for the rows of `labels` (columns part, label...) and for `test_rows` test rows, in submission form.

    Each row is predicted from labels it is not among: K-fold rows from the other folds, hold-out rows from
    `train_labels` (the hidden labels themselves when absent). Test rows are predicted from all labels. Where only the
    order counts all rows get the same number: constants that differ by fold would be an order. `sample`: the cell of
    the sample submission, where cells are read as text.
    """
    hidden, test = _constants(card, labels, split, train_labels, sample)
    return submission_form(card, hidden), submission_form(card, np.repeat(test, test_rows, axis=0))


def baseline_score(
    card: Card,
    labels: pd.DataFrame,
    split: Mapping[str, Any],
    train_labels: Labels | None = None,
    sample: str | None = None,
) -> dict[str, Any]:
    """Score (as in `src/domain/score.ts`) of the baseline on the search rows, or on all folds.

    Where nothing is hidden: on the labels it was learnt from, and labelled as a claim.
    """
    mode = split["mode"]
    if mode == "script":
        seen = _columns(train_labels)
        table = pd.DataFrame(dict(zip(label_columns(card), seen, strict=True)))
        prediction = np.repeat(constant(card, seen, sample), len(table), axis=0)
    else:
        scored = np.ones(len(labels), bool) if mode == "folds" else (labels["part"] == "search").to_numpy()
        table = labels[scored]
        prediction = _constants(card, labels, split, train_labels, sample)[0][scored]
    metric, truth, context = metric_of(card), truth_of(card, _hidden(card, table)), context_of(card, table)
    return {
        "value": metric.value(truth, prediction, context),
        "standardError": 0.0
        if mode == "script"
        else standard_error(metric, truth, prediction, context, groups_in(table)),
        "rows": len(table),
        "direction": card["direction"],
        "source": {"folds": "folds", "script": "script"}.get(mode, "hidden"),
    }


def _hidden(card: Card, labels: pd.DataFrame) -> list[np.ndarray]:
    return [labels[name].astype(str).to_numpy(dtype=object) for name in label_columns(card)]


def _columns(labels: Labels | None) -> list[np.ndarray]:
    if labels is None:
        return []
    if isinstance(labels, pd.DataFrame):
        return [labels[name].astype(str).to_numpy(dtype=object) for name in labels.columns]
    return [np.asarray(list(labels), dtype=object)]


def _constants(
    card: Card, labels: pd.DataFrame, split: Mapping[str, Any], train_labels: Labels | None, sample: str | None
) -> tuple[Prediction, Prediction]:
    """In the form that the metric scores: one row per hidden row, and one for test rows."""
    own, folds = _hidden(card, labels), split["mode"] == "folds"
    seen = [] if folds else _columns(train_labels)
    everything = [np.concatenate(pair) for pair in zip(seen, own, strict=True)] if seen else own
    test = constant(card, everything, sample)
    if folds and metric_of(card).blend != "rank":
        parts = labels["part"].to_numpy()
        by_part = {part: constant(card, [c[parts != part] for c in own], sample) for part in np.unique(parts)}
        hidden = np.concatenate([by_part[part] for part in parts])
    else:
        hidden = np.repeat(test if folds or not seen else constant(card, seen, sample), len(labels), axis=0)
    return hidden, test


def submission_form(card: Card, prediction: Prediction) -> np.ndarray:
    """Rows as they stand in a submission: one column, or a matrix with the columns of `card.submissionColumns`."""
    metric, classes, columns = metric_of(card), classes_of(card), list(card["submissionColumns"])
    if metric.predictions == "probability" and not targets_of(card):
        return prediction[:, 1:2] if len(columns) == 1 else prediction
    if metric.predictions == "label" and not targets_of(card):
        texts = np.array(classes, dtype=object)[prediction]
        return texts if len(columns) == 1 else (texts[:, None] == np.array(columns)[None, :]).astype(np.int64)
    return prediction
