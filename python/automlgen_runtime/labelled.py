"""The target columns, cleaned: rows without a label left out, numbers written as numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.metrics import METRICS
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing
from automlgen_runtime.words import as_numbers, distinct, is_missing, present_words, recoded

MASKS = ("dice", "dice-global", "iou", "iou-precision")
"""Metrics for which an empty cell is a label: no pixel at all."""
DISGUISED = re.compile(r"^\s*[($€£-]*\s*\d{1,3}(?:,?\d{3})*(?:\.\d+)?\s*(?:%|[$€£])?\)?\s*$")
"""A number as people write it: `$1,234.50`, `12 %`, `(300)`, `1,000`."""
_NOT_NUMBER = re.compile(r"[^\d.]")


def targets_of(task: dict[str, Any]) -> tuple[str, ...]:
    """All columns to predict, at least one."""
    return tuple(task.get("targets") or [task["target"]])


def with_labels(train: pd.DataFrame, task: dict[str, Any], warnings: list[str]) -> pd.DataFrame:
    """`train` with labelled rows only. Raises `UserFault` where a target is absent, empty or constant."""
    name, targets = task.get("train", "train.csv"), targets_of(task)
    for target in targets:
        _check_there(train, target, name, task)
    repeated = [target for target in targets if targets.count(target) > 1]
    if repeated:
        raise UserFault("task-invalid", f'`target` names "{repeated[0]}" twice.', "Name each target once.")
    train = pd.DataFrame(
        {c: _as_plain_numbers(train[c], task, warnings) if c in targets else train[c] for c in train}, copy=False
    )
    absent = np.column_stack([_unlabelled(train[target], task).to_numpy() for target in targets])
    without = absent.all(axis=1)
    for target, empty in zip(targets, absent.T, strict=True):
        _check_values(train.loc[~empty, target], target, name, len(train))
    if without.any():
        which = f'"{targets[0]}"' if len(targets) == 1 else "of the targets"
        warnings.append(f"{int(without.sum())} rows of {name} have no {which} and were left out.")
    partly = absent[~without].any(axis=1)
    if partly.any():
        warnings.append(
            f"{int(partly.sum())} rows of {name} lack some of the targets: the metric leaves those cells out."
        )
    return train[~without].reset_index(drop=True)


def is_disguised(cells: pd.Series) -> bool:
    """Every value is a number, and some are written as people write them (`1,234`, `$5.00`, `12%`)."""
    words = present_words(cells)
    if len(words) == 0 or pd.to_numeric(pd.Series(words), errors="coerce").notna().all():
        return False
    return all(DISGUISED.match(word) or _plain_number(word) for word in words)


def plain_number(word: str) -> str:
    """`-1234.5` for `($1,234.5)`; what is no such number stays as it is."""
    if not DISGUISED.match(word) or _plain_number(word):
        return word
    sign = "-" if "-" in word or "(" in word else ""
    return sign + _NOT_NUMBER.sub("", word)


def _plain_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _as_plain_numbers(cells: pd.Series, task: dict[str, Any], warnings: list[str]) -> pd.Series:
    """A numeric target written with signs and separators, as numbers; a program would read it as text."""
    metric = METRICS.get(task["metric"])
    numeric = metric is not None and (metric.predictions == "value" or metric.name == "qwk")
    if not numeric or not is_disguised(cells):
        return cells
    example = next(word for word in present_words(cells) if not _plain_number(word))
    warnings.append(
        f'The target "{cells.name}" is written like "{example}"; views and scores use the plain number '
        f"{plain_number(example)}."
    )
    return recoded(cells, plain_number)


def _check_there(train: pd.DataFrame, target: str, name: str, task: dict[str, Any]) -> None:
    if target not in train.columns:
        raise UserFault(
            "target-missing",
            f'The target column "{target}" is not in {name}.{did_you_mean(target, train.columns)}'
            f" Its columns are {listing(train.columns, 12)}.",
            "Name one of these columns as `target` in task.toml, or with --target.",
        )
    if target in task.get("drop", []):
        raise UserFault("task-invalid", f'`drop` names the target "{target}".', "Remove it from `drop`.")
    if is_missing(train[target]).all() and task["metric"] not in MASKS:
        raise UserFault(
            "target-empty",
            f'The target column "{target}" of {name} is empty in all {len(train)} rows.',
            f"Fill the column, or name another target. The columns are {listing(train.columns, 12)}.",
        )


def _check_values(labels: pd.Series, target: str, name: str, rows: int) -> None:
    codes, words = distinct(labels)
    used = np.unique(codes)
    if len(used) == 1:
        raise UserFault(
            "target-one-class",
            f'The target column "{target}" of {name} has a single value, "{words[used[0]]}", '
            f"in all {len(labels)} rows.",
            "Give a target with at least two values.",
        )


def _unlabelled(cells: pd.Series, task: dict[str, Any]) -> pd.Series:
    """A label may be the word "None" or "none"; only blanks and the usual marks count as absent."""
    if task["metric"] in MASKS:
        return pd.Series(np.zeros(len(cells), bool), index=cells.index)
    codes, words = distinct(cells)
    word = np.array([text.strip() in ("None", "none") for text in words], dtype=bool)
    numeric = as_numbers(cells).notna().any() and word.any()
    return is_missing(cells) if numeric else is_missing(cells) & ~pd.Series(word[codes], index=cells.index)
