"""Whole evaluations: every metric, both modes, from files to choice to submission."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.final import choose_final
from automlgen_runtime.metrics import METRICS, score
from automlgen_runtime.write import write_submission
from prepared_task import make


def listed(replies: dict[str, dict], families: tuple[str, ...] = ("linear", "forest", "boosting")) -> list[dict]:
    return [
        {"nodeId": node, "family": families[i % len(families)], "seconds": 1.0, "value": reply["score"]["value"]}
        for i, (node, reply) in enumerate(replies.items())
    ]


@pytest.mark.parametrize("mode", ["holdout", "folds"])
@pytest.mark.parametrize("metric", list(METRICS))
def test_a_run_in_small(tmp_path: Path, metric: str, mode: str) -> None:
    task = make(tmp_path, metric, mode)
    replies = {}
    for number, noise in enumerate((2.0, 1.0, 1.05, 1.1), start=1):
        node = f"n{number}"
        against = {"best": "n1", "parent": f"n{number - 1}"} if number > 1 else {}
        request = task.request(node, task.submit(node, noise, seed=number), against=against, elite=list(replies))
        replies[node] = evaluate(request)
        assert replies[node]["kind"] == "valid", replies[node]
    noisy, better = replies["n1"]["score"], replies["n2"]
    sign = METRICS[metric].sign
    assert sign * better["score"]["value"] > sign * noisy["value"]
    assert better["score"]["rows"] == (600 if mode == "folds" else 300)
    assert better["score"]["source"] == ("folds" if mode == "folds" else "hidden")
    best = better["versus"]["best"]
    assert best["against"] == "n1" and best["rows"] == better["score"]["rows"]
    assert best["delta"] == pytest.approx(sign * (better["score"]["value"] - noisy["value"]), abs=1e-9)
    assert best["delta"] > 2 * best["pairedSE"] > 0
    assert better["complete"] and better["next"] == []
    gains = {entry["with"]: entry for entry in replies["n3"]["complement"]}
    assert set(gains) == {"n1", "n2"}
    assert gains["n2"]["gain"] > gains["n2"]["standardError"]
    json.dumps(replies, allow_nan=False)

    choice = choose_final({"prepared": task.prepared, "nodes": listed(replies), "pinned": [], "refitSeconds": 60})
    assert {row["kind"] for row in choice["candidates"]} == {"single", "mean-of-ties", "blend"}
    blend = next(row for row in choice["candidates"] if row["kind"] == "blend")
    assert choice["chosen"]["kind"] == "mean-of-ties" and blend["overSingle"] > 0
    assert sum(member["weight"] for member in choice["chosen"]["members"]) == pytest.approx(1)
    assert choice["estimate"]["rows"] == (600 if mode == "folds" else 300)
    path = tmp_path / "out" / "submission.csv"
    result = write_submission(
        {"prepared": task.prepared, "members": choice["chosen"]["members"], "refits": [], "path": str(path)}
    )
    written = pd.read_csv(path, dtype={"id": str})
    columns = task.prepared["card"]["submissionColumns"]
    assert list(written.columns) == ["id", *columns]
    assert written["id"].tolist() == [str(1000 + i) for i in range(200)]
    assert result["rows"] == 200 and all(not refit["used"] for refit in result["refits"])
    predicted = written[columns].to_numpy()
    value = score(
        metric,
        task.test_truth,
        predicted if columns != ["target"] else predicted[:, 0],
        task.prepared["card"].get("classes"),
    )
    single = choice["candidates"][0]["pooled"]
    assert sign * value > sign * noisy["value"]
    assert abs(value - choice["estimate"]["value"]) < 5 * (
        choice["estimate"]["standardError"] + single["standardError"]
    )


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


def test_labels_without_probabilities_are_scored_but_not_blended(tmp_path: Path) -> None:
    task = make(tmp_path, "f1-macro", "folds")
    replies = {}
    for i in (1, 2, 3):
        files = task.submit(f"n{i}", 1.0, seed=i, probabilities=i == 1)
        replies[f"n{i}"] = evaluate(task.request(f"n{i}", files, elite=list(replies)))
    assert replies["n2"]["complement"] == []
    choice = choose_final({"prepared": task.prepared, "nodes": listed(replies), "pinned": [], "refitSeconds": 0})
    assert [row["kind"] for row in choice["candidates"]] == ["single"]
    path = tmp_path / "submission.csv"
    write_submission(
        {"prepared": task.prepared, "members": [{"nodeId": "n2", "weight": 1.0}], "refits": [], "path": str(path)}
    )
    labels = pd.read_csv(path)["target"].to_numpy()
    alone = pd.concat(
        [task.tables(task.ids(v).sample(frac=1, random_state=3), 1.0, 2)["submission.csv"] for v in ["fold1"]]
    )
    one_fold = alone.set_index("id").loc[task.test_ids, "target"].to_numpy()
    accuracy = [np.mean(found == task.test_truth) for found in (labels, one_fold)]
    assert accuracy[0] >= accuracy[1] - 0.02


def test_failed_files_leave_earlier_predictions_alone(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    evaluate(task.request("n1", task.submit("n1", 1.0)))
    missing = [task.file("main", tmp_path / "nowhere" / "submission.csv")]
    reply = evaluate(task.request("n2", missing))
    assert (reply["kind"], reply["failure"], reply["code"]) == ("invalid", "no-output", "output-missing")
    assert evaluate(task.request("n2", []))["failure"] == "no-output"
    assert sorted(p.name for p in (tmp_path / "predictions").glob("n*")) == ["n1.npz"]
