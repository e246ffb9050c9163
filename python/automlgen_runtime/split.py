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
from automlgen_runtime.tables import as_numbers

FOLDS = 5
FOLDS_BELOW, FOLDS_BELOW_IF_CHEAP = 5_000, 20_000
"""Labelled rows below which K-fold scores are worth their cost; measured on eight settings."""
HIDDEN_SHARE, HIDDEN_LEAST, HIDDEN_MOST = 0.1, 500, 10_000
STRATA = 10
"""Quantile bins of a numeric target that are spread evenly over the parts."""


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
    def hidden_parts(self) -> list[str]:
        return sorted(set(self.parts) - {"train"})

    def manifest(self, ids: Sequence[str]) -> dict[str, Any]:
        """The `SplitManifest`; `ids` name the labelled rows in the task's own words."""
        digest = hashlib.sha256()
        for name, part in zip(ids, self.parts, strict=True):
            digest.update(f"{name}\t{part}\n".encode())
        folds = self.mode == "folds"
        count = self.parts.count
        return {
            "mode": self.mode,
            "reason": self.reason,
            "relation": self.relation.kind,
            "stratified": self.stratified,
            "seed": self.seed,
            "rows": {
                "labelled": len(self.parts),
                "search": len(self.parts) if folds else count("search"),
                "final": len(self.parts) if folds else count("final"),
            },
            "folds": FOLDS if folds else 0,
            "hash": digest.hexdigest(),
        }


def split_rows(
    loaded: LoadedTask, classes: Sequence[str] | None, relation: Relation, mode: str, cheap: bool, seed: int
) -> Split:
    """Divides the rows. `mode` is `auto`, `holdout` or `folds`."""
    rows = len(loaded.train)
    chosen, why = _mode(mode, rows, cheap, relation, loaded)
    rng = np.random.Generator(np.random.PCG64([seed, 17]))
    strata = _strata(loaded.labels, classes)
    sizes = _sizes(chosen, rows)
    if relation.kind == "time" and relation.column is not None:
        parts = _by_time(time_values(loaded.train[relation.column]).to_numpy(), sizes)
    elif relation.kind == "group" and relation.column is not None:
        parts = _by_group(loaded.train[relation.column], strata, sizes, rng)
    else:
        parts = _by_row(strata, sizes, rng)
    return Split(
        mode=chosen,
        reason=f"{why}; {relation.reason}",
        relation=relation,
        stratified=relation.kind != "time",
        seed=seed,
        parts=tuple(parts),
    )


def _mode(mode: str, rows: int, cheap: bool, relation: Relation, loaded: LoadedTask) -> tuple[str, str]:
    if mode != "auto":
        return mode, f"mode {mode} was asked for"
    if relation.kind == "time":
        return "holdout", "the latest rows are held out because test rows lie in the future"
    below = FOLDS_BELOW_IF_CHEAP if cheap else FOLDS_BELOW
    if relation.kind == "group" and loaded.train[relation.column].nunique() < 2 * FOLDS:
        return "holdout", f"too few groups for {FOLDS} folds"
    if rows < below:
        return "folds", f"{rows:,} labelled rows are fewer than {below:,}: every row is scored out of fold"
    return "holdout", f"{rows:,} labelled rows are enough to hold two parts out"


def _sizes(mode: str, rows: int) -> dict[str, int]:
    """Rows by part; what is left over is `train`, or goes to the last fold."""
    if mode == "folds":
        base, extra = divmod(rows, FOLDS)
        return {f"fold{i + 1}": base + (i < extra) for i in range(FOLDS)}
    hidden = min(max(HIDDEN_LEAST, round(HIDDEN_SHARE * rows)), HIDDEN_MOST, max(1, rows // 5))
    return {"search": hidden, "final": hidden, "train": rows - 2 * hidden}


def _strata(labels: pd.Series, classes: Sequence[str] | None) -> np.ndarray:
    if classes is not None:
        return pd.Categorical(labels, categories=list(classes)).codes.astype(int)
    ranks = as_numbers(labels).rank(method="first").to_numpy()
    return ((ranks - 1) * STRATA // len(labels)).astype(int)


def _by_row(strata: np.ndarray, sizes: dict[str, int], rng: np.random.Generator) -> list[str]:
    """Rows ordered by stratum and chance, dealt out so that every stretch of that order is shared in proportion."""
    order = np.lexsort([rng.permutation(len(strata)), strata])
    parts = np.empty(len(strata), dtype=object)
    parts[order] = _dealt(sizes, rng)
    return parts.tolist()


def _dealt(sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    """Names in which any window holds each part close to its share; exact sizes over the whole."""
    names = list(sizes)
    slots = [(np.arange(sizes[name]) + rng.random()) / max(1, sizes[name]) for name in names]
    order = np.argsort(np.concatenate(slots), kind="stable")
    return np.repeat(np.array(names, dtype=object), [sizes[name] for name in names])[order]


def _by_group(groups: pd.Series, strata: np.ndarray, sizes: dict[str, int], rng: np.random.Generator) -> list[str]:
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
    """Hold-out: train, search, final in the order of time; K-fold: five stretches of time. Ties stay together."""
    order = np.argsort(times, kind="stable")
    names = ["train", "search", "final"] if "train" in sizes else list(sizes)
    parts = np.empty(len(times), dtype=object)
    parts[order] = np.repeat(np.array(names, dtype=object), [sizes[name] for name in names])
    for before, after in pairwise(names):
        here, later = parts == before, parts == after
        if here.any() and later.any():
            # Rows of the boundary's moment belong to the later part.
            parts[here & (times >= times[later].min())] = after
    return parts.tolist()
