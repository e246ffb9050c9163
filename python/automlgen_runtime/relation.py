"""How test rows relate to train rows: the split copies it, so that hidden rows are as new as test rows are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from automlgen_runtime.columns import named_like_id
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.tables import as_numbers, is_missing
from automlgen_runtime.task_errors import UserFault, did_you_mean

_TIME_NAME = re.compile(
    r"(?:^|[_\W])(?:date|time|datetime|timestamp|year|month|week|day|quarter)(?:$|[_\W])", re.IGNORECASE
)
ABSENT_SHARE = 0.95
"""Share of the test table's groups that must be absent from train before a column counts as the group."""


@dataclass(frozen=True)
class Relation:
    kind: str
    column: str | None
    reason: str


def find_relation(loaded: LoadedTask, kinds: dict[str, str]) -> Relation:
    """What the task's author said, else what the two tables show, else random."""
    task = loaded.task
    if task.get("group"):
        column = _own(loaded, "group")
        return Relation("group", column, f'the task names "{column}" as its group')
    if task.get("time"):
        column = _own(loaded, "time")
        return Relation("time", column, f'the task names "{column}" as its time')
    return _time(loaded, kinds) or _group(loaded, kinds) or Relation("random", None, "train and test rows mix freely")


def time_values(cells: pd.Series) -> pd.Series:
    """Sortable numbers: the cells' own, or nanoseconds of their dates. Missing cells sort first."""
    numbers = as_numbers(cells)
    if numbers.notna().mean() < 0.95:
        dates = pd.to_datetime(cells.where(~is_missing(cells)), errors="coerce", format="mixed", utc=True)
        numbers = dates.astype("int64").astype(float).where(dates.notna())
    return numbers.fillna(-float("inf"))


def _own(loaded: LoadedTask, role: str) -> str:
    column = loaded.task[role]
    if column not in loaded.train.columns:
        raise UserFault(
            "task-invalid",
            f'`{role}` names "{column}", which is no column of the training table.'
            f"{did_you_mean(column, loaded.train.columns)}",
            f"Correct `{role}` in task.toml, or remove it.",
        )
    return column


def _time(loaded: LoadedTask, kinds: dict[str, str]) -> Relation | None:
    for name in loaded.features:
        if kinds[name] != "date" and not (kinds[name] in ("integer", "number") and _TIME_NAME.search(name)):
            continue
        train, test = time_values(loaded.train[name]), time_values(loaded.test[name])
        if train.max() < test.min() and loaded.train[name].nunique() >= 10:
            return Relation("time", name, f'every test row lies after every train row in "{name}"')
    return None


def _group(loaded: LoadedTask, kinds: dict[str, str]) -> Relation | None:
    """The coarsest column whose values come in bunches and whose test values are nearly all new."""
    best: tuple[int, str, float] | None = None
    for name in loaded.features:
        if kinds[name] not in ("category", "id", "integer", "text"):
            continue
        train, test = loaded.train[name], loaded.test[name]
        groups = train[~is_missing(train)].nunique()
        if groups < 10 or len(train) / groups < 1.5 or test.nunique() < 5:
            continue
        if kinds[name] == "integer" and not named_like_id(name) and not _interleave(train, test):
            continue
        absent = float((~pd.Series(test.unique()).isin(set(train))).mean())
        if absent >= ABSENT_SHARE and (best is None or groups < best[0]):
            best = (groups, name, absent)
    if best is None:
        return None
    return Relation("group", best[1], f'{best[2]:.0%} of the test values of "{best[1]}" never occur in train')


def _interleave(train: pd.Series, test: pd.Series) -> bool:
    """Most test values lie inside the range of train: numbers that merely drifted away are no groups."""
    known, asked = as_numbers(train).dropna(), as_numbers(test).dropna()
    return bool(asked.between(known.min(), known.max()).mean() >= 0.5)
