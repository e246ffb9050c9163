"""A submission against a benchmark's answers by our own metrics: the second opinion beside the benchmark's grader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.errors import UserFault
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.classes import Names, levels_of
from automlgen_runtime.metrics.registry import METRICS, Metric, both_columns


class CannotScoreError(Exception):
    """Why our registry has no opinion; not a fault of the submission."""


@dataclass(frozen=True)
class Pair:
    """Answers and submission, row by row, every cell as text."""

    answers: pd.DataFrame
    submission: pd.DataFrame


def own_score(request: Mapping[str, Any]) -> dict[str, Any]:
    """Score `null` and a reason where the metric is not ours, the forms differ, or a cell is no number."""
    try:
        value = _value(request)
    except (CannotScoreError, UserFault) as fault:
        return {"score": None, "reason": str(fault)}
    except (ValueError, ArithmeticError, KeyError) as fault:
        return {"score": None, "reason": f"{type(fault).__name__}: {str(fault)[:300]}"}
    if not np.isfinite(value):
        return {"score": None, "reason": f"The metric is {value}."}
    return {"score": round(float(value), 5), "reason": ""}


def _value(request: Mapping[str, Any]) -> float:
    choice = request.get("metric")
    metric = METRICS.get(choice["name"]) if choice else None
    if metric is None:
        raise CannotScoreError("No metric of ours is known for this competition.")
    if request.get("direction"):
        metric = replace(metric, direction=request["direction"])
    pair = aligned(Path(request["answers"]), Path(request["submission"]), request["idColumns"])
    columns = _scored_columns(pair, list(request["columns"]))
    truth, prediction, classes = _arrays(metric, pair, columns)
    levels = levels_of(classes) if classes else np.zeros(0)
    context = Context(levels, dict(choice.get("options") or {}), _weights(pair, choice), _groups(pair, choice))
    value = metric.value(truth, prediction, context)
    return 1.0 - value if choice.get("complement") else value


def aligned(answers: Path, submission: Path, id_columns: list[str]) -> Pair:
    """Rows are matched by id; without one, or where it repeats, by position, and ids must then be equal row by row."""
    if answers.suffix != ".csv":
        raise CannotScoreError(f"Answers of the form {answers.suffix} are not a table.")
    truth, given = _table(answers), _table(submission)
    if len(truth) != len(given):
        raise CannotScoreError(f"The submission has {len(given)} rows, the answers have {len(truth)}.")
    keys = [name for name in id_columns if name in truth.columns and name in given.columns]
    if not keys:
        return Pair(truth, given)
    left, right = _key(truth, keys), _key(given, keys)
    if not left.is_unique:
        if (left.to_numpy() != right.to_numpy()).any():
            raise CannotScoreError(f"The ids in {', '.join(keys)} repeat and are in another order than in the answers.")
        return Pair(truth, given)
    places = Names(left.tolist()).positions(right.tolist())
    if (places < 0).any() or len(np.unique(places)) != len(left):
        raise CannotScoreError(f"The ids in {', '.join(keys)} are not those of the answers.")
    return Pair(truth, given.iloc[np.argsort(places)].reset_index(drop=True))


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _key(table: pd.DataFrame, keys: list[str]) -> pd.Series:
    return table[keys[0]] if len(keys) == 1 else table[keys].agg("\x1f".join, axis=1)


def _scored_columns(pair: Pair, asked: list[str]) -> list[str]:
    """Columns of the sample submission that the answers know; the rest is asked for and not scored."""
    known = [name for name in asked if name in pair.answers.columns]
    missing = [name for name in known if name not in pair.submission.columns]
    if missing:
        raise CannotScoreError(f"The submission lacks the columns {', '.join(missing[:5])}.")
    if not known:
        raise CannotScoreError(f"None of the columns {', '.join(asked[:5])} is in the answers.")
    return known


def _arrays(metric: Metric, pair: Pair, columns: list[str]) -> tuple[Truth, Prediction, list[str]]:
    if metric.predictions == "text":
        return _texts(pair.answers, columns[0]), _texts(pair.submission, columns[0]), []
    if metric.predictions == "value":
        return _squeezed(_numbers(pair.answers, columns)), _squeezed(_numbers(pair.submission, columns)), []
    if len(columns) == 1:
        return _one_target(metric, pair, columns[0])
    truth, given = _numbers(pair.answers, columns), _numbers(pair.submission, columns)
    if metric.predictions == "probability" and not _several_targets(metric, truth):
        return np.argmax(truth, axis=1).astype(np.int64), given, columns
    return truth, given, ["0", "1"]


def _several_targets(metric: Metric, truth: Floats) -> bool:
    """Columns are targets unless each row has exactly one 1; an AUC of one-hot columns is a mean over columns too."""
    one_hot = bool(np.isin(truth, (0.0, 1.0)).all() and (truth.sum(axis=1) == 1).all())
    return not one_hot or metric.name.startswith("auc")


def _one_target(metric: Metric, pair: Pair, column: str) -> tuple[Truth, Prediction, list[str]]:
    truth = _texts(pair.answers, column)
    classes = sorted(set(truth.tolist()), key=_order)
    if metric.predictions == "probability":
        if len(classes) != 2:
            raise CannotScoreError(
                f'One column of probabilities, but {len(classes)} values in "{column}" of the answers.'
            )
        return Names(classes).positions(truth), both_columns(_numbers(pair.submission, [column])[:, 0]), classes
    given = _texts(pair.submission, column)
    known = Names(classes)
    extra = sorted({text for text, at in zip(given, known.positions(given), strict=True) if at < 0}, key=_order)
    every = Names(sorted([*classes, *extra], key=_order))
    return every.positions(truth), every.positions(given), every.names


def _order(text: str) -> tuple[int, float, str]:
    """Numbers by value, then words."""
    try:
        return (0, float(text), text)
    except ValueError:
        return (1, 0.0, text)


def _numbers(table: pd.DataFrame, columns: list[str]) -> Floats:
    matrix = table[columns].replace("", "nan").to_numpy(dtype=object)
    try:
        numbers = matrix.astype(np.float64)
    except ValueError:
        lowered = np.char.lower(matrix.astype(str))
        if not np.isin(lowered, ("true", "false")).all():
            raise
        numbers = (lowered == "true").astype(np.float64)
    return numbers


def _squeezed(matrix: Floats) -> Floats:
    return matrix[:, 0] if matrix.shape[1] == 1 else matrix


def _texts(table: pd.DataFrame, column: str) -> np.ndarray:
    return table[column].to_numpy(dtype=object)


def _weights(pair: Pair, choice: Mapping[str, Any]) -> Floats | None:
    name = (choice.get("options") or {}).get("weight")
    return _numbers(pair.answers, [name])[:, 0] if name and name in pair.answers else None


def _groups(pair: Pair, choice: Mapping[str, Any]) -> np.ndarray | None:
    name = (choice.get("options") or {}).get("group")
    if not name or name not in pair.answers:
        return None
    return np.unique(pair.answers[name], return_inverse=True)[1].astype(np.int64)
