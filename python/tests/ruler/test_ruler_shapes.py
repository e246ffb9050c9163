"""Truths and predictions of every shape, from text to arrays and through the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.predictions import NodePredictions, ViewPredictions, assembled, load, metas, save, split_answer
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.submission import Answer
from automlgen_runtime.truth import classes_of, context_of, label_columns, truth_of
from prepared_task import make


def card(metric: str, **more: object) -> dict:
    return {"metric": metric, "direction": "maximise", "target": "y", **more}


def column(*cells: str) -> np.ndarray:
    return np.array(cells, dtype=object)


def test_truths_of_every_shape() -> None:
    assert truth_of(card("rmse"), [column("1.5", "-2e3")]).tolist() == [1.5, -2000.0]
    assert truth_of(card("accuracy", classes=["b", "a"]), [column("a", "b")]).tolist() == [1, 0]
    texts = truth_of(card("dice"), [column("1 3", "")])
    assert texts.dtype == object and texts.tolist() == ["1 3", ""]
    many = truth_of(card("f1-macro", targets=["a", "b"]), [column("1", "", "True"), column("0.0", "NaN", "false")])
    assert many.tolist()[0] == [1, 0] and np.isnan(many[1]).all() and many.tolist()[2] == [1, 0]
    with pytest.raises(ValueError, match="zebra"):
        truth_of(card("accuracy", classes=["b", "a"]), [column("zebra")])


def test_labels_of_several_targets_are_named_in_their_order() -> None:
    assert label_columns(card("rmse", targets=["a", "b"])) == ["label.1", "label.2"]
    assert label_columns(card("rmse", targets=["a"])) == ["label"]
    assert classes_of(card("auc", targets=["a", "b"], classes=["x"])) == ["0", "1"]
    assert classes_of(card("rmse", targets=["a", "b"])) == []


def test_the_context_reads_the_optional_columns() -> None:
    table = pd.DataFrame({"weight": ["1", "2.5"], "metric_group": ["b", "a"], "scale": ["3", "4"]})
    found = context_of(card("f1", classes=["n", "p"], metricOptions={"positive": "n", "beta": 2}), table)
    assert found.weights is not None and found.weights.tolist() == [1, 2.5]
    assert found.groups is not None and found.groups.tolist() == [1, 0]
    assert found.scale is not None and found.scale.tolist() == [3, 4]
    assert found.positive == 0 and found.options["beta"] == 2 and len(found.levels) == 2
    bare = context_of(card("rmse"), pd.DataFrame({"label": ["1"]}))
    assert bare.weights is None and bare.groups is None and bare.scale is None and len(bare.levels) == 0


def test_weights_of_hidden_rows_change_the_score(tmp_path: Path) -> None:
    task = make(tmp_path, "mae")
    ruler = ruler_of(task.prepared)
    off = ruler.truth + np.where(np.arange(600) < 300, 1.0, 3.0)
    assert ruler.metric.value(ruler.truth, off, ruler.context) == pytest.approx(2.0)
    path = tmp_path / "hidden" / "labels.csv"
    table = pd.read_csv(path, dtype=str)
    table.assign(weight=np.where(np.arange(600) < 300, "3", "1")).to_csv(path, index=False)
    weighted = ruler_of(task.prepared)
    assert weighted is not ruler, "read again when the file changes"
    assert weighted.metric.value(weighted.truth, off, weighted.context) == pytest.approx(1.5)


ANSWERS = {
    "numbers": np.array([1.1, 1e17 + 2, -3.0]),
    "matrix": np.array([[0.1, 1e9 + 0.25], [3.0, 4.0], [5.0, 6.0]]),
    "codes": np.array([2, 0, 1]),
    "labels of several targets": np.array([[0, 1], [1, 1], [0, 0]]),
    "texts": column("", "ä ü", 'x,"y"\n'),
    "unread cells": np.array([["a", ""], ["b", "ß"], ["c", "d"]], dtype=object),
}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_stored_predictions_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    answer = split_answer(Answer(ANSWERS[name]), 2, probabilities=False)
    save(tmp_path, NodePredictions("n1", {"main": answer}, {"reply": {"a": 1}}))
    back = load(tmp_path, "n1")
    assert back is not None and metas(tmp_path, "n2") == {"n1": {"reply": {"a": 1}}}
    for side in ("hidden", "test"):
        found, wanted = getattr(back.views["main"], side).primary, getattr(answer, side).primary
        assert found.dtype == wanted.dtype and found.tolist() == wanted.tolist()
    assert len(back.views["main"].test.primary) == 1


def test_probabilities_are_rounded_once_and_for_all(tmp_path: Path) -> None:
    shares = np.random.default_rng(1).dirichlet([1, 1, 1], 10)
    answer = split_answer(Answer(shares), 6, probabilities=True)
    save(tmp_path, NodePredictions("n1", {"main": answer}))
    back = load(tmp_path, "n1")
    assert back is not None
    assert np.array_equal(back.views["main"].hidden.primary, answer.hidden.primary)
    assert answer.hidden.primary == pytest.approx(shares[:6], abs=1e-7)


def test_no_rows_and_no_texts_are_stored_too(tmp_path: Path) -> None:
    empty = Answer(np.zeros(0, dtype=object))
    save(tmp_path, NodePredictions("n1", {"main": ViewPredictions(empty, Answer(column("x")))}))
    back = load(tmp_path, "n1")
    assert back is not None and back.views["main"].hidden.primary.shape == (0,)
    assert back.views["main"].test.primary.tolist() == ["x"]


def test_folds_not_run_are_empty_in_the_whole(tmp_path: Path) -> None:
    ruler = ruler_of(make(tmp_path, "map-at-k", "folds", rows=100).prepared)
    part = ViewPredictions(Answer(column(*["w"] * 20)), Answer(column("t")))
    whole = assembled(ruler, NodePredictions("n1", {"fold2": part}))
    assert whole.tolist().count("w") == 20 and whole.tolist().count("") == 80
    assert (whole[ruler.rows_of("fold2")] == "w").all()
