"""Small task folders for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from automlgen_runtime.prepare import prepare


def table(rows: int, seed: int = 0, classes: int = 0, groups: int = 0) -> pd.DataFrame:
    rng = np.random.Generator(np.random.PCG64(seed))
    found = pd.DataFrame({"age": rng.integers(1, 90, rows), "height": np.round(rng.normal(170, 9, rows), 2)})
    found["colour"] = rng.choice(["red", "green", "blue"], rows)
    if groups:
        found["patient"] = [f"p{i}" for i in rng.integers(0, groups, rows)]
    signal = found["height"] + 3 * (found["colour"] == "red") + rng.normal(0, 3, rows)
    found["y"] = pd.qcut(signal, classes, labels=[f"c{i}" for i in range(classes)]) if classes else np.round(signal, 2)
    return found


def write_task(
    folder: Path, train: pd.DataFrame, test: pd.DataFrame, sample: pd.DataFrame | None = None, **task: Any
) -> dict[str, Any]:
    """A `TaskSource`; `task` adds to and overrides what every task has."""
    folder.mkdir(parents=True, exist_ok=True)
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)
    if sample is not None:
        sample.to_csv(folder / "sample_submission.csv", index=False)
    described = {"id": "toy", "target": "y", "metric": "rmse", "train": "train.csv", "test": "test.csv", "drop": []}
    return {"task": described | task, "folder": str(folder)}


def with_ids(frame: pd.DataFrame, first: int = 1) -> pd.DataFrame:
    return frame.assign(id=range(first, first + len(frame)))[["id", *frame.columns]]


def run_prepare(source: dict[str, Any], folder: Path, mode: str = "auto", seed: int = 1, cheap: bool = False) -> dict:
    return prepare({"source": source, "splitSeed": seed, "mode": mode, "cheapPrograms": cheap, "folder": str(folder)})


def read(path: Path | str) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def interleaved(rows: int, seed: int = 0, **options: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train and test drawn at random from one table with running ids: ids that tell nothing."""
    whole = with_ids(table(rows, seed, **options))
    order = np.random.Generator(np.random.PCG64(seed + 1)).permutation(rows)
    cut = rows // 4
    return whole.iloc[np.sort(order[cut:])], whole.iloc[np.sort(order[:cut])].drop(columns="y")
