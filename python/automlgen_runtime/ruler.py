"""A prepared task as the scoring half sees it: hidden truth, groups, ids. Read once, then kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Mask, Truth
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.metrics.custom import metric_of
from automlgen_runtime.metrics.metric import Metric
from automlgen_runtime.truth import classes_of, context_of, groups_in, label_columns, targets_of, truth_of


@dataclass(frozen=True)
class Hidden:
    """`hidden/labels.csv` (as text) and `hidden/test_ids.csv`. The table has no rows where nothing could be hidden."""

    table: pd.DataFrame
    test_ids: list[str]
    original_ids: list[str]

    @cached_property
    def ids(self) -> list[str]:
        return self.table["row_id"].tolist()

    @cached_property
    def parts(self) -> np.ndarray:
        return self.table["part"].to_numpy(dtype=object)


@dataclass(frozen=True)
class Ruler:
    """Rows are numbered as in `labels.csv`. A *view* is `main`, or `fold1` ... `foldK`."""

    prepared: Mapping[str, Any]
    hidden: Hidden

    @property
    def card(self) -> Mapping[str, Any]:
        return self.prepared["card"]

    @property
    def folds(self) -> bool:
        return self.prepared["split"]["mode"] == "folds"

    @property
    def claimed(self) -> bool:
        """Nothing could be hidden: programs score themselves."""
        return self.prepared["split"]["mode"] == "script"

    @property
    def predictions_folder(self) -> Path:
        return Path(self.prepared["predictionsFolder"])

    @cached_property
    def metric(self) -> Metric:
        return metric_of(self.card)

    @cached_property
    def targets(self) -> list[str]:
        """All targets where there are several, else nothing."""
        return targets_of(self.card)

    @cached_property
    def classes(self) -> list[str]:
        return classes_of(self.card)

    @cached_property
    def class_names(self) -> Names:
        return Names(self.classes)

    @cached_property
    def levels(self) -> Floats:
        return self.context.levels

    @cached_property
    def truth(self) -> Truth:
        columns = [self.hidden.table[name].to_numpy(dtype=object) for name in label_columns(self.card)]
        return truth_of(self.card, columns)

    @cached_property
    def context(self) -> Context:
        """What the metric needs beside truth and prediction, at all hidden rows; `context.at(rows)` at some."""
        return context_of(self.card, self.hidden.table)

    @cached_property
    def groups(self) -> Codes | None:
        return groups_in(self.hidden.table)

    @cached_property
    def views(self) -> list[str]:
        """Views that carry hidden rows, in the order in which programs run them."""
        count = int(self.prepared["split"]["folds"])
        return [f"fold{k}" for k in range(1, count + 1)] if self.folds else ["main"]

    @cached_property
    def everything(self) -> Mask:
        return np.ones(len(self.hidden.ids), dtype=bool)

    @cached_property
    def search(self) -> Mask:
        """Rows that score programs while searching; in K-fold mode all of them."""
        return self.everything if self.folds else self.hidden.parts == "search"

    @cached_property
    def target_ranges(self) -> Floats | None:
        """Least and largest label in training, one row per target; nothing where targets are no numbers."""
        if self.metric.predictions != "value":
            return None
        limits = self.card.get("targetRange")
        if limits and not self.targets:
            return np.array([limits], dtype=np.float64)
        return self._ranges_seen() if self.targets else None

    def _ranges_seen(self) -> Floats | None:
        """Over what programs train on and what is hidden from them: together all labelled rows."""
        seen = [self.truth] if len(self.hidden.ids) else []
        folder = self.prepared.get("views", {}).get(self.views[0])
        path = None if folder is None else Path(folder) / "train.csv"
        if path is not None and path.is_file():
            table = pd.read_csv(path, usecols=self.targets)
            seen.append(table[self.targets].to_numpy(dtype=np.float64))
        if not seen:
            return None
        everything = np.concatenate(seen)
        return np.column_stack([np.nanmin(everything, axis=0), np.nanmax(everything, axis=0)])

    @cached_property
    def longest_truth(self) -> int:
        """Bytes of the longest hidden text; 0 where the truth is no text or nothing is hidden."""
        if self.metric.predictions != "text":
            return 0
        return max((len(text.encode()) for text in self.truth), default=0)

    @cached_property
    def _names(self) -> dict[str, Names]:
        return {}

    def rows_of(self, view: str) -> Codes:
        """Positions of the hidden rows that `view` mixes into its test.csv."""
        return np.flatnonzero(self.hidden.parts == view if self.folds else self.everything)

    def names_of(self, view: str) -> Names:
        """Ids that a submission written in `view` must have: hidden rows first, then test rows."""
        if view not in self._names:
            if view == "full":
                rows = np.zeros(0, np.int64) if self.folds else self.rows_of("main")
            else:
                rows = self.rows_of(view)
            self._names[view] = Names([self.hidden.ids[row] for row in rows] + self.hidden.test_ids)
        return self._names[view]

    def groups_of(self, rows: Mask | Codes) -> Codes | None:
        return None if self.groups is None else self.groups[rows]


def read_text_table(path: Path) -> pd.DataFrame:
    """A CSV of ours with every cell as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def empty_labels() -> pd.DataFrame:
    return pd.DataFrame({"row_id": [], "part": [], "label": []}, dtype=object)


@lru_cache(maxsize=8)
def _hidden(folder: str, stamp: int) -> Hidden:
    path = Path(folder) / "labels.csv"
    labels = read_text_table(path) if path.is_file() else empty_labels()
    tests = read_text_table(Path(folder) / "test_ids.csv")
    shown = "original_id" if "original_id" in tests else "row_id"
    return Hidden(labels, tests["row_id"].tolist(), tests[shown].tolist())


_RULERS: dict[tuple[str, int], Ruler] = {}


def ruler_of(prepared: Mapping[str, Any]) -> Ruler:
    """The ruler of a prepared task (JSON of `PreparedTask`); the last eight are kept."""
    folder = str(prepared["hiddenFolder"])
    labels = Path(folder) / "labels.csv"
    stamp = (labels if labels.is_file() else Path(folder) / "test_ids.csv").stat().st_mtime_ns
    kept = _RULERS.get((folder, stamp))
    if kept is None or kept.prepared != prepared:
        kept = Ruler(prepared, _hidden(folder, stamp))
        while len(_RULERS) >= 8:
            _RULERS.pop(next(iter(_RULERS)))
        _RULERS[folder, stamp] = kept
    return kept
