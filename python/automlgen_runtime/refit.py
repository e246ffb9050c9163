"""The guard on refits: a program run again on all labels must still say about the same of the test rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.evaluate import read_view
from automlgen_runtime.metrics.arrays import Context, Prediction
from automlgen_runtime.metrics.ranks import midranks
from automlgen_runtime.metrics.registry import METRICS
from automlgen_runtime.predictions import NodePredictions, split_answer
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.submission import MASKS, RANKINGS, Answer

LEAST_CORRELATION = 0.9
LEAST_EQUAL_LABELS = 0.8


@dataclass(frozen=True)
class Refit:
    """`answer`: the test predictions to use; nothing when the searched ones stay."""

    answer: Answer | None
    agreement: float | None
    reason: str


def judged(ruler: Ruler, node: NodePredictions, files: list[Mapping[str, Any]] | None) -> Refit:
    """Reads the files of view `full` and compares them with what the node predicted while searching."""
    if files is None:
        return Refit(None, None, _untried(ruler))
    by_name = {file["name"]: file["path"] for file in files if file["view"] == "full"}
    try:
        full = read_view(ruler, "full", by_name)
    except SubmissionFault as fault:
        return Refit(None, None, f"refit not valid: {fault.message}")
    hidden_rows = 0 if ruler.folds else len(ruler.hidden.ids)
    answer = split_answer(full, hidden_rows, ruler.metric.predictions == "probability").test
    searched = next(iter(node.views.values())).test
    if ruler.metric.predictions == "label" and node.has_probabilities() and answer.probabilities is None:
        return Refit(None, None, "refit not used: it wrote no probabilities, the searched program did")
    value, least, measure = agreement(ruler, searched.primary, answer.primary)
    if value < least:
        return Refit(
            None, value, f"refit not used: {measure} {value:.3f} with the searched predictions, below {least:g}"
        )
    return Refit(answer, value, f"refit used: {measure} {value:.3f}")


def _untried(ruler: Ruler) -> str:
    if ruler.folds:
        return "not run again: the models of its folds answer"
    return "not run again: it learnt from all labels" if ruler.claimed else "not run again"


def agreement(ruler: Ruler, before: Prediction, after: Prediction) -> tuple[float, float, str]:
    """(agreement, the least that is accepted, its name).

    Rank correlation, mean over classes or targets; share of equal labels; of texts the share of equal ones, for masks
    the mean overlap (Dice), for rankings the share of equal first names.
    """
    kind, name = ruler.metric.predictions, ruler.metric.name
    if kind == "label":
        return float(np.mean(before == after)), LEAST_EQUAL_LABELS, "share of equal labels"
    if kind == "text" and name in MASKS:
        return METRICS["dice"].value(before, after, Context()), LEAST_EQUAL_LABELS, "overlap of masks"
    if kind == "text" and name in RANKINGS:
        same = [a.split()[:1] == b.split()[:1] for a, b in zip(before, after, strict=True)]
        return float(np.mean(same)), LEAST_EQUAL_LABELS, "share of equal first names"
    if kind == "text":
        return float(np.mean(before == after)), LEAST_EQUAL_LABELS, "share of equal texts"
    columns = [(before, after)] if before.ndim == 1 else list(zip(before.T, after.T, strict=True))
    return float(np.mean([_correlation(a, b) for a, b in columns])), LEAST_CORRELATION, "rank correlation"


def _correlation(before: Prediction, after: Prediction) -> float:
    """1 for equal columns and for two constant ones; 0 where only one is constant."""
    flat = [bool(np.all(column == column[:1])) for column in (before, after)]
    if np.array_equal(before, after) or all(flat):
        return 1.0
    return 0.0 if any(flat) else float(np.corrcoef(midranks(before), midranks(after))[0, 1])
