"""From the text of hidden labels or private answers to the arrays that metrics compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.errors import UserFault
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Truth
from automlgen_runtime.metrics.classes import encode, levels_of
from automlgen_runtime.metrics.registry import kind_of

Card = Mapping[str, Any]

ABSENT = ("", "nan", "na", "null", "none")
"""Cells of a target that has no label for a row, where there are several targets."""
YES_OR_NO = {"true": 1.0, "false": 0.0}


def targets_of(card: Card) -> list[str]:
    """All targets where there are several, else nothing."""
    found = list(card.get("targets") or [])
    return found if len(found) > 1 else []


def classes_of(card: Card) -> list[str]:
    """Labels of the target; of several targets that each row has or has not: 0 and 1."""
    if targets_of(card) and kind_of(card["metric"], card.get("metricOptions")) in ("label", "probability"):
        return ["0", "1"]
    return list(card.get("classes") or [])


def label_columns(card: Card) -> list[str]:
    """Columns of `hidden/labels.csv` that hold the truth."""
    count = len(targets_of(card))
    return [f"label.{i}" for i in range(1, count + 1)] if count else ["label"]


def truth_of(card: Card, columns: Sequence[np.ndarray]) -> Truth:
    """One column of text per target. Codes, numbers or texts; of several targets a matrix with NaN where unlabelled."""
    if len(columns) > 1:
        return np.column_stack([_numbers(column) for column in columns])
    kind = kind_of(card["metric"], card.get("metricOptions"))
    if kind == "text":
        return np.asarray(columns[0], dtype=object)
    if kind == "value":
        return np.asarray(columns[0]).astype(np.float64)
    return encode(columns[0], classes_of(card))


def _numbers(column: np.ndarray) -> Floats:
    def number(cell: object) -> float:
        text = str(cell).strip().lower()
        if text in ABSENT:
            return float("nan")
        return YES_OR_NO[text] if text in YES_OR_NO else float(text)

    return np.fromiter((number(cell) for cell in column), dtype=np.float64, count=len(column))


def levels_for(card: Card) -> Floats:
    kind = kind_of(card["metric"], card.get("metricOptions"))
    return levels_of(classes_of(card)) if kind in ("label", "probability") else np.zeros(0)


def codes_of(column: np.ndarray | pd.Series) -> Codes:
    """Groups as integers, in the order of their names."""
    return np.unique(np.asarray(column).astype(str), return_inverse=True)[1].astype(np.int64)


def groups_in(table: pd.DataFrame) -> Codes | None:
    return codes_of(table["group"]) if "group" in table else None


def context_of(card: Card, table: pd.DataFrame) -> Context:
    """Weights, metric groups and scales from the optional columns of `table`."""

    def numbers(name: str) -> Floats | None:
        if name not in table:
            return None
        found = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
        if not np.isfinite(found).all():
            wrong = table[name].iloc[int(np.argmin(np.isfinite(found)))]
            raise UserFault(
                "task-invalid",
                f"The column of {name}s has the cell {str(wrong)[:60]!r}, which is no finite number.",
                f"Fill it, or leave metric_options.{name} out.",
            )
        return found

    plain = Context(
        options=dict(card.get("metricOptions") or {}),
        weights=numbers("weight"),
        groups=codes_of(table["metric_group"]) if "metric_group" in table else None,
        scale=numbers("scale"),
    )
    return plain.with_levels(levels_for(card), classes_of(card))
