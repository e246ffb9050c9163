"""Complementarity: what a new program and one of the elite gain by being blended (reference for `fuse`)."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats
from automlgen_runtime.metrics.registry import METRICS, Metric
from automlgen_runtime.paired import difference
from automlgen_runtime.predictions import NodePredictions, assembled
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable, score_rows
from automlgen_runtime.space import averageable, averaging_of, back
from automlgen_runtime.submission import Answer

WEIGHTS = (0.25, 0.5, 0.75)
LEAST_ROWS = 300
"""Below this the measured gain is noise."""


def judge(ruler: Ruler) -> Metric:
    """The task's metric; for metrics of labels the logarithmic loss of the probabilities, which is far less noisy."""
    return METRICS["logloss"] if ruler.metric.predictions == "label" else ruler.metric


def complements(ruler: Ruler, node: NodePredictions, elite: list[NodePredictions]) -> list[dict[str, object]]:
    """`Complement` of `src/domain/score.ts` for each of the elite that shares 300 scored rows with `node`."""
    found = []
    for other in elite:
        rows = np.flatnonzero(score_rows(ruler, node) & score_rows(ruler, other))
        if len(rows) < LEAST_ROWS:
            continue
        mine, theirs = _space(ruler, node, rows), _space(ruler, other, rows)
        if mine is None or theirs is None:
            continue
        gain, error = best_pair(judge(ruler), ruler, rows, mine, theirs)
        found.append({"with": other.node_id, "gain": gain, "standardError": error})
    return found


def best_pair(metric: Metric, ruler: Ruler, rows: Codes, mine: Floats, theirs: Floats) -> tuple[float, float]:
    """Gain of the best of three blends over the better member, with its paired standard error."""
    truth, context = ruler.truth[rows], ruler.context.at(rows)

    def quality(space: Floats) -> float:
        return metric.sign * metric.value(truth, back(ruler, space), context)

    better = max((mine, theirs), key=quality)
    blend = max((w * mine + (1 - w) * theirs for w in WEIGHTS), key=quality)
    gain = difference(metric, truth, back(ruler, blend), back(ruler, better), context, ruler.groups_of(rows))
    return gain.delta, gain.standard_error


def _space(ruler: Ruler, node: NodePredictions, rows: Codes) -> Floats | None:
    """In the space of averages; nothing for texts and for labels without probabilities."""
    if ruler.metric.predictions != "label":
        ranked = averaging_of(ruler) == "ranks"
        primary = comparable(ruler, node) if ranked else assembled(ruler, node)
        return averageable(ruler, Answer(primary[rows]))
    if not node.has_probabilities():
        return None
    return averageable(ruler, Answer(np.zeros(0, np.int64), assembled(ruler, node, "probabilities")[rows]))
