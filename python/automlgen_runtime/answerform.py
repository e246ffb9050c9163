"""The columns of a submission, and which class or target each of them stands for."""

from __future__ import annotations

import pandas as pd

from automlgen_runtime.task_errors import UserFault, listing


def submission_columns(
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
        one_hot = predictions == "label" and classes is not None and sorted(columns) == sorted(classes)
        by_class = predictions == "probability" and classes is not None and len(columns) == len(classes)
        # An estimate and its spread; and whatever a metric of the task's own wants.
        spread = task["metric"] == "laplace-log-likelihood" and len(columns) == 2
        if len(columns) > 1 and not one_hot and not by_class and not spread and task["metric"] != "custom":
            expected = f"{len(classes)} classes" if classes and predictions == "probability" else "one prediction"
            raise UserFault(
                "metric-mismatch",
                f'The sample submission has {len(columns)} prediction columns, but the target "{task["target"]}" '
                f'under "{task["metric"]}" calls for {expected}.',
                'Give a sample submission that fits, or name all targets: target = ["a", "b"].',
            )
        return columns
    if predictions == "probability" and classes and len(classes) > 2:
        return classes
    if task["metric"] == "laplace-log-likelihood":
        return (task["target"], "sigma")
    return (task["target"],)


def in_order_of(columns: tuple[str, ...], classes: tuple[str, ...], warnings: list[str]) -> tuple[str, ...]:
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


def columns_of_several(
    task: dict, targets: list[str], sample: pd.DataFrame | None, warnings: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Targets in the order of the submission, and its columns."""
    if sample is None:
        return tuple(targets), tuple(targets)
    columns = [str(name) for name in sample.columns[1:]]
    if sorted(columns) == sorted(targets):
        return tuple(columns), tuple(columns)
    if len(columns) == len(targets):
        warnings.append(f"The submission calls the targets {listing(columns)}: their order was taken.")
        return tuple(targets), tuple(columns)
    raise UserFault(
        "metric-mismatch",
        f"The sample submission has {len(columns)} prediction columns, but `target` names {len(targets)}.",
        "Name the targets that the submission asks for, or leave the sample submission out.",
    )
