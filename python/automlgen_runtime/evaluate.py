"""Scores one program: checks its files, keeps its predictions, compares it with others, decides whether it runs on."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from automlgen_runtime import paired, plausibility
from automlgen_runtime.audit import audit as leak_audit
from automlgen_runtime.claimed import check_claim, claim_in, claimed_score, versus_claims
from automlgen_runtime.complement import complements
from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.metrics.arrays import RefusedError
from automlgen_runtime.predictions import NodePredictions, load, save, split_answer
from automlgen_runtime.race import Rival, adjustment, complete, next_views, rivals, standing
from automlgen_runtime.ruler import Ruler, ruler_of
from automlgen_runtime.scoring import comparable, difference_on, score_on, score_rows
from automlgen_runtime.submission import PROBABILITIES, SUBMISSION, Answer, Form, read_answer
from automlgen_runtime.table import CELL_BYTES


def evaluate(request: Mapping[str, Any]) -> dict[str, Any]:
    """`EvaluateRequest` to `Evaluation` (`src/evaluation/port.ts`). The same request and files give the same reply."""
    ruler = ruler_of(request["prepared"])
    digest = _digest(request)
    folder = ruler.predictions_folder
    before = load(folder, request["nodeId"])
    if before is not None and before.meta.get("digest") == digest:
        return before.meta["reply"]
    try:
        node = read_node(ruler, request)
        reply, meta = _claimed(ruler, node, request) if ruler.claimed else _scored(ruler, node, request)
    except SubmissionFault as fault:
        return {"kind": "invalid", "failure": fault.failure, "code": fault.code, "message": fault.message}
    except RefusedError as fault:
        # The metric scored the baseline when the task was prepared. Its own words may quote hidden labels.
        message = f"The task's own metric cannot score these predictions: {fault.kind}. Check their range and form."
        return {"kind": "invalid", "failure": "bad-format", "code": "metric-refused", "message": message}
    meta = {"family": request["family"], "digest": digest, "reply": reply, **meta}
    save(folder, NodePredictions(node.node_id, node.views, meta))
    return reply


def read_node(ruler: Ruler, request: Mapping[str, Any]) -> NodePredictions:
    """Predictions of every view executed so far. Raises SubmissionFault."""
    by_view: dict[str, dict[str, str]] = {}
    for file in request["files"]:
        by_view.setdefault(file["view"], {})[file["name"]] = file["path"]
    ran = [view for view in ruler.views if view in by_view] or ruler.views[:1]
    views, probabilities = {}, ruler.metric.predictions == "probability" and not ruler.claimed
    for view in ran:
        answer = read_view(ruler, view, by_view.get(view, {}))
        views[view] = split_answer(answer, len(ruler.rows_of(view)), probabilities)
    return NodePredictions(request["nodeId"], views)


def read_view(ruler: Ruler, view: str, files: Mapping[str, str]) -> Answer:
    """The checked answer of one execution, rows as in `Ruler.names_of(view)`."""
    if SUBMISSION not in files:
        raise SubmissionFault(
            "no-output", "output-missing", f"The program ended without writing working/{SUBMISSION} ({view})."
        )
    extra = Path(files[PROBABILITIES]) if PROBABILITIES in files else None
    return read_answer(Path(files[SUBMISSION]), extra, form_of(ruler), ruler.names_of(view), ruler.class_names)


TEXT_BYTES = 1024
TEXT_SHARE = 4
"""A cell of text may on average be as long as this, or as four times the longest true one."""
UNREAD_BYTES = 16_384
"""The same where no truth is known."""


def form_of(ruler: Ruler) -> Form:
    card = ruler.card
    text = max(TEXT_BYTES, TEXT_SHARE * ruler.longest_truth) if ruler.metric.predictions == "text" else CELL_BYTES
    columns = list(card["submissionColumns"])
    most = UNREAD_BYTES if ruler.claimed else text
    return Form(card["idColumn"], columns, ruler.classes, ruler.metric, ruler.targets, most, unread=ruler.claimed)


def _claimed(ruler: Ruler, node: NodePredictions, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where nothing could be hidden: the program's own claim, labelled as such."""
    plausibility.check_constant(ruler, node)
    value = claim_in(request.get("printed"))
    check_claim(ruler, value)
    reply = {
        "kind": "valid",
        "score": claimed_score(ruler, value),
        "versus": versus_claims(ruler, node.node_id, value, request["against"]),
        "complement": [],
        "fragile": False,
        "next": [],
        "complete": True,
    }
    return reply, {"first": value, "value": value}


