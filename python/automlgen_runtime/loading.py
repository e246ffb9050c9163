"""A task's files, read and checked: what every later step may rely on, or the sentence why no run can start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from automlgen_runtime.tables import is_missing, read_table
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing

ROW_ID = "row_id"
"""Name of the id column that is made where a task has none."""
SAMPLE_NAMES = (
    "sample_submission.csv",
    "sampleSubmission.csv",
    "SampleSubmission.csv",
    "sample_submission_null.csv",
    "gender_submission.csv",
    "randomPredictions.csv",
)
DESCRIPTION_NAMES = ("description.md", "README.md", "description.txt")


@dataclass
class LoadedTask:
    """Tables share `id_column`; `train` has rows with a target only; `test` is in the order of the submission."""

    task: dict[str, Any]
    folder: Path
    train: pd.DataFrame
    test: pd.DataFrame
    sample: pd.DataFrame | None
    id_column: str
    target: str
    description: str | None
    #: The task's own tables name their rows; false where positions do.
    ids_are_own: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def labels(self) -> pd.Series:
        return self.train[self.target]

    @property
    def features(self) -> list[str]:
        """Columns of the test table but the id, in its order."""
        return [name for name in self.test.columns if name != self.id_column]


def load(source: dict[str, Any]) -> LoadedTask:
    task, folder = source["task"], Path(source["folder"])
    if not folder.is_dir():
        raise UserFault("path-missing", f"The task folder {folder} is not there.", "Correct the path and start again.")
    warnings: list[str] = []
    train = read_table(folder / task.get("train", "train.csv"), "the training table")
    test = read_table(folder / task.get("test", "test.csv"), "the test table")
    sample = _sample(task, folder)
    target = task["target"]
    train = _with_target(train, target, task, warnings)
    train, test = _dropped(train, test, task, warnings)
    test = _without_target(test, target, warnings)
    id_column, own, train, test = _with_ids(task, train, test, sample, target, warnings)
    _check_columns(train, test, target, id_column, warnings)
    test = _in_order_of(sample, test, id_column)
    return LoadedTask(
        task=task,
        folder=folder,
        train=train.reset_index(drop=True),
        test=test.reset_index(drop=True),
        sample=sample,
        id_column=id_column,
        target=target,
        description=_description(task, folder),
        ids_are_own=own,
        warnings=warnings,
    )


def sample_path(task: dict[str, Any], folder: Path) -> Path | None:
    if task.get("sample_submission"):
        return folder / task["sample_submission"]
    return next((folder / name for name in SAMPLE_NAMES if (folder / name).is_file()), None)


def description_path(task: dict[str, Any], folder: Path) -> Path | None:
    if task.get("description"):
        path = folder / task["description"]
        if not path.is_file():
            raise UserFault("path-missing", f"The description {path} is not there.", "Correct `description`.")
        return path
    return next((folder / name for name in DESCRIPTION_NAMES if (folder / name).is_file()), None)


def _sample(task: dict[str, Any], folder: Path) -> pd.DataFrame | None:
    path = sample_path(task, folder)
    return None if path is None else read_table(path, "the sample submission")


def _description(task: dict[str, Any], folder: Path) -> str | None:
    path = description_path(task, folder)
    return None if path is None else path.read_text("utf-8", errors="replace")


def _with_target(train: pd.DataFrame, target: str, task: dict[str, Any], warnings: list[str]) -> pd.DataFrame:
    name = task.get("train", "train.csv")
    if target not in train.columns:
        raise UserFault(
            "target-missing",
            f'The target column "{target}" is not in {name}.{did_you_mean(target, train.columns)}'
            f" Its columns are {listing(train.columns, 12)}.",
            "Name one of these columns as `target` in task.toml, or with --target.",
        )
    if target in task.get("drop", []):
        raise UserFault("task-invalid", f'`drop` names the target "{target}".', "Remove it from `drop`.")
    unlabelled = is_missing(train[target]) & ~_is_word(train[target])
    if unlabelled.all():
        raise UserFault(
            "target-empty",
            f'The target column "{target}" of {name} is empty in all {len(train)} rows.',
            f"Fill the column, or name another target. The columns are {listing(train.columns, 12)}.",
        )
    values = train.loc[~unlabelled, target].nunique()
    if values == 1:
        only = train.loc[~unlabelled, target].iloc[0]
        raise UserFault(
            "target-one-class",
            f'The target column "{target}" of {name} has a single value, "{only}", '
            f"in all {int((~unlabelled).sum())} rows.",
            "Give a target with at least two values.",
        )
    if unlabelled.any():
        warnings.append(f'{int(unlabelled.sum())} rows of {name} have no "{target}" and were left out.')
    return train[~unlabelled].reset_index(drop=True)


def _is_word(cells: pd.Series) -> pd.Series:
    """A label may be the word "None" or "none"; only blanks and the usual marks count as absent."""
    return cells.str.strip().isin(["None", "none"])


def _dropped(
    train: pd.DataFrame, test: pd.DataFrame, task: dict[str, Any], warnings: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    drop = task.get("drop", [])
    for name in drop:
        if name not in train.columns and name not in test.columns:
            warnings.append(f'`drop` names "{name}", which is no column.{did_you_mean(name, train.columns)}')
    return train.drop(columns=drop, errors="ignore"), test.drop(columns=drop, errors="ignore")


def _without_target(test: pd.DataFrame, target: str, warnings: list[str]) -> pd.DataFrame:
    if target not in test.columns:
        return test
    warnings.append(f'The test table has a column "{target}", the target; it was removed.')
    return test.drop(columns=[target])


def _with_ids(
    task: dict[str, Any],
    train: pd.DataFrame,
    test: pd.DataFrame,
    sample: pd.DataFrame | None,
    target: str,
    warnings: list[str],
) -> tuple[str, bool, pd.DataFrame, pd.DataFrame]:
    """The id column, whether the task has it itself, and both tables with it under one name."""
    name = task.get("id_column")
    if name and name not in test.columns and not (sample is not None and name == sample.columns[0]):
        raise UserFault(
            "id-missing",
            f'The id column "{name}" is not in the test table.{did_you_mean(name, test.columns)}'
            f" Its columns are {listing(test.columns, 12)}.",
            "Correct `id_column` in task.toml, or leave it out: rows are then numbered.",
        )
    answer_id = name or (str(sample.columns[0]) if sample is not None else None)
    column = answer_id if answer_id in test.columns else _same_values(test, sample)
    if column is None and answer_id is None:
        column = next((c for c in test.columns if _guessed_id(c, test, train)), None)
    if column is None:
        return _numbered(answer_id, train, test, sample, target, warnings)
    answer_id = answer_id or column
    if column != answer_id:
        warnings.append(
            f'The submission calls the id "{answer_id}", the test table "{column}"; views use "{answer_id}".'
        )
        train, test = train.rename(columns={column: answer_id}), test.rename(columns={column: answer_id})
    for table, role in ((test, "test"), (train, "train")):
        if answer_id in table.columns:
            _check_unique(table[answer_id], answer_id, role)
    return answer_id, True, train, test


def _same_values(test: pd.DataFrame, sample: pd.DataFrame | None) -> str | None:
    if sample is None or len(sample) != len(test):
        return None
    wanted = set(sample.iloc[:, 0])
    return next((str(name) for name in test.columns if set(test[name]) == wanted), None)


def _guessed_id(name: str, test: pd.DataFrame, train: pd.DataFrame) -> bool:
    """Unique in both tables. A column called id that is so in one of them counts too: its repeats are then refused."""
    from automlgen_runtime.columns import kind_of

    if name not in train.columns:
        return False
    unique = [test[name].is_unique, train[name].is_unique]
    if name.strip().lower() in ("id", "row_id", "rowid", "index"):
        return any(unique)
    return all(unique) and kind_of(name, test[name]) == "id"


def _numbered(
    answer_id: str | None,
    train: pd.DataFrame,
    test: pd.DataFrame,
    sample: pd.DataFrame | None,
    target: str,
    warnings: list[str],
) -> tuple[str, bool, pd.DataFrame, pd.DataFrame]:
    if sample is not None and len(sample) != len(test):
        raise UserFault(
            "id-missing",
            f"The sample submission has {len(sample)} rows and the test table {len(test)}, and no column of it holds "
            f'the ids of "{sample.columns[0]}".',
            "Add the id column to the test table, or leave the sample submission out.",
        )
    name = answer_id or ROW_ID
    if name == target or name in train.columns:
        name = ROW_ID
    numbers = [str(i) for i in range(len(test))] if sample is None else list(sample.iloc[:, 0])
    test = test.copy()
    test.insert(0, name, numbers)
    _check_unique(test[name], name, "test")
    warnings.append(f'No column names the rows of the test table: views have a column "{name}" for it.')
    return name, False, train, test


def _check_unique(ids: pd.Series, name: str, role: str) -> None:
    repeated = ids[ids.duplicated()]
    if len(repeated) > 0:
        raise UserFault(
            "ids-duplicate",
            f'The id column "{name}" of the {role} table repeats {len(repeated)} values, '
            f'for example "{repeated.iloc[0]}".',
            "Remove the repeated rows, or name another `id_column`.",
        )
    if is_missing(ids).any():
        row = int(is_missing(ids).to_numpy().argmax()) + 2
        raise UserFault(
            "id-missing", f'The id column "{name}" of the {role} table is empty in line {row}.', "Fill the id in."
        )


def _check_columns(train: pd.DataFrame, test: pd.DataFrame, target: str, id_column: str, warnings: list[str]) -> None:
    only_test = [c for c in test.columns if c not in train.columns and c != id_column]
    only_train = [c for c in train.columns if c not in test.columns and c not in (target, id_column)]
    shared = [c for c in test.columns if c in train.columns and c != id_column]
    if only_test or (not shared and len(test.columns) > 1):
        missing = only_test or [c for c in test.columns if c != id_column]
        raise UserFault(
            "columns-differ",
            f"The test table has columns that the training table lacks: {listing(missing)}.",
            "Give both tables the same feature columns, or list the extra ones under `drop` in task.toml.",
        )
    if not shared and only_train:
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
    ids = sample.iloc[:, 0]
    _check_unique(ids, str(sample.columns[0]), "sample submission")
    extra = set(ids) - set(test[id_column])
    absent = set(test[id_column]) - set(ids)
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
    return test.set_index(id_column, drop=False).loc[list(ids)].reset_index(drop=True)
