"""The prediction that needs no program: class shares, the commonest class, the mean or the median."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.metrics import METRICS, NOTHING, RANKED, Context
from automlgen_runtime.metrics.arrays import Floats
from automlgen_runtime.metrics.classes import encode, levels_of
from automlgen_runtime.metrics.registry import both_columns
from automlgen_runtime.standard_errors import standard_error

Card = Mapping[str, Any]

UNSEEN = 0.5
"""Rows added to every class before shares are taken, so that no class has probability 0."""


def constant(card: Card, labels: Sequence[str]) -> Floats | str | float:
    """Best constant learnt from `labels`: class shares (one per class), a class as written, or a number."""
    kind = METRICS[card["metric"]].predictions
    if kind == "value":
        return _centre(card["metric"], np.asarray([float(v) for v in labels]))
    counts = np.bincount(encode(labels, card["classes"]), minlength=len(card["classes"])) + UNSEEN
    shares = counts / counts.sum()
    return shares if kind == "probability" else str(card["classes"][int(np.argmax(shares))])


def _centre(metric: str, numbers: Floats) -> float:
    if metric in ("rmse", "r2"):
        return float(numbers.mean())
    if metric == "rmsle":
        return float(np.expm1(np.log1p(np.maximum(numbers, 0)).mean()))
    return float(np.median(numbers))


def baseline(
    card: Card,
    labels: pd.DataFrame,
    split: Mapping[str, Any],
    train_labels: Sequence[str] | None = None,
    test_rows: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Predictions for the rows of `labels` (columns part, label) and for `test_rows` test rows, in submission form.

    Each row is predicted from labels it is not among: K-fold rows from the other folds, hold-out rows from
    `train_labels` (the hidden labels themselves when absent). Test rows are predicted from all labels. Where only the
    order counts all rows get the same number: constants that differ by fold would be an order.
    """
    texts, parts = labels["label"].astype(str).to_numpy(), labels["part"].to_numpy()
    folds = split["mode"] == "folds"
    seen = list(train_labels) if train_labels is not None and not folds else []
    everything = seen + list(texts)
    if folds and card["metric"] in RANKED:
        hidden = _repeated(card, constant(card, everything), len(texts))
    elif not folds:
        hidden = _repeated(card, constant(card, seen or everything), len(texts))
    else:
        by_part = {part: constant(card, list(texts[parts != part])) for part in np.unique(parts)}
        hidden = np.concatenate([_repeated(card, by_part[part], 1) for part in parts])
    return hidden, _repeated(card, constant(card, everything), test_rows)


def _repeated(card: Card, value: Floats | str | float, rows: int) -> np.ndarray:
    """`rows` lines of the submission: a matrix of probabilities, or a vector."""
    if isinstance(value, np.ndarray):
        single = len(card["submissionColumns"]) == 1
        return np.tile(value[1:2] if single else value, (rows, 1))
    return np.full(rows, value, dtype=object if isinstance(value, str) else np.float64)


def baseline_score(
    card: Card, labels: pd.DataFrame, split: Mapping[str, Any], train_labels: Sequence[str] | None = None
) -> dict[str, Any]:
    """Score (as in `src/domain/score.ts`) of the baseline on the search rows, or on all folds."""
    hidden, _ = baseline(card, labels, split, train_labels)
    scored = np.ones(len(labels), bool) if split["mode"] == "folds" else (labels["part"] == "search").to_numpy()
    metric = METRICS[card["metric"]]
    texts = labels["label"].astype(str).to_numpy()[scored]
    context = NOTHING if metric.predictions == "value" else Context(levels_of(card["classes"]))
    if metric.predictions == "value":
        truth, prediction = texts.astype(np.float64), hidden[scored].astype(np.float64)
    else:
        truth = encode(texts, card["classes"])
        part = hidden[scored]
        prediction = both_columns(part) if metric.predictions == "probability" else encode(part, card["classes"])
    groups = None
    if "group" in labels:
        groups = np.unique(labels["group"].astype(str)[scored], return_inverse=True)[1].astype(np.int64)
    return {
        "value": metric.value(truth, prediction, context),
        "standardError": standard_error(metric, truth, prediction, context, groups),
        "rows": int(scored.sum()),
        "direction": card["direction"],
        "source": "folds" if split["mode"] == "folds" else "hidden",
    }
