"""From a task's files to a prepared task: card, frozen split, views, hidden labels, baseline.

Equal requests give equal bytes. The folder is described in LAYOUT.md.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.baseline import baseline, baseline_score
from automlgen_runtime.extras import find_extras
from automlgen_runtime.images import find_images
from automlgen_runtime.loading import LoadedTask, load
from automlgen_runtime.mixed import ViewWriter, views_of
from automlgen_runtime.profile import card_of
from automlgen_runtime.relation import Relation
from automlgen_runtime.split import Split, split_rows
from automlgen_runtime.tables import write_table
from automlgen_runtime.target import Target, judge_target
from automlgen_runtime.viewids import ViewIds, view_ids


def prepare(request: dict[str, Any]) -> dict[str, Any]:
    """`PrepareRequest` -> `PreparedTask` (see `src/evaluation/port.ts`). Raises `UserFault` on unusable input."""
    loaded = load(request["source"])
    card = card_of(loaded)
    target = judge_target(loaded.task, loaded.labels, loaded.sample)
    seed = int(request["splitSeed"])
    split = split_rows(loaded, target.classes, _relation(card, loaded), request["mode"], request["cheapPrograms"], seed)
    ids = view_ids(loaded, seed)
    images = find_images(loaded)
    extras, notes = find_extras(loaded, ids, images, target.classes or ())
    card["warnings"] += [*notes, *_id_note(ids)]
    folder = Path(request["folder"]).absolute()
    writer = ViewWriter(folder / "views", loaded, target, ids, images, extras, seed)
    views = {view.name: str(writer.write(view)) for view in views_of(split)}
    labels = _write_hidden(folder / "hidden", loaded, split, ids, card)
    (folder / "predictions").mkdir(exist_ok=True)
    manifest = split.manifest(_names(loaded))
    seen = [label for label, part in zip(loaded.labels, split.parts, strict=True) if part == "train"]
    score = baseline_score(card, labels, manifest, seen)
    _write_baseline(folder / "baseline_submission.csv", loaded, target, card, labels, manifest, seen)
    _write_json(folder / "card.json", card)
    _write_json(folder / "split.json", manifest)
    return {
        "card": card,
        "split": manifest,
        "views": views,
        "hiddenFolder": str(folder / "hidden"),
        "predictionsFolder": str(folder / "predictions"),
        "baselineSubmission": str(folder / "baseline_submission.csv"),
        "baseline": score,
    }


def _relation(card: dict[str, Any], loaded: LoadedTask) -> Relation:
    from automlgen_runtime.relation import find_relation

    return find_relation(loaded, {column["name"]: column["kind"] for column in card["columns"]})


def _id_note(ids: ViewIds) -> list[str]:
    return [f"Views use opaque ids, because {ids.reason}."] if ids.opaque and ids.known else []


def _names(loaded: LoadedTask) -> list[str]:
    """Names of the labelled rows in the task's own words: ids, or positions where there are none."""
    if loaded.id_column in loaded.train.columns:
        return list(loaded.train[loaded.id_column])
    return [str(i) for i in range(len(loaded.train))]


def _write_hidden(folder: Path, loaded: LoadedTask, split: Split, ids: ViewIds, card: dict[str, Any]) -> pd.DataFrame:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    parts = np.array(split.parts)
    labels = pd.DataFrame({"row_id": ids.train.to_numpy(), "part": parts, "label": loaded.labels.to_numpy()})
    if "group" in card:
        labels["group"] = loaded.train[card["group"]].to_numpy()
    labels = labels[parts != "train"].reset_index(drop=True)
    write_table(labels, folder / "labels.csv")
    test = pd.DataFrame({"row_id": ids.test.to_numpy(), "original_id": loaded.test[loaded.id_column].to_numpy()})
    write_table(test, folder / "test_ids.csv")
    return labels


def _write_baseline(
    path: Path,
    loaded: LoadedTask,
    target: Target,
    card: dict[str, Any],
    labels: pd.DataFrame,
    manifest: dict[str, Any],
    seen: list[str],
) -> None:
    _, test = baseline(card, labels, manifest, seen, len(loaded.test))
    values = test if test.ndim == 2 else test[:, None]
    table = pd.DataFrame({loaded.id_column: loaded.test[loaded.id_column].to_numpy()})
    for i, column in enumerate(target.submission_columns):
        table[column] = values[:, i]
    write_table(table, path)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
