"""A prepared task on disk, built without the task half: a known truth and programs of known quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import task_shapes as shapes
from automlgen_runtime.metrics import METRICS

CUSTOM = """
def score(answers, submission):
    return -float((answers["target"] - submission["target"]).abs().mean())
"""


@dataclass
class Task:
    """`hidden`: labels.csv; `test`: truth of the test rows, with the same label columns."""

    prepared: dict[str, Any]
    folder: Path
    hidden: pd.DataFrame
    test_ids: list[str]
    test: pd.DataFrame
    random: np.random.Generator = field(repr=False)

    @property
    def metric(self) -> str:
        return self.prepared["card"]["metric"]

    @property
    def label_columns(self) -> list[str]:
        return [name for name in self.hidden if name.startswith("label")]

    @property
    def test_truth(self) -> np.ndarray:
        return self.test["label"].to_numpy(dtype=object)

    def views(self) -> list[str]:
        count = self.prepared["split"]["folds"]
        return [f"fold{k}" for k in range(1, count + 1)] if count else ["main"]

    def ids(self, view: str) -> pd.DataFrame:
        """Ids and truth of a view's hidden and test rows."""
        rows = self.hidden[self.hidden.part == view] if view.startswith("fold") else self.hidden
        if view == "full" and self.prepared["split"]["folds"]:
            rows = self.hidden.iloc[:0]
        both = self.test.assign(row_id=self.test_ids)
        return pd.concat([rows[["row_id", *self.label_columns]], both], ignore_index=True)

    def submit(
        self, name: str, noise: float, views: list[str] | None = None, probabilities: bool = True, seed: int = 0
    ) -> list[dict[str, Any]]:
        """Files of a program that sees the truth through noise; the same seed makes correlated mistakes."""
        files = []
        for view in views or self.views():
            where = self.folder / "work" / name / view
            where.mkdir(parents=True, exist_ok=True)
            rows = self.ids(view).sample(frac=1, random_state=3)
            for file, table in self.tables(rows, noise, seed).items():
                if file == "probabilities.csv" and not probabilities:
                    continue
                table.to_csv(where / file, index=False)
                files.append(self.file(view, where / file))
        return files

    def file(self, view: str, path: Path) -> dict[str, Any]:
        return {
            "view": view,
            "name": path.name,
            "bytes": path.stat().st_size if path.exists() else 0,
            "path": str(path),
        }

    def tables(self, rows: pd.DataFrame, noise: float, seed: int) -> dict[str, pd.DataFrame]:
        card = self.prepared["card"]
        random = np.random.default_rng([seed, len(rows)])
        targets, classes = card.get("targets", []), card.get("classes")
        files = shapes.program(card["metric"], card["submissionColumns"], targets, classes, noise, random)
        tables = files(rows[self.label_columns].reset_index(drop=True))
        return {
            name: pd.concat([pd.DataFrame({card["idColumn"]: rows.row_id.to_numpy()}), table], axis=1)
            for name, table in tables.items()
        }

    def request(self, node: str, files: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        base = {"against": {}, "elite": [], "unprotected": False, "family": "linear"}
        return {"prepared": self.prepared, "nodeId": node, "files": files, **base, **more}


def make(
    folder: Path,
    metric: str,
    mode: str = "holdout",
    rows: int = 600,
    tests: int = 200,
    seed: int = 1,
    several: int = 0,
    one_hot: bool = False,
    missing: float = 0.0,
) -> Task:
    """`several`: number of targets; `one_hot`: labels as one column per class; `missing`: share of absent labels."""
    random = np.random.default_rng(seed)
    targets = shapes.targets_for(metric, several)
    classes = shapes.classes_for(metric, targets)
    total = rows + tests
    truth = shapes.truth_for(metric, targets, classes, total, random)
    if missing:
        truth[random.uniform(size=truth.shape) < missing] = ""
    names = [f"label.{i + 1}" for i in range(truth.shape[1])] if targets else ["label"]
    labels = pd.DataFrame(truth, columns=names)
    ids = [f"r{number:05d}" for number in random.permutation(total)]
    parts = np.array(["search", "final"] if mode != "folds" else [f"fold{k}" for k in range(1, 6)], dtype=object)
    hidden = labels[:rows].assign(row_id=ids[:rows], part=parts[np.arange(rows) % len(parts)])
    if metric == "ndcg" and not targets:
        hidden["metric_group"] = [f"q{i // 30}" for i in range(rows)]
    if metric == "mase":
        hidden["scale"] = [repr(1.0 + i % 3) for i in range(rows)]
    if mode == "script":
        hidden = hidden.iloc[:0]
    card: dict[str, Any] = {
        "taskId": "made",
        "metric": metric,
        "direction": METRICS[metric].direction,
        "idColumn": "id",
        "target": targets[0] if targets else "target",
        "submissionColumns": shapes.columns_for(metric, targets, classes),
        "rows": {"train": 1000, "test": tests},
        "metricOptions": {"map-at-k": {"k": 5}}.get(metric, {}),
    }
    if targets:
        card["targets"] = targets
    if classes:
        card["classes"] = classes
    elif METRICS[metric].predictions == "value" and not targets:
        card["targetRange"] = [0.0, 100.0]
    if one_hot:
        card["submissionColumns"] = list(classes or [])
    (folder / "hidden").mkdir(parents=True)
    (folder / "predictions").mkdir()
    if metric == "custom":
        (folder / "metric.py").write_text(CUSTOM)
        card["metricOptions"] = {"file": str(folder / "metric.py")}
    if mode != "script":
        hidden.to_csv(folder / "hidden" / "labels.csv", index=False)
    originals = [str(1000 + i) for i in range(tests)]
    pd.DataFrame({"row_id": ids[rows:], "original_id": originals}).to_csv(
        folder / "hidden" / "test_ids.csv", index=False
    )
    views = ["main"] if mode != "folds" else [f"fold{k}" for k in range(1, 6)]
    prepared = {
        "card": card,
        "views": {view: str(folder / "views" / view) for view in [*views, "full"]},
        "split": {"mode": mode, "folds": 5 if mode == "folds" else 0, "seed": seed},
        "hiddenFolder": str(folder / "hidden"),
        "predictionsFolder": str(folder / "predictions"),
    }
    return Task(prepared, folder, hidden, ids[rows:], labels[rows:].reset_index(drop=True), random)
