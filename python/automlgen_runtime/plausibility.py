"""Scores that are too good or too empty to be believed (`suspicious`), and jumps that deserve a look (an audit).

A perfect score blocks where an honest program would hardly reach it. Honest programs leave a few per cent of what a
constant answer gets wrong: one that leaves 4 % of it is perfect on 100 such cells once in 60 times. So only cells that
the commonest label gets wrong count, and 100 of them are asked for; 20 are enough for numbers, which nobody hits
exactly.
The exception: a perfect score within three paired standard errors of the best imperfect program is what that program
nearly reached, and is believed.

A jump never blocks, because honest jumps can be large: it is told, for a leak audit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.metrics.arrays import Codes, Prediction, Truth
from automlgen_runtime.predictions import NodePredictions, load, metas, rows_done
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable, difference_on, value_on

HARD_CELLS = 100
HARD_NUMBERS = 20
DISTINCT_NUMBERS = 20
"""Numbers of a target with at most this many distinct values are treated as classes."""
LEAST_ROWS_CONSTANT = 50
TINY = 1e-9
"""As near to perfect as this is perfect; for errors in the unit of small targets, this share of the target's spread."""
IN_UNITS = ("rmse", "mae", "pinball")
BELIEVED_ERRORS = 3.0

JUMP_SIBLINGS = 4
"""A jump can only be seen against this many other programs."""
JUMP_SHARE = 0.5
"""Share of what the best other program left to a perfect score that a jump takes at once."""
JUMP_ERRORS = 6.0
JUMP_ROWS = 100
SHOWN = 8


def check(ruler: Ruler, node: NodePredictions, rows: Codes) -> dict[str, Any] | None:
    """The reason for a leak audit, or nothing. Raises SubmissionFault for constant predictions or a perfect score."""
    check_constant(ruler, node)
    prediction = comparable(ruler, node)
    value = value_on(ruler, prediction, rows)
    siblings = _siblings(ruler, node)
    if abs(value - ruler.metric.perfect) <= tiny(ruler, rows):
        _check_perfect(ruler, prediction, rows, value, siblings)
    return _jump(ruler, prediction, rows, value, siblings)


def _check_perfect(
    ruler: Ruler, prediction: Prediction, rows: Codes, value: float, siblings: list[tuple[str, float]]
) -> None:
    hard, floor = hard_cells(ruler, rows)
    if hard < floor or _nearly_reached(ruler, prediction, rows, siblings):
        return
    raise SubmissionFault(
        "suspicious",
        "score-perfect",
        f"The score is perfect ({ruler.metric.name} {value:g} on {len(rows):,} hidden rows; a constant answer gets "
        f"{hard:,} labels wrong): the target is likely copied by a feature or by the order of the rows. Remove what "
        "gives it away.",
    )


def tiny(ruler: Ruler, rows: Codes) -> float:
    """Distance from a perfect score that is none; targets of size 1e-12 have honest errors below 1e-9."""
    if ruler.metric.name not in IN_UNITS:
        return TINY
    return TINY * min(1.0, float(np.nanmin(np.nanstd(ruler.truth[rows], axis=0))))


def hard_cells(ruler: Ruler, rows: Codes) -> tuple[int, int]:
    """(labels that the commonest one gets wrong, how many of them make a perfect score implausible)."""
    truth = ruler.truth[rows]
    columns = [truth] if truth.ndim == 1 else list(truth.T)
    hard = sum(_uncommon(column) for column in columns)
    exact = ruler.metric.predictions == "value" and max(map(_distinct, columns), default=0) > DISTINCT_NUMBERS
    return hard, HARD_NUMBERS if exact else HARD_CELLS


def _known(column: Truth) -> Truth:
    return column[~np.isnan(column)] if column.dtype == np.float64 else column


def _uncommon(column: Truth) -> int:
    known = _known(column)
    return len(known) - int(np.unique(known, return_counts=True)[1].max()) if len(known) else 0


def _distinct(column: Truth) -> int:
    return len(np.unique(_known(column)))


def _siblings(ruler: Ruler, node: NodePredictions) -> list[tuple[str, float]]:
    """Other programs with their scores, best first."""
    known = metas(ruler.predictions_folder, except_for=node.node_id)
    scores = [(name, float(meta["reply"]["score"]["value"])) for name, meta in known.items()]
    return sorted(scores, key=lambda entry: (-ruler.metric.sign * entry[1], entry[0]))


def _nearly_reached(ruler: Ruler, prediction: Prediction, rows: Codes, siblings: list[tuple[str, float]]) -> bool:
    """Whether the best imperfect other program is within three paired standard errors of perfect."""
    for name, value in siblings:
        other = load(ruler.predictions_folder, name)
        if other is None or abs(value - ruler.metric.perfect) <= tiny(ruler, rows):
            continue
        shared = rows[rows_done(ruler, other)[rows]]
        gap = difference_on(ruler, prediction, comparable(ruler, other), shared)
        return gap.delta <= BELIEVED_ERRORS * gap.standard_error
    return False


def _jump(
    ruler: Ruler, prediction: Prediction, rows: Codes, value: float, siblings: list[tuple[str, float]]
) -> dict[str, Any] | None:
    """`audit` of `Evaluation`: the score takes at least half of what the best other program left, and not by chance."""
    if len(siblings) < JUMP_SIBLINGS:
        return None
    name, best = siblings[0]
    left = abs(ruler.metric.perfect - best)
    gained = ruler.metric.sign * (value - best)
    other = load(ruler.predictions_folder, name)
    if not np.isfinite(left) or gained < JUMP_SHARE * left or other is None:
        return None
    shared = rows[rows_done(ruler, other)[rows]]
    if len(shared) < JUMP_ROWS:
        return None
    gap = difference_on(ruler, prediction, comparable(ruler, other), shared)
    if gap.delta <= JUMP_ERRORS * gap.standard_error:
        return None
    return {
        "reason": f"{ruler.metric.name} {value:.5g} takes {gained / left:.0%} of what {name}, the best of "
        f"{len(siblings)} other programs with {best:.5g}, left to a perfect score: look for a leak.",
        "value": value,
        "siblings": [score for _, score in siblings[:SHOWN]],
    }


def check_constant(ruler: Ruler, node: NodePredictions) -> None:
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
