"""Tables that are kept as JSON: an array of objects, or one object to a line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from automlgen_runtime.task_errors import UserFault

_BEGINNING = re.compile(rb'\s*(?:\[\s*)?\{\s*"')


def is_json(raw: bytes) -> bool:
    """Begins as such a table does; no header of a CSV file does."""
    return _BEGINNING.match(raw[:4096]) is not None


def csv_of_json(raw: bytes, path: Path) -> bytes:
    """The same table as CSV, columns in the order in which they first occur. Raises `UserFault`.

    Words stay as they are, `null` becomes an empty cell, and lists and objects become JSON.
    """
    records = _records(raw, path)
    columns = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([_cell(record.get(name)) for name in columns] for record in records)
    return text.getvalue().encode("utf-8", errors="replace")


def _records(raw: bytes, path: Path) -> list[dict[str, Any]]:
    text = raw.decode("utf-8")
    try:
        if text.lstrip().startswith("["):
            found = json.loads(text)
        else:
            lines = (line for line in text.split("\n") if line.strip())
            found = [json.loads(line) for line in lines]
    except ValueError as fault:
        raise UserFault(
            "csv-malformed", f"{path.name} is JSON that cannot be read: {fault}.", f"Repair {path}."
        ) from fault
    # A single object holds columns, or something else.
    alone = len(found) == 1 and not text.lstrip().startswith("[")
    if alone or not all(isinstance(record, dict) for record in found):
        raise UserFault(
            "csv-malformed",
            f"{path.name} is JSON, but neither a list of objects nor one object to a line.",
            f"Give {path.name} as CSV, with one row for each example.",
        )
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value) if isinstance(value, bool) else json.dumps(value)
