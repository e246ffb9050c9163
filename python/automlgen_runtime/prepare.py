"""From a task's files to a prepared task: card, frozen split, views, hidden labels, baseline.

Equal requests give equal bytes. The folder is described in LAYOUT.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.baseline import baseline, baseline_score
from automlgen_runtime.extras import find_extras
from automlgen_runtime.hidden import keep_metric_file, label_columns, write_hidden
from automlgen_runtime.loading import LoadedTask, NoJoin, load, sample_path
from automlgen_runtime.mixed import ViewWriter, views_of
from automlgen_runtime.profile import survey
from automlgen_runtime.repeated import complete, keep_form
from automlgen_runtime.selfscored import prepare_script
from automlgen_runtime.split import Split, split_rows
from automlgen_runtime.tables import write_table
from automlgen_runtime.target import Target
from automlgen_runtime.viewids import ViewIds, view_ids
from automlgen_runtime.words import plain


def prepare(request: dict[str, Any]) -> dict[str, Any]:
    """`PrepareRequest` -> `PreparedTask` (see `src/evaluation/port.ts`). Raises `UserFault` on unusable input."""
    if request["source"]["task"].get("ruler") == "script":
        return prepare_script(request, 'the task says `ruler = "script"`')
    try:
        loaded = load(request["source"])
    except NoJoin as why:
        return prepare_script(request, str(why))
    return _prepare_hidden(request, loaded)


def _prepare_hidden(request: dict[str, Any], loaded: LoadedTask) -> dict[str, Any]:
    found = survey(loaded)
    card, target = found.card, found.target
    seed = int(request["splitSeed"])
    split = split_rows(loaded, target, found.relation, request["mode"], request["cheapPrograms"], seed)
    ids = view_ids(loaded, seed)
    extras, notes = find_extras(loaded, ids, found.files, target.classes or ())
    card["warnings"] += [*notes, *_id_note(ids)]
    folder = Path(request["folder"]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # One view holds the answers of another: where no sandbox mounts them, programs get copies.
    writer = ViewWriter(folder / "views", loaded, target, ids, found.files, extras, seed)
    views = {view.name: str(writer.write(view)) for view in views_of(split)}
    labels = write_hidden(folder / "hidden", loaded, target, split, ids, card)
    keep_metric_file(card, loaded.folder, folder / "hidden")
    if loaded.repeats and (path := sample_path(loaded.task, loaded.folder)):
        keep_form(path, folder / "hidden")
    (folder / "predictions").mkdir(exist_ok=True)
    manifest = split.manifest(_names(loaded))
    seen = _seen(loaded, target, split)
    cell = None if loaded.sample is None else str(loaded.sample.iloc[0, 1])
    score = baseline_score(card, labels, manifest, seen, cell)
    _, answer = baseline(card, labels, manifest, seen, len(loaded.test), cell)
    _write_baseline(folder / "baseline_submission.csv", loaded, target, answer)
    complete(folder / "baseline_submission.csv", folder / "hidden")
    write_json(folder / "card.json", card)
    write_json(folder / "split.json", manifest)
    return {
        "card": card,
        "split": manifest,
        "views": views,
        "hiddenFolder": str(folder / "hidden"),
        "predictionsFolder": str(folder / "predictions"),
        "baselineSubmission": str(folder / "baseline_submission.csv"),
        "baseline": score,
    }


def _id_note(ids: ViewIds) -> list[str]:
    return [f"Views use opaque ids, because {ids.reason}."] if ids.opaque and ids.known else []


def _names(loaded: LoadedTask) -> list[str]:
    """Names of the labelled rows in the task's own words: ids, or positions where there are none."""
    if loaded.id_column in loaded.train.columns:
        return plain(loaded.train[loaded.id_column]).tolist()
    return [str(i) for i in range(len(loaded.train))]


def _seen(loaded: LoadedTask, target: Target, split: Split) -> Any:
    """Labels that every view shows: a list, or a table with `label.1` ... where there are several targets."""
    shown = np.array(split.parts, dtype=object) == "train"
    columns = {name: column[shown] for name, column in label_columns(loaded, target).items()}
    return columns["label"].tolist() if "label" in columns else pd.DataFrame(columns)


def _write_baseline(path: Path, loaded: LoadedTask, target: Target, answer: np.ndarray) -> None:
    values = answer if answer.ndim == 2 else answer[:, None]
    table = pd.DataFrame({loaded.id_column: plain(loaded.test[loaded.id_column]).to_numpy()})
    for i, column in enumerate(target.submission_columns):
        table[column] = values[:, i]
    write_table(table, path)


def write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
