"""A task's own metric: a Python file of the task's author with `score(answers, submission) -> float`.

The file is trusted: it is code of whoever wrote the task, and runs in the evaluator. Both tables have the same rows in
the same order: the id column (row numbers, unique also when rows are drawn again), then the targets in `answers` and
the submission's columns in `submission`; `answers` also has the columns `weight`, `group` and `scale` where the task
has them. Cells are numbers where all of a column are numbers, else text.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.errors import UserFault
from automlgen_runtime.metrics.arrays import Context, Prediction, RefusedError, Truth, UndefinedScoreError
from automlgen_runtime.metrics.metric import Direction, Kind, Metric
from automlgen_runtime.metrics.registry import METRICS, kind_of

Score = Callable[[pd.DataFrame, pd.DataFrame], Any]


def metric_of(card: Mapping[str, Any]) -> Metric:
    """The metric of a task card, in the card's direction. Raises UserFault for a file of the task's own that fails."""
    known = METRICS[card["metric"]]
    if known.name == "custom":
        options = card.get("metricOptions") or {}
        if not options.get("file"):
            raise UserFault(
                "metric-mismatch", "The task's own metric has no file.", "Set metric_options.file to metric.py."
            )
        function = loaded(str(options["file"]), str(options.get("function", "score")))
        form = Form(
            str(card["idColumn"]),
            tuple(card.get("targets") or [card["target"]]),
            tuple(card["submissionColumns"]),
            kind_of("custom", options),
            tuple(card.get("classes") or ()),
        )
        return custom(function, card["direction"], form)
    return replace(known, direction=card["direction"])


@dataclass(frozen=True)
class Form:
    """Names of the columns of both tables, what is predicted, and the labels of class codes."""

    id_column: str
    targets: tuple[str, ...]
    columns: tuple[str, ...]
    predictions: Kind = "value"
    classes: tuple[str, ...] = ()


def custom(function: Score, direction: Direction, form: Form) -> Metric:
    """A metric of a function of two tables; its errors come from the bootstrap."""

    def value(truth: Truth, prediction: Prediction, context: Context) -> float:
        answers = _table(form.id_column, form.targets, _named(truth, form))
        submission = _table(form.id_column, form.columns, _written(prediction, form))
        extra = {"weight": context.weights, "group": context.groups, "scale": context.scale}
        for name, column in extra.items():
            if column is not None and name not in answers:
                answers[name] = column
        return _number(_asked(function, answers, submission))

    known, best = METRICS["custom"], float("inf") if direction == "maximise" else float("-inf")
    return replace(
        known,
        direction=direction,
        predictions=form.predictions,
        value=value,
        perfect=best,
        worst=-best,
        blend="none" if form.predictions == "text" else "mean",
        weighted=True,
    )


def _named(codes: Truth | Prediction, form: Form) -> Truth | Prediction:
    """Class codes as the task writes them; everything else as it is."""
    if codes.ndim != 1 or form.predictions not in ("label", "probability"):
        return codes
    return np.array(form.classes, dtype=object)[codes]


def _written(prediction: Prediction, form: Form) -> Prediction:
    """Predictions as the submission has them: one column for the second of two classes, labels by name."""
    if form.predictions == "label":
        return _named(prediction, form)
    single = form.predictions == "probability" and prediction.ndim == 2 and len(form.columns) == 1
    return prediction[:, -1] if single else prediction


def _asked(function: Score, answers: pd.DataFrame, submission: pd.DataFrame) -> Any:
    try:
        return function(answers, submission)
    except Exception as fault:
        message = f"The task's metric failed: {type(fault).__name__}: {str(fault)[:300]}"
        raise RefusedError(message, f"it raised {type(fault).__name__}") from fault


def _table(id_column: str, names: Sequence[str], cells: Truth | Prediction) -> pd.DataFrame:
    matrix = cells[:, None] if cells.ndim == 1 else cells
    if matrix.shape[1] != len(names):
        raise UndefinedScoreError(f"There are {matrix.shape[1]} columns for the names {list(names)}.")
    columns = {name: _column(matrix[:, position]) for position, name in enumerate(names)}
    return pd.DataFrame({id_column: np.arange(len(matrix)), **columns})


def _column(cells: np.ndarray) -> np.ndarray:
    if cells.dtype != object:
        return cells
    try:
        return cells.astype(np.float64)
    except (TypeError, ValueError):
        return cells


def _number(answer: Any) -> float:
    try:
        number = float(answer)
    except (TypeError, ValueError):
        raise UndefinedScoreError(f"The task's metric answered {str(answer)[:80]!r}; it must be a number.") from None
    if not np.isfinite(number):
        raise RefusedError(f"The task's metric answered {number}; it must be finite.", f"it answered {number}")
    return number


def loaded(path: str, name: str) -> Score:
    """The function of a file; read again when the file changes."""
    if not Path(path).is_file():
        raise UserFault("path-missing", f"There is no metric file {path!r}.", "Correct metric_options.file.")
    return _loaded(path, name, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: str, name: str, stamp: int) -> Score:
    spec = importlib.util.spec_from_file_location(f"task_metric_{stamp}", path)
    if spec is None or spec.loader is None:
        raise UserFault("metric-mismatch", f"{path!r} is no Python file.", "Name a file that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as fault:
        message = f"{Path(path).name} fails on import: {type(fault).__name__}: {str(fault)[:300]}"
        raise UserFault("metric-mismatch", message, "Correct the task's metric file.") from fault
    function = getattr(module, name, None)
    if not callable(function):
        raise UserFault(
            "metric-mismatch",
            f"{Path(path).name} has no function {name!r}.",
            "Define `score(answers, submission) -> float`, or set metric_options.function.",
        )
    return function
