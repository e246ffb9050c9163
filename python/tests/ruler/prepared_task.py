"""A prepared task on disk, built without the task half: a known truth and programs of known quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.classes import encode

CLASSES = {"auc": ["no", "yes"], "logloss": ["ant", "bee", "cat"], "qwk": ["1", "2", "3", "4", "5"]}


@dataclass
class Task:
    """`signal` is what a perfect program would know of every row; `noise` rows are shared by nothing."""

    prepared: dict[str, Any]
    folder: Path
    hidden: pd.DataFrame
    test_ids: list[str]
    test_truth: np.ndarray
    random: np.random.Generator = field(repr=False)

    @property
    def metric(self) -> str:
        return self.prepared["card"]["metric"]

    def views(self) -> list[str]:
        count = self.prepared["split"]["folds"]
        return [f"fold{k}" for k in range(1, count + 1)] if count else ["main"]

    def ids(self, view: str) -> pd.DataFrame:
        """Ids and truth of a view's hidden and test rows."""
        rows = self.hidden[self.hidden.part == view] if view.startswith("fold") else self.hidden
        if view == "full" and self.prepared["split"]["folds"]:
            rows = self.hidden.iloc[:0]
        both = pd.DataFrame({"row_id": self.test_ids, "label": self.test_truth})
        return pd.concat([rows[["row_id", "label"]], both], ignore_index=True)

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
        id_column = card["idColumn"]
        random = np.random.default_rng([seed, len(rows)])
        if METRICS[self.metric].predictions == "value":
            values = rows.label.astype(float).to_numpy() + random.normal(size=len(rows)) * noise
            values = np.maximum(values, 0) if self.metric == "rmsle" else values
            return {"submission.csv": pd.DataFrame({id_column: rows.row_id.to_numpy(), card["target"]: values})}
        codes, classes = encode(rows.label, card["classes"]), card["classes"]
        logits = random.normal(size=(len(rows), len(classes))) * noise
        logits[np.arange(len(rows)), codes] += 1.5
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        table = pd.DataFrame({id_column: rows.row_id.to_numpy()})
        if METRICS[self.metric].predictions == "label":
            labels = table.assign(**{card["target"]: np.array(classes)[shares.argmax(axis=1)]})
            return {
                "submission.csv": labels,
                "probabilities.csv": pd.concat([table, pd.DataFrame(shares, columns=classes)], axis=1),
            }
        columns = card["submissionColumns"]
        data = shares[:, 1:] if len(columns) == 1 else shares
        return {"submission.csv": pd.concat([table, pd.DataFrame(data, columns=columns)], axis=1)}

    def request(self, node: str, files: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        base = {"against": {}, "elite": [], "unprotected": False, "family": "linear"}
        return {"prepared": self.prepared, "nodeId": node, "files": files, **base, **more}


def make(folder: Path, metric: str, mode: str = "holdout", rows: int = 600, tests: int = 200, seed: int = 1) -> Task:
    random = np.random.default_rng(seed)
    kind = METRICS[metric].predictions
    classes = CLASSES.get(metric, CLASSES["logloss"]) if kind != "value" else None
    total = rows + tests
    if classes is None:
        truth = np.array([repr(float(v)) for v in np.exp(random.normal(size=total) * 0.5) * 10], dtype=object)
    else:
        truth = random.choice(classes, total, p=np.arange(len(classes), 0, -1) / sum(range(len(classes) + 1)))
    ids = [f"r{number:05d}" for number in random.permutation(total)]
    parts = np.array(["search", "final"] if mode == "holdout" else [f"fold{k}" for k in range(1, 6)], dtype=object)
    hidden = pd.DataFrame({"row_id": ids[:rows], "part": parts[np.arange(rows) % len(parts)], "label": truth[:rows]})
    (folder / "hidden").mkdir(parents=True)
    (folder / "predictions").mkdir()
    hidden.to_csv(folder / "hidden" / "labels.csv", index=False)
    originals = [str(1000 + i) for i in range(tests)]
    pd.DataFrame({"row_id": ids[rows:], "original_id": originals}).to_csv(
        folder / "hidden" / "test_ids.csv", index=False
    )
    card: dict[str, Any] = {
        "metric": metric,
        "direction": METRICS[metric].direction,
        "idColumn": "id",
        "target": "target",
        "submissionColumns": list(classes) if metric == "logloss" and classes else ["target"],
    }
    if classes:
        card["classes"] = classes
    else:
        card["targetRange"] = [0.0, 100.0]
    split = {"mode": mode, "folds": 5 if mode == "folds" else 0, "seed": seed}
    prepared = {
        "card": card,
        "split": split,
        "hiddenFolder": str(folder / "hidden"),
        "predictionsFolder": str(folder / "predictions"),
    }
    return Task(prepared, folder, hidden, ids[rows:], truth[rows:], random)
