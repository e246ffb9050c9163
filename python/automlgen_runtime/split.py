"""The frozen division of a task's labelled rows, made once and outside every candidate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.relation import Relation, time_values
from automlgen_runtime.strata import strata_of
from automlgen_runtime.target import Target
from automlgen_runtime.task_errors import UserFault
from automlgen_runtime.words import distinct

FOLDS = 5
FOLDS_BELOW, FOLDS_BELOW_IF_CHEAP = 5_000, 20_000
"""Labelled rows below which K-fold scores are worth their cost; measured on eight settings."""
HIDDEN_SHARE, HIDDEN_LEAST, HIDDEN_MOST = 0.1, 500, 10_000
HISTORY_SHARE = 0.4
"""Share of the rows, the earliest, that forward-chained folds never hide."""


@dataclass(frozen=True)
class Split:
    mode: str
    reason: str
    relation: Relation
    stratified: bool
    seed: int
    #: `search`, `final`, `train` or `fold1` ... by position in the training table.
    parts: tuple[str, ...]

    @property
    def forward(self) -> bool:
        """Fold k is learnt from what lies before it alone: later folds are no history of it."""
        return self.mode == "folds" and "time" in self.relation.kind

    def manifest(self, ids: Sequence[str]) -> dict[str, Any]:
        """The `SplitManifest`; `ids` name the labelled rows in the task's own words."""
        digest = hashlib.sha256()
        digest.update("".join(f"{name}\t{part}\n" for name, part in zip(ids, self.parts, strict=True)).encode())
        folds = self.mode == "folds"
        count = self.parts.count
        scored = len(self.parts) - count("train")
        return {
            "mode": self.mode,
            "reason": self.reason,
            "relation": self.relation.kind,
            "stratified": self.stratified,
            "seed": self.seed,
            "rows": {
                "labelled": len(self.parts),
                "search": scored if folds else count("search"),
                "final": scored if folds else count("final"),
            },
            "folds": FOLDS if folds else 0,
            "hash": digest.hexdigest(),
        }


def split_rows(loaded: LoadedTask, target: Target, relation: Relation, mode: str, cheap: bool, seed: int) -> Split:
    """Divides the rows. `mode` is `auto`, `holdout` or `folds`."""
    rows = len(loaded.train)
    groups = None if relation.group is None else distinct(loaded.column(relation.group))[0]
    chosen, why = _mode(mode, rows, cheap, relation, groups)
    rng = np.random.Generator(np.random.PCG64([seed, 17]))
    sizes = _sizes(chosen, rows, "time" in relation.kind)
    if "time" in relation.kind and relation.time is not None:
        times = time_values(loaded.column(relation.time)).to_numpy()
        if relation.kind == "group+time" and groups is not None:
            parts = _by_series(times, groups, sizes)
        else:
            parts = _by_time(times, sizes)
        if chosen == "folds":
            why += "; each fold is learnt from earlier rows alone"
    elif groups is not None:
        parts = _by_group(groups, strata_of(loaded.label_table, target), sizes, rng)
    else:
        parts = _by_row(strata_of(loaded.label_table, target), sizes, rng)
    if chosen == "folds" and "time" not in relation.kind:
        parts = _first_with_classes(parts, loaded.label_table, target)
    _check_filled(parts, chosen, relation)
    return Split(
        mode=chosen,
        reason=f"{why}; {relation.reason}",
        relation=relation,
        stratified="time" not in relation.kind,
        seed=seed,
        parts=tuple(parts),
    )


def _mode(mode: str, rows: int, cheap: bool, relation: Relation, groups: np.ndarray | None) -> tuple[str, str]:
    if mode != "auto":
        return mode, f"mode {mode} was asked for"
    if "time" in relation.kind:
        return "holdout", "the latest rows are held out because test rows lie in the future"
    below = FOLDS_BELOW_IF_CHEAP if cheap else FOLDS_BELOW
    if groups is not None and len(np.unique(groups)) < 2 * FOLDS:
        return "holdout", f"too few groups for {FOLDS} folds"
    if rows < below:
        return "folds", f"{rows:,} labelled rows are fewer than {below:,}: every row is scored out of fold"
    return "holdout", f"{rows:,} labelled rows are enough to hold two parts out"


