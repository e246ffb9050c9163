"""A prepared task as the scoring half sees it: hidden truth, groups, ids. Read once, then kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Mask, Truth
from automlgen_runtime.metrics.classes import Names, encode, levels_of
from automlgen_runtime.metrics.registry import METRICS, Metric


@dataclass(frozen=True)
class Hidden:
    """`hidden/labels.csv` and `hidden/test_ids.csv` as columns of text."""

    ids: list[str]
    parts: np.ndarray
    labels: np.ndarray
    groups: np.ndarray | None
    weights: Floats | None
    metric_groups: np.ndarray | None
    scale: Floats | None
    test_ids: list[str]
    original_ids: list[str]


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
    def predictions_folder(self) -> Path:
        return Path(self.prepared["predictionsFolder"])

    @cached_property
    def metric(self) -> Metric:
        return replace(METRICS[self.card["metric"]], direction=self.card["direction"])

    @cached_property
    def classes(self) -> list[str]:
        return list(self.card.get("classes") or [])

    @cached_property
    def class_names(self) -> Names:
        return Names(self.classes)

    @cached_property
    def levels(self) -> Floats:
        return np.zeros(0) if self.metric.predictions == "value" else levels_of(self.classes)

    @cached_property
    def truth(self) -> Truth:
        if self.metric.predictions == "value":
            return self.hidden.labels.astype(np.float64)
        return encode(self.hidden.labels, self.classes)

    @cached_property
    def context(self) -> Context:
        """What the metric needs beside truth and prediction, at all hidden rows; `context.at(rows)` at some."""
        hidden, groups = self.hidden, self.hidden.metric_groups
        codes = None if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int64)
        return Context(self.levels, dict(self.card.get("metricOptions") or {}), hidden.weights, codes, hidden.scale)

    @cached_property
    def groups(self) -> Codes | None:
        if self.hidden.groups is None:
            return None
        return np.unique(self.hidden.groups, return_inverse=True)[1].astype(np.int64)

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
    def target_range(self) -> tuple[float, float] | None:
        limits = self.card.get("targetRange")
        return (float(limits[0]), float(limits[1])) if limits else None

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


@lru_cache(maxsize=8)
def _hidden(folder: str, stamp: int) -> Hidden:
    labels, tests = read_text_table(Path(folder) / "labels.csv"), read_text_table(Path(folder) / "test_ids.csv")
    shown = "original_id" if "original_id" in tests else "row_id"
    return Hidden(
        ids=labels["row_id"].tolist(),
        parts=labels["part"].to_numpy(dtype=object),
        labels=labels["label"].to_numpy(dtype=object),
        groups=labels["group"].to_numpy(dtype=object) if "group" in labels else None,
        weights=labels["weight"].to_numpy(dtype=np.float64) if "weight" in labels else None,
        metric_groups=labels["metric_group"].to_numpy(dtype=object) if "metric_group" in labels else None,
        scale=labels["scale"].to_numpy(dtype=np.float64) if "scale" in labels else None,
        test_ids=tests["row_id"].tolist(),
        original_ids=tests[shown].tolist(),
    )


_RULERS: dict[tuple[str, int], Ruler] = {}


def ruler_of(prepared: Mapping[str, Any]) -> Ruler:
    """The ruler of a prepared task (JSON of `PreparedTask`); the last eight are kept."""
    folder = str(prepared["hiddenFolder"])
    stamp = (Path(folder) / "labels.csv").stat().st_mtime_ns
    kept = _RULERS.get((folder, stamp))
    if kept is None or kept.prepared != prepared:
        kept = Ruler(prepared, _hidden(folder, stamp))
        while len(_RULERS) >= 8:
            _RULERS.pop(next(iter(_RULERS)))
        _RULERS[folder, stamp] = kept
    return kept
