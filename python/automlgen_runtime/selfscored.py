"""The ruler of last resort: where no rows can be hidden, programs see everything and score themselves.

Whatever is shown of such a run says that its scores are the programs' own claims.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from automlgen_runtime.baseline import baseline_score
from automlgen_runtime.columns import profile_column
from automlgen_runtime.hidden import keep_metric_file, make_private
from automlgen_runtime.labelled import targets_of
from automlgen_runtime.loading import PRIVATE_FOLDERS, sample_path
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.tables import read_coded, read_table, write_table
from automlgen_runtime.task_errors import UserFault
from automlgen_runtime.words import as_numbers, is_missing, plain


def script_card(source: dict[str, Any], reason: str) -> dict[str, Any]:
    """A card of what can be read. Raises `UserFault` where even the form of the answer is unknown."""
    task, folder = source["task"], Path(source["folder"])
    sample = _sample(task, folder)
    train = _readable(folder / task.get("train", "train.csv"))
    test = _readable(folder / task.get("test", "test.csv"))
    targets = targets_of(task)
    metric = METRICS.get(task["metric"])
    if metric is None:
        raise UserFault("metric-unknown", f'The metric "{task["metric"]}" is not registered.', "Name another metric.")
    columns = [] if train is None else [
        profile_column(name, train[name], test is not None and name in test.columns)
        for name in train.columns
        if name not in targets
    ]  # fmt: skip
    rows = len(train) if train is not None else 0
    size = "tiny" if rows < 1_000 else "small" if rows < 10_000 else "medium" if rows < 200_000 else "large"
    task_type, classes = _type(task, train, targets, metric.predictions)
    card: dict[str, Any] = {
        "taskId": task["id"],
        "title": task.get("title") or task["id"],
        "modality": task.get("modality") or "tabular",
        "taskType": task_type,
        "metric": metric.name,
        "direction": task.get("direction") or metric.direction,
        "predictions": metric.predictions,
        "target": targets[0],
        "idColumn": str(sample.columns[0]),
        "submissionColumns": [str(name) for name in sample.columns[1:]],
        "rows": {"train": rows, "test": len(sample)},
        "columns": columns,
        "regimes": [size],
        "packages": _packages(),
        "warnings": [f"No rows could be hidden, because {reason}: programs score themselves, and scores are claims."],
    }
    if classes:
        card["classes"] = classes
    if len(targets) > 1:
        card["targets"] = list(targets)
    if task.get("metric_options"):
        card["metricOptions"] = dict(task["metric_options"])
    return card


def prepare_script(request: dict[str, Any], reason: str) -> dict[str, Any]:
    """A `PreparedTask` of mode `script`: one view with everything of the folder as it is, no hidden labels."""
    source = request["source"]
    card = script_card(source, reason)
    folder, task = Path(request["folder"]).absolute(), source["task"]
    sample = _sample(task, Path(source["folder"]))
    view = folder / "views" / "main"
    if view.exists():
        shutil.rmtree(view)
    digest = _copy(Path(source["folder"]), view)
    write_table(sample, view / "sample_submission.csv")
    make_private(folder / "hidden")
    write_table(pd.DataFrame({"row_id": [], "part": [], "label": []}, dtype=object), folder / "hidden" / "labels.csv")
    ids = sample.iloc[:, 0]
    write_table(pd.DataFrame({"row_id": ids, "original_id": ids}), folder / "hidden" / "test_ids.csv")
    keep_metric_file(card, Path(source["folder"]), folder / "hidden")
    (folder / "predictions").mkdir(exist_ok=True)
    write_table(sample, folder / "baseline_submission.csv")
    split = {
        "mode": "script",
        "reason": f"{reason}; programs score themselves",
        "relation": "random",
        "stratified": False,
        "seed": int(request["splitSeed"]),
        "rows": {"labelled": card["rows"]["train"], "search": 0, "final": 0},
        "folds": 0,
        "hash": digest,
    }
    from automlgen_runtime.prepare import write_json

    write_json(folder / "card.json", card)
    write_json(folder / "split.json", split)
    return {
        "card": card,
        "split": split,
        "views": {"main": str(view)},
        "hiddenFolder": str(folder / "hidden"),
        "predictionsFolder": str(folder / "predictions"),
        "baselineSubmission": str(folder / "baseline_submission.csv"),
        "baseline": _constant_score(card, Path(source["folder"]) / task.get("train", "train.csv"), len(sample)),
    }


def _constant_score(card: dict[str, Any], train: Path, rows: int) -> dict[str, Any]:
    """What the best constant scores on the training labels, where there are such labels.

    Else the worst value that the metric can have, or 0 where it has no worst.
    """
    table = _readable(train)
    targets = card.get("targets") or [card["target"]]
    if table is not None and all(name in table.columns for name in targets):
        known = ~is_missing(table[targets[0]]).to_numpy()
        names = ["label"] if len(targets) == 1 else [f"label.{i}" for i in range(1, len(targets) + 1)]
        seen = pd.DataFrame({label: plain(table[name])[known] for label, name in zip(names, targets, strict=True)})
        try:
            return baseline_score(card, seen.iloc[:0], {"mode": "script"}, seen)
        except (ValueError, KeyError, UserFault):
            pass
    metric = METRICS[card["metric"]]
    worst = metric.worst if abs(metric.worst) != float("inf") else 0.0
    return {
        "value": float(worst),
        "standardError": 0.0,
        "rows": max(1, rows),
        "direction": card["direction"],
        "source": "script",
    }


def _sample(task: dict[str, Any], folder: Path) -> pd.DataFrame:
    path = sample_path(task, folder)
    if path is None:
        raise UserFault(
            "path-missing",
            f"{folder} has no sample submission: without hidden rows it alone says what an answer looks like.",
            "Add sample_submission.csv, or name it as `sample_submission` in task.toml.",
        )
    return read_table(path, "the sample submission")


def _readable(path: Path) -> pd.DataFrame | None:
    try:
        return read_coded(path, "a table")
    except UserFault:
        return None


def _type(
    task: dict[str, Any], train: pd.DataFrame | None, targets: tuple[str, ...], predictions: str
) -> tuple[str, list[str] | None]:
    if task.get("type"):
        return task["type"], None
    if len(targets) > 1:
        return ("multi-regression" if predictions == "value" else "multilabel"), None
    if predictions == "text":
        return "text", None
    if predictions == "value":
        return "regression", None
    if train is None or targets[0] not in train.columns:
        return "multiclass", None
    labels = train[targets[0]]
    names = [str(word) for word in labels[~is_missing(labels).to_numpy()].unique()]
    ordered = as_numbers(pd.Series(names, dtype=object))
    classes = sorted(names, key=(lambda name: (float(name), name)) if ordered.notna().all() else None)
    return ("binary" if len(classes) == 2 else "multiclass"), classes


def _copy(source: Path, view: Path) -> str:
    """Everything of the folder but what is private; the hash of names and bytes."""
    digest = hashlib.sha256()
    view.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if not path.is_file() or any(part.startswith(".") or part in PRIVATE_FOLDERS for part in name.parts):
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(source.resolve()):
            continue
        goal = view / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, goal)
        with goal.open("rb") as handle:
            digest.update(f"{name.as_posix()}\t{hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode())
    for path in [view, *view.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return digest.hexdigest()


def _packages() -> dict[str, str]:
    from automlgen_runtime.profile import installed_packages

    return installed_packages()
