"""Where nothing could be hidden: claims are read, checked, compared as they are, and labelled to the end."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.final import choose_final
from automlgen_runtime.write import write_submission
from prepared_task import Task, make


def claim(task: Task, node: str, printed: str | None, **more: object) -> dict:
    files = task.submit(node, 1.0, seed=int(node[1:]))
    said = {} if printed is None else {"printed": printed}
    return evaluate(task.request(node, files, **said, **more))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("automlgen_score=0.5", 0.5),
        ("fold 1\nautomlgen_score=0.9\nepoch 2\n  automlgen_score = 1.25e-1  \nbye\n", 0.125),
        ("automlgen_score=3\r\nautomlgen_score=+2.\r\n", 2.0),
    ],
)
def test_the_last_score_line_counts(tmp_path: Path, printed: str, value: float) -> None:
    reply = claim(make(tmp_path, "rmse", "script"), "n1", printed)
    assert reply["score"] == {
        "value": value,
        "standardError": 0.0,
        "rows": 1000,
        "direction": "minimise",
        "source": "script",
    }
    assert reply["complete"] and reply["next"] == [] and reply["complement"] == [] and not reply["fragile"]


@pytest.mark.parametrize(
    ("printed", "failure", "code", "words"),
    [
        (None, "bad-format", "claim-missing", "printed no line"),
        ("score=1\nmy automlgen_score=2\n", "bad-format", "claim-missing", "last one, on standard output"),
        ("automlgen_score=0.4\nautomlgen_score=nan\n", "bad-format", "claim-invalid", "automlgen_score=nan"),
        ("automlgen_score=inf", "bad-format", "claim-invalid", "no finite number"),
        ("automlgen_score=0.4%", "bad-format", "claim-invalid", "without units"),
        ("automlgen_score=-1", "bad-format", "claim-impossible", "outside 0 to inf"),
        ("automlgen_score=0", "suspicious", "score-perfect", "rows it had learnt from"),
    ],
)
def test_claims_that_do_not_count(tmp_path: Path, printed: str | None, failure: str, code: str, words: str) -> None:
    reply = claim(make(tmp_path, "rmse", "script"), "n1", printed)
    assert (reply["kind"], reply["failure"], reply["code"]) == ("invalid", failure, code)
    assert words in reply["message"]


def test_a_claim_needs_a_whole_submission(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "script")
    files = task.submit("n1", 1.0)
    path = Path(files[0]["path"])
    good = path.read_text()
    for edit, code in (
        (lambda text: "\n".join(text.splitlines()[:-1]) + "\n", "ids-missing"),
        (lambda text: text.replace(text.splitlines()[3].split(",")[1], ""), "cell-empty"),
        (lambda text: text.replace("target", "price"), "columns-wrong"),
    ):
        path.write_text(edit(good))
        assert evaluate(task.request("n1", files, printed="automlgen_score=1"))["code"] == code
    path.write_text("id,target\n" + "".join(f"{line.split(',')[0]},7\n" for line in good.splitlines()[1:]))
    reply = evaluate(task.request("n1", files, printed="automlgen_score=1"))
    assert (reply["failure"], reply["code"]) == ("suspicious", "prediction-constant")


def test_claims_are_compared_as_they_are(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "script")
    claim(task, "n1", "automlgen_score=2.0")
    reply = claim(task, "n2", "automlgen_score=1.5", against={"best": "n1", "parent": "n1", "branchBest": "n2"})
    assert reply["versus"] == {
        role: {"against": "n1", "delta": pytest.approx(0.5), "pairedSE": 0.0, "rows": 0} for role in ("best", "parent")
    }
    worse = claim(task, "n3", "automlgen_score=1.75", against={"best": "n2"})
    assert worse["versus"]["best"]["delta"] == pytest.approx(-0.25)
    up = make(tmp_path / "up", "accuracy", "script")
    claim(up, "n1", "automlgen_score=0.5")
    reply = claim(up, "n2", "automlgen_score=0.75", against={"best": "n1"})
    assert reply["versus"]["best"]["delta"] == pytest.approx(0.25)


def test_the_same_claim_again_is_the_same_reply_and_another_claim_is_another(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "script")
    first = claim(task, "n1", "automlgen_score=2.0")
    assert claim(task, "n1", "automlgen_score=2.0") == first
    assert claim(task, "n1", "automlgen_score=1.0")["score"]["value"] == 1.0


@pytest.mark.parametrize("metric", ["rmse", "accuracy", "map-at-k", "logloss"])
def test_the_best_claim_is_chosen_and_written_as_it_stands(tmp_path: Path, metric: str) -> None:
    task = make(tmp_path, metric, "script")
    for node, value in (("n1", 0.4), ("n2", 0.5), ("n10", 0.5)):
        assert claim(task, node, f"automlgen_score={value}")["kind"] == "valid"
    nodes = [
        {"nodeId": n, "family": "a", "seconds": 1.0, "value": v} for n, v in (("n10", 0.5), ("n1", 0.4), ("n2", 0.5))
    ]
    choices = [
        choose_final({"prepared": task.prepared, "nodes": order, "pinned": [], "refitSeconds": 60})
        for order in (nodes, nodes[::-1])
    ]
    assert choices[0] == choices[1], "the order of the nodes does not matter"
    best = {"rmse": "n1", "logloss": "n1"}.get(metric, "n2")
    choice = choices[0]
    assert choice["chosen"]["members"] == [{"nodeId": best, "weight": 1.0}]
    assert choice["estimate"]["source"] == "script" and "self-reported" in choice["rule"]
    assert choice["optimism"] == 0.0 and choice["averaging"] == "none" and len(choice["candidates"]) == 1
    assert choice["runnerUp"]["nodeId"] == ("n2" if best == "n1" else "n10")
    json.dumps(choice, allow_nan=False)
    path = tmp_path / "submission.csv"
    members = choice["chosen"]["members"]
    request = {"prepared": task.prepared, "members": members, "averaging": "none", "refits": [], "path": str(path)}
    result = write_submission(request)
    assert result["recipe"] == {"averaging": "none", "modelsPerMember": 1}
    assert result["refits"][0]["reason"] == "not run again: it learnt from all labels"
    written = pd.read_csv(path, dtype=str)
    own = pd.read_csv(task.folder / "work" / best / "main" / "submission.csv", dtype=str).set_index("id")
    columns = task.prepared["card"]["submissionColumns"]
    assert written["id"].tolist() == [str(1000 + i) for i in range(200)]
    assert (written[columns].to_numpy() == own.loc[task.test_ids, columns].to_numpy()).all()
