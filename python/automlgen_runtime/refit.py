"""The guard on refits: a program run again on all labels must still say about the same of the test rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.evaluate import read_view
from automlgen_runtime.metrics.arrays import Prediction
from automlgen_runtime.metrics.ranks import spearman
from automlgen_runtime.predictions import NodePredictions, split_answer
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.submission import Answer

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
        return Refit(None, None, "not refitted")
    by_name = {file["name"]: file["path"] for file in files if file["view"] == "full"}
    try:
        full = read_view(ruler, "full", by_name)
    except SubmissionFault as fault:
        return Refit(None, None, f"refit not valid: {fault.message}")
    hidden_rows = 0 if ruler.folds else len(ruler.hidden.ids)
    answer = split_answer(full, hidden_rows).test
    searched = next(iter(node.views.values())).test
    if ruler.metric.predictions == "label" and node.has_probabilities() and answer.probabilities is None:
        return Refit(None, None, "refit not used: it wrote no probabilities, the searched program did")
    value, least, measure = agreement(ruler, searched.primary, answer.primary)
    if value < least:
        return Refit(
            None, value, f"refit not used: {measure} {value:.3f} with the searched predictions, below {least:g}"
        )
    return Refit(answer, value, f"refit used: {measure} {value:.3f}")


def agreement(ruler: Ruler, before: Prediction, after: Prediction) -> tuple[float, float, str]:
    """(agreement, the least that is accepted, its name). Rank correlation, mean over the classes; or equal labels."""
    if ruler.metric.predictions == "label":
        return float(np.mean(before == after)), LEAST_EQUAL_LABELS, "share of equal labels"
    columns = [(before, after)] if before.ndim == 1 else list(zip(before.T, after.T, strict=True))
    correlations = [1.0 if np.array_equal(a, b) else spearman(a, b) for a, b in columns]
    return float(np.mean(correlations)), LEAST_CORRELATION, "rank correlation"
