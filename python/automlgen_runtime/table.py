"""Reads a CSV that a candidate wrote: an untrusted file of any size and content, in a bounded amount of memory."""

from __future__ import annotations

import csv
import os
import stat
from io import BytesIO
from pathlib import Path

import pandas as pd

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.header import check_header, listed

BASE_BYTES = 1 << 20
CELL_BYTES = 96
"""A file may have this many bytes per expected cell, beyond BASE_BYTES; a number in full precision has about 24."""
HEAD_BYTES = 1 << 20

FORMATS = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip or Excel file"),
    (b"PAR1", "a Parquet file"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ARROW1", "a Feather file"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
"""First bytes of files that programs write under the name of a CSV."""


def read_table(
    path: Path, name: str, columns: list[str], rows: int, cell_bytes: int = CELL_BYTES, id_bytes: int = 0
) -> pd.DataFrame:
    """All cells as text (a missing one is empty), columns in the order asked for. Raises SubmissionFault.

    The columns may stand in any order in the file. `rows`, `cell_bytes` and `id_bytes` (of all ids together) only bound
    the size. `name`: what people call the file; its path may be that of a content-addressed store.
    """
    data = _bytes(path, name, BASE_BYTES + id_bytes + cell_bytes * (rows + 1) * len(columns))
    _check_text(name, data)
    head = data[:HEAD_BYTES].decode("utf-8-sig", errors="ignore").splitlines()
    found = check_header(name, head, columns)
    _check_width(name, head, found)
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
        raise _bad(
            "too-large",
            f"{name} has {status.st_size:,} bytes; at most {limit:,} are accepted. Write one line per row of "
            "./input/test.csv and no other columns than those of ./input/sample_submission.csv.",
        )
    return data


def _check_text(name: str, data: bytes) -> None:
    for first, format_ in FORMATS:
        if data.startswith(first):
            raise _bad("not-csv", f"{name} is {format_}, not CSV. Write it with DataFrame.to_csv(..., index=False).")
    if b"\x00" in data:
        raise _bad("not-csv", f"{name} has zero bytes, so it is no text. Write it with to_csv(..., index=False).")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _bad(
            "not-utf8", f'{name} is not UTF-8: byte {fault.start} cannot be decoded. Write it with encoding="utf-8".'
        ) from fault


def _check_width(name: str, head: list[str], found: list[str]) -> None:
    """The parser would drop the last cells of a file whose every line is longer than its header."""
    try:
        first = next(csv.reader(head[1:]), [])
    except csv.Error:
        return
    if len(first) > len(found):
        raise _bad(
            "malformed",
            f"{name} has {len(found)} names in its header ({listed(found)}) but {len(first)} cells in the line below, "
            "as when an index is written without a name. Write it with index=False.",
        )


def _bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
