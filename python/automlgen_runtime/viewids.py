"""Names of rows inside the views: the task's own where they tell nothing, opaque ones where they would."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.words import as_numbers, plain


@dataclass(frozen=True)
class ViewIds:
    train: pd.Series
    test: pd.Series
    #: The views use other ids than the task.
    opaque: bool
    #: Both of the task's tables have ids.
    known: bool
    reason: str

    def by_original(self, train: Sequence[str], test: Sequence[str]) -> dict[str, str]:
        """View id by original id; test rows win where the task uses an id twice."""
        return dict(zip(train, self.train, strict=True)) | dict(zip(test, self.test, strict=True))


def view_ids(loaded: LoadedTask, seed: int) -> ViewIds:
    """One id per row, the same in every view and unique over labelled and test rows."""
    test = plain(loaded.test[loaded.id_column]).reset_index(drop=True)
    if loaded.id_column not in loaded.train.columns:
        return _opaque(len(loaded.train), test, seed, False, "the training table has no ids")
    train = plain(loaded.train[loaded.id_column]).reset_index(drop=True)
    reason = telling(train, test)
    if reason is None:
        return ViewIds(train, test, False, True, "the task's own ids tell nothing")
    return _opaque(len(train), test, seed, True, reason)


def telling(train: pd.Series, test: pd.Series) -> str | None:
    """Why an id would tell a test row from a train row; nothing when it would not."""
    if set(train) & set(test):
        return "train and test use the same ids"
    shapes = pd.concat([_shapes(train), _shapes(test)], axis=1).fillna(0)
    if float((shapes.iloc[:, 0] - shapes.iloc[:, 1]).abs().sum() / 2) > 0.1:
        return "ids of train and test are written differently"
    area = _area(train, test)
    if abs(area - 0.5) > 0.05 + 1.5 / np.sqrt(min(len(train), len(test))):
        return "ids of train and test lie in different ranges"
    return None


def _shapes(ids: pd.Series) -> pd.Series:
    """Shares of forms: runs of digits are 9, runs of hexadecimal letters stay letters."""
    plain = ids.str.replace(re.compile(r"^[0-9a-f]{6,}$"), "hex", regex=True)
    return plain.str.replace(re.compile(r"\d+"), "9", regex=True).value_counts(normalize=True).head(50)


def _area(train: pd.Series, test: pd.Series) -> float:
    """Chance that a test id comes after a train id: by number where all digits make one, else by code point."""
    both = pd.concat([train, test], ignore_index=True)
    digits = as_numbers(both.str.replace(re.compile(r"\D+"), "", regex=True).str.slice(0, 15))
    values = digits if digits.notna().all() else pd.Series(np.unique(both.to_numpy(str), return_inverse=True)[1])
    ranks = values.rank().to_numpy()[len(train) :]
    return float((ranks.sum() - len(test) * (len(test) + 1) / 2) / (len(train) * len(test)))


def _opaque(train_rows: int, test: pd.Series, seed: int, known: bool, reason: str) -> ViewIds:
    """Numbers in random order; plain integers where the task's ids are, so that types stay what they were."""
    total = train_rows + len(test)
    numbers = np.random.Generator(np.random.PCG64([seed, 23])).permutation(total) + 1
    if as_numbers(test).notna().all():
        names = pd.Series([str(n) for n in numbers], dtype=object)
    else:
        width = len(str(total))
        names = pd.Series([f"row{n:0{width}d}" for n in numbers], dtype=object)
    return ViewIds(names[:train_rows], names[train_rows:].reset_index(drop=True), True, known, reason)
