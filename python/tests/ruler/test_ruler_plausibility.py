"""What is too good, what is too empty, and what only deserves a look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.plausibility import HARD_CELLS, check, hard_cells
from automlgen_runtime.predictions import NodePredictions, ViewPredictions, load, rows_done
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.submission import Answer
from prepared_task import Task, make


def perfect(task: Task, node: str = "n9") -> dict:
    """Answers that are the truth itself."""
    files = task.submit(node, 0.0)
    path = Path(files[0]["path"])
    rows = task.ids("main")
    columns = task.prepared["card"]["submissionColumns"]
    labels = rows[task.label_columns].replace("", "0").to_numpy()
    pd.DataFrame(labels, columns=columns).assign(id=rows.row_id.to_numpy()).to_csv(path, index=False)
    return evaluate(task.request(node, files[:1]))


@pytest.mark.parametrize(
    ("metric", "rows", "shape", "blocked"),
    [
        ("rmse", 600, {}, True),
        ("rmse", 60, {}, True),
        ("rmse", 30, {}, False),
        ("accuracy", 600, {}, True),
        ("accuracy", 300, {}, False),
        ("f1-samples", 600, {}, True),
        ("f1-samples", 100, {}, False),
        ("f1-macro", 200, {"several": 8}, True),
        ("map-at-k", 600, {}, True),
        ("map-at-k", 150, {}, False),
        ("mae", 200, {"several": 3, "missing": 0.2}, True),
        ("haversine", 100, {}, True),
    ],
)
def test_a_perfect_score_blocks_where_a_constant_gets_enough_wrong(
    tmp_path: Path, metric: str, rows: int, shape: dict, blocked: bool
) -> None:
    reply = perfect(make(tmp_path, metric, rows=rows, **shape))
    assert (reply["kind"] == "invalid") == blocked, reply
    if blocked:
        assert (reply["failure"], reply["code"]) == ("suspicious", "score-perfect")
        assert "a constant answer gets" in reply["message"]


def test_many_rows_of_one_class_are_no_feat(tmp_path: Path) -> None:
    """1,000 rows of which 40 are positive: an honest program may well find them all."""
    task = make(tmp_path, "f1", rows=2000)
    labels = tmp_path / "hidden" / "labels.csv"
    table = pd.read_csv(labels, dtype=str)
    table["label"] = np.where(np.arange(2000) % 50 < 2, "yes", "no")
    table.to_csv(labels, index=False)
    task.hidden["label"] = table["label"]
    ruler = ruler_of(task.prepared)
    hard, floor = hard_cells(ruler, np.flatnonzero(ruler.search))
    assert (hard, floor) == (40, HARD_CELLS)
    assert perfect(task)["kind"] == "valid"


def test_what_a_sibling_nearly_reached_is_believed(tmp_path: Path) -> None:
    """Two mistakes of 500 and then none: no reason to doubt. From a third of mistakes to none there is."""
    for wrong, blocked in ((2, False), (150, True)):
        task = make(tmp_path / str(wrong), "accuracy", rows=1000)
        files = task.submit("n1", 0.0)[:1]
        path = Path(files[0]["path"])
        rows = task.ids("main")
        labels = rows.label.to_numpy().copy()
        search = np.flatnonzero((task.hidden.part == "search").to_numpy())[:wrong]
        labels[search] = np.where(labels[search] == "ant", "bee", "ant")
        pd.DataFrame({"id": rows.row_id.to_numpy(), "target": labels}).to_csv(path, index=False)
        assert evaluate(task.request("n1", files))["kind"] == "valid"
        assert (perfect(task)["kind"] == "invalid") == blocked, wrong


@pytest.mark.parametrize(
    ("metric", "shape"),
    [("rmse", {}), ("mae", {"several": 3}), ("map-at-k", {}), ("logloss", {}), ("f1-micro", {"several": 3})],
)
def test_one_answer_for_all_rows_is_no_answer(tmp_path: Path, metric: str, shape: dict) -> None:
    task = make(tmp_path, metric, rows=100, **shape)
    files = task.submit("n1", 0.8, probabilities=False)
    path = Path(files[0]["path"])
    table = pd.read_csv(path, dtype=str)
    first = table.iloc[0, 1:]
    table.iloc[:, 1:] = np.tile(first.to_numpy(), (len(table), 1))
    table.to_csv(path, index=False)
    reply = evaluate(task.request("n1", files))
    assert (reply["kind"], reply["failure"], reply["code"]) == ("invalid", "suspicious", "prediction-constant")
    table.iloc[3, 1:] = (
        pd.read_csv(path, dtype=str).iloc[3, 1:].map(lambda cell: "0" + cell if metric == "rmse" else cell)
    )
    table.to_csv(path, index=False)
    assert evaluate(task.request("n1", files))["kind"] == "invalid", "another spelling of the same number"


def jumped(task: Task, noise: float, siblings: int = 5) -> dict | None:
    """The audit asked for by a program with this noise after siblings with noise 2, on the search rows."""
    for i in range(1, siblings + 1):
        reply = evaluate(task.request(f"n{i}", task.submit(f"n{i}", 2.0 + i / 50, seed=i)))
        assert reply["kind"] == "valid" and "audit" not in reply
    ruler = ruler_of(task.prepared)
    truth = ruler.truth
    random = np.random.default_rng(9)
    answer = Answer(truth + random.normal(size=truth.shape) * noise)
    test = Answer(random.normal(size=200))
    node = NodePredictions("n99", {"main": ViewPredictions(answer, test)})
    return check(ruler, node, np.flatnonzero(ruler.search & rows_done(ruler, node)))


def test_a_jump_beyond_the_siblings_asks_for_an_audit_and_blocks_nothing(tmp_path: Path) -> None:
    found = jumped(make(tmp_path, "rmse"), 0.5)
    assert found is not None and found["value"] == pytest.approx(0.5, abs=0.05)
    assert len(found["siblings"]) == 5 and found["siblings"] == sorted(found["siblings"])
    assert "of 5 other programs" in found["reason"] and "n" in found["reason"]


@pytest.mark.parametrize(("noise", "siblings"), [(1.5, 5), (1.1, 5), (0.5, 3)])
def test_steady_progress_and_few_siblings_ring_no_alarm(tmp_path: Path, noise: float, siblings: int) -> None:
    assert jumped(make(tmp_path, "rmse"), noise, siblings) is None


def test_few_rows_ring_no_alarm(tmp_path: Path) -> None:
    assert jumped(make(tmp_path, "rmse", rows=150), 0.5) is None


def test_an_alarm_does_not_keep_predictions_from_being_stored(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    view = Path(task.prepared["views"]["main"])
    view.mkdir(parents=True)
    rows = task.ids("main").sample(frac=1, random_state=1)
    noise = np.random.default_rng(1).normal(size=len(rows)).round(3)
    pd.DataFrame({"id": rows.row_id, "x": noise}).to_csv(view / "test.csv", index=False)
    pd.DataFrame({"x": [1.0, 2.0], "target": [3.0, 4.0]}).to_csv(view / "train.csv", index=False)
    for i in range(1, 6):
        evaluate(task.request(f"n{i}", task.submit(f"n{i}", 2.0, seed=i)))
    reply = evaluate(task.request("n6", task.submit("n6", 0.5, seed=6)))
    assert reply["kind"] == "valid" and "n" in reply["audit"]["reason"]
    assert load(ruler_of(task.prepared).predictions_folder, "n6") is not None
