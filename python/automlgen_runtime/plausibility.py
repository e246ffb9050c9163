"""Scores that are too good or too empty to be believed: `suspicious`."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.metrics.arrays import Codes, Prediction
from automlgen_runtime.predictions import NodePredictions
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable, value_on

LEAST_ROWS_PERFECT = 200
"""Below this many rows an honest classifier may well make no mistake; exact numbers are never honest from 20 on."""
LEAST_ROWS_PERFECT_NUMBERS = 20
LEAST_ROWS_CONSTANT = 50
TINY = 1e-9


def check(ruler: Ruler, node: NodePredictions, rows: Codes) -> None:
    """Raises SubmissionFault for predictions that are constant on all rows, or perfect on the scored ones."""
    _check_constant(ruler, node)
    prediction = comparable(ruler, node)
    value = value_on(ruler, prediction, rows)
    numbers = ruler.metric.predictions == "value"
    floor = LEAST_ROWS_PERFECT_NUMBERS if numbers else LEAST_ROWS_PERFECT
    if abs(value - ruler.metric.perfect) <= TINY and len(rows) >= floor:
        raise SubmissionFault(
            "suspicious",
            "score-perfect",
            f"The score is perfect ({ruler.metric.name} {value:g} on {len(rows):,} hidden rows): the target is likely "
            "copied by a feature or by the order of the rows. Remove what gives it away.",
        )


def _check_constant(ruler: Ruler, node: NodePredictions) -> None:
    """Constant within every view, hidden and test rows together; labels only without probabilities."""
    varied = False
    rows = 0
    for view in node.views.values():
        for which in ("primary", "probabilities"):
            parts = [getattr(view.hidden, which), getattr(view.test, which)]
            if parts[0] is not None:
                everything = np.concatenate(parts)
                rows += len(everything) if which == "primary" else 0
                varied = varied or not _constant(everything)
    if not varied and rows >= LEAST_ROWS_CONSTANT:
        raise SubmissionFault(
            "suspicious",
            "prediction-constant",
            f"All {rows:,} predictions are the same: the program learnt nothing from the features.",
        )


def _constant(values: Prediction) -> bool:
    return len(values) > 0 and bool(np.all(values == values[0]))
