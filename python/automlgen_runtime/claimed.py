"""The ruler of last resort: nothing could be hidden, so that a program's own claim is all there is.

A claim is the last line `automlgen_score=<number>` that a program prints. Nobody knows how sure it is: standard errors
are 0, which for scores of source `script` means "not known". Differences are those of the claims, with a paired
standard error of 0: the search treats any better claim as better. Nothing is averaged, and the best claim is chosen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.predictions import NodePredictions, load
from automlgen_runtime.ruler import Ruler

SCORE_LINE = re.compile(r"^[ \t]*automlgen_score[ \t]*=[ \t]*(\S+)[ \t\r]*$", re.MULTILINE)
SHORTLIST = 20

Listed = Sequence[tuple[NodePredictions, str, float, float]]


def claim_in(printed: str | None) -> float:
    """The number of the last score line. Raises SubmissionFault where there is none, or none that is finite."""
    found = SCORE_LINE.findall(printed or "")
    if not found:
        raise _bad(
            "claim-missing",
            "The program printed no line `automlgen_score=<number>`. Nothing of this task could be hidden, so that the "
            "program must score itself: print its validation score in the task's metric on such a line, as the last "
            "one, on standard output.",
        )
    try:
        value = float(found[-1])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _bad(
            "claim-invalid",
            f"The last score line is `automlgen_score={found[-1][:40]}`, which is no finite number. Print one number "
            "without units, and see that the validation rows are not empty.",
        )
    return value


def check_claim(ruler: Ruler, value: float) -> None:
    """A claim that the metric cannot take, or that nobody believes. Raises SubmissionFault."""
    metric = ruler.metric
    low, high = sorted((metric.perfect, metric.worst))
    if not low <= value <= high:
        raise _bad(
            "claim-impossible",
            f"The program claims {metric.name} {value:g}, which lies outside {low:g} to {high:g}. Print the score in "
            "the task's own metric.",
        )
    if value == metric.perfect:
        raise SubmissionFault(
            "suspicious",
            "score-perfect",
            f"The program claims a perfect score ({metric.name} {value:g}): it likely scored itself on rows it had "
            "learnt from. Score rows that took no part in training.",
        )


def claimed_score(ruler: Ruler, value: float) -> dict[str, Any]:
    """`rows`: those the program had to validate on; which of them it used it alone knows."""
    rows = max(1, int(ruler.card["rows"]["train"]))
    return {
        "value": value,
        "standardError": 0.0,
        "rows": rows,
        "direction": ruler.metric.direction,
        "source": "script",
    }


def versus_claims(ruler: Ruler, node_id: str, value: float, against: Mapping[str, str]) -> dict[str, Any]:
    """Plain differences between claims; 0 rows were compared."""
    found = {}
    for role in ("parent", "branchBest", "best"):
        other = load(ruler.predictions_folder, against[role]) if against.get(role) else None
        if other is not None and other.node_id != node_id:
            gap = ruler.metric.sign * (value - claim_of(other))
            found[role] = {"against": other.node_id, "delta": gap, "pairedSE": 0.0, "rows": 0}
    return found


def claim_of(node: NodePredictions) -> float:
    return float(node.meta["reply"]["score"]["value"])


def choose_claimed(ruler: Ruler, listed: Listed) -> dict[str, Any]:
    """`FinalChoice`: the best claim; among equals the first listed."""
    ranked = sorted(listed, key=lambda entry: -ruler.metric.sign * claim_of(entry[0]))
    best, *rest = ranked
    score = claimed_score(ruler, claim_of(best[0]))
    chosen = {
        "kind": "single",
        "members": [{"nodeId": best[0].node_id, "weight": 1.0}],
        "pooled": score,
        "overSingle": 0.0,
        "overSinglePairedSE": 0.0,
    }
    return {
        "chosen": chosen,
        "candidates": [chosen],
        "averaging": "none",
        "rule": "Scores are self-reported: no row of this task could be hidden. Nothing is averaged: the best claim.",
        "estimate": score,
        "optimism": 0.0,
        "shortlist": [entry[0].node_id for entry in ranked[:SHORTLIST]],
        **_runner_up(ruler, score["value"], rest),
    }


def _runner_up(ruler: Ruler, best: float, rest: Listed) -> dict[str, Any]:
    if not rest:
        return {}
    value = claim_of(rest[0][0])
    gap = float(np.abs(best - value))
    score = claimed_score(ruler, value)
    return {"runnerUp": {"nodeId": rest[0][0].node_id, "pooled": score, "behind": gap, "behindPairedSE": 0.0}}


def _bad(code: str, message: str) -> SubmissionFault:
    return SubmissionFault("bad-format", code, message)
