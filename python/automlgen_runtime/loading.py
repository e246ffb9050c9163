"""A task's files, read and checked: what every later step may rely on, or the sentence why no run can start."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from automlgen_runtime.labelled import targets_of, with_labels
from automlgen_runtime.repeated import narrowed
from automlgen_runtime.rowids import ROW_ID, NoJoin, check_unique, with_ids
from automlgen_runtime.tables import read_coded
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing
from automlgen_runtime.words import plain, present_words, recoded

__all__ = ["PRIVATE_FOLDERS", "ROW_ID", "LoadedTask", "NoJoin", "description_path", "load", "sample_path"]

SAMPLE_NAMES = (
    "sample_submission.csv",
    "sampleSubmission.csv",
    "SampleSubmission.csv",
    "sample_submission_null.csv",
    "gender_submission.csv",
    "randomPredictions.csv",
)
ARCHIVES = ("", ".gz", ".zip")
PRIVATE_FOLDERS = frozenset(["private", "runs", "prepared", "hidden", "node_modules", "__pycache__"])
"""Of a task folder: nothing below them is the task's, and no view shows it."""
DESCRIPTION_NAMES = ("description.md", "README.md", "description.txt")
_DECIMAL_COMMA = re.compile(r"^\s*[+-]?\d*(?:\.\d{3})*,\d+\s*$")
_NUMBER = re.compile(r"^\s*[+-]?\d+\s*$")


@dataclass
class LoadedTask:
    """Tables share `id_column`; `train` has rows with a label only; `test` is in the order of the submission.

    Columns are coded (`words.py`).
    """

    task: dict[str, Any]
    folder: Path
    train: pd.DataFrame
    test: pd.DataFrame
    sample: pd.DataFrame | None
    id_column: str
    targets: tuple[str, ...]
    description: str | None
    #: The task's own tables name their rows; false where positions do.
    ids_are_own: bool
    #: Columns that the split or the metric needs, row by row with `train`, also those that programs never see.
    aside: pd.DataFrame
    #: The task's own submission also repeats columns of the test table (`repeated.py`).
    repeats: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        """The first of the targets."""
        return self.targets[0]

    @cached_property
    def labels(self) -> pd.Series:
        """Labels of the first target, one Python string per row."""
        return plain(self.train[self.target])

    @cached_property
    def label_table(self) -> pd.DataFrame:
        """Labels of all targets as text, in the order of `targets`."""
        return pd.DataFrame({name: plain(self.train[name]) for name in self.targets})

    @property
    def features(self) -> list[str]:
        """Columns of the test table but the id, in its order."""
        return [name for name in self.test.columns if name != self.id_column]

    def column(self, name: str) -> pd.Series:
        """A column of the training table, also one that programs never see."""
        return self.aside[name] if name in self.aside.columns else self.train[name]


def load(source: dict[str, Any]) -> LoadedTask:
    """Raises `UserFault`; `NoJoin` where rows of the submission are no rows of the test table."""
    task, folder = source["task"], Path(source["folder"])
    if not folder.is_dir():
        raise UserFault("path-missing", f"The task folder {folder} is not there.", "Correct the path and start again.")
    warnings: list[str] = []
    targets = targets_of(task)
    train = read_coded(folder / task.get("train", "train.csv"), "the training table", warnings)
    test = read_coded(folder / task.get("test", "test.csv"), "the test table", warnings)
    sample = _sample(task, folder)
    if sample is not None and sample_path(task, folder) == folder / task.get("test", "test.csv"):
        # There is no test table: the submission says which rows are asked for, and nothing else about them.
        test = sample.iloc[:, :1]
    sample, repeats = narrowed(sample, test, targets, task.get("id_column"))
    if repeats:
        warnings.append(
            "The submission repeats columns of the test table: views ask for what is to be predicted alone."
        )
    train, test = _decimal_points(train, test, warnings)
    train = with_labels(train, task, warnings)
    aside = _aside(train, task)
    train, test = _dropped(train, test, task, warnings)
    test = _without_targets(test, targets, sample, warnings)
    id_column, own, train, test = with_ids(task, train, test, sample, warnings)
    _check_columns(train, test, targets, id_column, any(path.is_dir() for path in folder.iterdir()), warnings)
    test = _in_order_of(sample, test, id_column)
    return LoadedTask(
        task=task,
        folder=folder,
        train=train.reset_index(drop=True),
        test=test.reset_index(drop=True),
        sample=sample,
        id_column=id_column,
        targets=targets,
        description=_description(task, folder),
        ids_are_own=own,
        aside=aside,
        repeats=repeats,
        warnings=warnings,
    )


def sample_path(task: dict[str, Any], folder: Path) -> Path | None:
    if task.get("sample_submission"):
        return folder / task["sample_submission"]
    names = [name + archive for archive in ARCHIVES for name in SAMPLE_NAMES]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def description_path(task: dict[str, Any], folder: Path) -> Path | None:
    if task.get("description"):
        path = folder / task["description"]
        if not path.is_file():
            raise UserFault("path-missing", f"The description {path} is not there.", "Correct `description`.")
        return path
    return next((folder / name for name in DESCRIPTION_NAMES if (folder / name).is_file()), None)


def _sample(task: dict[str, Any], folder: Path) -> pd.DataFrame | None:
    path = sample_path(task, folder)
    return None if path is None else read_coded(path, "the sample submission")


