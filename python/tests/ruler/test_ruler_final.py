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
from automlgen_runtime.medals import medal, positions, rank
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
