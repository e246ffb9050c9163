"""The features of hidden rows, test rows and train rows as programs saw them, read for an audit within its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.metrics.arrays import Codes
from automlgen_runtime.ruler import Ruler

CHUNK = 20_000
MOST_ROWS = 20_000
"""Rows of each kind that are looked at; a leak shows in far fewer."""


class TimeUp(Exception):
    """The audit's time is over."""


@dataclass(frozen=True)
class Tables:
    id_column: str
    features: list[str]
    #: Text of every cell, in the order of the rows that were asked for.
    hidden: pd.DataFrame
    #: Place of each of them in its view's test.csv, as a share.
    positions: pd.Series
    #: (Share of hidden rows, share of test rows) that repeat a row of train.csv.
    repeated: Callable[[], tuple[float, float]]

    def id_numbers(self) -> pd.Series:
        return pd.to_numeric(
            self.hidden[self.id_column].str.replace(r"\D+", "", regex=True).str.slice(0, 15), errors="coerce"
        )


def read_tables(ruler: Ruler, views: list[str], rows: Codes, deadline: float) -> Tables:
    """Raises TimeUp. `rows` are positions among the hidden rows, all of them asked by one of `views`."""
    id_column = ruler.card["idColumn"]
    wanted = {ruler.hidden.ids[row]: place for place, row in enumerate(rows)}
    own = set(ruler.hidden.test_ids)
    asked = [_view(Path(ruler.prepared["views"][view]), id_column, wanted, own, deadline) for view in views]
    hidden = pd.concat([one.hidden for one in asked], ignore_index=True)
    order = np.argsort(hidden[id_column].map(wanted).to_numpy(), kind="stable")
    places = pd.Series(np.concatenate([one.places for one in asked])[order])
    features = [name for name in hidden.columns if name != id_column]

    def repeated() -> tuple[float, float]:
        found = [one.repeated(features, deadline) for one in asked]
        hidden, test = (np.concatenate([one[side] for one in found]) for side in (0, 1))
        return float(hidden.mean()), float(test.mean())

    return Tables(id_column, features, hidden.iloc[order].reset_index(drop=True), places, repeated)


@dataclass(frozen=True)
class _View:
    folder: Path
    hidden: pd.DataFrame
    test: pd.DataFrame
    places: np.ndarray

    def repeated(self, features: list[str], deadline: float) -> tuple[np.ndarray, np.ndarray]:
        """Which hidden and which test rows repeat a row that this very view shows with its label."""
        known: set[int] = set()
        for chunk in _chunks(self.folder / "train.csv", deadline):
            known.update(_hashes(chunk, features).tolist())
        hidden, test = (_hashes(part.head(MOST_ROWS), features).tolist() for part in (self.hidden, self.test))
        return np.array([one in known for one in hidden]), np.array([one in known for one in test])


def _view(folder: Path, id_column: str, wanted: dict[str, int], own: set[str], deadline: float) -> _View:
    hidden, test, places = [], [], []
    size = kept = 0
    for chunk in _chunks(folder / "test.csv", deadline):
        mine = chunk[id_column].isin(wanted.keys())
        hidden.append(chunk[mine])
        places.append(np.flatnonzero(mine.to_numpy()) + size)
        if kept < MOST_ROWS:
            test.append(chunk[chunk[id_column].isin(own)].head(MOST_ROWS - kept))
            kept += len(test[-1])
        size += len(chunk)
    return _View(folder, pd.concat(hidden), pd.concat(test), np.concatenate(places) / max(1, size))


def _hashes(table: pd.DataFrame, features: list[str]) -> np.ndarray:
    return pd.util.hash_pandas_object(table[features], index=False).to_numpy()


def _chunks(path: Path, deadline: float) -> Iterator[pd.DataFrame]:
    with pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", chunksize=CHUNK) as chunks:
        for chunk in chunks:
            if time.monotonic() > deadline:
                raise TimeUp
            yield chunk
