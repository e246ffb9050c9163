"""Reads a CSV that a candidate wrote: an untrusted file of any size and content, in a bounded amount of memory."""

from __future__ import annotations

import csv
import os
import stat
from io import BytesIO
from pathlib import Path

import pandas as pd

from automlgen_runtime.errors import SubmissionFault

BASE_BYTES = 1 << 20
CELL_BYTES = 96
"""A file may have this many bytes per expected cell, beyond BASE_BYTES; a number in full precision has about 24."""


def read_table(path: Path, name: str, columns: list[str], rows: int) -> pd.DataFrame:
    """All cells as text (a missing one is empty), columns in the order asked for. Raises SubmissionFault.

    `rows` only bounds the size. `name`: what people call the file; its path may be that of a content-addressed store.
    """
    data = _bytes(path, name, BASE_BYTES + CELL_BYTES * (rows + 1) * len(columns))
    try:
        text_head = data[: 1 << 20].decode("utf-8-sig", errors="strict" if len(data) <= 1 << 20 else "ignore")
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _bad("not-utf8", f"{name} is not UTF-8: byte {fault.start} cannot be decoded.") from fault
    _check_header(name, text_head, columns)
    try:
        table = pd.read_csv(
            BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False, on_bad_lines="error"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as fault:
        raise _bad("malformed", f"{name} cannot be parsed as CSV: {str(fault).splitlines()[0][:200]}") from fault
    table.columns = [str(column).strip() for column in table.columns]
    return table[columns]


def _bytes(path: Path, name: str, limit: int) -> bytes:
    """Opens without following a link or waiting for a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SubmissionFault(
            "no-output", "output-missing", f"The program ended without writing working/{name}."
        ) from None
    except OSError as fault:
        raise _bad("not-a-file", f"{name} cannot be opened as a file: {fault.strerror}.") from fault
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _bad("not-a-file", f"{name} is not a regular file.")
    with os.fdopen(descriptor, "rb") as handle:
        if status.st_size == 0:
            raise SubmissionFault("no-output", "output-empty", f"{name} is empty (0 bytes).")
        data = handle.read(limit + 1)
    if len(data) > limit:
        raise _bad("too-large", f"{name} has {status.st_size:,} bytes; at most {limit:,} are accepted.")
    return data


def _check_header(name: str, head: str, columns: list[str]) -> None:
    try:
        found = [cell.strip() for cell in next(csv.reader(head.splitlines()), [])]
    except csv.Error as fault:
        raise _bad("malformed", f"The first line of {name} cannot be parsed as CSV: {fault}.") from fault
    if sorted(found) == sorted(columns):
        return
    missing = [column for column in columns if column not in found]
    extra = [column for column in found if column not in columns]
    parts = [f"missing {_listed(missing)}"] if missing else []
    parts += [f"not expected {_listed(extra)}"] if extra else []
    hint = " Write it with index=False." if "" in extra or "Unnamed: 0" in extra else ""
    raise _bad(
        "columns-wrong",
        f"{name} must have the columns {_listed(columns)}: {'; '.join(parts) or 'a column is repeated'}.{hint}",
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
