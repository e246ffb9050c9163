"""The K-fold race: fold 1 for every program, the other folds only for those that may still win.

Scores of programs that did not run all folds are made comparable with those that did by a control variate: the folds
they did run are, for the best complete programs, harder or easier than all folds together, and that mean difference is
added.
"""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Mask
from automlgen_runtime.predictions import NodePredictions, rows_done
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable, difference_on, value_on

FINALISTS = 12
TIED_WITH = 3
PAIRED_ERRORS = 2.0


def next_views(ruler: Ruler, node: NodePredictions, others: list[NodePredictions]) -> list[str]:
    """Views that `node` has earned and not yet run; empty when its score is final.

    Earned: its score on the first view is among the best 12 of all programs, or within two paired standard errors of
    the third best. A program that has begun the other folds goes on.
    """
    left = [view for view in ruler.views if view not in node.views]
    first = ruler.views[0]
    if not left or first not in node.views:
        return []
    return left if len(node.views) > 1 or promoted(ruler, node, others) else []


def promoted(ruler: Ruler, node: NodePredictions, others: list[NodePredictions]) -> bool:
    rows = ruler.rows_of(ruler.views[0])
    own = comparable(ruler, node)
    sign = ruler.metric.sign
    scored = [
        (sign * value_on(ruler, comparable(ruler, other), rows), other) for other in others if _ran_first(ruler, other)
    ]
    better = [pair for pair in scored if pair[0] > sign * value_on(ruler, own, rows)]
    if len(better) < FINALISTS:
        return True
    third = sorted(scored, key=lambda pair: -pair[0])[TIED_WITH - 1][1]
    gap = difference_on(ruler, comparable(ruler, third), own, rows)
    return gap.delta <= PAIRED_ERRORS * gap.standard_error


def complete(ruler: Ruler, node: NodePredictions) -> bool:
    return all(view in node.views for view in ruler.views)


def adjustment(ruler: Ruler, node: NodePredictions, others: list[NodePredictions]) -> float:
    """What to add to the value on the folds done: mean over the best 12 complete programs of (all folds - these folds).

    These programs were promoted for being good on fold 1, so that their other folds are a little worse than the first:
    the correction leans against the program that was not promoted, which is the safe side for a lucky first fold.
    0 while no other program is complete.
    """
    done = rows_done(ruler, node)
    if done.all():
        return 0.0
    finished = [comparable(ruler, other) for other in others if complete(ruler, other)]
    ranked = sorted(finished, key=lambda p: -ruler.metric.sign * value_on(ruler, p, ruler.everything))[:FINALISTS]
    return float(np.mean([_shift(ruler, prediction, done) for prediction in ranked])) if ranked else 0.0


def _shift(ruler: Ruler, prediction: np.ndarray, done: Mask) -> float:
    return value_on(ruler, prediction, ruler.everything) - value_on(ruler, prediction, done)


def _ran_first(ruler: Ruler, node: NodePredictions) -> bool:
    return ruler.views[0] in node.views
