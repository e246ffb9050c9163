"""Refits, grades, medals and the process that serves them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime import serve
from automlgen_runtime.errors import UserFault
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.grade import grade
from automlgen_runtime.medals import medal, positions, rank, thresholds
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.predictions import load
from automlgen_runtime.refit import agreement
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.write import write_submission
from prepared_task import Task, make


def finished(task: Task, noise: float = 0.8) -> None:
    reply = evaluate(task.request("n1", task.submit("n1", noise, seed=1)))
    assert reply["kind"] == "valid", reply


def refitted(task: Task, noise: float, seed: int, **options: bool) -> dict:
    files = task.submit("refit", noise, views=["full"], seed=seed, **options)
    path = task.folder / "submission.csv"
    request = {"prepared": task.prepared, "members": [{"nodeId": "n1", "weight": 1.0}], "path": str(path)}
    return write_submission({**request, "refits": [{"nodeId": "n1", "files": files}]})["refits"][0]


@pytest.mark.parametrize("metric", ["rmse", "auc", "logloss", "accuracy"])
def test_a_refit_that_agrees_is_used_and_one_that_does_not_is_not(tmp_path: Path, metric: str) -> None:
    task = make(tmp_path, metric)
    finished(task)
    same = refitted(task, 0.8, 1)
    assert same["used"] and same["agreement"] == pytest.approx(1) and same["reason"].startswith("refit used")
    other = refitted(task, 30.0, 2)
    assert not other["used"] and other["agreement"] < 0.8 and "below 0." in other["reason"]
    assert len(pd.read_csv(tmp_path / "submission.csv")) == 200


def test_a_refit_changes_the_submission_only_when_it_is_used(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    finished(task)
    refitted(task, 0.8, 1)
    before = (tmp_path / "submission.csv").read_text()
    refitted(task, 30.0, 2)
    assert (tmp_path / "submission.csv").read_text() == before
    assert refitted(task, 0.2, 3)["used"]
    assert (tmp_path / "submission.csv").read_text() != before


def test_a_broken_refit_says_what_is_wrong(tmp_path: Path) -> None:
    task = make(tmp_path, "accuracy")
    finished(task)
    without = refitted(task, 0.8, 1, probabilities=False)
    assert not without["used"] and "wrote no probabilities" in without["reason"]
    files = task.submit("refit", 0.8, views=["full"])
    Path(files[0]["path"]).write_text("id,target\n")
    request = {"prepared": task.prepared, "members": [{"nodeId": "n1", "weight": 1.0}], "path": str(tmp_path / "s.csv")}
    result = write_submission({**request, "refits": [{"nodeId": "n1", "files": files}]})
    assert "refit not valid" in result["refits"][0]["reason"] and (tmp_path / "s.csv").exists()


def practice(task: Task, variant: bool = False) -> dict:
    """A private folder: answers, a board of 100 entries from 1.00 to 1.99, and a reference 1.5 off."""
    private = task.folder / "private"
    private.mkdir()
    ids = [str(1000 + i) for i in range(200)]
    truth = task.test_truth.astype(float)
    off = np.where(np.arange(200) % 2, 1.0, -1.0)
    pd.DataFrame({"id": ids, "target": task.test_truth}).to_csv(private / "answers.csv", index=False)
    board = pd.DataFrame({"rank": range(1, 101), "score": [1 + i / 100 for i in range(100)]})
    board.to_csv(private / "leaderboard.csv", index=False)
    pd.DataFrame({"id": ids, "target": truth + 1.5 * off}).to_csv(private / "reference.csv", index=False)
    (private / "manifest.json").write_text(json.dumps({"variant": variant}))
    for name, error in (("baseline", 3.0), ("mine", 1.195)):
        pd.DataFrame({"id": ids, "target": truth + error * off}).to_csv(task.folder / f"{name}.csv", index=False)
    prepared = {**task.prepared, "baselineSubmission": str(task.folder / "baseline.csv")}
    source = {"task": {"id": "lines"}, "privateFolder": str(private)}
    return {"source": source, "prepared": prepared, "submission": str(task.folder / "mine.csv")}


def test_a_grade_has_score_baseline_reference_and_medal(tmp_path: Path) -> None:
    result = grade(practice(make(tmp_path, "rmse")))
    assert result["score"]["value"] == pytest.approx(1.195) and result["score"]["rows"] == 200
    assert result["baseline"]["value"] == pytest.approx(3)
    assert result["reference"]["score"]["value"] == pytest.approx(1.5)
    assert result["reference"]["delta"] == pytest.approx(0.305)
    assert (result["medal"], result["rank"], result["entries"]) == ("bronze", 21, 101)


def test_a_variant_gets_no_medal_and_bad_files_are_told(tmp_path: Path) -> None:
    request = practice(make(tmp_path, "rmse"), variant=True)
    assert (grade(request)["medal"], grade(request)["variant"]) == ("none", True)
    Path(request["submission"]).write_text("id,target\n1000,1\n")
    with pytest.raises(UserFault, match="lacks 199 of 200 ids") as fault:
        grade(request)
    assert fault.value.code == "submission-invalid" and "mine.csv" in fault.value.next
    with pytest.raises(UserFault, match="no private answers"):
        grade({**request, "source": {"task": {"id": "lines"}}})


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        (1, (1, 1, 1)),
        (79, (7, 15, 31)),
        (99, (9, 19, 39)),
        (100, (10, 20, 40)),
        (161, (10, 32, 64)),
        (249, (10, 49, 99)),
        (250, (10, 50, 100)),
        (878, (11, 50, 100)),
        (999, (11, 50, 100)),
        (1000, (12, 50, 100)),
        (3537, (17, 176, 353)),
    ],
)
def test_medal_positions(teams: int, expected: tuple[int, int, int]) -> None:
    assert positions(teams) == expected


def test_thresholds_are_inclusive_and_ranks_count_the_better() -> None:
    board = [float(i) for i in range(1, 101)]
    assert [medal(v, board, -1.0) for v in (10, 10.1, 20, 20.1, 40, 40.1)] == [
        "gold",
        "silver",
        "silver",
        "bronze",
        "bronze",
        "none",
    ]
    assert medal(91, board, 1.0) == "gold" and medal(1, board, 1.0) == "none" and medal(1, [], 1.0) == "none"
    assert [rank(v, board, -1.0) for v in (0.5, 1, 1.5, 200)] == [1, 1, 2, 101]


def test_answers_do_not_reach_the_search(tmp_path: Path) -> None:
    """Permuting the private answers changes no byte of what evaluate, choose and write give."""
    outputs = []
    for name in ("as-they-are", "permuted"):
        task = make(tmp_path / name, "rmse")
        request = practice(task)
        if name == "permuted":
            path = Path(request["source"]["privateFolder"]) / "answers.csv"
            table = pd.read_csv(path, dtype=str)
            table["target"] = np.random.default_rng(1).permutation(table["target"])
            table.to_csv(path, index=False)
        reply = evaluate(task.request("n1", task.submit("n1", 1.0)))
        submission = tmp_path / name / "submission.csv"
        members = [{"nodeId": "n1", "weight": 1.0}]
        write_submission({"prepared": task.prepared, "members": members, "refits": [], "path": str(submission)})
        outputs.append((json.dumps(reply), submission.read_bytes(), grade(request)["score"]["value"]))
    assert outputs[0][:2] == outputs[1][:2]
    assert outputs[0][2] != outputs[1][2], "the grade alone sees them"


def test_the_process_survives_whatever_it_is_sent(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    good = task.request("n1", task.submit("n1", 1.0))
    lines = [
        "not json",
        "[]",
        '{"id": 1}',
        '{"id": 2, "method": "rm", "params": {}}',
        '{"id": 3, "method": "evaluate", "params": {"prepared": {}}}',
        "",
        json.dumps({"id": 4, "method": "evaluate", "params": good}),
        json.dumps({"id": 5, "method": "grade", "params": {"source": {"task": {"id": "x"}}}}),
        '{"id": "six", "method": "ping"}',
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(serve.__file__).parents[1])}
    run = subprocess.run(
        [sys.executable, "-m", "automlgen_runtime.serve"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=True,
    )
    replies = [json.loads(line) for line in run.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == [None, None, 1, 2, 3, 4, 5, "six"]
    assert [reply["error"]["kind"] if "error" in reply else "ok" for reply in replies] == [
        *["internal"] * 5,
        "ok",
        "user",
        "ok",
    ]
    assert "no method 'rm'" in replies[3]["error"]["message"]
    assert replies[5]["result"]["kind"] == "valid"


def test_stray_prints_do_not_reach_the_replies(tmp_path: Path) -> None:
    code = (
        "import os, sys; from automlgen_runtime import serve\n"
        "def noisy(_):\n"
        "    print('stray'); os.write(1, b'raw'); os.system('echo child'); return {'value': float('nan')}\n"
        "serve.OWN['noisy'] = noisy; serve.WARM = (); serve.main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(serve.__file__).parents[1])}
    run = subprocess.run(
        [sys.executable, "-c", code],
        input='{"id": 1, "method": "noisy"}\n{"id": 2, "method": "ping"}\n',
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=True,
    )
    first, second = (json.loads(line) for line in run.stdout.splitlines())
    assert first["error"]["kind"] == "internal" and second["id"] == 2
    assert all(word in run.stderr for word in ("stray", "raw", "child"))


@pytest.mark.parametrize(
    ("teams", "sign", "last", "median_"),
    [
        (1, 1.0, (1, 1, 1), 1.0),
        (2, 1.0, (1, 1, 1), 1.5),
        (9, -1.0, (1, 1, 3), 5.0),
        (10, -1.0, (1, 2, 4), 5.5),
        (99, -1.0, (9, 19, 39), 50.0),
        (100, -1.0, (10, 20, 40), 50.5),
        (249, -1.0, (10, 49, 99), 125.0),
        (250, -1.0, (10, 50, 100), 125.5),
        (999, -1.0, (11, 50, 100), 500.0),
        (1000, -1.0, (12, 50, 100), 500.5),
        (3537, -1.0, (17, 176, 353), 1769.0),
    ],
)
def test_medals_at_the_borders_of_every_bracket(teams: int, sign: float, last: tuple, median_: float) -> None:
    """Scores 1, 2, ... so that a place is a score where less is better; mirrored where more is."""
    board = [-sign * place for place in range(1, teams + 1)]
    found = thresholds(board, sign)
    assert [found[name] for name in ("gold", "silver", "bronze")] == [-sign * place for place in last]
    assert found["median"] == -sign * median_
    names = ("gold", "silver", "bronze")
    for name, place in zip(names, last, strict=True):
        best = next(other for other, at in zip(names, last, strict=True) if place <= at)
        assert medal(-sign * place, board, sign) == best, f"inclusive at {name}"
        worse = next((other for other, at in zip(names, last, strict=True) if place + 0.5 <= at), "none")
        assert medal(-sign * (place + 0.5), board, sign) == worse, f"just missed {name}"


def test_ties_on_a_board_share_the_better_medal() -> None:
    board = [0.9] * 15 + [0.8] * 85
    assert thresholds(board, 1.0) == {"gold": 0.9, "silver": 0.8, "bronze": 0.8, "median": 0.8}
    assert [medal(v, board, 1.0) for v in (0.9, 0.8, 0.79)] == ["gold", "silver", "none"]
    assert thresholds([], 1.0) == {} and rank(0.9, board, 1.0) == 1 and rank(0.85, board, 1.0) == 16


@pytest.mark.parametrize("seed", range(4))
def test_medals_do_not_depend_on_the_order_of_the_board_nor_on_the_sign_of_the_score(seed: int) -> None:
    random = np.random.default_rng(seed)
    board = [float(v) for v in random.integers(0, 60, int(random.integers(1, 1500)))]
    mixed = [board[i] for i in random.permutation(len(board))]
    flipped = [-v for v in board]
    order = {"gold": 3, "silver": 2, "bronze": 1, "none": 0}
    before = 4
    for value in range(61, -2, -1):
        given = medal(float(value), board, 1.0)
        assert given == medal(float(value), mixed, 1.0) == medal(-float(value), flipped, -1.0)
        assert order[given] <= before, "a worse score has no better medal"
        before = order[given]


SHAPES = [
    ("rmse", {"several": 3, "missing": 0.2}),
    ("f1-macro", {"several": 3}),
    ("auc", {"several": 3, "missing": 0.2}),
    ("accuracy", {"one_hot": True}),
    ("map-at-k", {}),
    ("dice", {}),
    ("mase", {}),
    ("ndcg", {}),
    ("haversine", {}),
    ("laplace-log-likelihood", {}),
]


@pytest.mark.parametrize(("metric", "shape"), SHAPES, ids=lambda value: str(value).replace(" ", ""))
def test_answers_of_every_shape_are_graded(tmp_path: Path, metric: str, shape: dict) -> None:
    task = make(tmp_path, metric, **shape)
    finished(task, 1.0)
    path = tmp_path / "mine.csv"
    request = {"prepared": task.prepared, "members": [{"nodeId": "n1", "weight": 1.0}], "refits": []}
    write_submission({**request, "path": str(path)})
    card = task.prepared["card"]
    names = card.get("targets") or [card["target"]]
    answers = task.test.set_axis(names, axis=1)
    if shape.get("one_hot"):
        answers = pd.DataFrame({c: (task.test_truth == c).astype(int) for c in card["classes"]})
    answers.insert(0, "id", [str(1000 + i) for i in range(200)])
    extra = {"ndcg": {"metric_group": np.arange(200) // 20}, "mase": {"scale": np.full(200, 2.0)}}.get(metric, {})
    private = tmp_path / "private"
    private.mkdir()
    answers.assign(**extra, weight=np.arange(1, 201) if metric == "rmse" else None).dropna(axis=1, how="all").to_csv(
        private / "answers.csv", index=False
    )
    source = {"task": {"id": "made"}, "privateFolder": str(private)}
    prepared = {**task.prepared, "baselineSubmission": str(path)}
    result = grade({"source": source, "prepared": prepared, "submission": str(path)})
    assert result["score"] == result["baseline"] and result["score"]["rows"] == 200
    assert np.isfinite(result["score"]["value"]) and result["score"]["standardError"] > 0
    assert (result["medal"], result["rank"], result["entries"]) == ("none", 1, 1)
    perfect = METRICS[metric].perfect
    assert METRICS[metric].sign * (perfect - result["score"]["value"]) > 0, "a noisy program is not perfect"
    reply = evaluate(task.request("n2", task.submit("n2", 1.0, seed=2)))
    if metric not in ("mase", "ndcg", "rmse"):
        assert result["score"]["value"] == pytest.approx(reply["score"]["value"], rel=0.3, abs=0.05)


def test_an_answer_column_named_like_an_option_is_a_target(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    task.prepared["card"].update(target="weight", submissionColumns=["weight"])
    request = practice(task)
    for path in (tmp_path / "private").glob("*.csv"):
        pd.read_csv(path).rename(columns={"target": "weight"}).to_csv(path, index=False)
    for path in tmp_path.glob("*.csv"):
        pd.read_csv(path).rename(columns={"target": "weight"}).to_csv(path, index=False)
    assert grade(request)["score"]["value"] == pytest.approx(1.195)


@pytest.mark.parametrize(("metric", "shape"), SHAPES[:6], ids=lambda value: str(value).replace(" ", ""))
@pytest.mark.parametrize("mode", ["holdout", "folds"])
def test_refits_of_every_shape_must_agree(tmp_path: Path, metric: str, shape: dict, mode: str) -> None:
    task = make(tmp_path, metric, mode, **shape)
    finished(task, 0.9)
    own = task.submit("refit", 0.9, views=["full"], seed=1)
    other = task.submit("other", 9.0, views=["full"], seed=2)
    path = str(tmp_path / "s.csv")
    base = {"prepared": task.prepared, "members": [{"nodeId": "n1", "weight": 1.0}], "path": path}

    def refit(files: list[dict]) -> dict:
        return write_submission({**base, "refits": [{"nodeId": "n1", "files": files}]})["refits"][0]

    far = refit(other)
    assert not far["used"] and far["agreement"] < 0.9 and "below 0." in far["reason"]
    if mode == "holdout":
        near = refit(own)
        assert near["used"] and near["agreement"] == pytest.approx(1)


def test_agreement_is_symmetric_and_one_for_the_same_answers(tmp_path: Path) -> None:
    for metric, shape in SHAPES[:6]:
        task = make(tmp_path / f"{metric}{len(shape)}", metric, **shape)
        finished(task, 1.0)
        evaluate(task.request("n2", task.submit("n2", 1.5, seed=2)))
        ruler = ruler_of(task.prepared)
        first, second = (load(ruler.predictions_folder, node).views["main"].test.primary for node in ("n1", "n2"))
        there, back = agreement(ruler, first, second)[0], agreement(ruler, second, first)[0]
        assert there == pytest.approx(back) and 0 <= there < 1
        assert agreement(ruler, first, first)[0] == pytest.approx(1)


def test_a_constant_column_agrees_with_a_constant_one_alone(tmp_path: Path) -> None:
    ruler = ruler_of(make(tmp_path, "laplace-log-likelihood").prepared)
    numbers = np.arange(10.0)
    flat, varied = np.column_stack([numbers, np.full(10, 70.0)]), np.column_stack([numbers, numbers])
    assert agreement(ruler, flat, flat + 1)[0] == pytest.approx(1)
    assert agreement(ruler, flat, varied)[0] == pytest.approx(0.5)
