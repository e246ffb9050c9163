"""Files that a task ships beside its tables: kept where harmless, filtered by hidden ids, or left out with a reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from automlgen_runtime.columns import IMAGE_SUFFIXES
from automlgen_runtime.images import Images
from automlgen_runtime.loading import PRIVATE_FOLDERS, LoadedTask, description_path, sample_path
from automlgen_runtime.tables import read_table, write_table
from automlgen_runtime.task_errors import UserFault, listing
from automlgen_runtime.viewids import ViewIds
from automlgen_runtime.words import plain

_DOCUMENTS = (".md", ".txt", ".pdf", ".html", ".json", ".toml")
_STRUCTURED = (".json", ".toml")
_WORD = re.compile(r"[^\s\"'\[\]{}:,=]+")
_MOST_BYTES = 256 * 1024 * 1024
_OUR_FILES = frozenset(["task.toml", "train.csv", "test.csv", "sample_submission.csv", "description.md"])


@dataclass(frozen=True)
class Extra:
    """A file for the views. `filtered`: its rows name labelled rows only, so those of hidden rows are left out."""

    name: str
    source: Path
    table: pd.DataFrame | None = None
    filtered: bool = False

    def write(self, place: Path, hidden: frozenset[str], ids: ViewIds, id_column: str) -> None:
        goal = place / self.name
        goal.parent.mkdir(parents=True, exist_ok=True)
        if self.table is None:
            shutil.copyfile(self.source, goal)
            return
        table = self.table
        if id_column in table.columns:
            table = table[~table[id_column].isin(hidden)] if self.filtered else table
        write_table(table, goal)


def find_extras(
    loaded: LoadedTask, ids: ViewIds, files: Sequence[Images], classes: tuple[str, ...]
) -> tuple[list[Extra], list[str]]:
    """The files to ship, and a warning for each that is not shipped."""
    if loaded.task.get("other_files") is False:
        return [], []
    own = {path.resolve() for path in _own(loaded)}
    placed = {path for each in files for path in (*each.train, *each.test)}
    extras: list[Extra] = []
    warnings: list[str] = []
    refused: dict[str, list[str]] = {}
    for path in sorted(loaded.folder.rglob("*")):
        name = path.relative_to(loaded.folder).as_posix()
        if not path.is_file() or path.resolve() in own or name in placed or _is_ours(name):
            continue
        extra, why = _judge(path, name, loaded, ids, classes)
        if extra is not None:
            extras.append(extra)
            if extra.filtered:
                warnings.append(f"{name} names labelled rows only: views get it without the hidden rows.")
        elif why:
            refused.setdefault(why, []).append(name)
    warnings += [f"Not shipped to programs, because {why}: {listing(names, 4)}." for why, names in refused.items()]
    return extras, warnings


def _own(loaded: LoadedTask) -> list[Path]:
    task, folder = loaded.task, loaded.folder
    found = [folder / task.get("train", "train.csv"), folder / task.get("test", "test.csv"), folder / "task.toml"]
    return [*found, *(path for path in (sample_path(task, folder), description_path(task, folder)) if path)]


def _is_ours(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") or part in PRIVATE_FOLDERS for part in parts)


def _judge(
    path: Path, name: str, loaded: LoadedTask, ids: ViewIds, classes: tuple[str, ...]
) -> tuple[Extra | None, str | None]:
    if name in _OUR_FILES:
        return None, "a file of that name is made anew"
    if path.is_symlink() and not path.resolve().is_relative_to(loaded.folder.resolve()):
        return None, "they link out of the task's folder"
    if path.stat().st_size > _MOST_BYTES:
        return None, "they are larger than 256 MiB"
    if any(part in classes for part in name.split("/")[:-1]):
        return None, "their folders bear the names of classes"
    if path.suffix.lower() == ".csv":
        return _judge_table(path, name, loaded, ids)
    if path.suffix.lower() in IMAGE_SUFFIXES:
        return None, "no row names these images"
    if path.suffix.lower() in _DOCUMENTS:
        told = _names_rows(path, loaded) if path.suffix.lower() in _STRUCTURED else None
        return (None, told) if told else (Extra(name, path), None)
    return None, "nobody can tell whether they hold labels"


def _names_rows(path: Path, loaded: LoadedTask) -> str | None:
    """Why a structured text may give labels away: it names the target, or labelled rows."""
    words = set(_WORD.findall(path.read_text("utf-8", errors="replace")))
    if any(target in words for target in loaded.targets):
        return f'they name the target "{loaded.target}"'
    if loaded.id_column not in loaded.train.columns:
        return None
    ids = [name for name in plain(loaded.train[loaded.id_column]) if len(name) >= 4 or not name.isdigit()]
    return "they name labelled rows" if not words.isdisjoint(ids) else None


def _judge_table(path: Path, name: str, loaded: LoadedTask, ids: ViewIds) -> tuple[Extra | None, str | None]:
    try:
        table = read_table(path, "an extra table")
    except UserFault as fault:
        return None, f"they cannot be read ({fault.message})"
    held = [name for name in loaded.targets if name in table.columns]
    if held:
        return None, f'they hold the target "{held[0]}"'
    if loaded.id_column not in table.columns or not ids.known:
        if ids.known or not loaded.ids_are_own:
            return Extra(name, path, table), None
        return None, "their rows cannot be told apart by id"
    keys = table[loaded.id_column]
    train, test = plain(loaded.train[loaded.id_column]), plain(loaded.test[loaded.id_column])
    filtered = keys.isin(set(train)).any() and not keys.isin(set(test)).any()
    if ids.opaque:
        if set(train) & set(test):
            return None, "train and test share ids, so their rows are ambiguous"
        renamed = ids.by_original(list(train), list(test))
        hidden_safe = table.assign(**{loaded.id_column: keys.map(renamed).fillna(keys)})
        return (None, "their ids could not be filtered") if filtered else (Extra(name, path, hidden_safe), None)
    return Extra(name, path, table, bool(filtered)), None
