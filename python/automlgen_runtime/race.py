"""The K-fold race: fold 1 for every program, the other folds only for those that may still win.

Scores of programs that did not run all folds are made comparable with those that did by a control variate: the folds
they did run are, for the best complete programs, harder or easier than all folds together, and that mean difference is
added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Mask, Prediction
from automlgen_runtime.predictions import NodePredictions, load, metas, rows_done
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable, difference_on, value_on

FINALISTS = 12
TIED_WITH = 3
PAIRED_ERRORS = 2.0


@dataclass(frozen=True)
class Rival:
    """A stored program: its plain value on the first view, and on all views if it ran them."""

    node_id: str
    first: float
    value: float | None


def standing(ruler: Ruler, node: NodePredictions) -> dict[str, float | None]:
    """What later races need to know of a program; kept beside its predictions."""
    prediction = comparable(ruler, node)
    first = value_on(ruler, prediction, ruler.rows_of(ruler.views[0]))
    return {"first": first, "value": value_on(ruler, prediction, ruler.everything) if complete(ruler, node) else None}


def rivals(ruler: Ruler, node: NodePredictions) -> list[Rival]:
    """All other programs with predictions."""
    known = metas(ruler.predictions_folder, except_for=node.node_id)
    return [Rival(node_id, meta["first"], meta["value"]) for node_id, meta in known.items()]


def next_views(ruler: Ruler, node: NodePredictions, others: list[Rival]) -> list[str]:
    """Views that `node` has earned and not yet run; empty when its score is final.

    Earned: its score on the first view is among the best 12 of all programs, or within two paired standard errors of
    the third best. A program that has begun the other folds goes on.
    """
    left = [view for view in ruler.views if view not in node.views]
    return left if left and (len(node.views) > 1 or promoted(ruler, node, others)) else []


def promoted(ruler: Ruler, node: NodePredictions, others: list[Rival]) -> bool:
    rows, sign = ruler.rows_of(ruler.views[0]), ruler.metric.sign
    own = comparable(ruler, node)
    mine = sign * value_on(ruler, own, rows)
    if sum(sign * other.first > mine for other in others) < FINALISTS:
        return True
    ranked = sorted(others, key=lambda other: -sign * other.first)
    third = load(ruler.predictions_folder, ranked[TIED_WITH - 1].node_id)
    if third is None:
        return True
    gap = difference_on(ruler, comparable(ruler, third), own, rows)
    return gap.delta <= PAIRED_ERRORS * gap.standard_error


def complete(ruler: Ruler, node: NodePredictions) -> bool:
    return all(view in node.views for view in ruler.views)


def adjustment(ruler: Ruler, node: NodePredictions, others: list[Rival]) -> float:
    """What to add to the value on the folds done: mean over the best 12 complete programs of (all folds - these folds).

    These programs were promoted for being good on fold 1, so that their other folds are a little worse than the first:
    the correction leans against the program that was not promoted, which is the safe side for a lucky first fold.
    0 while no other program is complete.
    """
    done = rows_done(ruler, node)
    if done.all():
        return 0.0
    finished = sorted((-ruler.metric.sign * other.value, other.node_id) for other in others if other.value is not None)
    stored = [load(ruler.predictions_folder, node_id) for _, node_id in finished[:FINALISTS]]
    shifts = [_shift(ruler, comparable(ruler, other), done) for other in stored if other is not None]
    return float(np.mean(shifts)) if shifts else 0.0


def _shift(ruler: Ruler, prediction: Prediction, done: Mask) -> float:
    return value_on(ruler, prediction, ruler.everything) - value_on(ruler, prediction, done)
