"""The K-fold race: who runs on, and how scores of unequal length are made comparable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.final import choose_final
from automlgen_runtime.write import write_submission
from prepared_task import Task, make


def first_fold(task: Task, node: str, noise: float, seed: int) -> dict:
    return evaluate(task.request(node, task.submit(node, noise, views=["fold1"], seed=seed)))


def whole(task: Task, node: str, noise: float, seed: int) -> dict:
    return evaluate(task.request(node, task.submit(node, noise, seed=seed)))


def test_the_first_twelve_run_on_and_hopeless_ones_stop(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "folds", rows=1000)
    replies = [first_fold(task, f"n{i}", 1.0 + 0.002 * i, i) for i in range(1, 13)]
    assert all(reply["next"] == ["fold2", "fold3", "fold4", "fold5"] for reply in replies)
    assert not any(reply["complete"] for reply in replies)
    hopeless = first_fold(task, "n13", 5.0, 13)
    assert hopeless["next"] == [] and not hopeless["complete"] and hopeless["score"]["rows"] == 200
    better = first_fold(task, "n14", 0.5, 14)
    assert len(better["next"]) == 4
    done = whole(task, "n14", 0.5, 14)
    assert done["next"] == [] and done["complete"] and done["score"]["rows"] == 1000


def test_a_program_that_may_be_as_good_as_the_third_runs_on(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "folds", rows=1000)
    twelve = [first_fold(task, f"n{i}", 1.0 + 0.002 * i, 1)["score"]["value"] for i in range(1, 13)]
    near, far = first_fold(task, "n13", 1.08, 6), first_fold(task, "n14", 1.08, 1)
    assert min(near["score"]["value"], far["score"]["value"]) > max(twelve), "both are behind the twelve"
    assert len(near["next"]) == 4, "other mistakes: within two paired errors of the third"
    assert far["next"] == [], "the same mistakes, only larger: surely worse"


def test_a_program_that_began_the_other_folds_goes_on(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "folds")
    reply = evaluate(task.request("n1", task.submit("n1", 1.0, views=["fold1", "fold2"])))
    assert reply["next"] == ["fold3", "fold4", "fold5"] and reply["score"]["rows"] == 240


def test_differences_are_taken_on_common_folds(tmp_path: Path) -> None:
    task = make(tmp_path, "mae", "folds")
    whole(task, "n1", 1.0, 1)
    reply = evaluate(
        task.request("n2", task.submit("n2", 2.0, views=["fold1"], seed=2), against={"best": "n1", "parent": "n9"})
    )
    assert reply["versus"]["best"]["rows"] == 120 and reply["versus"]["best"]["delta"] < 0
    assert "parent" not in reply["versus"], "a parent without predictions is no comparison"


def test_an_easy_first_fold_gives_no_advantage(tmp_path: Path) -> None:
    """Fold 1 is easy for everybody: the plain value of a program that stopped there would beat every complete one."""
    task = make(tmp_path, "rmse", "folds", rows=1000)
    easy = set(task.hidden[task.hidden.part == "fold1"].row_id)

    def submit(node: str, noise: float, seed: int, views: list[str] | None = None) -> dict:
        files = task.submit(node, noise, views=views, seed=seed)
        for file in files:
            path = Path(file["path"])
            truth = dict(zip(task.hidden.row_id, task.hidden.label.astype(float), strict=True))
            header, *rows = path.read_text().splitlines()
            cells = [row.split(",") for row in rows]
            eased = [f"{i},{truth[i] + (float(v) - truth[i]) / 3}" if i in easy else f"{i},{v}" for i, v in cells]
            path.write_text("\n".join([header, *eased]))
        return evaluate(task.request(node, files))

    complete = [submit(f"n{i}", 1.0, i)["score"]["value"] for i in range(1, 14)]
    stopped = submit("n20", 2.0, 20, ["fold1"])
    assert stopped["next"] == []
    assert stopped["score"]["value"] > max(complete)
    assert stopped["score"]["value"] == pytest.approx(2.0 / 3 + np.mean(complete) - 1.0 / 3, abs=0.15)


def test_only_complete_programs_are_chosen_and_all_folds_are_averaged(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "folds", rows=1000)
    values = {"n1": whole(task, "n1", 1.0, 1), "n2": whole(task, "n2", 1.0, 2), "n3": first_fold(task, "n3", 0.4, 3)}
    nodes = [
        {"nodeId": node, "family": node, "seconds": 1.0, "value": reply["score"]["value"]}
        for node, reply in values.items()
    ]
    choice = choose_final({"prepared": task.prepared, "nodes": nodes, "pinned": ["n3"], "refitSeconds": 0})
    assert sorted(choice["shortlist"]) == ["n1", "n2"]
    alone = choose_final({"prepared": task.prepared, "nodes": nodes[2:], "pinned": [], "refitSeconds": 0})
    assert alone["shortlist"] == ["n3"] and alone["chosen"]["pooled"]["rows"] == 200, "no complete one: what there is"
    path = tmp_path / "submission.csv"
    write_submission(
        {"prepared": task.prepared, "members": [{"nodeId": "n1", "weight": 1}], "refits": [], "path": str(path)}
    )
    written = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1]
    folds = [
        task.tables(task.ids(f"fold{k}").sample(frac=1, random_state=3), 1.0, 1)["submission.csv"] for k in range(1, 6)
    ]
    mean = np.mean([table.set_index("id").loc[task.test_ids, "target"].to_numpy() for table in folds], axis=0)
    assert written == pytest.approx(np.clip(mean, 0, 100))
