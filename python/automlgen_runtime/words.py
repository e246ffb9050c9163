"""Columns of text, kept as distinct words and codes: whatever is asked of a column is asked once per word.

A table of 400,000 rows and 50 columns then takes a few hundred megabytes, and no loop runs over its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "na", "NaN", "nan", "-nan", "null", "NULL", "None", "none", "<NA>", "#N/A", "?"]
)
"""Cells that mean "no value" (the set of pandas, and the question mark of older collections)."""
_EDGES = [edge for blank in " \t\r\n\u00a0" for edge in ("\0" + blank, blank + "\0")]


def coded(cells: pd.Series | Iterable[object]) -> pd.Series:
    """The same column as codes and words, words in the order of their first cell. A missing cell is the empty word."""
    codes, words = pd.factorize(np.asarray(cells, dtype=object))
    words = np.asarray(words, dtype=object)
    if (codes < 0).any():
        empty = np.flatnonzero(words == "")
        at = int(empty[0]) if len(empty) else len(words)
        words = words if len(empty) else np.append(words, "")
        codes = np.where(codes < 0, at, codes)
    return of_codes(codes, words)


def of_codes(codes: np.ndarray, words: np.ndarray) -> pd.Series:
    """A column from codes into `words`, which must be distinct."""
    index = pd.Index(words, dtype=object)
    return pd.Series(pd.Categorical.from_codes(codes.astype(np.int32), categories=index))


def distinct(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Codes and the words they stand for; words may occur that no cell has."""
    if isinstance(cells.dtype, pd.CategoricalDtype) and len(cells.cat.categories) <= 2 * len(cells) + 16:
        return cells.cat.codes.to_numpy(), cells.cat.categories.to_numpy(dtype=object)
    codes, words = pd.factorize(np.asarray(cells, dtype=object))
    return codes, np.asarray(words, dtype=object)


def plain(cells: pd.Series) -> pd.Series:
    """One Python string per cell."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return cells
    codes, words = cells.cat.codes.to_numpy(), cells.cat.categories.to_numpy(dtype=object)
    return pd.Series(words[codes], index=cells.index, name=cells.name, dtype=object)


def recoded(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Every cell changed by `change`, which is asked once per word."""
    codes, words = distinct(cells)
    again, made = pd.factorize(np.array([change(word) for word in words], dtype=object))
    column = of_codes(again[codes], np.asarray(made, dtype=object))
    column.index, column.name = cells.index, cells.name
    return column


def missing_words(words: np.ndarray) -> np.ndarray:
    """Which words mean "no value", with or without blanks around them."""
    found = pd.Index(words, dtype=object).isin(MISSING)
    # Blanks are rare, and looking for them word by word is slow.
    text = "\0" + "\0".join(words) + "\0"
    if any(edge in text for edge in _EDGES):
        found |= np.fromiter((word.strip() in MISSING for word in words), dtype=bool, count=len(words))
    return found


def is_missing(cells: pd.Series) -> pd.Series:
    codes, words = distinct(cells)
    found = missing_words(words)
    return pd.Series(found[codes] if len(words) else np.zeros(len(cells), bool), index=cells.index)


def as_numbers(cells: pd.Series) -> pd.Series:
    """Floats, with NaN where a cell is missing or no number."""
    codes, words = distinct(cells)
    known = np.where(missing_words(words), None, words)
    values = pd.to_numeric(pd.Series(known, dtype=object), errors="coerce").to_numpy(dtype=float)
    return pd.Series(values[codes] if len(words) else np.zeros(0), index=cells.index, name=cells.name)


def present_words(cells: pd.Series) -> np.ndarray:
    """The different values that are not missing, in the order of their codes."""
    codes, words = distinct(cells)
    used = np.zeros(len(words), bool)
    used[codes] = True
    return words[used & ~missing_words(words)]