def _scored(ruler: Ruler, node: NodePredictions, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reply, and what is kept beside the predictions. Raises SubmissionFault for an implausible score."""
    rows = np.flatnonzero(score_rows(ruler, node))
    jump = plausibility.check(ruler, node, rows)
    audit = None if jump is None else jump | _audited(ruler, node)
    reply = _reply(ruler, node, request, rivals(ruler, node) if ruler.folds else [])
    return {**reply, **({} if audit is None else {"audit": audit})}, standing(ruler, node)


def _audited(ruler: Ruler, node: NodePredictions) -> dict[str, Any]:
    """What a look for a leak has found. Raises SubmissionFault where the program must have known hidden labels."""
    found = leak_audit(ruler, node)
    if found.pop("blocks"):
        betrayed = f"The score is far beyond its siblings, and the answers betray hidden labels: {found['evidence'][0]}"
        raise SubmissionFault("suspicious", "labels-known", betrayed)
    return found


def _reply(ruler: Ruler, node: NodePredictions, request: Mapping[str, Any], others: list[Rival]) -> dict[str, Any]:
    source = "folds" if ruler.folds else "hidden"
    score = score_on(
        ruler,
        comparable(ruler, node),
        score_rows(ruler, node),
        "hidden-unprotected" if request["unprotected"] else source,
    )
    score["value"] += adjustment(ruler, node, others)
    versus, fragile = _versus(ruler, node, request["against"])
    elite = [other for i in request["elite"] if i != node.node_id and (other := load(ruler.predictions_folder, i))]
    return {
        "kind": "valid",
        "score": score,
        "versus": versus,
        "complement": complements(ruler, node, elite),
        "fragile": fragile,
        "next": next_views(ruler, node, others),
        "complete": complete(ruler, node),
    }


def _versus(ruler: Ruler, node: NodePredictions, against: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
    """Paired differences on common scored rows; whether the win over the best (else the parent) is fragile."""
    own, found, fragile = comparable(ruler, node), {}, {}
    for role in ("parent", "branchBest", "best"):
        other = load(ruler.predictions_folder, against[role]) if against.get(role) else None
        if other is None or other.node_id == node.node_id:
            continue
        rows = np.flatnonzero(score_rows(ruler, node) & score_rows(ruler, other))
        theirs = comparable(ruler, other)
        result = difference_on(ruler, own, theirs, rows)
        found[role] = {
            "against": other.node_id,
            "delta": result.delta,
            "pairedSE": result.standard_error,
            "rows": result.rows,
        }
        fragile[role] = paired.fragile(ruler.metric, ruler.truth[rows], own[rows], theirs[rows], ruler.context.at(rows))
    return found, fragile.get("best", fragile.get("parent", False))


HASHED_BYTES = 1 << 28
"""Larger files are told apart by size and time alone: they are refused anyway."""


def _digest(request: Mapping[str, Any]) -> str:
    """Over the request and the bytes of its files."""
    hasher = hashlib.sha256()
    for file in sorted(request["files"], key=lambda f: (f["view"], f["name"])):
        hasher.update(f"{file['view']}/{file['name']}/{file['bytes']}/".encode())
        hasher.update(_fingerprint(Path(file["path"])))
    rest = {key: request.get(key) for key in ("nodeId", "family", "against", "elite", "unprotected", "printed")}
    hasher.update(json.dumps(rest, sort_keys=True).encode())
    return hasher.hexdigest()


def _fingerprint(path: Path) -> bytes:
    """Of the content of a plain file; never waits for a pipe, never follows a link."""
    try:
        status = path.lstat()
    except OSError:
        return b"missing"
    if not stat.S_ISREG(status.st_mode) or status.st_size > HASHED_BYTES:
        return f"{status.st_mode}/{status.st_size}/{status.st_mtime_ns}".encode()
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").digest()
