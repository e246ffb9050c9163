"""Which column names the rows: the task's own, one built from several columns, or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.columns import kind_of
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing
from automlgen_runtime.words import as_numbers, coded, distinct, is_missing, plain, present_words

ROW_ID = "row_id"
"""Name of the id column that is made where a task has none."""
_ID_NAMES = ("id", "row_id", "rowid", "index")
_MARKS = ("_", "-", ":", "|", " ", "/", ".", ",")
_PARTS = 4


class NoJoin(Exception):
    """Rows of the submission are not rows of the test table: nothing can be hidden among them. Says why."""


def with_ids(
    task: dict[str, Any],
    train: pd.DataFrame,
    test: pd.DataFrame,
    sample: pd.DataFrame | None,
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
    if column is not None and sample is not None:
        _check_join(test[column], sample, column)
    if column is None and sample is not None and (parts := _composite(test, sample)):
        return _built(str(answer_id), *parts, train, test, warnings)
    if column is None and answer_id is None:
        column = next((c for c in test.columns if _guessed_id(c, test, train)), None)
    if column is None:
        return _numbered(answer_id, train, test, sample, warnings)
    answer_id = answer_id or column
    if column != answer_id:
        warnings.append(
            f'The submission calls the id "{answer_id}", the test table "{column}"; views use "{answer_id}".'
        )
        train, test = train.rename(columns={column: answer_id}), test.rename(columns={column: answer_id})
    for table, role in ((test, "test"), (train, "train")):
        if answer_id in table.columns:
            check_unique(table[answer_id], answer_id, role)
    return answer_id, True, train, test


def check_unique(ids: pd.Series, name: str, role: str) -> None:
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


def _check_join(ids: pd.Series, sample: pd.DataFrame, column: str) -> None:
    """Raises `NoJoin` where the submission plainly has other rows than the test table."""
    known, asked = present_words(ids), present_words(sample.iloc[:, 0])
    if len(known) < len(ids) and len(asked) == len(sample) and set(asked) == set(known):
        raise NoJoin(
            f'the submission asks for one row per "{column}", and the test table has {len(ids) / len(known):.1f} rows'
            " for each"
        )
    if len(asked) < len(sample) and set(asked) <= set(known):
        raise NoJoin(f'the submission has {len(sample) / len(asked):.1f} rows for each "{column}" of the test table')
    if len(sample) > len(ids) and not set(asked[:100]) & set(known) and _extend(asked, known):
        raise NoJoin(
            f'the submission asks for {len(sample):,} values whose ids begin with a "{column}" of the test table'
        )


def _extend(asked: np.ndarray, known: np.ndarray) -> bool:
    names = set(known)
    few = asked[:: max(1, len(asked) // 50)]
    return all(any(mark in word and word.rsplit(mark, 1)[0] in names for mark in _MARKS) for word in few)


def _same_values(test: pd.DataFrame, sample: pd.DataFrame | None) -> str | None:
    if sample is None or len(sample) != len(test):
        return None
    wanted = set(sample.iloc[:, 0])
    return next(
        (str(name) for name in test.columns if test[name].iloc[0] in wanted and set(test[name]) == wanted), None
    )


def _composite(test: pd.DataFrame, sample: pd.DataFrame) -> tuple[tuple[str, ...], str] | None:
    """Columns of the test table, and the mark between them, that together spell the submission's ids."""
    if len(sample) != len(test):
        return None
    first, wanted = str(sample.iloc[0, 0]), set(sample.iloc[:, 0])
    words = {str(name): set(present_words(test[name])) for name in test.columns if test[name].nunique() > 1}
    tried = 0
    for mark in _MARKS:
        for columns in _spelled(first, mark, words):
            tried += 1
            if tried > 50:
                return None
            if len(columns) > 1 and set(_joined(test, columns, mark)) == wanted:
                return columns, mark
    return None


def _spelled(text: str, mark: str, words: dict[str, set[str]], used: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Ways to read `text` as words of different columns with `mark` between them."""
    found = [(*used, name) for name, known in words.items() if name not in used and text in known]
    if len(used) + 1 < _PARTS:
        at = text.find(mark)
        while at > 0:
            head, rest = text[:at], text[at + len(mark) :]
            for name, known in words.items():
                if name not in used and head in known:
                    found += _spelled(rest, mark, words, (*used, name))
            at = text.find(mark, at + 1)
    return found


def _joined(table: pd.DataFrame, columns: Sequence[str], mark: str) -> list[str]:
    return list(map(mark.join, zip(*(plain(table[name]) for name in columns), strict=True)))


def _built(
    answer_id: str,
    columns: tuple[str, ...],
    mark: str,
    train: pd.DataFrame,
    test: pd.DataFrame,
    warnings: list[str],
) -> tuple[str, bool, pd.DataFrame, pd.DataFrame]:
    """Both tables with the id that the submission builds from `columns`; train only where it is unique there too."""
    test = test.copy(deep=False)
    test.insert(0, answer_id, coded(_joined(test, columns, mark)).to_numpy())
    check_unique(test[answer_id], answer_id, "test")
    if set(columns) <= set(train.columns):
        made = _joined(train, columns, mark)
        if len(set(made)) == len(made):
            train = train.drop(columns=[answer_id], errors="ignore")
            train.insert(0, answer_id, coded(made).to_numpy())
    warnings.append(
        f'The submission\'s "{answer_id}" is built from {mark.join(columns)}: views have it as a column of its own.'
    )
    return answer_id, True, train, test


def _guessed_id(name: str, test: pd.DataFrame, train: pd.DataFrame) -> bool:
    """Unique in both tables. A column called id that is so in one of them counts too: its repeats are then refused."""
    if name not in train.columns:
        return name.strip().lower() in _ID_NAMES and test[name].is_unique
    unique = [test[name].is_unique, train[name].is_unique]
    if name.strip().lower() in _ID_NAMES:
        return any(unique)
    return all(unique) and (kind_of(name, test[name]) == "id" or _numbered_through(train[name], test[name]))


def _numbered_through(train: pd.Series, test: pd.Series) -> bool:
    """Both tables together hold every whole number of a run once: that numbers rows, whatever the column is called."""
    numbers = np.concatenate([as_numbers(train).to_numpy(), as_numbers(test).to_numpy()])
    if len(numbers) < 20 or np.isnan(numbers).any() or (numbers != np.round(numbers)).any():
        return False
    return bool(np.ptp(numbers) + 1 == len(numbers) and len(np.unique(numbers)) == len(numbers))


def _numbered(
    answer_id: str | None,
    train: pd.DataFrame,
    test: pd.DataFrame,
    sample: pd.DataFrame | None,
    warnings: list[str],
) -> tuple[str, bool, pd.DataFrame, pd.DataFrame]:
    if sample is not None and len(sample) != len(test):
        raise NoJoin(
            f"the sample submission has {len(sample):,} rows and the test table {len(test):,}, and no column of it "
            f'holds the ids of "{sample.columns[0]}"'
        )
    name = answer_id or ROW_ID
    if name in train.columns:
        name = ROW_ID
    codes, words = (np.arange(len(test)), np.array([str(i) for i in range(len(test))], dtype=object))
    if sample is not None:
        codes, words = distinct(sample.iloc[:, 0])
    test = test.copy(deep=False)
    test.insert(0, name, words[codes])
    check_unique(test[name], name, "test")
    warnings.append(f'No column names the rows of the test table: views have a column "{name}" for it.')
    return name, False, train, test
