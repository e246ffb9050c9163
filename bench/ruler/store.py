"""Records on disk: one folder per competition and seed, whole or not at all, with a checksum for every file.

<cache>/<competition>/pool/        the programs, as the composer wrote them, and pool.json
<cache>/<competition>/<seed>/      record.json, predictions.npz, card.json, split.json, hidden/, answers.csv
                                   (tasks in time: hidden-main/ too)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

NAME = "record.json"


def default_cache() -> Path:
    """Beside everything else that the product keeps and can make again."""
    base = os.environ.get("AUTOMLGEN_CACHE")
    return (Path(base) if base else Path.home() / ".cache" / "automlgen") / "bench-ruler"


def digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")


def seal(draft: Path, goal: Path, record: dict[str, Any]) -> None:
    """Adds the checksums and moves the folder to its place in one step."""
    files = {path.relative_to(draft).as_posix(): digest(path) for path in sorted(draft.rglob("*")) if path.is_file()}
    write_json(draft / NAME, {**record, "files": files})
    shutil.rmtree(goal, ignore_errors=True)
    goal.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(goal)


def is_whole(folder: Path, plan: dict[str, Any]) -> bool:
    """The folder holds a record of this plan, and every file of it is unchanged."""
    if not (folder / NAME).is_file():
        return False
    record = json.loads((folder / NAME).read_text("utf-8"))
    files = record["files"].items()
    return record["plan"] == plan and all((folder / n).is_file() and digest(folder / n) == d for n, d in files)


@dataclass(frozen=True)
class Record:
    """One competition at one seed. Arrays have the programs first.

    `hidden`: predictions out of fold at every row of hidden/labels.csv. `tests`: programs x folds x test rows. `full`:
    test predictions of the fits on all labels. `own`: predictions of the rows `own_rows` that each program tested
    itself on. Tasks in time: `main`, `main_test` of the fit that saw no hidden row. Each with `.shares` where programs
    of a metric of labels wrote probabilities.
    """

    folder: Path
    about: dict[str, Any]
    card: dict[str, Any]
    split: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def programs(self) -> list[dict[str, Any]]:
        return self.about["programs"]


def load(folder: Path) -> Record:
    with np.load(folder / "predictions.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    about, card, split = (json.loads((folder / name).read_text("utf-8")) for name in (NAME, "card.json", "split.json"))
    return Record(folder, about, card, split, arrays)


def records(cache: Path) -> list[Path]:
    """All finished records, by competition and seed."""
    return sorted((path.parent for path in cache.glob(f"*/*/{NAME}")), key=lambda p: (p.parent.name, int(p.name)))
