"""What the cells of a submission may hold: finite numbers, probabilities, known labels, rankings, masks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.metrics.arrays import Codes, Floats, Texts
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.metrics.masks import LAST_PIXEL

SUM_TOLERANCE = 0.01 + 1e-9
"""Class probabilities of a row may miss 1 by this much (rounded files); they are divided by their sum for the score."""
LARGEST = 1e100
ONES = {"1": 1, "1.0": 1, "true": 1, "0": 0, "0.0": 0, "false": 0}
"""How programs write that a row has a label, or has it not."""


def numbers(table: pd.DataFrame, columns: Sequence[str], id_column: str, name: str) -> Floats:
    """Rows x columns; every cell a finite number."""
    matrix = np.empty((len(table), len(columns)))
    for position, column in enumerate(columns):
        cells = table[column].to_numpy(dtype=object)
        try:
            matrix[:, position] = cells.astype(np.float64)
            odd = next((i for i, cell in enumerate(cells) if "_" in cell), None)
        except ValueError:
            odd = next(i for i, cell in enumerate(cells) if not _is_number(cell))
        if odd is not None:
            raise bad(
                "not-a-number",
                f"{name} has {cells[odd][:60]!r} in column {column!r} for id {shown_id(table, id_column, odd)}: "
                f"write a number{_number_hint(cells[odd])}.",
            )
    wrong = ~np.isfinite(matrix) | (np.abs(matrix) > LARGEST)
    if wrong.any():
        row, position = (int(i) for i in np.argwhere(wrong)[0])
        raise bad(
            "not-finite",
            f"{name} has {int(wrong.any(axis=1).sum()):,} rows with NaN or infinite numbers, for example "
            f"{matrix[row, position]} in column {columns[position]!r} for id {shown_id(table, id_column, row)}. "
            "Fill missing predictions, for example with the median of the training target.",
        )
    return matrix


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


HINTS = (
    (re.compile(r"\s*$"), " in every cell"),
    (re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"), " without thousands separators"),
    (re.compile(r"[+-]?\d+,\d+$"), " with a decimal point, not a comma"),
    (re.compile(r"\s*\[.*\]\s*$", re.DOTALL), " without brackets: take the element out of its array first"),
    (re.compile(r"tensor\(", re.IGNORECASE), ": convert tensors with .item() or .numpy() first"),
    (re.compile(r"[\d.]+\s*%$"), " without a percent sign"),
    (re.compile(r"(true|false)$", re.IGNORECASE), ": 1 for True, 0 for False"),
    (re.compile(r"[$€£]|\d\s?[a-zA-Z]+$"), " without a unit"),
)


def _number_hint(cell: str) -> str:
    return next((hint for pattern, hint in HINTS if pattern.match(cell)), "")


def distribution(matrix: Floats, ids: pd.Series, name: str) -> Floats:
    """Each row's probabilities, divided by their sum, which may be a little off."""
    in_range(matrix, ids, name)
    sums = matrix.sum(axis=1)
    off = np.abs(sums - 1.0) > SUM_TOLERANCE
    if off.any():
        row = int(off.argmax())
        raise bad(
            "probability-sum",
            f"{name} has {int(off.sum()):,} rows whose probabilities do not sum to 1, for example "
            f"id {ids.iloc[row][:80]!r} with sum {sums[row]:.6g}. Divide each row by its sum.",
        )
    return matrix / sums[:, None]


def in_range(matrix: Floats, ids: pd.Series, name: str) -> Floats:
    """Probabilities of labels that do not exclude one another: 0 to 1 each."""
    outside = (matrix < 0) | (matrix > 1)
    if outside.any():
        row = int(outside.any(axis=1).argmax())
        raise bad(
            "probability-range",
            f"{name} has {int(outside.any(axis=1).sum()):,} rows with probabilities outside 0 to 1, for example "
            f"id {ids.iloc[row][:80]!r} with {_shown(matrix[row])}.",
        )
    return matrix


def at_least(values: Floats, least: float, column: str, ids: pd.Series, why: str, code: str = "below-zero") -> None:
    below = values < least
    if below.any():
        row = int(below.argmax())
        raise bad(
            code,
            f"{why}; {int(below.sum()):,} cells of {column!r} are below {least:g}, for example {values[row]:g} for id "
            f"{ids.iloc[row][:80]!r}. Clip predictions at {least:g}.",
        )


def within(values: Floats, limit: float, column: str, ids: pd.Series, what: str) -> None:
    off = np.abs(values) > limit
    if off.any():
        row = int(off.argmax())
        raise bad(
            "coordinate-range",
            f"{what} lie between {-limit:g} and {limit:g} degrees; {int(off.sum()):,} cells of {column!r} do not, for "
            f"example {values[row]:g} for id {ids.iloc[row][:80]!r}.",
        )


def labels(cells: pd.Series, ids: pd.Series, names: Names, classes: Sequence[str], name: str) -> Codes:
    """Codes of classes written as text."""
    codes = names.positions(cells)
    unknown = codes < 0
    if unknown.any():
        row = int(unknown.argmax())
        raise bad(
            "label-unknown",
            f"{name} has {int(unknown.sum()):,} labels that train.csv has not, for example "
            f"{cells.iloc[row][:60]!r} for id {ids.iloc[row][:80]!r}. Labels are "
            f"{', '.join(repr(c[:40]) for c in classes[:12])}{' ...' if len(classes) > 12 else ''}.",
        )
    return codes


