"""Scores submissions on a practice competition's private answers. The only reader of private answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime import paired
from automlgen_runtime.errors import SubmissionFault, UserFault
from automlgen_runtime.evaluate import form_of
from automlgen_runtime.medals import medal, rank, thresholds
from automlgen_runtime.metrics.arrays import Codes, Context, Prediction, Truth
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.ruler import Ruler, read_text_table, ruler_of
from automlgen_runtime.standard_errors import standard_error
from automlgen_runtime.submission import read_answer
from automlgen_runtime.truth import context_of, groups_in, truth_of

DECIMALS = 5
"""Scores are rounded before they are ranked on a leaderboard, as MLE-bench does."""


@dataclass(frozen=True)
class Answers:
    ids: Names
    truth: Truth
    groups: Codes | None
    context: Context


def grade(request: Mapping[str, Any]) -> dict[str, Any]:
    """`Grade` of `src/domain/evaluation.ts`. Raises UserFault: no private folder, or an invalid file."""
    folder = _private(request["source"])
    ruler = ruler_of(request["prepared"])
    answers = _answers(ruler, folder / "answers.csv")
    mine = _predictions(ruler, Path(request["submission"]), answers)
    result: dict[str, Any] = {
        "score": _score(ruler, answers, mine),
        "baseline": _score(
            ruler, answers, _predictions(ruler, Path(request["prepared"]["baselineSubmission"]), answers)
        ),
    }
    if (folder / "reference.csv").is_file():
        result["reference"] = _against(ruler, answers, mine, _predictions(ruler, folder / "reference.csv", answers))
    return {**result, **_standing(ruler, folder, result["score"]["value"])}


def _private(source: Mapping[str, Any]) -> Path:
    folder = source.get("privateFolder")
    if not folder or not (Path(folder) / "answers.csv").is_file():
        raise UserFault(
            "path-missing",
            f"There are no private answers for {source['task']['id']!r} ({folder or 'no private folder'}).",
            "Only practice competitions can be graded: see `automlgen practice list`.",
        )
    return Path(folder)


def _answers(ruler: Ruler, path: Path) -> Answers:
    """Columns: the id, then the target(s) or one column per class; optional ones as in `hidden/labels.csv`."""
    table = read_text_table(path)
    wanted = ruler.targets or [ruler.card["target"]]
    missing = [name for name in wanted if name not in table]
    if not missing:
        columns = [table[name].to_numpy(dtype=object) for name in wanted]
    elif not ruler.targets and set(ruler.classes) <= set(table.columns):
        columns = [_class_of(ruler, table)]
    else:
        raise UserFault(
            "submission-invalid",
            f"{path.name} of the private answers has no column {missing[0]!r}.",
            "It needs the id, and the target(s) or one column per class.",
        )
    truth = truth_of(ruler.card, columns)
    ids = Names(table[ruler.card["idColumn"]].tolist())
    extras = table.drop(columns=[name for name in wanted if name in table])
    return Answers(ids, truth, groups_in(extras), context_of(ruler.card, extras))


def _class_of(ruler: Ruler, table: pd.DataFrame) -> np.ndarray:
    """The class whose column is largest: answers as one column per class."""
    hot = table[ruler.classes].to_numpy(dtype=object).astype(np.float64)
    return np.array(ruler.classes, dtype=object)[np.argmax(hot, axis=1)]


def _predictions(ruler: Ruler, path: Path, answers: Answers) -> Prediction:
    try:
        return read_answer(path, None, form_of(ruler), answers.ids, ruler.class_names).primary
    except SubmissionFault as fault:
        raise UserFault("submission-invalid", fault.message, f"Correct {path.name} and grade it again.") from fault


def _score(ruler: Ruler, answers: Answers, prediction: Prediction) -> dict[str, Any]:
    metric = ruler.metric
    return {
        "value": metric.value(answers.truth, prediction, answers.context),
        "standardError": standard_error(metric, answers.truth, prediction, answers.context, answers.groups),
        "rows": len(answers.truth),
        "direction": metric.direction,
        "source": "hidden",
    }


def _against(ruler: Ruler, answers: Answers, mine: Prediction, reference: Prediction) -> dict[str, Any]:
    gap = paired.difference(ruler.metric, answers.truth, mine, reference, answers.context, answers.groups)
    return {"score": _score(ruler, answers, reference), "delta": gap.delta, "pairedSE": gap.standard_error}


def _standing(ruler: Ruler, folder: Path, value: float) -> dict[str, Any]:
    """Medal, rank and size of the board with this entry on it. No medal for a variant or without a board."""
    manifest = folder / "manifest.json"
    variant = bool(json.loads(manifest.read_text()).get("variant", False)) if manifest.is_file() else False
    board = _board(folder / "leaderboard.csv")
    rounded, sign = round(value, DECIMALS), ruler.metric.sign
    return {
        "medal": "none" if variant else medal(rounded, board, sign),
        "rank": rank(rounded, board, sign),
        "entries": len(board) + 1,
        "variant": variant,
        **({"thresholds": thresholds(board, sign)} if board else {}),
    }


def _board(path: Path) -> list[float]:
    if not path.is_file():
        return []
    scores = pd.to_numeric(read_text_table(path)["score"], errors="coerce").to_numpy()
    return [round(float(score), DECIMALS) for score in scores if np.isfinite(score)]
