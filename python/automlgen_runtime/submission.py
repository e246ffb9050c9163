"""The checks before a score counts: exact columns and ids, then cells of the form that the task's metric scores.

Every fault is a class of its own with a sentence that the debug operator can act on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime import cells
from automlgen_runtime.cells import bad
from automlgen_runtime.metrics.arrays import Codes, Floats, Prediction, Texts
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.metrics.registry import Metric, both_columns
from automlgen_runtime.table import CELL_BYTES, read_table

SUBMISSION, PROBABILITIES = "submission.csv", "probabilities.csv"

ORDER_ONLY = ("auc", "auc-weighted", "average-precision", "lrap", "lwlrap")
"""Metrics of probabilities that take any finite scores."""
NOT_NEGATIVE = ("rmsle",)
RANKINGS, MASKS = ("map-at-k", "kendall-orders"), ("dice", "dice-global", "iou", "iou-precision")


@dataclass(frozen=True)
class Form:
    """What a submission of a task looks like. `targets`: all of them where there are several, else empty."""

    id_column: str
    columns: list[str]
    classes: list[str]
    metric: Metric
    targets: list[str] = field(default_factory=list)
    cell_bytes: int = CELL_BYTES
    unread: bool = False
    """Cells are kept as they stand: nobody but the program knows what they mean."""

    @property
    def one_hot(self) -> bool:
        """Labels written as one column per class."""
        return not self.targets and len(self.columns) > 1 and sorted(self.columns) == sorted(self.classes)

    @property
    def share_columns(self) -> list[str]:
        """Columns of probabilities.csv."""
        return self.targets or self.classes


@dataclass(frozen=True)
class Answer:
    """Predictions in the order of the ids asked for. `probabilities` only for metrics of labels, where written.

    `primary` is what the metric scores: rows x classes (probabilities), codes, numbers or texts; with several targets
    rows x targets; unread cells rows x columns. `probabilities` is rows x classes, with several targets rows x targets.
    """

    primary: Prediction
    probabilities: Floats | None = None


def read_answer(submission: Path, probabilities: Path | None, form: Form, ids: Names, labels: Names) -> Answer:
    """Raises SubmissionFault. `labels` finds a class by its text."""
    table = _aligned(submission, SUBMISSION, form.columns, form, ids)
    written = table[form.id_column]
    kind = form.metric.predictions
    if form.unread:
        return Answer(cells.filled(table, form.columns, written, SUBMISSION, blank=kind == "text"))
    if kind == "text":
        return Answer(_texts(table[form.columns[0]].to_numpy(dtype=object), written, form))
    if kind == "label":
        primary: Prediction = _labels(table, written, form, labels)
        return Answer(primary, None if probabilities is None else _shares(probabilities, form, ids))
    matrix = cells.numbers(table, form.columns, form.id_column, SUBMISSION)
    return Answer(_values(matrix, written, form) if kind == "value" else _probabilities(matrix, written, form))


def _shares(path: Path, form: Form, ids: Names) -> Floats:
    table = _aligned(path, PROBABILITIES, form.share_columns, form, ids)
    matrix = cells.numbers(table, form.share_columns, form.id_column, PROBABILITIES)
    written = table[form.id_column]
    if form.targets:
        return cells.in_range(matrix, written, PROBABILITIES)
    return cells.distribution(matrix, written, PROBABILITIES)


def _aligned(path: Path, name: str, columns: list[str], form: Form, ids: Names) -> pd.DataFrame:
    """The table with one line per id, in the order of `ids`."""
    table = read_table(path, name, [form.id_column, *columns], len(ids.names), form.cell_bytes, ids.text_bytes)
    written = table[form.id_column]
    positions = ids.positions(written)
    _check_ids(name, written, positions, ids)
    return table.iloc[np.argsort(positions, kind="stable")].reset_index(drop=True)


def _check_ids(name: str, written: pd.Series, positions: Codes, ids: Names) -> None:
    unknown = positions < 0
    lines = f"{name} has {len(written):,} rows where {len(ids.names):,} are expected"
    if unknown.any() and _is_counted(written):
        raise bad(
            "ids-are-positions",
            f"{name} has row numbers from {written.iloc[0]} to {written.iloc[-1]} as ids; ids of ./input/test.csv look "
            f"like {ids.names[0][:80]!r}. Copy the id column of ./input/test.csv.",
        )
    if unknown.any():
        raise bad(
            "ids-unknown",
            f"{name} has {int(unknown.sum()):,} ids that ./input/test.csv has not, for example "
            f"{written.iloc[int(unknown.argmax())][:80]!r} ({lines}). Copy the ids of ./input/test.csv unchanged.",
        )
    counts = np.bincount(positions, minlength=len(ids.names))
    if (counts > 1).any():
        raise bad(
            "ids-repeated",
            f"{name} has {int((counts > 1).sum()):,} ids more than once, for example "
            f"{ids.names[int((counts > 1).argmax())][:80]!r} ({lines}). Write one line per row of ./input/test.csv.",
        )
    if (counts == 0).any():
        raise bad(
            "ids-missing",
            f"{name} lacks {int((counts == 0).sum()):,} of {len(ids.names):,} ids, for example "
            f"{ids.names[int((counts == 0).argmax())][:80]!r} ({lines}). Predict every row of ./input/test.csv.",
        )


def _is_counted(written: pd.Series) -> bool:
    """0, 1, 2, ... or 1, 2, 3, ... in the order of the file."""
    if len(written) < 2 or written.iloc[0] not in ("0", "1"):
        return False
    first = int(written.iloc[0])
    return written.tolist() == [str(i) for i in range(first, first + len(written))]


def _values(matrix: Floats, ids: pd.Series, form: Form) -> Floats:
    name, columns = form.metric.name, form.columns
    if name in NOT_NEGATIVE:
        for position, column in enumerate(columns):
            cells.at_least(matrix[:, position], 0, column, ids, f"{name.upper()} needs numbers of 0 or above")
    if name == "haversine":
        for position, (limit, what) in enumerate(((90.0, "Latitudes"), (180.0, "Longitudes"))):
            cells.within(matrix[:, position], limit, columns[position], ids, what)
    if name == "laplace-log-likelihood" and matrix.shape[1] == 2:
        cells.at_least(matrix[:, 1], 0, columns[1], ids, "A confidence is a standard deviation", "confidence-range")
    return matrix[:, 0] if matrix.shape[1] == 1 else matrix


def _probabilities(matrix: Floats, ids: pd.Series, form: Form) -> Floats:
    """Metrics of the order take any finite scores; the others need probabilities, those of one target sum to 1."""
    if form.targets:
        if form.metric.name == "kl-divergence":
            return cells.distribution(matrix, ids, SUBMISSION)
        return matrix if form.metric.name in ORDER_ONLY else cells.in_range(matrix, ids, SUBMISSION)
    if form.metric.name in ORDER_ONLY:
        return np.column_stack([-matrix[:, 0], matrix[:, 0]]) if matrix.shape[1] == 1 else matrix
    return cells.distribution(both_columns(matrix), ids, SUBMISSION)


def _labels(table: pd.DataFrame, ids: pd.Series, form: Form, labels: Names) -> Codes:
    if form.targets:
        return cells.ones(table, form.columns, ids, SUBMISSION)
    if form.one_hot:
        return cells.one_hot(cells.ones(table, form.classes, ids, SUBMISSION), ids, SUBMISSION)
    return cells.labels(table[form.columns[0]], ids, labels, form.classes, SUBMISSION)


def _texts(written: Texts, ids: pd.Series, form: Form) -> Texts:
    if form.metric.name in RANKINGS:
        return cells.rankings(written, ids, SUBMISSION)
    return cells.masks(written, ids, SUBMISSION) if form.metric.name in MASKS else written
