"""What a column holds, judged by its cells; its name is only asked where cells cannot tell."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from automlgen_runtime.labelled import DISGUISED
from automlgen_runtime.words import as_numbers, is_missing, plain, present_words

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp")
_IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|bmp|tiff?|gif|webp)$", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"^\s*(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|\d{{1,2}}[- ]{_MONTH}[- ,]+\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
    r"(?:(?:T|,? )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$",
    re.IGNORECASE,
)
_ID_NAME = re.compile(r"(?:^|[_\W])(?:id|uuid|guid|key|index|idx|rowid)$|[a-z](?:Id|ID)$", re.IGNORECASE)
_TWO_VALUES = (
    {"0", "1"},
    {"true", "false"},
    {"yes", "no"},
    {"t", "f"},
    {"y", "n"},
    {"0.0", "1.0"},
)
SAMPLE = 5_000
"""Cells looked at where looking at all of them would only cost time."""


def named_like_id(name: str) -> bool:
    return _ID_NAME.search(name) is not None


def kind_of(name: str, cells: pd.Series) -> str:
    """One of the kinds of `ColumnKind` in `src/domain/task-card.ts`."""
    missing = is_missing(cells).to_numpy()
    words = present_words(cells)
    unique = len(words)
    if unique == 0 or (unique == 1 and not missing.any()):
        return "constant"
    if {word.strip().lower() for word in words[:3]} in _TWO_VALUES:
        return "boolean"
    sample = _sample(cells, missing)
    if _share(sample, _IMAGE_PATH) >= 0.95:
        return "path"
    numbers = as_numbers(sample)
    if numbers.notna().mean() >= 0.95:
        return _number_kind(name, numbers.dropna(), unique, len(cells))
    if _share(sample, _DATE) >= 0.95:
        return "date"
    if is_disguised_number(cells):
        return "number"
    return _words_kind(name, sample, unique, len(cells))


def is_disguised_number(cells: pd.Series) -> bool:
    """True for cells such as `1,234`, `$5.00` and `12%`, which `pandas` reads as text."""
    sample = _sample(cells, is_missing(cells).to_numpy())
    return len(sample) > 0 and as_numbers(sample).notna().mean() < 0.95 and _share(sample, DISGUISED) >= 0.95


def _sample(cells: pd.Series, missing: np.ndarray) -> pd.Series:
    """Some of the cells that are not missing, evenly spread, as Python strings."""
    present = np.flatnonzero(~missing)
    return plain(cells.iloc[present[:: max(1, len(present) // SAMPLE)]])


def profile_column(name: str, cells: pd.Series, in_test: bool) -> dict[str, object]:
    """The `ColumnProfile` of a column of the training table."""
    missing = is_missing(cells)
    present = cells[~missing.to_numpy()]
    kind = kind_of(name, cells)
    found: dict[str, object] = {
        "name": name,
        "kind": kind,
        "missing": round(float(missing.mean()), 6),
        "unique": len(present_words(cells)),
        "inTest": in_test,
    }
    if kind in ("number", "integer", "boolean"):
        numbers = as_numbers(present).replace([np.inf, -np.inf], np.nan).dropna()
        if len(numbers) > 0:
            found |= {"min": float(numbers.min()), "max": float(numbers.max())}
    if kind == "text":
        found["meanLength"] = round(float(plain(present).str.len().mean()), 1)
    return found


def _number_kind(name: str, numbers: pd.Series, unique: int, rows: int) -> str:
    whole = bool((numbers == numbers.round()).all())
    if not whole:
        return "number"
    steps = np.diff(np.sort(numbers.to_numpy()))
    runs_through = len(steps) > 0 and np.ptp(steps) == 0 and unique == rows
    if unique == rows and rows > 20 and (named_like_id(name) or runs_through):
        return "id"
    return "integer"


def _words_kind(name: str, sample: pd.Series, unique: int, rows: int) -> str:
    words = float(sample.str.count(r"\S+").mean())
    length = float(sample.str.len().mean())
    share = unique / max(1, rows)
    if words >= 5 or (words >= 2.5 and share > 0.5) or (length > 40 and words >= 2):
        return "text"
    if unique == rows and rows > 20 and words < 1.5:
        lengths = sample.str.len()
        # Keys have one length or a few; formulas, addresses and sequences have as many as they have things to say.
        written = length >= 12 and lengths.std() > 0.2 * length and not named_like_id(name)
        return "text" if written else "id"
    return "id" if named_like_id(name) and share > 0.9 and words < 1.5 else "category"


def _share(cells: pd.Series, pattern: re.Pattern[str]) -> float:
    return float(cells.str.contains(pattern).mean()) if len(cells) > 0 else 0.0
