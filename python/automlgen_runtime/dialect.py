"""From the bytes of a table file to CSV that a parser can take: compression, encoding, separator."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from automlgen_runtime.task_errors import UserFault, listing

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_BYTES = 1 << 33
_STEP = 1 << 24


def file_bytes(path: Path, role: str) -> bytes:
    """The table's bytes, unpacked where the file is a gzip or zip archive. Raises `UserFault`."""
    if not path.is_file():
        beside = sorted(p.name for p in path.parent.glob("*.csv*")) if path.parent.is_dir() else []
        hint = f" The folder holds {listing(beside)}." if beside else ""
        raise UserFault(
            "path-missing", f"{role.capitalize()} is not there: {path}.{hint}", "Correct the path and start again."
        )
    raw = path.read_bytes()
    try:
        if raw[:2] == b"\x1f\x8b":
            return _bounded(gzip.GzipFile(fileobj=io.BytesIO(raw)).read(_MOST_BYTES + 1), path)
        if raw[:4] == b"PK\x03\x04":
            return _from_zip(raw, path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
        raise UserFault(
            "csv-malformed", f"{path.name} is an archive that cannot be unpacked: {fault}.", f"Unpack {path} yourself."
        ) from fault
    return raw


def checked_text(raw: bytes, path: Path, role: str) -> bytes:
    """`raw` without a byte order mark, when it is UTF-8 text; else the fault that says what it is."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise UserFault(
            "csv-encoding",
            f"{path.name} is UTF-16, as spreadsheets export it.",
            f"Convert it: iconv -f utf-16 -t utf-8 {path.name} > converted.csv",
        )
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.strip():
        raise UserFault("csv-empty", f"{role.capitalize()}, {path.name}, is empty.", f"Put a table into {path}.")
    decoder, read = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        for read in range(0, len(raw), _STEP):
            decoder.decode(raw[read : read + _STEP], final=read + _STEP >= len(raw))
    except UnicodeDecodeError as fault:
        # Positions count from the bytes that the decoder still held from the step before.
        at = read + fault.start - (len(fault.object) - len(raw[read : read + _STEP]))
        raise UserFault(
            "csv-encoding",
            f"{path.name} is not valid UTF-8: byte 0x{raw[at]:02x} in line {_line(raw, at)}.",
            f"Convert it, for example: iconv -f cp1252 -t utf-8 {path.name} > converted.csv",
        ) from fault
    if (at := raw.find(b"\0")) >= 0:
        raise UserFault(
            "csv-malformed",
            f"{path.name} has a zero byte in line {_line(raw, at)}: it is no text file, or damaged.",
            f"Repair {path}, or export it again.",
        )
    return raw


def separator_of(raw: bytes) -> str:
    """The mark that divides the header into most cells, outside of quotes, and the lines below it into as many."""
    lines = raw[: 1 << 16].decode("utf-8", errors="ignore").lstrip("\r\n").splitlines()[:20]
    if len(raw) > 1 << 16:
        lines = lines[:-1] or lines

    def cells(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        if not counts or counts[0] < 2:
            return 0, 0
        return sum(count == counts[0] for count in counts), counts[0]

    found = {mark: cells(mark) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: (found[mark][0] > 0, found[mark])) if any(found.values()) else ","


def _line(raw: bytes, at: int) -> int:
    return raw.count(b"\n", 0, at) + 1


def _from_zip(raw: bytes, path: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        inside = [
            item
            for item in archive.infolist()
            if not item.is_dir() and not item.filename.startswith("__MACOSX") and "/." not in f"/{item.filename}"
        ]
        stem = path.name.split(".")[0]
        named = [item for item in inside if PurePosixPath(item.filename).name.split(".")[0] == stem]
        chosen = inside if len(inside) == 1 else named
        if len(chosen) != 1:
            raise UserFault(
                "csv-malformed",
                f"{path.name} holds {len(inside)} files: {listing(item.filename for item in inside)}.",
                f"Unpack {path} and name the table.",
            )
        with archive.open(chosen[0]) as handle:
            return _bounded(handle.read(_MOST_BYTES + 1), path)


def _bounded(raw: bytes, path: Path) -> bytes:
    if len(raw) > _MOST_BYTES:
        raise UserFault("csv-malformed", f"{path.name} unpacks to more than 8 GiB.", "Give a smaller table.")
    return raw
