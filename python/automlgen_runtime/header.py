"""The first line of a submission: every way in which it can be wrong is a fault of its own."""

from __future__ import annotations

import csv
import re
from collections import Counter

from automlgen_runtime.errors import SubmissionFault

INDEX_NAMES = ("", "Unnamed: 0", "index", "level_0")
"""Names under which pandas writes an index that nobody asked for."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$")


def check_header(name: str, head: list[str], columns: list[str]) -> list[str]:
    """The names found, in the order of the file; they are `columns` in some order. Raises SubmissionFault."""
    try:
        found = [cell.strip() for cell in next(csv.reader(head), [])]
    except csv.Error as fault:
        raise _bad("malformed", f"The first line of {name} cannot be parsed as CSV: {fault}.") from fault
    if sorted(found) != sorted(columns):
        raise _fault(name, found, head[0] if head else "", columns)
    return found


def _fault(name: str, found: list[str], line: str, columns: list[str]) -> SubmissionFault:
    must = f"{name} must have the columns {listed(columns)}"
    wanted, counts = set(columns), Counter(found)
    missing = [column for column in columns if column not in counts]
    extra = [column for column in found if column not in wanted]
    repeated = [column for column, count in counts.items() if count > 1]
    if line.lstrip()[:1] in ("{", "["):
        return _bad("not-csv", f"{name} begins like JSON, not CSV. Write it with DataFrame.to_csv(..., index=False).")
    if separator := _separator(line, columns):
        return _bad(
            "separator-wrong", f'{name} separates its cells by {separator}. Write commas: to_csv(..., sep=",").'
        )
    if found and all(_NUMBER.match(cell) for cell in found):
        return _bad("header-missing", f"{must}, but its first line holds numbers: {listed(found)}. Write the header.")
    if repeated and not missing:
        return _bad("columns-repeated", f"{must} once each: {listed(repeated)} is repeated.")
    if not missing and all(column in INDEX_NAMES for column in extra):
        return _bad(
            "index-column",
            f"{must}, but it also has {listed(extra)}: the index of the table was written as a column. "
            "Write it with to_csv(..., index=False).",
        )
    parts = [f"missing {listed(missing)}"] if missing else []
    parts += [f"not expected {listed(extra)}"] if extra else []
    code = "columns-wrong" if missing and extra else "columns-missing" if missing else "columns-extra"
    return _bad(code, f"{must}: {'; '.join(parts)}.{_hint(missing, extra)}")


def _separator(line: str, columns: list[str]) -> str | None:
    """What separates the cells of a line that splits into the expected names by something else than a comma."""
    wanted = sorted(columns)
    for separator, words in SEPARATORS.items():
        if len(columns) > 1 and sorted(cell.strip().strip('"') for cell in line.split(separator)) == wanted:
            return words
    return None


def _hint(missing: list[str], extra: list[str]) -> str:
    """The renaming that would do, where names differ only in case, spaces or underscores."""
    if any(column in INDEX_NAMES[:2] for column in extra):
        return " Write it with index=False."
    near = {_plain(column): column for column in extra}
    renamed = [(near[_plain(column)], column) for column in missing if _plain(column) in near]
    if not renamed:
        return " Copy the names from ./input/sample_submission.csv."
    return " Rename " + ", ".join(f"{old!r} to {new!r}" for old, new in renamed[:3]) + "."


def _plain(column: str) -> str:
    return re.sub(r"[\s_\-]+", "", column).lower()


def listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
