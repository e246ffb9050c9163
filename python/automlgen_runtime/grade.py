"""Scores submissions on a practice competition's private answers. The only reader of private answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime import paired
from automlgen_runtime.errors import SubmissionFault, UserFault
from automlgen_runtime.evaluate import form_of
from automlgen_runtime.medals import medal, rank
from automlgen_runtime.metrics.arrays import Codes, Context, Prediction, Truth
from automlgen_runtime.metrics.classes import Names, encode
from automlgen_runtime.ruler import Ruler, read_text_table, ruler_of
from automlgen_runtime.standard_errors import standard_error
from automlgen_runtime.submission import read_answer

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
    """Columns: the id, then the target or one column per class; `group` where rows belong together."""
    table = read_text_table(path)
    target = ruler.card["target"]
    if target in table:
        texts = table[target].to_numpy(dtype=object)
    else:
        hot = table[list(ruler.card["submissionColumns"])].to_numpy(dtype=np.float64)
        texts = np.array(ruler.classes, dtype=object)[np.argmax(hot, axis=1)]
    numbers = ruler.metric.predictions == "value"
    groups = np.unique(table["group"], return_inverse=True)[1].astype(np.int64) if "group" in table else None
    truth: Truth = texts.astype(np.float64) if numbers else encode(texts, ruler.classes)
    return Answers(Names(table[ruler.card["idColumn"]].tolist()), truth, groups, _context(ruler, table))


def _context(ruler: Ruler, table: pd.DataFrame) -> Context:
    """As `ruler.context`, for the answers: the optional columns have the same names."""
    groups = (
        np.unique(table["metric_group"], return_inverse=True)[1].astype(np.int64) if "metric_group" in table else None
    )
    numbers = {name: table[name].to_numpy(dtype=np.float64) for name in ("weight", "scale") if name in table}
    return replace(ruler.context, weights=numbers.get("weight"), groups=groups, scale=numbers.get("scale"))


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
    }


def _board(path: Path) -> list[float]:
    if not path.is_file():
        return []
    scores = pd.to_numeric(read_text_table(path)["score"], errors="coerce").to_numpy()
    return [round(float(score), DECIMALS) for score in scores if np.isfinite(score)]