def _description(task: dict[str, Any], folder: Path) -> str | None:
    path = description_path(task, folder)
    return None if path is None else path.read_text("utf-8", errors="replace")


def _decimal_points(train: pd.DataFrame, test: pd.DataFrame, warnings: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers with a decimal comma, as tables between semicolons have them, get a point in both tables."""

    def comma(table: pd.DataFrame, name: str) -> tuple[bool, bool]:
        """Whether all values are such numbers, and whether any has a comma."""
        words = present_words(table[name])
        commas = [bool(_DECIMAL_COMMA.match(word)) for word in words]
        return all(c or _NUMBER.match(w) for c, w in zip(commas, words, strict=True)), any(commas)

    likely = [name for name in train.columns if any("," in word for word in train[name].iloc[:200])]
    found = []
    for name in likely:
        sides = [comma(table, name) for table in (train, test) if name in table.columns]
        numbers = _thousands(train[name])
        if all(whole for whole, _ in sides) and any(some for _, some in sides) and not numbers:
            found.append(name)
    if not found:
        return train, test
    warnings.append(f"A decimal comma is read in {listing(found)}: views have a decimal point there.")

    def change(table: pd.DataFrame) -> pd.DataFrame:
        point = {name: recoded(table[name], _with_point) if name in found else table[name] for name in table.columns}
        return pd.DataFrame(point, copy=False)

    return change(train), change(test)


def _with_point(word: str) -> str:
    return word.replace(".", "").replace(",", ".") if _DECIMAL_COMMA.match(word) else word


def _thousands(cells: pd.Series) -> bool:
    """Every comma stands before three digits: thousands, not decimals."""
    words = [word for word in present_words(cells) if "," in word]
    return all(re.fullmatch(r"\s*[+-]?\d{1,3}(?:,\d{3})+\s*", word) for word in words)


def _aside(train: pd.DataFrame, task: dict[str, Any]) -> pd.DataFrame:
    """The columns that the split and the metric name, wherever programs see them or not."""
    options = task.get("metric_options") or {}
    asked = [(key, task.get(key)) for key in ("group", "time")]
    asked += [(f"metric_options.{key}", options.get(key)) for key in ("group", "weight", "time")]
    for key, column in asked:
        if column and column not in train.columns:
            raise UserFault(
                "task-invalid",
                f'`{key}` names "{column}", which is no column of the training table.'
                f"{did_you_mean(column, train.columns)}",
                f"Correct `{key}` in task.toml, or remove it.",
            )
    return train[list(dict.fromkeys(column for _, column in asked if column))]


def _dropped(
    train: pd.DataFrame, test: pd.DataFrame, task: dict[str, Any], warnings: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    drop = task.get("drop", [])
    for name in drop:
        if name not in train.columns and name not in test.columns:
            warnings.append(f'`drop` names "{name}", which is no column.{did_you_mean(name, train.columns)}')
    return train.drop(columns=drop, errors="ignore"), test.drop(columns=drop, errors="ignore")


def _without_targets(
    test: pd.DataFrame, targets: tuple[str, ...], sample: pd.DataFrame | None, warnings: list[str]
) -> pd.DataFrame:
    found = [name for name in targets if name in test.columns]
    if not found:
        return test
    which = listing(f'"{name}"' for name in found)
    warnings.append(f"The test table has a column {which}, the target; it was removed.")
    return test.drop(columns=found)


def _check_columns(
    train: pd.DataFrame,
    test: pd.DataFrame,
    targets: tuple[str, ...],
    id_column: str,
    files_beside: bool,
    warnings: list[str],
) -> None:
    """`files_beside`: rows may be told by files that their ids name, so that the test table needs no feature."""
    only_test = [c for c in test.columns if c not in train.columns and c != id_column]
    only_train = [c for c in train.columns if c not in test.columns and c not in (*targets, id_column)]
    shared = [c for c in test.columns if c in train.columns and c != id_column]
    if only_test or (not shared and len(test.columns) > 1):
        missing = only_test or [c for c in test.columns if c != id_column]
        raise UserFault(
            "columns-differ",
            f"The test table has columns that the training table lacks: {listing(missing)}.",
            "Give both tables the same feature columns, or list the extra ones under `drop` in task.toml.",
        )
    if not shared and only_train and not files_beside:
        raise UserFault(
            "columns-differ",
            f"The test table has no feature column; the training table has {listing(only_train)}.",
            "Give both tables the same feature columns.",
        )
    if only_train:
        warnings.append(f"Only the training table has {listing(only_train)}: no feature may be made of it.")


def _in_order_of(sample: pd.DataFrame | None, test: pd.DataFrame, id_column: str) -> pd.DataFrame:
    if sample is None:
        return test
    if sample.columns[0] not in (id_column,) and len(sample) == len(test):
        return test
    ids = plain(sample.iloc[:, 0])
    check_unique(ids, str(sample.columns[0]), "sample submission")
    known = plain(test[id_column])
    extra, absent = set(ids) - set(known), set(known) - set(ids)
    if extra or absent:
        which, where, lacking = (
            (extra, "the sample submission", "the test table")
            if extra
            else (absent, "the test table", "the sample submission")
        )
        raise UserFault(
            "id-missing",
            f'{len(which)} ids of {where} are not in {lacking}, for example "{min(which)}".',
            "Give both files the same ids, or leave the sample submission out.",
        )
    place = pd.Series(range(len(known)), index=known.to_numpy())
    return test.iloc[place.loc[ids.to_numpy()].to_numpy()]
