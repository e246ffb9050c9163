import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.columns import kind_of
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.profile import profile
from automlgen_runtime.target import judge_target
from automlgen_runtime.viewids import telling
from task_folder import interleaved, write_task


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("a", [f"{i / 7:.3f}" for i in range(60)], "number"),
        ("a", [str(i % 9) for i in range(60)], "integer"),
        ("a", [f"{i}.0" if i % 3 else "NA" for i in range(60)], "integer"),
        ("a", [f"{i},{i:03d}" for i in range(1, 61)], "number"),
        ("a", [f"{i}%" for i in range(60)], "number"),
        ("a", ["0", "1"] * 30, "boolean"),
        ("a", ["yes", "no", ""] * 20, "boolean"),
        ("a", ["x"] * 60, "constant"),
        ("a", [""] * 60, "constant"),
        ("a", ["red", "green", "blue"] * 20, "category"),
        ("id", [str(i * 3 + i % 2) for i in range(60)], "id"),
        ("n", [str(i) for i in range(60)], "id"),
        ("code", [f"k{i * 7919 % 1000:03d}" for i in range(60)], "id"),
        ("a", [f"2020-0{i % 9 + 1}-1{i % 9}" for i in range(60)], "date"),
        ("a", [f"{i % 28 + 1}/3/2021 10:{i % 60:02d}" for i in range(60)], "date"),
        ("a", [f"some words about thing {i} here" for i in range(60)], "text"),
        ("a", [f"dir/{i}.png" for i in range(60)], "path"),
    ],
)
def test_kinds_of_columns(name, cells, kind):
    assert kind_of(name, pd.Series(cells, dtype=object)) == kind


@pytest.mark.parametrize(
    ("metric", "labels", "task_type", "classes"),
    [
        ("auc", ["no", "yes"] * 10, "binary", ("no", "yes")),
        ("accuracy", ["10", "9", "2"] * 10, "multiclass", ("2", "9", "10")),
        ("qwk", ["3", "1", "2"] * 10, "ordinal", ("1", "2", "3")),
        ("rmse", [str(i / 3) for i in range(30)], "regression", None),
        ("rmsle", ["0", "0", "0", "1", "9", "2"] * 10, "count", None),
        ("rmse", [str(500 + i) for i in range(30)], "regression", None),
    ],
)
def test_types_of_targets(metric, labels, task_type, classes):
    found = judge_target({"metric": metric, "target": "y"}, pd.Series(labels, dtype=object, name="y"), None)
    assert (found.task_type, found.classes) == (task_type, classes)
    assert found.direction == METRICS[metric].direction


def test_classes_follow_the_columns_of_the_sample():
    labels = pd.Series(["a", "b", "c"] * 9, dtype=object, name="y")
    sample = pd.DataFrame({"id": [1], "p_c": [0], "p_a": [0], "p_b": [0]})
    found = judge_target({"metric": "logloss", "target": "y"}, labels, sample)
    assert found.classes == ("c", "a", "b") and found.submission_columns == ("p_c", "p_a", "p_b")


def test_leaks_and_drift_are_pointed_out(tmp_path):
    train, test = interleaved(800)
    train = train.assign(copy=train["y"] * 2 + 1)
    test = test.assign(copy=1.0, age=test["age"] + 200)
    card = profile(write_task(tmp_path / "task", train, test))
    leaks = [warning for warning in card["warnings"] if warning.startswith("Leak")]
    assert len(leaks) == 1 and '"copy"' in leaks[0]
    assert any(warning.startswith("Drift") and '"age"' in warning for warning in card["warnings"])
    again = profile(write_task(tmp_path / "task", train, test))
    assert card == again


def test_columns_of_train_alone_are_marked(tmp_path):
    train, test = interleaved(300)
    card = profile(write_task(tmp_path / "task", train.assign(late=1.5 * train["age"]), test))
    by_name = {column["name"]: column for column in card["columns"]}
    assert not by_name["late"]["inTest"] and by_name["age"]["inTest"] and "y" not in by_name
    assert any("late" in warning for warning in card["warnings"])


def test_the_card_of_a_text_task(tmp_path):
    train, test = interleaved(300, classes=2)
    words = [f"word{i} and several others to read {i % 7}" for i in range(300)]
    train = train[["id", "y"]].assign(text=words[: len(train)])
    test = test[["id"]].assign(text=words[len(train) :])
    card = profile(write_task(tmp_path / "task", train, test, metric="auc"))
    assert card["modality"] == "text-classification" and card["taskType"] == "binary"
    assert card["submissionColumns"] == ["y"] and card["classes"] == ["c0", "c1"]
    assert "targetRange" not in card and card["packages"]["numpy"] == np.__version__


@pytest.mark.parametrize(
    ("train", "test", "tells"),
    [
        (range(0, 2000, 2), range(1, 2000, 2), False),
        (range(0, 1000), range(1000, 1500), True),
        (range(0, 1000), range(0, 500), True),
        ([f"train_{i}" for i in range(100)], [f"test_{i}" for i in range(100)], True),
        (
            [f"{i * 2654435761 % 0xFFFFFF:06x}" for i in range(500)],
            [f"{i * 2654435761 % 0xFFFFFF:06x}" for i in range(500, 900)],
            False,
        ),
    ],
)
def test_ids_that_tell(train, test, tells):
    made = [pd.Series([str(i) for i in ids], dtype=object) for ids in (train, test)]
    assert (telling(*made) is not None) == tells
