"""Cuts a built practice competition down to the rows that the plan pays for, in place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from automlgen_runtime.tables import write_table

from ruler.plan import Plan


def read(path: Path) -> pd.DataFrame:
    """Every cell as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def task_of(public: Path) -> dict[str, Any]:
    """The task as `task.toml` describes it; several targets get the names that the product gives them."""
    task = tomllib.loads((public / "task.toml").read_text("utf-8"))
    if isinstance(task["target"], list):
        task |= {"targets": task["target"], "target": task["target"][0]}
    return task


def cut(folder: Path, plan: Plan, modality: str, seed: int) -> dict[str, int]:
    """Labelled rows go by whole groups where rows are grouped, in time the latest stay; test rows go at random."""
    public, private = folder / "public", folder / "private"
    task = task_of(public)
    random = np.random.default_rng([seed, 41])
    train, test = read(public / "train.csv"), read(public / "test.csv")
    kept = _labelled(train, task, plan.labelled(modality), random)
    id_column = task["id_column"]
    chosen = np.sort(random.permutation(len(test))[: plan.tests(modality)])
    ids = set(test[id_column].iloc[chosen])
    write_table(train.iloc[kept], public / "train.csv")
    for path in (public / "test.csv", public / "sample_submission.csv", private / "answers.csv"):
        table = read(path)
        write_table(table[table[id_column].isin(ids)], path)
    return {"labelled": len(kept), "test": len(ids), "labelledBefore": len(train), "testBefore": len(test)}


def _labelled(train: pd.DataFrame, task: dict[str, Any], most: int, random: np.random.Generator) -> np.ndarray:
    if len(train) <= most:
        return np.arange(len(train))
    if "time" in task:
        order = np.argsort(train[task["time"]].to_numpy(dtype=str), kind="stable")
        return np.sort(order[-most:])
    if "group" in task:
        codes, names = pd.factorize(train[task["group"]])
        order = random.permutation(len(names))
        sizes = np.bincount(codes)[order]
        inside = order[np.cumsum(sizes) <= most]
        return np.flatnonzero(np.isin(codes, inside))
    return np.sort(random.permutation(len(train))[:most])
