"""The hidden half of a prepared task: labels that only the evaluator reads, and what the metric needs beside them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.relation import time_values
from automlgen_runtime.split import Split
from automlgen_runtime.tables import write_table
from automlgen_runtime.target import YES_OR_NO, Target
from automlgen_runtime.task_errors import UserFault
from automlgen_runtime.viewids import ViewIds
from automlgen_runtime.words import as_numbers, distinct, is_missing, plain


def write_hidden(
    folder: Path, loaded: LoadedTask, target: Target, split: Split, ids: ViewIds, card: dict[str, Any]
) -> pd.DataFrame:
    """Writes `labels.csv` and `test_ids.csv` (LAYOUT.md); gives the labels back."""
    make_private(folder)
    parts = np.array(split.parts, dtype=object)
    labels = pd.DataFrame({"row_id": ids.train.to_numpy(), "part": parts})
    for name, column in label_columns(loaded, target).items():
        labels[name] = column
    for name, column in _beside(loaded, split, card).items():
        labels[name] = column
    labels = labels[parts != "train"].reset_index(drop=True)
    write_table(labels, folder / "labels.csv")
    test = pd.DataFrame({"row_id": ids.test.to_numpy(), "original_id": plain(loaded.test[loaded.id_column]).to_numpy()})
    write_table(test, folder / "test_ids.csv")
    return labels


def make_private(folder: Path) -> None:
    """An empty folder of mode 0700."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)


def keep_metric_file(card: dict[str, Any], source: Path, hidden: Path) -> None:
    """A metric of the task's own is copied beside the labels, and the card names the copy."""
    name = (card.get("metricOptions") or {}).get("file")
    if name is None:
        return
    if not (source / name).is_file():
        raise UserFault(
            "path-missing", f"The metric's file {source / name} is not there.", "Correct `metric_options.file`."
        )
    copy = hidden / "metric.py"
    shutil.copyfile(source / name, copy)
    card["metricOptions"] = {**card["metricOptions"], "file": str(copy)}


def label_columns(loaded: LoadedTask, target: Target) -> dict[str, np.ndarray]:
    """`label` as written; with several targets `label.1` ... in the card's order, absent ones empty."""
    if len(target.targets) == 1:
        return {"label": loaded.labels.to_numpy()}
    return {f"label.{i}": _one_of_several(loaded.label_table[name], target) for i, name in enumerate(target.targets, 1)}


def _one_of_several(cells: pd.Series, target: Target) -> np.ndarray:
    missing = is_missing(cells).to_numpy()
    if target.task_type == "multilabel":
        lowered = cells.str.strip().str.lower()
        numbers = lowered.map({"true": 1.0, "false": 0.0}).fillna(as_numbers(cells))
        whole = lowered.isin(YES_OR_NO) | missing
        if whole.all():
            return np.where(missing, "", np.where(numbers > 0.5, "1", "0")).astype(object)
    return np.where(missing, "", cells.to_numpy()).astype(object)


def _beside(loaded: LoadedTask, split: Split, card: dict[str, Any]) -> dict[str, np.ndarray]:
    options = card.get("metricOptions") or {}
    found: dict[str, np.ndarray] = {}
    if split.relation.group:
        found["group"] = plain(loaded.column(split.relation.group)).to_numpy()
    if options.get("weight"):
        found["weight"] = plain(loaded.column(options["weight"])).to_numpy()
    if options.get("group"):
        found["metric_group"] = plain(loaded.column(options["group"])).to_numpy()
    if card["metric"] == "mase":
        found["scale"] = _scales(loaded, split, options).astype(str)
    return found


def _scales(loaded: LoadedTask, split: Split, options: dict[str, Any]) -> np.ndarray:
    """By row: the mean absolute error of the naive forecast over the history of the row's series.

    History is what precedes all hidden rows. A series without one takes the mean of the others.
    """
    values = as_numbers(loaded.labels).to_numpy()
    group = options.get("group") or split.relation.group
    groups = np.zeros(len(values), int) if group is None else distinct(loaded.column(group))[0]
    time = options.get("time") or split.relation.time
    times = np.arange(len(values)) if time is None else time_values(loaded.column(time)).to_numpy()
    known = np.array(split.parts, dtype=object) == "train"
    if not known.any():
        known[:] = True
    frame = pd.DataFrame({"group": groups, "time": times, "value": values})[known].sort_values(["group", "time"])
    steps = frame.groupby("group")["value"].diff(int(options.get("season") or 1)).abs()
    scales = steps.groupby(frame["group"]).mean()
    scales = scales.where(scales > 0)
    rest = float(scales.mean()) if scales.notna().any() else 1.0
    return scales.reindex(groups).fillna(rest).to_numpy()
