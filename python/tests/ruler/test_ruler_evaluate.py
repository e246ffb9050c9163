"""Whole evaluations: every metric, both modes, from files to choice to submission."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from automlgen_runtime.evaluate import evaluate, form_of
from automlgen_runtime.final import choose_final
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.space import averaging_of
from automlgen_runtime.submission import read_answer
from automlgen_runtime.truth import context_of, truth_of
from automlgen_runtime.write import write_submission
from prepared_task import Task, make

ROWS = 600


def listed(replies: dict[str, dict], families: tuple[str, ...] = ("linear", "forest", "boosting")) -> list[dict]:
    return [
        {"nodeId": node, "family": families[i % len(families)], "seconds": 1.0, "value": reply["score"]["value"]}
        for i, (node, reply) in enumerate(replies.items())
    ]


SLOW = ("custom", "kendall")
FOLDS = ["rmse", "rmsle", "auc", "logloss", "f1-macro", "qwk", "haversine", "lrap", "map-at-k", "dice"]
SEVERAL = ["rmse", "auc", "logloss", "kl-divergence", "f1-macro", "spearman"]
SHAPES = [
    *[(metric, "holdout", {}) for metric in METRICS if metric not in SLOW],
    *[(metric, "folds", {}) for metric in FOLDS],
    *[(metric, "holdout", {"several": 3}) for metric in SEVERAL],
    *[(metric, "folds", {"several": 3, "missing": 0.1}) for metric in ("mae", "auc", "f1-micro")],
    ("f1-macro", "holdout", {"one_hot": True}),
]


@pytest.mark.parametrize(("metric", "mode", "shape"), SHAPES, ids=lambda value: str(value).replace(" ", ""))
def test_a_run_in_small(tmp_path: Path, metric: str, mode: str, shape: dict) -> None:
    """Three programs of every shape: scored, compared, blended, chosen, written, and as good as estimated."""
    task = make(tmp_path, metric, mode, rows=ROWS, **shape)
    replies: dict[str, dict] = {}
    for number, noise in enumerate((2.0, 1.0, 1.05), start=1):
        node = f"n{number}"
        against = {"best": "n1", "parent": f"n{number - 1}"} if number > 1 else {}
        request = task.request(node, task.submit(node, noise, seed=number), against=against, elite=list(replies))
        replies[node] = evaluate(request)
        assert replies[node]["kind"] == "valid", replies[node]
    ruler = ruler_of(task.prepared)
    noisy, better, sign = replies["n1"]["score"], replies["n2"], ruler.metric.sign
    scored = ROWS if mode == "folds" else ROWS // 2
    assert sign * better["score"]["value"] > sign * noisy["value"]
    assert better["score"]["rows"] == scored
    assert better["score"]["source"] == ("folds" if mode == "folds" else "hidden")
    best = better["versus"]["best"]
    assert best["against"] == "n1" and best["rows"] == scored
    assert best["delta"] == pytest.approx(sign * (better["score"]["value"] - noisy["value"]), abs=1e-9)
    assert best["delta"] > best["pairedSE"] > 0
    assert better["complete"] and better["next"] == []
    blends = averaging_of(ruler) != "none"
    gains = {entry["with"]: entry for entry in replies["n3"]["complement"]}
    assert set(gains) == ({"n1", "n2"} if blends else set())
    json.dumps(replies, allow_nan=False)

    choice = choose_final({"prepared": task.prepared, "nodes": listed(replies), "pinned": [], "refitSeconds": 60})
    kinds = {row["kind"] for row in choice["candidates"]}
    assert kinds == ({"single", "mean-of-ties", "blend"} if blends else {"single"})
    assert sum(member["weight"] for member in choice["chosen"]["members"]) == pytest.approx(1)
    assert choice["estimate"]["rows"] == scored and choice["runnerUp"]["nodeId"] in replies
    path = tmp_path / "out" / "submission.csv"
    request = {"prepared": task.prepared, "members": choice["chosen"]["members"], "averaging": choice["averaging"]}
    result = write_submission({**request, "refits": [], "path": str(path)})
    written = pd.read_csv(path, dtype={"id": str})
    assert list(written.columns) == ["id", *task.prepared["card"]["submissionColumns"]]
    assert written["id"].tolist() == [str(1000 + i) for i in range(200)]
    assert result["rows"] == 200 and all(not refit["used"] for refit in result["refits"])
    assert sign * graded(task, path) > sign * noisy["value"] or not blends


def graded(task: Task, path: Path) -> float:
    """Value of a written submission on the truth of the test rows."""
    ruler = ruler_of(task.prepared)
    answers = task.test.assign(metric_group="q", scale="2.0")
    answers = answers.drop(columns=[] if task.metric == "ndcg" else ["metric_group"])
    ids = Names([str(1000 + i) for i in range(len(answers))])
    prediction = read_answer(path, None, form_of(ruler), ids, ruler.class_names).primary
    truth = truth_of(ruler.card, [answers[name].to_numpy(dtype=object) for name in task.label_columns])
    return ruler.metric.value(truth, prediction, context_of(ruler.card, answers))


def test_the_same_request_gives_the_same_reply_and_other_files_another(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    files = task.submit("n1", 1.0)
    first = evaluate(task.request("n1", files))
    assert evaluate(task.request("n1", files)) == first
    task.submit("n1", 0.5)
    assert evaluate(task.request("n1", files))["score"]["value"] < first["score"]["value"]


def test_final_rows_take_no_part_in_the_search_score(tmp_path: Path) -> None:
    task = make(tmp_path, "mae")
    files = task.submit("n1", 1.0)
    before = evaluate(task.request("n1", files))["score"]["value"]
    path = Path(files[0]["path"])
    table = pd.read_csv(path)
    final = set(task.hidden[task.hidden.part == "final"].row_id)
    table.loc[table.id.isin(final), "target"] += 1000
    table.to_csv(path, index=False)
    assert evaluate(task.request("n2", files))["score"]["value"] == pytest.approx(before)


def test_a_program_without_a_sandbox_is_labelled_up_to_the_final_estimate(tmp_path: Path) -> None:
    task = make(tmp_path, "auc")
    replies = {
        f"n{i}": evaluate(task.request(f"n{i}", task.submit(f"n{i}", 1.0, seed=i), unprotected=i == 2)) for i in (1, 2)
    }
    assert [reply["score"]["source"] for reply in replies.values()] == ["hidden", "hidden-unprotected"]
    choice = choose_final({"prepared": task.prepared, "nodes": listed(replies), "pinned": [], "refitSeconds": 0})
    assert choice["estimate"]["source"] == "hidden-unprotected"


def test_labels_without_probabilities_are_blended_by_votes(tmp_path: Path) -> None:
    task = make(tmp_path, "f1-macro", "folds")
    replies = {}
    for i in (1, 2, 3):
        files = task.submit(f"n{i}", 1.0, seed=i, probabilities=i == 1)
        replies[f"n{i}"] = evaluate(task.request(f"n{i}", files, elite=list(replies)))
    assert replies["n2"]["complement"] == []
    choice = choose_final({"prepared": task.prepared, "nodes": listed(replies), "pinned": [], "refitSeconds": 0})
    rows = {row["kind"]: row for row in choice["candidates"]}
    assert choice["averaging"] == "votes" and set(rows) == {"single", "mean-of-ties", "blend"}
    weights = [member["weight"] for member in rows["mean-of-ties"]["members"]]
    assert sum(weights) == pytest.approx(1) and len(set(weights)) == len(weights), "no tie between equal camps"
    path = tmp_path / "submission.csv"
    members = choice["chosen"]["members"]
    request = {"prepared": task.prepared, "members": members, "averaging": "votes", "refits": [], "path": str(path)}
    assert write_submission(request)["recipe"]["averaging"] == "votes"
    voted = graded(task, path)
    write_submission({**request, "members": [{"nodeId": "n2", "weight": 1.0}], "averaging": "none"})
    assert voted > graded(task, path) - 0.02


def test_two_votes_that_differ_go_to_the_better_program(tmp_path: Path) -> None:
    task = make(tmp_path, "accuracy")
    for i, noise in ((1, 1.5), (2, 0.8)):
        evaluate(task.request(f"n{i}", task.submit(f"n{i}", noise, seed=i, probabilities=False)))
    nodes = [{"nodeId": f"n{i}", "family": "a", "seconds": 1.0, "value": 0.5} for i in (1, 2)]
    choice = choose_final({"prepared": task.prepared, "nodes": nodes, "pinned": [], "refitSeconds": 0})
    single = next(row for row in choice["candidates"] if row["kind"] == "single")
    assert single["members"][0]["nodeId"] == "n2"
    for row in choice["candidates"]:
        assert row["overSingle"] == pytest.approx(0), "of two voters the better one decides"


def test_failed_files_leave_earlier_predictions_alone(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    evaluate(task.request("n1", task.submit("n1", 1.0)))
    missing = [task.file("main", tmp_path / "nowhere" / "submission.csv")]
    reply = evaluate(task.request("n2", missing))
    assert (reply["kind"], reply["failure"], reply["code"]) == ("invalid", "no-output", "output-missing")
    assert evaluate(task.request("n2", []))["failure"] == "no-output"
    assert sorted(p.name for p in (tmp_path / "predictions").glob("n*")) == ["n1.npz"]
