"""Baselines of every metric and shape: valid, finite, and hard to beat by another constant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.baseline import baseline, baseline_score
from automlgen_runtime.constants import constant
from automlgen_runtime.evaluate import form_of
from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.submission import read_answer
from prepared_task import Task, make

SHAPES = [
    *[(metric, {}) for metric in METRICS],
    *[(metric, {"several": 3, "missing": 0.1}) for metric in ("rmse", "auc", "logloss", "f1-macro", "accuracy")],
    ("kl-divergence", {"several": 3}),
    ("accuracy", {"one_hot": True}),
]
NEUTRAL = {"auc": 0.5, "qwk": 0.0, "spearman": 0.0, "kendall": 0.0, "kappa": 0.0, "mcc": 0.0, "pearson": 0.0}


def seen(task: Task) -> pd.DataFrame:
    return task.hidden[task.label_columns]


@pytest.mark.parametrize("mode", ["holdout", "folds"])
@pytest.mark.parametrize(("metric", "shape"), SHAPES, ids=lambda value: str(value).replace(" ", ""))
def test_baselines_are_valid_submissions_of_every_shape(tmp_path: Path, metric: str, shape: dict, mode: str) -> None:
    task = make(tmp_path, metric, mode, rows=300, **shape)
    card, split = task.prepared["card"], task.prepared["split"]
    result = baseline_score(card, task.hidden, split, seen(task) if mode == "holdout" else None)
    assert np.isfinite(result["value"]) and result["rows"] == (300 if mode == "folds" else 150)
    assert metric not in NEUTRAL or mode == "folds" or result["value"] == pytest.approx(NEUTRAL[metric])
    hidden, test = baseline(card, task.hidden, split, None, 7)
    assert len(hidden) == 300 and len(test) == 7
    columns = card["submissionColumns"]
    table = pd.DataFrame(test if test.ndim == 2 else test[:, None], columns=columns)
    table.insert(0, "id", [f"i{i}" for i in range(7)])
    table.to_csv(tmp_path / "baseline.csv", index=False)
    ruler = ruler_of(task.prepared)
    names = Names([f"i{i}" for i in range(7)])
    read_answer(tmp_path / "baseline.csv", None, form_of(ruler), names, ruler.class_names)
    if METRICS[metric].predictions == "probability" and "targets" not in card:
        assert hidden.min() > 0


@pytest.mark.parametrize("metric", ["rmse", "rmsle", "mae", "mape", "smape", "pinball"])
def test_no_other_number_is_a_better_constant(metric: str) -> None:
    truth = np.exp(np.random.default_rng(1).normal(size=400))
    card = {"metric": metric, "direction": "minimise", "target": "y", "metricOptions": {"quantile": 0.8}}
    context = Context(options=card["metricOptions"])
    own = constant(card, [np.array([repr(float(v)) for v in truth], dtype=object)])
    value = METRICS[metric].value(truth, np.repeat(own, 400), context)
    others = [METRICS[metric].value(truth, np.full(400, c), context) for c in np.quantile(truth, np.linspace(0, 1, 41))]
    assert value <= min(others) * (1.06 if metric == "smape" else 1 + 1e-9)


@pytest.mark.parametrize("metric", ["accuracy", "f1", "balanced-accuracy", "f1-macro", "jaccard"])
def test_no_other_class_is_a_better_constant(metric: str) -> None:
    labels = np.array(["a"] * 60 + ["b"] * 40, dtype=object)
    card = {"metric": metric, "direction": "maximise", "target": "y", "classes": ["a", "b"]}
    codes = (labels == "b").astype(np.int64)
    context = Context(np.arange(2.0))
    values = [METRICS[metric].value(codes, np.full(100, code), context) for code in (0, 1)]
    assert values[int(constant(card, [labels])[0])] == max(values)


def test_texts_take_the_commonest_words_or_the_cell_of_the_sample() -> None:
    cells = np.array(["x y", "x", "z", "x y", "x"] * 4, dtype=object)
    card = {"metric": "map-at-k", "direction": "maximise", "target": "y", "metricOptions": {"k": 2}}
    assert constant(card, [cells])[0] == "x y"
    card = {"metric": "levenshtein", "direction": "minimise", "target": "y"}
    assert constant(card, [cells], sample="unlike anything")[0] in ("x", "x y")
    empty = np.array([""] * 6 + ["1 5"] * 4, dtype=object)
    assert constant({"metric": "dice", "direction": "maximise", "target": "y"}, [empty], sample="1 1")[0] == ""


def test_where_nothing_is_hidden_the_baseline_is_a_claim(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", "script")
    labels = [str(v) for v in range(50)]
    result = baseline_score(task.prepared["card"], task.hidden, task.prepared["split"], labels)
    assert (result["source"], result["rows"], result["standardError"]) == ("script", 50, 0.0)
    assert result["value"] == pytest.approx(np.std(np.arange(50)))
