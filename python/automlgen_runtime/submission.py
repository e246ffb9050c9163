"""The checks before a score counts: exact columns and ids, finite numbers, honest probabilities, known labels.

Every fault is a class of its own with a sentence that the debug operator can act on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.metrics.arrays import Codes, Floats, Prediction
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.metrics.registry import Metric, both_columns
from automlgen_runtime.table import read_table

SUBMISSION, PROBABILITIES = "submission.csv", "probabilities.csv"

SUM_TOLERANCE = 0.01 + 1e-9
"""Class probabilities of a row may miss 1 by this much (rounded files); they are divided by their sum for the score."""
LARGEST = 1e100


@dataclass(frozen=True)
class Form:
    """What a submission of a task looks like."""

    id_column: str
    columns: list[str]
    classes: list[str]
    metric: Metric


@dataclass(frozen=True)
class Answer:
    """Predictions in the order of the ids asked for. `probabilities` only for metrics of labels, where written."""

    primary: Prediction
    probabilities: Floats | None = None


def read_answer(submission: Path, probabilities: Path | None, form: Form, ids: Names, labels: Names) -> Answer:
    """Raises SubmissionFault. `labels` finds a class by its text."""
    table = _aligned(submission, SUBMISSION, form.columns, form, ids)
    if form.metric.predictions == "label":
        primary: Prediction = _labels(table, form, labels)
        extra = None if probabilities is None else _class_table(probabilities, form, ids)
        return Answer(primary, extra)
    numbers = _numbers(table, form.columns, form.id_column, SUBMISSION)
    if form.metric.predictions == "value":
        return Answer(_values(numbers[:, 0], table[form.id_column], form))
    return Answer(_probabilities(numbers, table[form.id_column], form))


def _class_table(path: Path, form: Form, ids: Names) -> Floats:
    table = _aligned(path, PROBABILITIES, form.classes, form, ids)
    numbers = _numbers(table, form.classes, form.id_column, PROBABILITIES)
    return _distribution(numbers, table[form.id_column], PROBABILITIES)


def _aligned(path: Path, name: str, columns: list[str], form: Form, ids: Names) -> pd.DataFrame:
    """The table with one line per id, in the order of `ids`."""
    table = read_table(path, name, [form.id_column, *columns], len(ids.names))
    written = table[form.id_column]
    positions = ids.positions(written)
    _check_ids(name, written, positions, ids)
    return table.iloc[np.argsort(positions, kind="stable")].reset_index(drop=True)


def _check_ids(name: str, written: pd.Series, positions: Codes, ids: Names) -> None:
    unknown = positions < 0
    if unknown.any():
        raise _bad(
            "ids-unknown",
            f"{name} has {int(unknown.sum()):,} ids that ./input/test.csv has not, for example "
            f"{written.iloc[int(unknown.argmax())][:80]!r}. Copy the ids of ./input/test.csv unchanged.",
        )
    counts = np.bincount(positions, minlength=len(ids.names))
    if (counts > 1).any():
        raise _bad(
            "ids-repeated",
            f"{name} has {int((counts > 1).sum()):,} ids more than once, for example "
            f"{ids.names[int((counts > 1).argmax())][:80]!r}. Write one line per row of ./input/test.csv.",
        )
    if (counts == 0).any():
        raise _bad(
            "ids-missing",
            f"{name} lacks {int((counts == 0).sum()):,} of {len(ids.names):,} ids, for example "
            f"{ids.names[int((counts == 0).argmax())][:80]!r}. Predict every row of ./input/test.csv.",
        )


def _numbers(table: pd.DataFrame, columns: list[str], id_column: str, name: str) -> Floats:
    matrix = np.empty((len(table), len(columns)))
    for position, column in enumerate(columns):
        cells = table[column].to_numpy(dtype=object)
        try:
            matrix[:, position] = cells.astype(np.float64)
        except ValueError:
            row, cell = next((i, c) for i, c in enumerate(cells) if not _is_number(c))
            raise _bad(
                "not-a-number",
                f"{name} has {cell[:60]!r} in column {column!r} for id {_id(table, id_column, row)}: write a number.",
            ) from None
    wrong = ~np.isfinite(matrix) | (np.abs(matrix) > LARGEST)
    if wrong.any():
        row, position = (int(i) for i in np.argwhere(wrong)[0])
        raise _bad(
            "not-finite",
            f"{name} has {int(wrong.any(axis=1).sum()):,} rows with NaN or infinite numbers, for example "
            f"{matrix[row, position]} in column {columns[position]!r} for id {_id(table, id_column, row)}.",
        )
    return matrix


def _values(values: Floats, ids: pd.Series, form: Form) -> Floats:
    if form.metric.name == "rmsle" and (values < 0).any():
        row = int((values < 0).argmax())
        raise _bad(
            "below-zero",
            f"RMSLE needs numbers of 0 or above; {int((values < 0).sum()):,} are below, for example {values[row]:g} "
            f"for id {ids.iloc[row][:80]!r}. Clip predictions at 0.",
        )
    return values


def _probabilities(numbers: Floats, ids: pd.Series, form: Form) -> Floats:
    """AUC takes any finite scores; the logarithmic loss needs probabilities."""
    if form.metric.name == "auc":
        return np.column_stack([-numbers[:, 0], numbers[:, 0]]) if numbers.shape[1] == 1 else numbers
    matrix = both_columns(numbers)
    return _distribution(matrix, ids, SUBMISSION)


def _distribution(matrix: Floats, ids: pd.Series, name: str) -> Floats:
    outside = (matrix < 0) | (matrix > 1)
    if outside.any():
        row = int(outside.any(axis=1).argmax())
        raise _bad(
            "probability-range",
            f"{name} has {int(outside.any(axis=1).sum()):,} rows with probabilities outside 0 to 1, for example "
            f"id {ids.iloc[row][:80]!r} with {_shown(matrix[row])}.",
        )
    sums = matrix.sum(axis=1)
    off = np.abs(sums - 1.0) > SUM_TOLERANCE
    if off.any():
        row = int(off.argmax())
        raise _bad(
            "probability-sum",
            f"{name} has {int(off.sum()):,} rows whose probabilities do not sum to 1, for example "
            f"id {ids.iloc[row][:80]!r} with sum {sums[row]:.6g}. Divide each row by its sum.",
        )
    return matrix / sums[:, None]


def _labels(table: pd.DataFrame, form: Form, labels: Names) -> Codes:
    cells = table[form.columns[0]]
    codes = labels.positions(cells)
    unknown = codes < 0
    if unknown.any():
        row = int(unknown.argmax())
        raise _bad(
            "label-unknown",
            f"{SUBMISSION} has {int(unknown.sum()):,} labels that train.csv has not, for example "
            f"{cells.iloc[row][:60]!r} for id {_id(table, form.id_column, row)}. Labels are "
            f"{', '.join(repr(c[:40]) for c in form.classes[:12])}{' ...' if len(form.classes) > 12 else ''}.",
        )
    return codes


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _id(table: pd.DataFrame, id_column: str, row: int) -> str:
    return repr(table[id_column].iloc[row][:80])


def _shown(row: Floats) -> str:
    return "[" + ", ".join(f"{value:g}" for value in row[:6]) + (", ...]" if len(row) > 6 else "]")


def _bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
