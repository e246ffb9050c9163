"""Submissions that repeat columns of the test table beside the answer, as old competitions ask for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.rowids import ROW_ID
from automlgen_runtime.tables import read_coded, write_columns
from automlgen_runtime.words import coded, distinct, is_missing

FORM = "form.csv"
"""Beside the hidden labels: the sample submission as the task has it."""


def narrowed(
    sample: pd.DataFrame | None, test: pd.DataFrame, targets: Sequence[str], id_column: str | None
) -> tuple[pd.DataFrame | None, bool]:
    """The sample as an id and the columns to predict, and whether it was anything else.

    Its id is the one of the repeated columns that names rows; where none does, rows are numbered in the order of the
    test table, which the sample must then share.
    """
    if sample is None:
        return None, False
    given = [name for name in sample.columns if name in test.columns and name not in targets]
    asked = [name for name in sample.columns if name not in given]
    if len(given) < 2 or not asked or len(sample) != len(test):
        return sample, False
    own = next((name for name in given if _names_rows(sample[name], name, id_column)), None)
    if own is not None:
        return sample[[own, *asked]], True
    if not all(_equal(sample[name], test[name]) for name in given):
        return sample, False
    numbered = sample[asked].copy(deep=False)
    numbered.insert(0, ROW_ID, coded([str(i) for i in range(len(sample))]).to_numpy())
    return numbered, True


def keep_form(path: Path, hidden: Path) -> None:
    """`path`: the sample submission as the task has it."""
    form = read_coded(path, "the sample submission")
    write_columns({name: distinct(form[name]) for name in form.columns}, hidden / FORM)


def complete(answer: Path, hidden: Path) -> None:
    """Gives an answer of ids and predictions the columns, and the order of rows, that the task asks for."""
    if not (hidden / FORM).is_file():
        return
    with (hidden / FORM).open(encoding="utf-8", newline="") as handle:
        columns, *form = csv.reader(handle)
    with answer.open(encoding="utf-8", newline="") as handle:
        (id_column, *predicted), *rows = csv.reader(handle)
    cells = {row[0]: dict(zip(predicted, row[1:], strict=True)) for row in rows}
    ids = [row[columns.index(id_column)] for row in form] if id_column in columns else map(str, range(len(form)))
    with answer.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        for name, row in zip(ids, form, strict=True):
            writer.writerow([cells[name].get(column, cell) for column, cell in zip(columns, row, strict=True)])


def _names_rows(cells: pd.Series, name: str, id_column: str | None) -> bool:
    if id_column is not None:
        return name == id_column
    words = distinct(cells)[1]
    short = all(len(word) <= 64 and " " not in word.strip() for word in words)
    return short and cells.nunique() == len(cells) and not is_missing(cells).any()


def _equal(left: pd.Series, right: pd.Series) -> bool:
    codes, words = distinct(left)
    others, names = distinct(right)
    return bool(np.array_equal(words[codes], names[others]))
