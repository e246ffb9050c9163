"""The final choice: shortlist, three candidates, one rule, an honest estimate. Pure functions of a `Field`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from automlgen_runtime import paired
from automlgen_runtime.blend import MEMBERS, caruana, untied, weighted
from automlgen_runtime.contenders import Field
from automlgen_runtime.metrics.arrays import Codes, Prediction, UndefinedScoreError
from automlgen_runtime.standard_errors import standard_error

SHORTLIST = 20
PER_FAMILY = 5
BLEND_ROWS = 1_000
"""From this many pooled rows on learnt weights beat equal ones; drawn from measurements at 300 to 9,000 rows."""

Kind = Literal["single", "mean-of-ties", "blend"]
Weights = dict[int, float]
"""Weight by position among the contenders; they sum to 1."""


def shortlist(nodes: Sequence[Mapping[str, Any]], pinned: Sequence[str], sign: float) -> list[Mapping[str, Any]]:
    """Best 20 by search score, at most 5 of a family; pinned ones are added whatever their score.

    The order in which the nodes are given does not matter: among equals the older one comes first.
    """
    taken: list[Mapping[str, Any]] = []
    families: dict[str, int] = {}
    aged = sorted(nodes, key=lambda n: age(n["nodeId"]))
    for node in sorted(aged, key=lambda n: -sign * n["value"]):
        if len(taken) < SHORTLIST and families.get(node["family"], 0) < PER_FAMILY:
            taken.append(node)
            families[node["family"]] = families.get(node["family"], 0) + 1
    chosen = {node["nodeId"] for node in taken}
    return taken + [node for node in aged if node["nodeId"] in pinned and node["nodeId"] not in chosen]


def age(node_id: str) -> tuple[int, str]:
    """Nodes are numbered in the order of decisions."""
    number = node_id.lstrip("n")
    return (int(number) if number.isdigit() else 0, node_id)


def singles(field: Field) -> list[Prediction]:
    return [field.single(contender) for contender in field.contenders]


def best_single(field: Field, alone: Sequence[Prediction], at: Codes | slice = slice(None)) -> int:
    return max(range(len(alone)), key=lambda i: (field.value(alone[i], at), -i))


def compare(field: Field, first: Prediction, second: Prediction, at: Codes | slice = slice(None)) -> paired.Difference:
    groups = field.ruler.groups_of(field.rows)
    return paired.difference(
        field.ruler.metric,
        field.truth[at],
        first[at],
        second[at],
        field.context.at(at),
        None if groups is None else groups[at],
    )


def tied(field: Field, alone: Sequence[Prediction], limit: float, at: Codes | slice = slice(None)) -> Weights:
    """Equal weights for what can be averaged and lies within one paired standard error of the best, best first.

    At most 8 members, whose seconds together stay within `limit` (the first is exempt). Votes are weighted a millionth
    apart, so that a tie goes to the better program.
    """
    best = best_single(field, alone, at)
    order = sorted(range(len(alone)), key=lambda i: (-field.value(alone[i], at), i))
    members: list[int] = []
    spent = 0.0
    for i in order:
        gap = compare(field, alone[best], alone[i], at)
        contender = field.contenders[i]
        fits = not members or (len(members) < MEMBERS and spent + contender.seconds <= limit)
        if contender.space is not None and fits and gap.delta <= gap.standard_error:
            members.append(i)
            spent += contender.seconds
    equal = {i: 1 / len(members) for i in members}
    return untied(equal) if field.averaging == "votes" else equal


def blended(field: Field, limit: float, at: Codes | slice = slice(None)) -> Weights:
    usable = [i for i, contender in enumerate(field.contenders) if contender.space is not None]
    spaces = [space for i in usable if (space := field.contenders[i].space) is not None]
    found = caruana(
        spaces,
        field.climber(spaces, at),
        [field.contenders[i].seconds for i in usable],
        limit,
    )
    weights = {usable[i]: weight for i, weight in found.items()}
    return untied(weights) if field.averaging == "votes" else weights


def average(field: Field, weights: Weights) -> Prediction:
    spaces = [field.contenders[i].space for i in weights]
    return weighted([space for space in spaces if space is not None], list(weights.values()))


def within_reserve(field: Field, alone: Sequence[Prediction], kind: Kind, limit: float) -> Weights:
    """Members whose refits fit the reserve, unless that costs more than one paired standard error of quality.

    Members beyond the reserve keep the predictions they were searched with; no refit is worth what averaging is.
    """

    def members(most: float) -> Weights:
        return tied(field, alone, most) if kind == "mean-of-ties" else blended(field, most)

    free = members(float("inf"))
    if limit <= 0 or sum(field.contenders[i].seconds for i in free) <= limit:
        return free
    frugal = members(limit)
    gap = compare(field, field.judged(average(field, free)), field.judged(average(field, frugal)))
    return free if gap.delta > gap.standard_error else frugal


def choose(field: Field, search_rows: np.ndarray | None, limit: float, source: str) -> dict[str, Any]:
    """`FinalChoice` of `src/domain/evaluation.ts`, without the shortlist.

    `search_rows`: in hold-out mode the rows of R that scored the search; nothing in K-fold mode. `limit`: seconds of
    refits that the reserve affords; infinite where no refit follows.
    """
    alone = singles(field)
    best = best_single(field, alone)
    members: dict[Kind, Weights] = {"single": {best: 1.0}}
    if sum(contender.space is not None for contender in field.contenders) >= 2:
        members["mean-of-ties"] = within_reserve(field, alone, "mean-of-ties", limit)
        members["blend"] = within_reserve(field, alone, "blend", limit)
    outcomes = {kind: outcome(field, alone, best, kind, weights) for kind, weights in members.items() if weights}
    table = {kind: _row(field, alone[best], kind, members[kind], outcomes[kind], source) for kind in outcomes}
    chosen, rule = decide(len(field.rows), table)
    value = estimate(field, alone, chosen, search_rows, limit, source) or table[chosen]["pooled"]
    return {
        "chosen": table[chosen],
        "candidates": list(table.values()),
        "averaging": "none" if chosen == "single" else field.averaging,
        "rule": rule,
        "estimate": value,
        "optimism": optimism(field, alone, search_rows),
        **runner_up(field, alone, best, source),
    }


def runner_up(field: Field, alone: Sequence[Prediction], best: int, source: str) -> dict[str, Any]:
    """The second best program, and how far behind the best it is on the same rows. Nothing where there is none."""
    rest = [i for i in range(len(alone)) if i != best]
    if not rest:
        return {}
    second = max(rest, key=lambda i: (field.value(alone[i]), -i))
    gap = compare(field, alone[best], alone[second])
    return {
        "runnerUp": {
            "nodeId": field.contenders[second].node_id,
            "pooled": score(field, alone[second], np.arange(len(field.rows)), source),
            "behind": gap.delta,
            "behindPairedSE": gap.standard_error,
        }
    }


def outcome(field: Field, alone: Sequence[Prediction], best: int, kind: Kind, weights: Weights) -> Prediction:
    return alone[best] if kind == "single" else field.judged(average(field, weights))


def decide(rows: int, table: Mapping[Kind, Mapping[str, Any]]) -> tuple[Kind, str]:
    """The blend from 1,000 rows on, the mean of the tied below, the single where averaging loses or is impossible."""
    preferred: Kind = "blend" if rows >= BLEND_ROWS else "mean-of-ties"
    line = f"{rows:,} rows have a hidden score ({'at least' if rows >= BLEND_ROWS else 'fewer than'} {BLEND_ROWS:,})"
    if preferred not in table:
        return "single", f"{line}, but fewer than two programs can be averaged: the best single."
    row = table[preferred]
    if row["overSingle"] < -row["overSinglePairedSE"]:
        return "single", (
            f"{line}, but the {preferred} is worse than the best single by {-row['overSingle']:.5g}, more than one "
            f"paired standard error ({row['overSinglePairedSE']:.5g}): the best single."
        )
    return preferred, f"{line}: the {preferred}, {row['overSingle']:+.5g} over the best single."


def _row(
    field: Field, single: Prediction, kind: Kind, weights: Weights, prediction: Prediction, source: str
) -> dict[str, Any]:
    gap = compare(field, prediction, single)
    members = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return {
        "kind": kind,
        "members": [{"nodeId": field.contenders[i].node_id, "weight": weight} for i, weight in members],
        "pooled": score(field, prediction, np.arange(len(field.rows)), source),
        "overSingle": gap.delta,
        "overSinglePairedSE": gap.standard_error,
    }


def score(field: Field, prediction: Prediction, at: Codes, source: str) -> dict[str, Any]:
    metric, truth, groups = field.ruler.metric, field.truth[at], field.ruler.groups_of(field.rows[at])
    return {
        "value": metric.value(truth, prediction[at], field.context.at(at)),
        "standardError": standard_error(metric, truth, prediction[at], field.context.at(at), groups),
        "rows": len(at),
        "direction": metric.direction,
        "source": source,
    }


def estimate(
    field: Field,
    alone: Sequence[Prediction],
    kind: Kind,
    search_rows: np.ndarray | None,
    limit: float,
    source: str,
) -> dict[str, Any] | None:
    """Value of the whole procedure on rows that took no part in it.

    Hold-out: members, weights and decision rule from the search rows, value on the final rows. K-fold: the same with
    each fold left out in turn. Where the metric has no value on such rows (a class that the final rows lack), five
    parts of R are left out in turn; nothing where that fails as well.
    """
    for pieces in (_left_out(field, search_rows), _left_out(field, None)):
        try:
            return _estimate_on(field, alone, kind, pieces, limit, source)
        except UndefinedScoreError:
            continue
    return None


def _estimate_on(
    field: Field,
    alone: Sequence[Prediction],
    kind: Kind,
    pieces: Sequence[tuple[Codes, Codes]],
    limit: float,
    source: str,
) -> dict[str, Any]:
    filled: Prediction | None = None
    for fit, apply in pieces:
        part = _procedure(field, alone, kind, fit, apply, limit)
        if filled is None:
            filled = np.zeros((len(field.rows), *part.shape[1:]), dtype=part.dtype)
        filled[apply] = part
    assert filled is not None
    return score(field, filled, np.concatenate([apply for _, apply in pieces]), source)


def _left_out(field: Field, search_rows: np.ndarray | None) -> list[tuple[Codes, Codes]]:
    """(rows to choose on, rows to judge on)."""
    everything = np.arange(len(field.rows))
    if search_rows is not None and 0 < int(search_rows.sum()) < len(everything):
        return [(everything[search_rows], everything[~search_rows])]
    return [(everything[field.parts != part], everything[field.parts == part]) for part in np.unique(field.parts)]


def _procedure(
    field: Field, alone: Sequence[Prediction], kind: Kind, fit: Codes, apply: Codes, limit: float
) -> Prediction:
    if kind == "single":
        position = best_single(field, alone, fit)
        best = field.contenders[position]
        if best.shares is None or alone[position] is best.own:
            return best.own[apply]
        return field.ruled(best.shares, fit, apply)
    most = limit if limit > 0 else float("inf")
    weights = tied(field, alone, most, fit) if kind == "mean-of-ties" else blended(field, most, fit)
    if not weights:
        # On these rows the best program is one that cannot be averaged, and no other is level with it.
        return _procedure(field, alone, "single", fit, apply, limit)
    return field.decided(average(field, weights), fit, apply)


def optimism(field: Field, alone: Sequence[Prediction], search_rows: np.ndarray | None) -> float:
    """How much better the best single looks on the rows that chose it than on others; mean over the folds.

    The same difference of all other contenders is subtracted: it only says which rows are the harder ones. Folds on
    which the metric has no value (a class that they lack) do not count.
    """
    excess = []
    for fit, apply in _left_out(field, search_rows):
        try:
            best = best_single(field, alone, fit)
            gaps = [field.value(prediction, fit) - field.value(prediction, apply) for prediction in alone]
        except UndefinedScoreError:
            continue
        others = [gap for i, gap in enumerate(gaps) if i != best]
        excess.append(gaps[best] - (float(np.mean(others)) if others else 0.0))
    return float(np.mean(excess)) if excess else 0.0