def _sizes(mode: str, rows: int, history: bool) -> dict[str, int]:
    """Rows by part, in the order of time where time counts; the rest is `train`, or goes to the first folds."""
    if mode == "folds":
        early = round(HISTORY_SHARE * rows) if history else 0
        base, extra = divmod(rows - early, FOLDS)
        folds = {f"fold{i + 1}": base + (i < extra) for i in range(FOLDS)}
        return {"train": early, **folds} if history else folds
    hidden = min(max(HIDDEN_LEAST, round(HIDDEN_SHARE * rows)), HIDDEN_MOST, max(1, rows // 5))
    if history:
        return {"train": rows - 2 * hidden, "search": hidden, "final": hidden}
    return {"search": hidden, "final": hidden, "train": rows - 2 * hidden}


def _by_row(strata: np.ndarray, sizes: dict[str, int], rng: np.random.Generator) -> list[str]:
    """Rows ordered by stratum and chance, dealt out so that every stretch of that order is shared in proportion."""
    order = np.lexsort([rng.permutation(len(strata)), strata])
    parts = np.empty(len(strata), dtype=object)
    parts[order] = _dealt(sizes, rng)
    return parts.tolist()


def _check_filled(parts: list[str], mode: str, relation: Relation) -> None:
    """Raises UserFault where too few groups or moments leave nothing to learn from, or nothing to score."""
    needed = {f"fold{i + 1}" for i in range(FOLDS)} if mode == "folds" else {"train", "search"}
    if len(parts) < len(needed) or needed <= set(parts):
        return
    column = relation.group or relation.time
    raise UserFault(
        "task-invalid",
        f'The rows cannot be divided by "{column}": it has too few values for {len(needed)} parts that share none.',
        f"Name a column with more values as `{'group' if relation.group else 'time'}`, or none.",
    )


def _first_with_classes(parts: list[str], labels: pd.DataFrame, target: Target) -> list[str]:
    """Every program is scored on fold 1 alone at first: where that has a single class it changes names with the fold
    that has most."""
    if target.classes is None:
        return parts
    found = labels.iloc[:, 0].groupby(np.array(parts, dtype=object)).nunique()
    if found.get("fold1", 0) > 1:
        return parts
    renamed = {"fold1": str(found.idxmax()), str(found.idxmax()): "fold1"}
    return [renamed.get(part, part) for part in parts]


def _dealt(sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    """Names in which any window holds each part close to its share; exact sizes over the whole."""
    names = list(sizes)
    slots = [(np.arange(sizes[name]) + rng.random()) / max(1, sizes[name]) for name in names]
    order = np.argsort(np.concatenate(slots), kind="stable")
    return np.repeat(np.array(names, dtype=object), [sizes[name] for name in names])[order]


def _by_group(groups: np.ndarray, strata: np.ndarray, sizes: dict[str, int], rng: np.random.Generator) -> list[str]:
    """Whole groups, large ones first, each to the part that it brings closest to its share of every stratum."""
    codes, _ = pd.factorize(groups)
    levels = int(strata.max()) + 1
    table = np.zeros((codes.max() + 1, levels))
    np.add.at(table, (codes, strata), 1)
    order = np.lexsort([rng.permutation(len(table)), -table.sum(axis=1)])
    share = np.array(list(sizes.values())) / sum(sizes.values())
    wanted = share[:, None] * table.sum(axis=0)[None, :]
    have = np.zeros_like(wanted)
    chosen = np.empty(len(table), dtype=int)
    for group in order:
        # Least increase of the squared relative overshoot, summed over the strata and the total.
        before = _overshoot(have, wanted)
        after = _overshoot(have + table[group], wanted)
        chosen[group] = int(np.argmin(after - before))
        have[chosen[group]] += table[group]
    names = np.array(list(sizes), dtype=object)
    return names[chosen[codes]].tolist()


def _overshoot(have: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """By part: squared distance from the wanted rows, in units of the wanted rows."""
    by_stratum = ((have - wanted) ** 2 / np.maximum(wanted, 1)).sum(axis=1)
    total = (have.sum(axis=1) - wanted.sum(axis=1)) ** 2 / np.maximum(wanted.sum(axis=1), 1)
    return by_stratum + total


def _by_time(times: np.ndarray, sizes: dict[str, int]) -> list[str]:
    """Stretches of time in the order of `sizes`. Rows of one moment stay together, in the later part."""
    order = np.argsort(times, kind="stable")
    names = list(sizes)
    parts = np.empty(len(times), dtype=object)
    parts[order] = np.repeat(np.array(names, dtype=object), [sizes[name] for name in names])
    for before, after in pairwise(names):
        here, later = parts == before, parts == after
        if here.any() and later.any():
            parts[here & (times >= times[later].min())] = after
    return parts.tolist()


def _by_series(times: np.ndarray, groups: np.ndarray, sizes: dict[str, int]) -> list[str]:
    """The latest rows of each series: every series is divided into the same shares, counted from its end.

    A series of a single row stays in the first part. Rows of one series and one moment go together.
    """
    names, total = list(sizes), len(times)
    edges = np.cumsum([sizes[name] for name in names])[:-1] / total
    order = np.lexsort([times, groups])
    sorted_groups = groups[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    lengths = np.diff(np.r_[starts, total])
    start_of, length_of = np.repeat(starts, lengths), np.repeat(lengths, lengths)
    # The place of a row in its series, counted so that the last row of a long series lies in the last part.
    place = (np.arange(total) - start_of + 0.5) / length_of
    place = np.where(length_of == 1, 0.0, place)
    part = np.searchsorted(edges, place, side="right")
    same = np.r_[False, (sorted_groups[1:] == sorted_groups[:-1]) & (np.diff(times[order]) == 0)]
    for at in np.flatnonzero(same):
        part[at] = part[at - 1]
    parts = np.empty(total, dtype=object)
    parts[order] = np.array(names, dtype=object)[part]
    return parts.tolist()
