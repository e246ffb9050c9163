"""Tasks of many shapes, each with private answers, whose labels can be permuted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROWS, TESTS = 360, 90
WORDS = "the cat sat on a mat and saw its old friend again, who had come home late"
METRICS = {"binary": "auc", "classes": "logloss", "labels": "accuracy", "numbers": "rmse", "ordered": "qwk"}


def features(rows: int, random: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame({"age": random.integers(1, 90, rows), "height": np.round(random.normal(170, 9, rows), 2)})
    table["colour"] = random.choice(["red", "green", "blue"], rows)
    table.loc[random.random(rows) < 0.1, "height"] = np.nan
    return table


def labels(table: pd.DataFrame, kind: str, random: np.random.Generator) -> np.ndarray:
    signal = table["age"] / 30 + 2 * (table["colour"] == "red") + random.normal(0, 1, len(table))
    if kind == "numbers":
        return np.round(signal.to_numpy(), 3)
    cuts = {"binary": "01", "classes": ["ant", "bee", "cat"], "labels": ["no", "yes"], "ordered": "1234"}
    names = np.array(list(cuts[kind]))
    return names[np.searchsorted(np.quantile(signal, np.linspace(0, 1, len(names) + 1)[1:-1]), signal)]


def plain(
    folder: Path,
    kind: str,
    seed: int,
    arrange: Callable[..., pd.DataFrame] | None = None,
    rows: int = ROWS,
    **task: Any,
) -> dict:
    """Writes the task; `arrange` may add columns. The last rows are the test rows."""
    random = np.random.default_rng([seed, 5])
    whole = features(rows + TESTS, random)
    whole["y"] = labels(whole, kind, random)
    whole = whole.sample(frac=1, random_state=seed).reset_index(drop=True)
    if arrange:
        whole = arrange(whole, random)
    if "id" not in whole:
        whole.insert(0, "id", np.arange(1, len(whole) + 1))
    train, test = whole.iloc[:rows], whole.iloc[rows:]
    (folder / "private").mkdir(parents=True)
    train.to_csv(folder / "train.csv", index=False)
    test.drop(columns="y").to_csv(folder / "test.csv", index=False)
    test[["id", "y"]].to_csv(folder / "private" / "answers.csv", index=False)
    files = {"train": "train.csv", "test": "test.csv"}
    described = {"id": "toy", "target": "y", "metric": METRICS[kind], "drop": [], **files}
    return {"task": described | task, "folder": str(folder), "privateFolder": str(folder / "private")}


def shuffled_ids(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Ids that tell nothing, so that views keep them."""
    return table.assign(id=random.permutation(len(table)) + 1)[["id", *table.columns]]


def grouped(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """No group is in both tables."""
    return table.assign(patient=[f"p{i // 6}" for i in range(len(table))])


def timed(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Test lies after train."""
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(len(table)) // 2, unit="D")
    return table.assign(day=days.strftime("%Y-%m-%d"))


def wordy(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    words = np.array(WORDS.split())
    return table.assign(text=[" ".join(random.choice(words, 14)) for _ in range(len(table))])


def with_extras(folder: Path, kind: str, seed: int) -> dict[str, Any]:
    """Two more tables: one by colour, one that names labelled rows only, which views get without the hidden ones."""
    source = plain(folder, kind, seed, shuffled_ids)
    pd.DataFrame({"colour": ["red", "green", "blue"], "wave": [700, 530, 470]}).to_csv(
        folder / "waves.csv", index=False
    )
    train = pd.read_csv(folder / "train.csv")
    train[["id"]].assign(visits=train["age"] % 7).to_csv(folder / "visits.csv", index=False)
    return source


def paired(folder: Path, kind: str, seed: int) -> dict[str, Any]:
    """Two targets."""
    source = plain(folder, "numbers", seed)
    for name in ("train.csv", "private/answers.csv"):
        table = pd.read_csv(folder / name)
        table.assign(z=np.round(table["y"] * 2 + table.index % 5, 3)).to_csv(folder / name, index=False)
    task = source["task"] | {"target": "y", "targets": ["y", "z"]}
    return source | {"task": task}


SHAPES: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "binary, running ids": lambda folder, seed: plain(folder, "binary", seed),
    "classes, ids that tell nothing": lambda folder, seed: plain(folder, "classes", seed, shuffled_ids),
    "labels": lambda folder, seed: plain(folder, "labels", seed),
    "ordered labels": lambda folder, seed: plain(folder, "ordered", seed),
    "numbers": lambda folder, seed: plain(folder, "numbers", seed),
    "groups": lambda folder, seed: plain(folder, "binary", seed, grouped),
    "time": lambda folder, seed: plain(folder, "numbers", seed, timed),
    "text": lambda folder, seed: plain(folder, "binary", seed, wordy),
    "more tables": lambda folder, seed: with_extras(folder, "classes", seed),
    "two targets": lambda folder, seed: paired(folder, "numbers", seed),
}
