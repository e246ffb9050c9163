"""Writes the final submission: blends test predictions, applies the decision rule, checks its own output."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from automlgen_runtime.blend import weighted
from automlgen_runtime.contenders import Field
from automlgen_runtime.decision import rule_of
from automlgen_runtime.errors import UserFault
from automlgen_runtime.evaluate import form_of
from automlgen_runtime.final import field_for
from automlgen_runtime.metrics.arrays import Floats, Prediction
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.predictions import NodePredictions, load
from automlgen_runtime.refit import Refit, judged
from automlgen_runtime.repeated import complete
from automlgen_runtime.ruler import Ruler, ruler_of
from automlgen_runtime.rules import Rule, plain_rule
from automlgen_runtime.space import Averaging, averageable, averaging_of, back, clipped, votes
from automlgen_runtime.submission import Answer, read_answer


def write_submission(request: Mapping[str, Any]) -> dict[str, Any]:
    """`SubmissionRequest` to `SubmissionResult` (`src/evaluation/port.ts`)."""
    ruler = ruler_of(request["prepared"])
    members = [_loaded(ruler, member["nodeId"]) for member in request["members"]]
    weights = [float(member["weight"]) for member in request["members"]]
    files = {refit["nodeId"]: refit["files"] for refit in request["refits"]}
    refits = [judged(ruler, node, files.get(node.node_id)) for node in members]
    answers = [_answers(node, refit) for node, refit in zip(members, refits, strict=True)]
    made = combined(ruler, members, answers, weights, request.get("averaging"))
    path = Path(request["path"])
    write(ruler, made.prediction, path)
    return {
        "rows": len(ruler.hidden.test_ids),
        "recipe": _recipe(ruler, made, max(map(len, answers))),
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


@dataclass(frozen=True)
class Made:
    """A prediction in submission form (codes, probabilities, numbers or texts) and how it was made."""

    prediction: Prediction
    averaging: Averaging
    rule: Rule | None = None
    clip: Floats | None = None


def _recipe(ruler: Ruler, made: Made, models: int) -> dict[str, Any]:
    """`Recipe` of `src/domain/recipe.ts`: enough to make the same submission from the members' own files."""
    return {
        "averaging": made.averaging,
        "modelsPerMember": models,
        **({} if made.clip is None else {"clip": made.clip.tolist()}),
        **({} if made.rule is None else {"rule": made.rule.as_json()}),
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
    ruler: Ruler,
    members: list[NodePredictions],
    answers: list[list[Answer]],
    weights: list[float],
    averaging: Averaging | None = None,
) -> Made:
    """Test predictions in submission form. `averaging`: as the choice settled it, where it did."""
    if averaging_of(ruler) == "none":
        # A claimed program ran once, a program of texts once per fold.
        return Made(_commonest([answer.primary for answer in answers[0]]), "none")
    ruled = len(members) == 1 and _ruled(ruler, members)
    if len(members) == 1 and len(answers[0]) == 1 and not ruled:
        return _as_written(ruler, answers[0][0].primary)
    if ruler.metric.predictions == "label":
        return _labels(ruler, members, answers, weights, averaging, ruled)
    spaces = [_mean([averageable(ruler, answer) for answer in list_]) for list_ in answers]
    clip = ruler.target_ranges if _numeric(ruler) else None
    return Made(back(ruler, weighted(spaces, weights)), averaging_of(ruler), clip=clip)


def _as_written(ruler: Ruler, primary: Prediction) -> Made:
    """A single answer; its numbers kept to the range of the training target, which few programs leave."""
    kept = clipped(ruler, primary) if _numeric(ruler) else primary
    return Made(kept, "none", clip=None if np.array_equal(kept, primary) else ruler.target_ranges)


def _commonest(models: list[Prediction]) -> Prediction:
    """Cell by cell what most models of a program wrote, the first among equals: texts cannot be averaged."""
    if len(models) == 1:
        return models[0]
    cells = [Counter(row).most_common(1)[0][0] for row in zip(*models, strict=True)]
    chosen = np.empty(len(cells), dtype=models[0].dtype)
    chosen[:] = cells
    return chosen


def _numeric(ruler: Ruler) -> bool:
    """Numbers whose size counts, so that they are kept to the range of the training target."""
    return ruler.metric.predictions == "value" and averaging_of(ruler) in ("values", "logarithms")


def _ruled(ruler: Ruler, members: list[NodePredictions]) -> bool:
    """A single program whose labels the decision rule improves (the same test as in the choice)."""
    if ruler.metric.predictions != "label" or not members[0].has_probabilities():
        return False
    field = field_for(ruler, members)
    return field.single(field.contenders[0]) is not field.contenders[0].own


def _labels(
    ruler: Ruler,
    members: list[NodePredictions],
    answers: list[list[Answer]],
    weights: list[float],
    averaging: Averaging | None,
    ruled: bool,
) -> Made:
    """Averaged probabilities and the rule learnt on all pooled rows; votes where a program wrote labels alone."""
    written = all(answer.probabilities is not None for list_ in answers for answer in list_)
    if (averaging == "votes" and not ruled) or not written or (len(members) == 1 and not ruled):
        classes = len(ruler.classes)
        counted = [_mean([votes(answer.primary, classes) for answer in list_]) for list_ in answers]
        tally = weighted(counted, weights)
        return Made(plain_rule(tally, bool(ruler.targets))(tally), "votes")
    spaces = [_mean([averageable(ruler, answer) for answer in list_]) for list_ in answers]
    rule = rule_for(field_for(ruler, members, "probabilities"), weights)
    return Made(rule(weighted(spaces, weights)), "probabilities", rule)


def rule_for(field: Field, weights: list[float]) -> Rule:
    """The decision rule for a blend, learnt on all rows; the plain one where no learnt rule is better."""
    shares = [contender.shares for contender in field.contenders if contender.shares is not None]
    return rule_of(field.ruler.metric, field.truth, weighted(shares, weights), field.context, field.parts)


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
    complete(draft, Path(ruler.prepared["hiddenFolder"]))
    draft.replace(path)


def _cells(ruler: Ruler, prediction: Prediction) -> list[list[str]]:
    columns = list(ruler.card["submissionColumns"])
    if prediction.dtype == object:
        return [[text] for text in prediction] if prediction.ndim == 1 else prediction.tolist()
    if ruler.metric.predictions == "label":
        if prediction.ndim == 2:
            return [[str(int(code)) for code in row] for row in prediction]
        if form_of(ruler).one_hot:
            return [["1" if ruler.classes[code] == column else "0" for column in columns] for code in prediction]
        return [[ruler.classes[code]] for code in prediction]
    matrix = prediction[:, None] if prediction.ndim == 1 else prediction
    if ruler.metric.predictions == "probability" and len(columns) == 1 and not ruler.targets:
        matrix = matrix[:, 1:2]
    return [[repr(float(value)) for value in row] for row in matrix]