def ones(table: pd.DataFrame, columns: Sequence[str], ids: pd.Series, name: str) -> Codes:
    """Rows x columns of 0 and 1."""
    matrix = np.empty((len(table), len(columns)), np.int64)
    for position, column in enumerate(columns):
        found = table[column].str.strip().str.lower().map(ONES)
        unknown = found.isna().to_numpy()
        if unknown.any():
            row = int(unknown.argmax())
            cell = table[column].iloc[row]
            probable = _is_number(cell) and 0 < float(cell) < 1
            advice = (
                " Apply a threshold here, and write probabilities to working/probabilities.csv." if probable else ""
            )
            raise bad(
                "label-unknown",
                f"{name} has {int(unknown.sum()):,} cells in column {column!r} that are not 0 or 1, for example "
                f"{cell[:60]!r} for id {ids.iloc[row][:80]!r}.{advice}",
            )
        matrix[:, position] = found.to_numpy(dtype=np.int64)
    return matrix


def one_hot(matrix: Codes, ids: pd.Series, name: str) -> Codes:
    """Codes of classes written as one column per class, with a single 1 in each row."""
    sums = matrix.sum(axis=1)
    off = sums != 1
    if off.any():
        row = int(off.argmax())
        raise bad(
            "one-hot-invalid",
            f"{name} has {int(off.sum()):,} rows without exactly one 1 among the class columns, for example "
            f"id {ids.iloc[row][:80]!r} with {int(sums[row])}.",
        )
    return np.argmax(matrix, axis=1).astype(np.int64)


def rankings(cells: Texts, ids: pd.Series, name: str) -> Texts:
    """Names separated by spaces, best first; at least one."""
    empty = np.array([not cell.strip() for cell in cells], dtype=bool)
    if empty.any():
        row = int(empty.argmax())
        raise bad(
            "ranking-empty",
            f"{name} ranks nothing in {int(empty.sum()):,} rows, for example id {ids.iloc[row][:80]!r}. Write at least "
            "one name per row, names separated by spaces, the likeliest first.",
        )
    commas = np.array(["," in cell and " " not in cell.strip() for cell in cells], dtype=bool)
    if commas.all() and len(cells):
        raise bad(
            "ranking-syntax",
            f"{name} separates the names of a ranking by commas, for example {cells[0][:60]!r}. Write spaces.",
        )
    return cells


def masks(cells: Texts, ids: pd.Series, name: str) -> Texts:
    """Run lengths: `start length start length ...`, starts from 1 upwards, no overlap; an empty cell is no pixel."""
    for row, cell in enumerate(cells):
        problem = _mask_problem(cell)
        if problem:
            raise bad(
                "mask-syntax",
                f"{name} has a mask for id {ids.iloc[row][:80]!r} that cannot be read: {problem}. Write pairs "
                "'start length' of whole numbers, starts counted from 1 and ascending, an empty cell for no pixel.",
            )
    return cells


def _mask_problem(cell: str) -> str | None:
    words = cell.split()
    if not words or words == ["-1"]:
        return None
    try:
        runs = np.array([int(word) for word in words], dtype=np.int64)
    except (ValueError, OverflowError):
        wrong = next((word for word in words if not word.lstrip("+-").isdigit()), words[0])
        return f"{wrong[:30]!r} is no whole number"
    if len(runs) % 2:
        return f"it has {len(runs)} numbers, which are no pairs"
    starts, lengths = runs[::2], runs[1::2]
    if starts.min() < 1:
        return f"a run starts at {starts.min()}"
    if lengths.min() < 1:
        return f"a run has length {lengths.min()}"
    if max(starts.max(), lengths.max()) > LAST_PIXEL // 2:
        return f"a run reaches beyond pixel {LAST_PIXEL:,}"
    gaps = starts[1:] - (starts[:-1] + lengths[:-1])
    if len(gaps) and gaps.min() < 0:
        return f"the run at {starts[1:][int(gaps.argmin())]} overlaps the one before it or comes too late"
    return None


def filled(table: pd.DataFrame, columns: Sequence[str], ids: pd.Series, name: str, blank: bool) -> Texts:
    """Rows x columns of cells as they stand; none may be empty unless `blank`."""
    matrix = np.column_stack([table[column].to_numpy(dtype=object) for column in columns])
    empty = np.array([[not cell.strip() for cell in row] for row in matrix], dtype=bool)
    if empty.any() and not blank:
        row, position = (int(i) for i in np.argwhere(empty)[0])
        raise bad(
            "cell-empty",
            f"{name} has {int(empty.sum()):,} empty cells, for example in column {columns[position]!r} for id "
            f"{ids.iloc[row][:80]!r}. Write a prediction into every cell.",
        )
    return matrix


def shown_id(table: pd.DataFrame, id_column: str, row: int) -> str:
    return repr(table[id_column].iloc[row][:80])


def _shown(row: Floats) -> str:
    return "[" + ", ".join(f"{value:g}" for value in row[:6]) + (", ...]" if len(row) > 6 else "]")


def bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
