"""Our registry against answers in the forms that benchmarks have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from automlgen_runtime.benchmarks.own import own_score
from sklearn.metrics import log_loss, roc_auc_score


def graded(folder: Path, answers: str, submission: str, metric: str, columns: list[str], **more: Any) -> dict[str, Any]:
    (folder / "answers.csv").write_text(answers)
    (folder / "submission.csv").write_text(submission)
    ids = more.pop("ids", ["id"])
    return own_score(
        {
            "answers": str(folder / "answers.csv"),
            "submission": str(folder / "submission.csv"),
            "metric": {"name": metric, **more},
            "idColumns": ids,
            "columns": columns,
        }
    )


def test_rows_are_matched_by_id_whatever_their_order(tmp_path: Path) -> None:
    grade = graded(tmp_path, "id,y\n1,10\n2,20\n3,30\n", "id,y\n3,33\n1,10\n2,20\n", "mae", ["y"])
    assert grade == {"score": 1.0, "reason": ""}


def test_ids_that_look_like_other_numbers_are_the_same(tmp_path: Path) -> None:
    assert graded(tmp_path, "id,y\n1,10\n2,20\n", "id,y\n2.0,20\n1.0,10\n", "rmse", ["y"])["score"] == 0.0


def test_without_an_id_rows_are_matched_by_position(tmp_path: Path) -> None:
    grade = graded(tmp_path, "y,text\n1,a\n0,b\n", "y,text\n0.9,a\n0.1,b\n", "auc", ["y"], ids=[])
    assert grade["score"] == 1.0


def test_repeating_ids_need_the_order_of_the_answers(tmp_path: Path) -> None:
    answers = "id,y\n1,10\n1,20\n2,5\n"
    assert graded(tmp_path, answers, "id,y\n1,10\n1,20\n2,5\n", "mae", ["y"])["score"] == 0.0
    assert "repeat" in graded(tmp_path, answers, "id,y\n2,5\n1,10\n1,20\n", "mae", ["y"])["reason"]


def test_one_hot_answers_of_a_log_loss_are_classes(tmp_path: Path) -> None:
    grade = graded(
        tmp_path,
        "id,cat,dog,eel\n1,1,0,0\n2,0,1,0\n3,0,0,1\n",
        "id,cat,dog,eel\n1,0.7,0.2,0.1\n2,0.3,0.6,0.1\n3,0.2,0.2,0.6\n",
        "logloss",
        ["cat", "dog", "eel"],
    )
    expected = log_loss([0, 1, 2], [[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.2, 0.6]])
    assert grade["score"] == pytest.approx(expected, abs=6e-6)


def test_one_hot_answers_of_an_auc_are_columns_of_their_own(tmp_path: Path) -> None:
    rows = [(1, 0, 0.8, 0.1), (0, 1, 0.7, 0.6), (1, 0, 0.6, 0.7), (0, 1, 0.2, 0.9)]
    answers = "id,a,b\n" + "".join(f"{i},{a},{b}\n" for i, (a, b, _, _) in enumerate(rows))
    given = "id,a,b\n" + "".join(f"{i},{p},{q}\n" for i, (_, _, p, q) in enumerate(rows))
    expected = (
        roc_auc_score([r[0] for r in rows], [r[2] for r in rows])
        + roc_auc_score([r[1] for r in rows], [r[3] for r in rows])
    ) / 2
    assert graded(tmp_path, answers, given, "auc", ["a", "b"])["score"] == pytest.approx(expected, abs=6e-6)


def test_several_numbers_are_averaged_over_columns(tmp_path: Path) -> None:
    grade = graded(tmp_path, "id,a,b\n1,0,0\n2,0,0\n", "id,a,b\n1,3,1\n2,3,1\n", "rmse", ["a", "b"])
    assert grade["score"] == 2.0


def test_columns_that_the_answers_lack_are_asked_for_and_not_scored(tmp_path: Path) -> None:
    grade = graded(tmp_path, "id,a,keep\n1,0,1\n2,0,1\n", "id,a,b\n1,3,9\n2,3,9\n", "rmse", ["a", "b"])
    assert grade["score"] == 3.0


def test_labels_are_compared_as_text_and_an_unknown_one_is_wrong(tmp_path: Path) -> None:
    grade = graded(
        tmp_path, "id,y\n1,cat\n2,dog\n3,dog\n4,1\n", "id,y\n1,cat\n2,dog\n3,whale\n4,1.0\n", "accuracy", ["y"]
    )
    assert grade["score"] == 0.75


def test_truth_values_are_a_pair_of_classes(tmp_path: Path) -> None:
    grade = graded(tmp_path, "id,y\n1,True\n2,False\n", "id,y\n1,0.9\n2,0.1\n", "auc", ["y"])
    assert grade["score"] == 1.0


def test_an_error_rate_is_one_minus_the_metric(tmp_path: Path) -> None:
    grade = graded(
        tmp_path, "id,y\n1,a\n2,b\n3,b\n4,b\n", "id,y\n1,a\n2,b\n3,b\n4,a\n", "accuracy", ["y"], complement=True
    )
    assert grade["score"] == 0.25


@pytest.mark.parametrize(
    ("submission", "words"),
    [
        ("id,y\n1,10\n", "1 rows, the answers have 2"),
        ("id,z\n1,1\n2,2\n", "lacks the columns y"),
        ("id,y\n1,10\n9,2\n", "not those of the answers"),
        ("id,y\n1,10\n1,2\n", "not those of the answers"),
        ("id,y\n1,ten\n2,20\n", "ValueError"),
        ("", "0 rows"),
    ],
)
def test_what_cannot_be_scored_has_a_reason(tmp_path: Path, submission: str, words: str) -> None:
    grade = graded(tmp_path, "id,y\n1,10\n2,20\n", submission, "mae", ["y"])
    assert grade["score"] is None
    assert words in grade["reason"]


def test_an_unknown_metric_is_no_opinion(tmp_path: Path) -> None:
    grade = graded(tmp_path, "id,y\n1,10\n2,20\n", "id,y\n1,10\n2,20\n", "haus", ["y"])
    assert grade == {"score": None, "reason": "No metric of ours is known for this competition."}


def test_answers_that_are_no_table_are_left_to_the_benchmark(tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_text('{"id": 1}\n')
    (tmp_path / "submission.csv").write_text("id,y\n1,2\n")
    request = {
        "answers": str(tmp_path / "answers.jsonl"),
        "submission": str(tmp_path / "submission.csv"),
        "metric": {"name": "mae"},
        "idColumns": ["id"],
        "columns": ["y"],
    }
    assert ".jsonl" in own_score(request)["reason"]
