"""Writes the final submission: blends test predictions, applies the decision rule, checks its own output."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from automlgen_runtime.blend import weighted
from automlgen_runtime.contenders import Field
from automlgen_runtime.decision import dependable, learn, most_probable
from automlgen_runtime.errors import UserFault
from automlgen_runtime.evaluate import form_of
from automlgen_runtime.final import field_for
from automlgen_runtime.metrics.arrays import Codes, Floats, Prediction
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.predictions import NodePredictions, load
from automlgen_runtime.refit import Refit, judged
from automlgen_runtime.ruler import Ruler, ruler_of
from automlgen_runtime.space import averageable, clipped, votes
from automlgen_runtime.submission import Answer, read_answer


def write_submission(request: Mapping[str, Any]) -> dict[str, Any]:
    """`SubmissionRequest` to `SubmissionResult` (`src/evaluation/port.ts`)."""
    ruler = ruler_of(request["prepared"])
    members = [_loaded(ruler, member["nodeId"]) for member in request["members"]]
    weights = [float(member["weight"]) for member in request["members"]]
    files = {refit["nodeId"]: refit["files"] for refit in request["refits"]}
    refits = [judged(ruler, node, files.get(node.node_id)) for node in members]
    answers = [_answers(node, refit) for node, refit in zip(members, refits, strict=True)]
    prediction = combined(ruler, members, answers, weights)
    path = Path(request["path"])
    write(ruler, prediction, path)
    return {
        "rows": len(ruler.hidden.test_ids),
        "refits": [
            {
                "nodeId": node.node_id,
                "used": refit.answer is not None,
                **({} if refit.agreement is None else {"agreement": refit.agreement}),
                "reason": refit.reason,
            }
            for node, refit in zip(members, refits, strict=True)
        ],
    }


def _loaded(ruler: Ruler, node_id: str) -> NodePredictions:
    node = load(ruler.predictions_folder, node_id)
    if node is None:
        raise UserFault(
            "node-unknown", f"{node_id} has no stored predictions.", "Choose among programs that were scored."
        )
    return node


def _answers(node: NodePredictions, refit: Refit) -> list[Answer]:
    """Test predictions of a member: its refit, or one per view it ran."""
    return [refit.answer] if refit.answer is not None else [view.test for view in node.views.values()]


def combined(
    ruler: Ruler, members: list[NodePredictions], answers: list[list[Answer]], weights: list[float]
) -> Prediction:
    """Test predictions in submission form: codes of classes, probabilities, or numbers."""
    if len(members) == 1 and len(answers[0]) == 1 and not _ruled(ruler, members):
        primary = answers[0][0].primary
        return clipped(ruler, primary) if _numeric(ruler) else primary
    if ruler.metric.predictions == "label":
        return _labels(ruler, members, answers, weights)
    spaces = [_mean([averageable(ruler, answer) for answer in list_]) for list_ in answers]
    return weighted(spaces, weights)


def _numeric(ruler: Ruler) -> bool:
    return ruler.metric.predictions == "value" and ruler.metric.name != "spearman"


def _ruled(ruler: Ruler, members: list[NodePredictions]) -> bool:
    """A single program whose labels the decision rule improves (the same test as in the choice)."""
    if ruler.metric.predictions != "label" or not members[0].has_probabilities():
        return False
    field = field_for(ruler, members)
    return field.single(field.contenders[0]) is not field.contenders[0].own


def _labels(ruler: Ruler, members: list[NodePredictions], answers: list[list[Answer]], weights: list[float]) -> Codes:
    """Averaged probabilities and the rule learnt on all pooled rows; votes where a program wrote labels alone."""
    averaging = all(answer.probabilities is not None for list_ in answers for answer in list_)
    if not averaging or (len(members) == 1 and not _ruled(ruler, members)):
        counted = [_mean([votes(answer.primary, len(ruler.classes)) for answer in list_]) for list_ in answers]
        return most_probable(weighted(counted, weights))
    spaces = [_mean([averageable(ruler, answer) for answer in list_]) for list_ in answers]
    return rule_for(field_for(ruler, members), weights)(weighted(spaces, weights))


def rule_for(field: Field, weights: list[float]) -> Any:
    """The decision rule for a blend, learnt on all rows; the most probable class where no learnt rule is better."""
    spaces = [contender.space for contender in field.contenders if contender.space is not None]
    pooled = weighted(spaces, weights)
    name, levels = field.ruler.metric.name, field.ruler.levels
    _, trusted = dependable(name, field.truth, pooled, levels, field.parts)
    return learn(name, field.truth, pooled, levels) if trusted else most_probable


def _mean(spaces: list[Floats | None]) -> Floats:
    return np.mean([space for space in spaces if space is not None], axis=0)


def write(ruler: Ruler, prediction: Prediction, path: Path) -> None:
    """Exactly the columns and ids of the task's sample submission, in its order; whole or not at all, and checked."""
    columns = list(ruler.card["submissionColumns"])
    draft = path.with_name(f".{path.name}.draft")
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([ruler.card["idColumn"], *columns])
        writer.writerows(
            [row_id, *cells] for row_id, cells in zip(ruler.hidden.original_ids, _cells(ruler, prediction), strict=True)
        )
    read_answer(draft, None, form_of(ruler), Names(ruler.hidden.original_ids), ruler.class_names)
    draft.replace(path)


def _cells(ruler: Ruler, prediction: Prediction) -> list[list[str]]:
    if ruler.metric.predictions == "label":
        return [[ruler.classes[code]] for code in prediction]
    matrix = prediction[:, None] if prediction.ndim == 1 else prediction
    if ruler.metric.predictions == "probability" and len(ruler.card["submissionColumns"]) == 1:
        matrix = matrix[:, 1:2]
    return [[repr(float(value)) for value in row] for row in matrix]
