"""The two requests that end a run: choose the members, write the submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from automlgen_runtime.choose import age, choose, shortlist
from automlgen_runtime.claimed import choose_claimed
from automlgen_runtime.contenders import Field, field_of
from automlgen_runtime.errors import UserFault
from automlgen_runtime.predictions import NodePredictions, load
from automlgen_runtime.race import complete
from automlgen_runtime.ruler import Ruler, ruler_of
from automlgen_runtime.space import Averaging

Listed = tuple[NodePredictions, str, float, float]


def choose_final(request: Mapping[str, Any]) -> dict[str, Any]:
    """`ChooseRequest` to `FinalChoice` (`src/evaluation/port.ts`). The order of the nodes does not matter."""
    ruler = ruler_of(request["prepared"])
    listed = _eligible(ruler, request["nodes"])
    if not listed:
        raise UserFault(
            "evaluator-failed",
            f"None of the {len(request['nodes'])} programs has stored predictions.",
            "Look at the run's failures with `automlgen show`; the baseline submission stays.",
        )
    if ruler.claimed:
        return choose_claimed(ruler, listed)
    chosen = shortlist(
        [{"nodeId": p.node_id, "family": f, "seconds": s, "value": v} for p, f, s, v in listed],
        request["pinned"],
        ruler.metric.sign,
    )
    by_id = {entry[0].node_id: entry for entry in listed}
    field = field_of(ruler, [by_id[node["nodeId"]] for node in chosen])
    search = None if ruler.folds else ruler.search[field.rows]
    limit = float("inf") if ruler.folds else float(request["refitSeconds"])
    result = choose(field, search, limit, source_of(ruler, listed))
    return {**result, "shortlist": [node["nodeId"] for node in chosen]}


def _eligible(ruler: Ruler, nodes: list[Mapping[str, Any]]) -> list[Listed]:
    """Programs with predictions for every view; where there is none, those that share the first view."""
    stored = [
        (predictions, str(node["family"]), float(node["seconds"]), float(node["value"]))
        for node in sorted(nodes, key=lambda node: age(node["nodeId"]))
        if (predictions := load(ruler.predictions_folder, node["nodeId"])) is not None
    ]
    finished = [entry for entry in stored if complete(ruler, entry[0])]
    return finished or [entry for entry in stored if ruler.views[0] in entry[0].views]


def source_of(ruler: Ruler, listed: list[Listed]) -> str:
    """`hidden-unprotected` as soon as one program ran without a sandbox."""
    if ruler.claimed:
        return "script"
    sources = {entry[0].meta.get("reply", {}).get("score", {}).get("source") for entry in listed}
    if "hidden-unprotected" in sources:
        return "hidden-unprotected"
    return "folds" if ruler.folds else "hidden"


def field_for(ruler: Ruler, members: list[NodePredictions], averaging: Averaging | None = None) -> Field:
    """The members' field on all rows they share: where decision rules are learnt before the submission is written."""
    return field_of(ruler, [(member, "", 0.0, 0.0) for member in members], averaging)
