"""How test rows relate to train rows: the split copies it, so that hidden rows are as new as test rows are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.columns import named_like_id
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.words import as_numbers, distinct, is_missing, missing_words, plain, present_words

_TIME_NAME = re.compile(
    r"(?:^|[_\W])(?:date|time|datetime|timestamp|year|month|week|day|hour|quarter|period|step|wave|round|season|t)"
    r"(?:$|[_\W\d])",
    re.IGNORECASE,
)
_TIME_ENDING = re.compile(r"[a-z](?:Date|Time|Year|Month|Week|Day)$|^(?:yr|dt|ts)$")
ABSENT_SHARE = 0.95
"""Share of the test table's groups that must be absent from train before a column counts as the group."""
SOME = 5_000
"""Rows looked at before all are."""
LATER_SHARE = 0.99
"""Share of the test rows of known series that must lie after all labelled rows of their series."""


@dataclass(frozen=True)
class Relation:
    """`kind`: random, group, time, group+time; the columns that it is made of."""

    kind: str
    reason: str
    group: str | None = None
    time: str | None = None


RANDOM = Relation("random", "train and test rows mix freely")


def find_relation(loaded: LoadedTask, kinds: Mapping[str, str]) -> Relation:
    """What the task's author said, else what the two tables show, else random."""
    group, time = loaded.task.get("group"), loaded.task.get("time")
    if group and time:
        return _told_both(loaded, group, time)
    if group:
        return Relation("group", f'the task names "{group}" as its group', group=group)
    if time:
        return Relation("time", f'the task names "{time}" as its time', time=time)
    return _time(loaded, kinds) or _panel(loaded, kinds) or _group(loaded, kinds) or RANDOM


def time_values(cells: pd.Series) -> pd.Series:
    """Sortable numbers: the cells' own, or nanoseconds of their dates. Missing cells sort first."""
    numbers = as_numbers(cells)
    if numbers.notna().mean() < 0.95:
        codes, words = distinct(cells)
        known = pd.Series(np.where(missing_words(words), None, words), dtype=object)
        dates = pd.to_datetime(known, errors="coerce", format="ISO8601", utc=True)
        if dates.notna().sum() < known.notna().sum():
            dates = pd.to_datetime(known, errors="coerce", format="mixed", utc=True)
        values = dates.astype("int64").astype(float).where(dates.notna()).to_numpy()
        numbers = pd.Series(values[codes], index=cells.index)
    return numbers.fillna(-float("inf"))


def tells_time(name: str, kind: str) -> bool:
    """A column of dates, or whole numbers called like a time."""
    named = _TIME_NAME.search(name) or _TIME_ENDING.search(name)
    return kind == "date" or (kind in ("integer", "number", "id") and named is not None)


def _told_both(loaded: LoadedTask, group: str, time: str) -> Relation:
    """Groups whose later rows are asked for; or new groups in a later time."""
    said = f'the task names "{group}" as its group and "{time}" as its time'
    if group not in loaded.test.columns or _known_share(loaded, group) >= 0.5:
        return Relation("group+time", f"{said}: the latest rows of each group are hidden", group, time)
    return Relation("group", f"{said}, and test groups are new", group, time)


def _known_share(loaded: LoadedTask, name: str) -> float:
    """Share of the test table's values of a column that occur in train."""
    known, asked = set(present_words(loaded.train[name])), present_words(loaded.test[name])
    return float(np.mean([word in known for word in asked])) if len(asked) else 0.0


def _time(loaded: LoadedTask, kinds: Mapping[str, str]) -> Relation | None:
    """Every test row lies after every train row. With series that go on, the latest rows of each series count."""
    for name in loaded.features:
        if not tells_time(name, kinds[name]):
            continue
        if not _some_later(loaded, name):
            continue
        train, test = time_values(loaded.train[name]), time_values(loaded.test[name])
        if train.max() < test.min() and loaded.train[name].nunique() >= 10:
            series = _series(loaded, kinds, name, train)
            if series is not None:
                return Relation(
                    "group+time",
                    f'every test row lies after every train row in "{name}", and the series of "{series}" end at '
                    "different times",
                    series,
                    name,
                )
            return Relation("time", f'every test row lies after every train row in "{name}"', time=name)
    return None


