"""What is predicted: the type of the target, its classes in order, and whether the metric fits it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.answerform import columns_of_several, in_order_of, submission_columns
from automlgen_runtime.cells import LARGEST
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.registry import kind_of
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing
from automlgen_runtime.words import as_numbers, is_missing

MANY_CLASSES = 200
YES_OR_NO = {"0", "1", "0.0", "1.0", "true", "false"}
"""How a label that a row has or has not is written."""
SHARES = ("kl-divergence", "logloss", "brier")
"""Metrics of several targets whose labels may be shares between 0 and 1."""
SEVERAL = ("multilabel", "multi-regression")


@dataclass(frozen=True)
class Target:
    task_type: str
    metric: str
    direction: str
    predictions: str
    #: As written in the training table; absent where predictions are numbers or text, or of several columns.
    classes: tuple[str, ...] | None
    #: Absent for labels that are no numbers, and for several targets.
    range: tuple[float, float] | None
    #: In the order of the submission's columns.
    targets: tuple[str, ...]
    #: Columns of the submission after the id.
    submission_columns: tuple[str, ...]
    warnings: tuple[str, ...]


def judge_target(task: dict, labels: pd.Series | pd.DataFrame, sample: pd.DataFrame | None) -> Target:
    """`labels`: the target column, or a table where there are several. Raises `UserFault` where they do not fit."""
    metric = task["metric"]
    if metric not in METRICS:
        raise UserFault(
            "metric-unknown",
            f'The metric "{metric}" is not registered.{did_you_mean(metric, METRICS)}',
            f"Use one of {listing(METRICS, 50)}.",
        )
    _check_options(task)
    if isinstance(labels, pd.DataFrame):
        if len(labels.columns) > 1:
            return _several(task, labels, sample)
        labels = labels.iloc[:, 0]
    return _single(task, labels, sample)


def _single(task: dict, labels: pd.Series, sample: pd.DataFrame | None) -> Target:
    metric = task["metric"]
    predictions = kind_of(metric, task.get("metric_options"))
    numbers = as_numbers(labels)
    task_type = task.get("type") or _type_of(metric, predictions, labels, numbers)
    _check_fit(metric, predictions, task_type, labels, numbers)
    warnings: list[str] = []
    classes = None if task_type in ("regression", "count", "text") else _classes(labels, numbers)
    columns = submission_columns(task, sample, classes, predictions)
    if classes and len(columns) > 1:
        classes = in_order_of(columns, classes, warnings)
    if classes and len(columns) == 1 and predictions == "probability" and len(classes) > 2:
        raise UserFault(
            "metric-mismatch",
            f'"{metric}" over {len(classes)} classes needs one column per class, but the sample submission has only '
            f'"{columns[0]}".',
            "Give a sample submission with a column for every class, or leave it out.",
        )
    if classes:
        warnings += _scarce(labels, classes)
    span = (float(numbers.min()), float(numbers.max())) if numbers.notna().all() and task_type != "text" else None
    return Target(
        task_type=task_type,
        metric=metric,
        direction=task.get("direction") or METRICS[metric].direction,
        predictions=predictions,
        classes=classes,
        range=span,
        targets=(task["target"],),
        submission_columns=columns,
        warnings=tuple(warnings),
    )


def _several(task: dict, labels: pd.DataFrame, sample: pd.DataFrame | None) -> Target:
    """Columns that each row has or has not (multilabel), or several numbers."""
    metric = task["metric"]
    predictions = kind_of(metric, task.get("metric_options"))
    if predictions == "text":
        raise UserFault(
            "metric-mismatch",
            f'"{metric}" scores one column of text, but `target` names {len(labels.columns)}.',
            "Name a single target.",
        )
    task_type = "multi-regression" if predictions == "value" else "multilabel"
    if task.get("type") and task["type"] != task_type:
        raise UserFault(
            "metric-mismatch",
            f'Several targets under "{metric}" are {task_type}, but the task says `type = "{task["type"]}"`.',
            "Remove `type`, or choose another metric.",
        )
    for name in labels.columns:
        _check_one_of_several(metric, predictions, labels[name])
    warnings: list[str] = []
    targets, columns = columns_of_several(task, list(labels.columns), sample, warnings)
    if task_type == "multilabel" and metric == "logloss" and _exclusive(labels):
        warnings.append(
            'Each row has exactly one of the targets. "logloss" then is the mean over the columns; for the logarithmic '
            "loss over classes, give one column with the name of the class as the target."
        )
    return Target(
        task_type=task_type,
        metric=metric,
        direction=task.get("direction") or METRICS[metric].direction,
        predictions=predictions,
        classes=None,
        range=None,
        targets=targets,
        submission_columns=columns,
        warnings=tuple(warnings),
    )


def _check_one_of_several(metric: str, predictions: str, labels: pd.Series) -> None:
    present = labels[~is_missing(labels)]
    numbers = as_numbers(present)
    if predictions == "value":
        _check_numbers(metric, present, numbers)
        return
    lowered = present.str.strip().str.lower()
    wrong = ~lowered.isin(YES_OR_NO)
    if metric in SHARES:
        wrong &= ~numbers.between(0, 1)
    if wrong.any():
        raise UserFault(
            "metric-mismatch",
            f'With several targets "{metric}" needs 0 or 1 in each, but "{labels.name}" has values such as '
            f'"{present[wrong].iloc[0]}".',
            "Name a single target, or a metric for numbers (rmse, mae, r2).",
        )


def _exclusive(labels: pd.DataFrame) -> bool:
    ones = sum(as_numbers(labels[name]).fillna(0).to_numpy() for name in labels.columns)
    return bool(np.all(np.asarray(ones) == 1))


def _type_of(metric: str, predictions: str, labels: pd.Series, numbers: pd.Series) -> str:
    if metric == "qwk":
        return "ordinal"
    if predictions == "text":
        return "text"
    if predictions != "value":
        return "binary" if labels.nunique() == 2 else "multiclass"
    whole = bool((numbers == numbers.round()).all())
    small = whole and bool(numbers.min() >= 0) and bool(numbers.min() <= 1) and labels.nunique() <= 200
    skewed = bool(numbers.mean() < numbers.max() / 3) if small else False
    return "count" if small and skewed and labels.nunique() > 2 else "regression"


def _check_options(task: dict) -> None:
    """What some metrics cannot do without."""
    metric, options = task["metric"], task.get("metric_options") or {}
    targets = task.get("targets") or [task["target"]]
    if metric == "custom" and not options.get("file"):
        raise UserFault(
            "task-invalid",
            'The metric "custom" needs the file that computes it.',
            'Add metric_options = { file = "metric.py" } to task.toml.',
        )
    if metric == "haversine" and len(targets) != 2:
        raise UserFault(
            "metric-mismatch",
            f'"haversine" needs two targets, latitude and longitude, but `target` names {len(targets)}.',
            'Set target = ["latitude", "longitude"] with the names of your columns.',
        )
    weights = options.get("target_weights")
    if weights is not None and len(weights) != len(targets):
        raise UserFault(
            "task-invalid",
            f"`metric_options.target_weights` has {len(weights)} numbers for {len(targets)} targets.",
            "Give one weight for each target.",
        )


def _check_numbers(metric: str, labels: pd.Series, numbers: pd.Series) -> None:
    if numbers.isna().any():
        wrong = labels[numbers.isna()].iloc[0]
        raise UserFault(
            "target-not-numeric",
            f'The metric "{metric}" needs numbers, but the target "{labels.name}" has values such as "{wrong}".',
            "Name a metric for classes (accuracy, f1-macro, logloss, auc), or a numeric target.",
        )
    if (np.abs(numbers) > LARGEST).any():
        raise UserFault(
            "target-not-numeric",
            f'The target "{labels.name}" has infinite values, or values beyond {LARGEST:g}.',
            "Remove these rows, or divide the target by a constant.",
        )
    if metric == "rmsle" and numbers.min() < 0:
        raise UserFault(
            "metric-mismatch",
            f'"rmsle" is not defined for negative values, but "{labels.name}" goes down to {numbers.min():g}.',
            'Use "rmse", or shift the target.',
        )


def _check_fit(metric: str, predictions: str, task_type: str, labels: pd.Series, numbers: pd.Series) -> None:
    if predictions == "value" or metric == "qwk":
        _check_numbers(metric, labels, numbers)
    if predictions == "text":
        return
    if task_type in SEVERAL:
        raise UserFault(
            "metric-mismatch",
            f'The task says `type = "{task_type}"`, but `target` names one column.',
            'Name all of them, for example target = ["a", "b"], or remove `type`.',
        )
    if predictions == "value":
        if task_type not in ("regression", "count"):
            raise UserFault(
                "metric-mismatch",
                f'"{metric}" scores numbers, but the task says `type = "{task_type}"`.',
                'Set `type = "regression"`, or choose a metric for classes.',
            )
        return
    values = labels.nunique()
    continuous = numbers.notna().all() and not (numbers == numbers.round()).all()
    if task_type in ("regression", "count"):
        raise UserFault(
            "metric-mismatch",
            f'"{metric}" scores classes, but the task says `type = "{task_type}"`.',
            "Choose a metric for numbers (rmse, mae, r2), or remove `type`.",
        )
    if (continuous and values > 20) or values > max(MANY_CLASSES, len(labels) // 2):
        raise UserFault(
            "metric-mismatch",
            f'"{metric}" scores classes, but "{labels.name}" has {values} different values in {len(labels)} rows.',
            "Choose a metric for numbers (rmse, mae, r2), or another target.",
        )


def _classes(labels: pd.Series, numbers: pd.Series) -> tuple[str, ...]:
    """By value where all are numbers, else by code point: the order of `numpy.unique` and of scikit-learn."""
    names = [str(name) for name in labels.unique()]
    if numbers.notna().all():
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    return tuple(sorted(names))


def _scarce(labels: pd.Series, classes: tuple[str, ...]) -> list[str]:
    """Classes with fewer rows than there are folds: some views train without them."""
    counts = labels.value_counts()
    rare = [name for name in classes if counts[name] < 5]
    if not rare:
        return []
    return [f"{len(rare)} classes have fewer than 5 rows, for example {listing(rare, 3)}: some views lack them."]
