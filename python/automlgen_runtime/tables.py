"""Reading and writing a task's tables without changing a cell: everything is text until someone asks for numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.dialect import SEPARATORS, checked_text, file_bytes, separator_of
from automlgen_runtime.jsontable import csv_of_json, is_json
from automlgen_runtime.task_errors import UserFault, listing
from automlgen_runtime.words import coded, plain

_QUOTED = re.compile('[,"\r\n]')
_ROWS = 20_000
"""Rows written at a time: bounds the memory, costs nothing."""


def read_table(path: Path, role: str) -> pd.DataFrame:
    """The table at `path` with every cell as a Python string. `role` names it in messages ("the training table")."""
    table = read_coded(path, role)
    return pd.DataFrame({name: plain(table[name]) for name in table.columns})


def read_coded(path: Path, role: str, notes: list[str] | None = None) -> pd.DataFrame:
    """As `read_table`, with columns as codes and words (`words.py`): for tables of any size.

    What a person should know of the file's form is added to `notes`.
    """
    raw = checked_text(file_bytes(path, role), path, role)
    if is_json(raw):
        if notes is not None:
            notes.append(f"{path.name} is JSON; views are CSV, with lists as JSON in a cell.")
        raw = csv_of_json(raw, path)
    separator = separator_of(raw)
    if separator != "," and notes is not None:
        notes.append(f"{path.name} is separated by {SEPARATORS[separator]}; views are separated by commas.")
    header = _header(raw, separator)
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise UserFault(
            "csv-malformed",
            f'{path.name} names a column twice: "{repeated[0]}".',
            f"Give every column of {path} a name of its own.",
        )
    table = _parsed(raw, separator, path)
    if len(table) == 0:
        raise UserFault(
            "csv-empty", f"{role.capitalize()}, {path.name}, has 0 rows.", f"Put rows below the header of {path}."
        )
    if not isinstance(table.index, pd.RangeIndex):
        raise UserFault(
            "csv-malformed",
            f"The rows of {path.name} have more cells than its header, {listing(header)}.",
            f"Name every column in the first line of {path}.",
        )
    # Column by column, so that the wide form is gone before the narrow one is complete.
    return pd.DataFrame({name: coded(table.pop(name)) for name in list(table.columns)}, copy=False)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Comma-separated UTF-8 with `\\n` line ends: equal tables give equal bytes on every machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


Cells = tuple[np.ndarray, np.ndarray]
"""A column to write: codes by row, and the words they stand for."""


def write_columns(columns: Mapping[str, Cells], path: Path) -> None:
    """The bytes that `write_table` would give for a table of text, many times faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    alone = len(columns) == 1
    ready = [(codes, _quoted(words, alone)) for codes, words in columns.values()]
    rows = len(ready[0][0])
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write(",".join(_quoted(np.array(list(columns), dtype=object), alone)) + "\n")
        for start in range(0, rows, _ROWS):
            lists = [words[codes[start : start + _ROWS]].tolist() for codes, words in ready]
            handle.write("\n".join(map(",".join, zip(*lists, strict=True))))
            handle.write("\n")


def _quoted(words: np.ndarray, alone: bool) -> np.ndarray:
    """Words as they stand in a file: in quotes where they must be."""
    if alone or _QUOTED.search("\0".join(words)):
        made = ['"' + word.replace('"', '""') + '"' if _QUOTED.search(word) else word for word in words]
        made = ['""' if alone and word == "" else word for word in made]
        return np.array(made, dtype=object)
    return words


def _parsed(raw: bytes, separator: str, path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.BytesIO(raw),
            sep=separator,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            encoding="utf-8",
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        reason = str(fault).removeprefix("Error tokenizing data. C error: ").strip()
        raise UserFault(
            "csv-malformed", f"{path.name} cannot be parsed: {reason}.", f"Repair that line of {path}."
        ) from fault


def _header(raw: bytes, separator: str) -> list[str]:
    text = raw[: 1 << 22].decode("utf-8", errors="ignore").lstrip("\r\n")
    return next(csv.reader(io.StringIO(text), delimiter=separator), [])