def _series(loaded: LoadedTask, kinds: Mapping[str, str], time: str, times: pd.Series) -> str | None:
    """A column of series that go on into test and end at different times in train: a common date would hide few."""
    for name in _series_columns(loaded, kinds, time):
        last = times.groupby(distinct(loaded.train[name])[0]).max()
        span = times.max() - times[times > -np.inf].min()
        if span > 0 and float(((times.max() - last) > 0.1 * span).mean()) > 0.2:
            return name
    return None


def _series_columns(loaded: LoadedTask, kinds: Mapping[str, str], time: str) -> list[str]:
    """Columns whose test values are known from train and divide the rows into series without repeated times."""
    found = []
    for name in loaded.features:
        if name == time or kinds[name] not in ("category", "id", "integer", "text"):
            continue
        codes, words = distinct(loaded.train[name])
        if len(words) < 2 or len(codes) / len(words) < 4 or _known_share(loaded, name) < 0.9:
            continue
        moments = distinct(loaded.train[time])[0]
        if len(np.unique(codes.astype(np.int64) * (int(moments.max()) + 2) + moments)) >= 0.98 * len(codes):
            found.append(name)
    return found


def _panel(loaded: LoadedTask, kinds: Mapping[str, str]) -> Relation | None:
    """Each series goes on in test after its last labelled row, wherever on the calendar that is."""
    for time in loaded.features:
        if not tells_time(time, kinds[time]):
            continue
        few = [time_values(_some(table[time], SOME)) for table in (loaded.train, loaded.test)]
        for name in _series_columns(loaded, kinds, time):
            if not _goes_on(loaded, name, *few, SOME):
                continue
            if _goes_on(loaded, name, time_values(loaded.train[time]), time_values(loaded.test[time]), None):
                return Relation(
                    "group+time", f'the test rows of each "{name}" lie after its train rows in "{time}"', name, time
                )
    return None


def _some(column: pd.Series, most: int | None) -> pd.Series:
    return column if most is None else column.iloc[:: max(1, len(column) // most)]


def _some_later(loaded: LoadedTask, name: str) -> bool:
    """Whether some test rows all lie after some train rows: without that, not all of them can."""
    train, test = (time_values(_some(table[name], SOME)) for table in (loaded.train, loaded.test))
    return bool(train.max() < test.min())


def _goes_on(loaded: LoadedTask, name: str, train: pd.Series, test: pd.Series, most: int | None) -> bool:
    """Test rows (`test`: their times) lie after the last train row of their series.

    Seen on `most` rows it can only be denied.
    """
    last = train.groupby(plain(_some(loaded.train[name], most)).to_numpy()).max()
    ends = last.reindex(plain(_some(loaded.test[name], most)).to_numpy()).to_numpy()
    known = ~np.isnan(ends)
    later = test.to_numpy()[known] > ends[known]
    return bool(len(later)) and float(later.mean()) >= LATER_SHARE and (most is not None or float(known.mean()) >= 0.9)


def _group(loaded: LoadedTask, kinds: Mapping[str, str]) -> Relation | None:
    """The coarsest column whose values come in bunches and whose test values are nearly all new."""
    best: tuple[int, str, float] | None = None
    for name in loaded.features:
        if kinds[name] not in ("category", "id", "integer", "text"):
            continue
        train, test = loaded.train[name], loaded.test[name]
        groups, asked = len(present_words(train)), present_words(test)
        rows = len(train) - int(is_missing(train).sum())
        if groups < 10 or rows / groups < 1.5 or rows < len(train) / 2 or len(asked) < 5:
            continue
        if kinds[name] == "integer" and not named_like_id(name) and not _interleave(train, test):
            continue
        absent = 1 - _known_share(loaded, name)
        if absent >= ABSENT_SHARE and (best is None or groups < best[0]):
            best = (groups, name, absent)
    if best is None:
        return None
    return Relation("group", f'{best[2]:.0%} of the test values of "{best[1]}" never occur in train', group=best[1])


def _interleave(train: pd.Series, test: pd.Series) -> bool:
    """Most test values lie inside the range of train: numbers that merely drifted away are no groups."""
    known, asked = as_numbers(train).dropna(), as_numbers(test).dropna()
    return bool(asked.between(known.min(), known.max()).mean() >= 0.5)
