"""Reading and writing a task's tables without changing a cell: everything is text until someone asks for numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from automlgen_runtime.task_errors import UserFault, listing

MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "na", "NaN", "nan", "-nan", "null", "NULL", "None", "none", "<NA>", "#N/A", "?"]
)
"""Cells that mean "no value" (the set of pandas, and the question mark of older collections)."""


def read_table(path: Path, role: str) -> pd.DataFrame:
    """The table at `path` with every cell as text. `role` names it in messages ("the training table")."""
    text = _decoded(path, role)
    separator = _separator(text)
    header = _header(text, separator)
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise UserFault(
            "csv-malformed",
            f'{path.name} names a column twice: "{repeated[0]}".',
            f"Give every column of {path} a name of its own.",
        )
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_filter=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        reason = str(fault).removeprefix("Error tokenizing data. C error: ").strip()
        raise UserFault(
            "csv-malformed", f"{path.name} cannot be parsed: {reason}.", f"Repair that line of {path}."
        ) from fault
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
    return table.fillna("").astype(object)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Comma-separated UTF-8 with `\\n` line ends: equal tables give equal bytes on every machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def is_missing(cells: pd.Series) -> pd.Series:
    found = [cell.strip() in MISSING for cell in cells]
    return pd.Series(found, index=cells.index, dtype=bool)


def as_numbers(cells: pd.Series) -> pd.Series:
    """Floats, with NaN where a cell is missing or no number."""
    return pd.to_numeric(cells.where(~is_missing(cells)), errors="coerce").astype(float)


def _decoded(path: Path, role: str) -> str:
    if not path.is_file():
        beside = sorted(p.name for p in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        hint = f" The folder holds {listing(beside)}." if beside else ""
        raise UserFault(
            "path-missing", f"{role.capitalize()} is not there: {path}.{hint}", "Correct the path and start again."
        )
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise UserFault(
            "csv-encoding",
            f"{path.name} is not valid UTF-8: byte 0x{raw[fault.start]:02x} in line {line}.",
            f"Convert it, for example: iconv -f latin1 -t utf-8 {path.name} > converted.csv",
        ) from fault
    if not text.strip():
        raise UserFault("csv-empty", f"{role.capitalize()}, {path.name}, is empty.", f"Put a table into {path}.")
    return text


def _separator(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t|", key=first.count) if any(mark in first for mark in ",;\t|") else ","


def _header(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text), delimiter=separator), [])
