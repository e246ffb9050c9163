"""What is predicted: the type of the target, its classes in order, and whether the metric fits it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.metrics import METRICS
from automlgen_runtime.tables import as_numbers
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing

MANY_CLASSES = 200


@dataclass(frozen=True)
class Target:
    task_type: str
    metric: str
    direction: str
    predictions: str
    #: As written in the training table; absent for regression and counts.
    classes: tuple[str, ...] | None
    #: Absent for classes that are no numbers.
    range: tuple[float, float] | None
    #: Columns of the submission after the id.
    submission_columns: tuple[str, ...]
    warnings: tuple[str, ...]


def judge_target(task: dict, labels: pd.Series, sample: pd.DataFrame | None) -> Target:
    metric = task["metric"]
    if metric not in METRICS:
        raise UserFault(
            "metric-unknown",
            f'The metric "{metric}" is not registered.{did_you_mean(metric, METRICS)}',
            f"Use one of {listing(METRICS, 20)}.",
        )
    direction, predictions = METRICS[metric].direction, METRICS[metric].predictions
    numbers = as_numbers(labels)
    task_type = task.get("type") or _type_of(metric, predictions, labels, numbers)
    _check_fit(metric, task_type, labels, numbers)
    warnings: list[str] = []
    classes = None if task_type in ("regression", "count") else _classes(labels, numbers)
    columns = _submission_columns(task, sample, classes, predictions)
    if classes and len(columns) > 1:
        classes = _in_order_of(columns, classes, warnings)
    if classes and len(columns) == 1 and predictions == "probability" and len(classes) > 2:
        raise UserFault(
            "metric-mismatch",
            f'"{metric}" over {len(classes)} classes needs one column per class, but the sample submission has only '
            f'"{columns[0]}".',
            "Give a sample submission with a column for every class, or leave it out.",
        )
    span = (float(numbers.min()), float(numbers.max())) if numbers.notna().all() else None
    return Target(
        task_type=task_type,
        metric=metric,
        direction=task.get("direction") or direction,
        predictions=predictions,
        classes=classes,
        range=span,
        submission_columns=columns,
        warnings=tuple(warnings),
    )


def _type_of(metric: str, predictions: str, labels: pd.Series, numbers: pd.Series) -> str:
    if metric == "qwk":
        return "ordinal"
    if predictions != "value":
        return "binary" if labels.nunique() == 2 else "multiclass"
    whole = bool((numbers == numbers.round()).all())
    small = whole and bool(numbers.min() >= 0) and bool(numbers.min() <= 1) and labels.nunique() <= 200
    skewed = bool(numbers.mean() < numbers.max() / 3) if small else False
    return "count" if small and skewed and labels.nunique() > 2 else "regression"


def _check_fit(metric: str, task_type: str, labels: pd.Series, numbers: pd.Series) -> None:
    needs_numbers = METRICS[metric].predictions == "value" or metric == "qwk"
    if needs_numbers and numbers.isna().any():
        wrong = labels[numbers.isna()].iloc[0]
        raise UserFault(
            "target-not-numeric",
            f'The metric "{metric}" needs numbers, but the target "{labels.name}" has values such as "{wrong}".',
            "Name a metric for classes (accuracy, f1-macro, logloss, auc), or a numeric target.",
        )
    if needs_numbers and not np.isfinite(numbers).all():
        raise UserFault(
            "target-not-numeric",
            f'The target "{labels.name}" has infinite values.',
            "Remove these rows.",
        )
    if metric == "rmsle" and numbers.min() < 0:
        raise UserFault(
            "metric-mismatch",
            f'"rmsle" is not defined for negative values, but "{labels.name}" goes down to {numbers.min():g}.',
            'Use "rmse", or shift the target.',
        )
    if METRICS[metric].predictions == "value":
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


def _submission_columns(
    task: dict, sample: pd.DataFrame | None, classes: tuple[str, ...] | None, predictions: str
) -> tuple[str, ...]:
    if sample is not None:
        columns = tuple(str(name) for name in sample.columns[1:])
        if not columns:
            raise UserFault(
                "csv-malformed",
                f'The sample submission has a single column, "{sample.columns[0]}".',
                "Give it the id column and one column for each prediction.",
            )
        if len(columns) > 1 and (predictions != "probability" or classes is None or len(columns) != len(classes)):
            expected = f"{len(classes)} classes" if classes and predictions == "probability" else "one prediction"
            raise UserFault(
                "metric-mismatch",
                f'The sample submission has {len(columns)} prediction columns, but the target "{task["target"]}" '
                f'under "{task["metric"]}" calls for {expected}.',
                "Give a sample submission that fits; tasks with several targets are not supported.",
            )
        return columns
    if predictions == "probability" and classes and len(classes) > 2:
        return classes
    return (task["target"],)


def _in_order_of(columns: tuple[str, ...], classes: tuple[str, ...], warnings: list[str]) -> tuple[str, ...]:
    """The classes in the order of their columns: equal names, or names that end in the class."""
    ordered: list[str] = []
    for column in columns:
        exact = [name for name in classes if name == column]
        ending = [name for name in classes if column.lower().endswith(name.lower())]
        match = exact or sorted(ending, key=len)[-1:]
        if match and match[0] not in ordered:
            ordered.append(match[0])
    if len(ordered) == len(classes):
        return tuple(ordered)
    warnings.append(
        f"The columns {listing(columns)} do not name the classes {listing(classes)}: their order was taken."
    )
    return classes
