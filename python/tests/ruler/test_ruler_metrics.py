"""Metrics against scikit-learn and SciPy, against numbers worked out by hand, and their general laws."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS, NOTHING, Context, UndefinedScoreError, metric_named, score
from scipy.stats import spearmanr
from sklearn import metrics as sk

LETTERS = ["a", "b", "c"]
GRADES = ["0", "1", "2", "3"]
TWO = Context(np.arange(2.0))


def shares(random: np.random.Generator, rows: int, classes: int) -> np.ndarray:
    return random.dirichlet(np.ones(classes), rows)


def example(name: str, seed: int, rows: int = 200) -> tuple[np.ndarray, np.ndarray, Context]:
    """Truth, prediction and context in the metric's own arrays."""
    random = np.random.default_rng(seed)
    kind = METRICS[name].predictions
    if kind == "value":
        truth = random.gamma(2.0, size=rows)
        return truth, np.abs(truth + random.normal(size=rows)), NOTHING
    codes = random.integers(0, 3, rows)
    if kind == "label":
        return codes, np.where(random.random(rows) < 0.6, codes, random.integers(0, 3, rows)), Context(np.arange(3.0))
    return codes, shares(random, rows, 3) * 0.7 + np.eye(3)[codes] * 0.3, Context(np.arange(3.0))


@pytest.mark.parametrize("seed", range(5))
def test_values_equal_the_reference_implementations(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = 300
    codes, predicted = random.integers(0, 3, rows), random.integers(0, 3, rows)
    labels = [LETTERS[c] for c in codes]
    matrix = shares(random, rows, 3).round(2) + 0.01
    matrix /= matrix.sum(axis=1, keepdims=True)
    binary, soft = random.integers(0, 2, rows), random.random(rows).round(1)
    truth, values = random.gamma(2, size=rows).round(1), random.gamma(2, size=rows).round(1)
    expected = {
        "auc": sk.roc_auc_score(labels, matrix, multi_class="ovr", average="macro"),
        "logloss": sk.log_loss(labels, matrix),
    }
    for name, value in expected.items():
        assert score(name, labels, matrix, LETTERS) == pytest.approx(value, rel=1e-12)
    assert score("auc", binary, soft, ["0", "1"]) == pytest.approx(sk.roc_auc_score(binary, soft), rel=1e-12)
    assert score("accuracy", codes, predicted, GRADES[:3]) == sk.accuracy_score(codes, predicted)
    assert score("f1-macro", codes, predicted, GRADES[:3]) == pytest.approx(
        sk.f1_score(codes, predicted, average="macro")
    )
    assert score("qwk", codes, predicted, GRADES[:3]) == pytest.approx(
        sk.cohen_kappa_score(codes, predicted, weights="quadratic")
    )
    assert score("rmse", truth, values) == pytest.approx(sk.root_mean_squared_error(truth, values))
    assert score("rmsle", truth, values) == pytest.approx(sk.root_mean_squared_log_error(truth, values))
    assert score("mae", truth, values) == pytest.approx(sk.mean_absolute_error(truth, values))
    assert score("r2", truth, values) == pytest.approx(sk.r2_score(truth, values))
    assert score("spearman", truth, values) == pytest.approx(spearmanr(truth, values).statistic)


def test_values_by_hand() -> None:
    assert score("auc", ["n", "y", "n", "y"], [0.1, 0.4, 0.4, 0.9], ["n", "y"]) == (1 + 1 + 0.5 + 1) / 4
    assert score("logloss", ["n", "y"], [0.25, 0.5], ["n", "y"]) == pytest.approx(-(log(0.75) + log(0.5)) / 2)
    assert score("logloss", ["a"], [[0.0, 0.5, 0.5]], LETTERS) == pytest.approx(-log(1e-15), rel=1e-6)
    assert score("logloss", ["a"], [[2, 1, 1]], LETTERS) == pytest.approx(log(3)), "clipped to 1, then normalised"
    assert score("accuracy", list("abca"), list("abba"), LETTERS) == 0.75
    assert score("f1-macro", list("aabb"), list("abbb"), LETTERS) == pytest.approx((2 / 3 + 0.8) / 2), "c is never seen"
    assert score("f1-macro", list("aabb"), list("accb"), LETTERS) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert score("qwk", ["0", "1", "2"], ["0", "1", "1"], GRADES) == pytest.approx(2 / 3)
    assert score("qwk", ["0", "10"], ["10", "0"], ["0", "1", "10"]) == pytest.approx(-1), (
        "distances are those of levels"
    )
    assert score("rmse", [0, 0], [3, 4]) == pytest.approx(sqrt(12.5))
    assert score("rmsle", [0, 0], [np.e - 1, np.e - 1]) == pytest.approx(1)
    assert score("mae", [1, 2], [2, 4]) == 1.5
    assert score("r2", [1, 2, 3], [2, 2, 2]) == 0
    assert score("spearman", [1, 2, 3], [10, 30, 20]) == 0.5


def test_degenerate_rows_have_a_defined_answer_or_a_clear_fault() -> None:
    assert score("qwk", ["1", "1"], ["1", "1"], GRADES) == 0
    assert score("spearman", [1, 2, 3], [5, 5, 5]) == 0
    assert score("r2", [1, 1], [1, 1]) == 1 and score("r2", [1, 1], [1, 2]) == 0
    with pytest.raises(UndefinedScoreError, match="at least two classes"):
        score("auc", ["y", "y"], [0.1, 0.2], ["n", "y"])
    with pytest.raises(UndefinedScoreError, match="below 0"):
        score("rmsle", [1, 2], [-0.5, 1])
    with pytest.raises(ValueError, match="'d' is not one of the classes"):
        score("accuracy", ["d"], ["a"], LETTERS)
    with pytest.raises(KeyError, match="known: auc, "):
        metric_named("roc")


@pytest.mark.parametrize("seed", range(4))
def test_mirrors(seed: int) -> None:
    random = np.random.default_rng(seed)
    codes, values = random.integers(0, 2, 100), random.normal(size=100)
    table = METRICS["auc"].value
    both = np.column_stack([-values, values])
    assert table(codes, both, TWO) == pytest.approx(1 - table(codes, -both, TWO))
    assert table(codes, both, TWO) == pytest.approx(table(1 - codes, both[:, ::-1], TWO))
    assert table(codes, np.exp(both), TWO) == pytest.approx(table(codes, both, TWO))
    for name in ("accuracy", "f1-macro", "qwk"):
        truth, predicted, context = example(name, seed)
        value = METRICS[name].value(truth, predicted, context)
        assert METRICS[name].value(2 - truth, 2 - predicted, context) == pytest.approx(value), "names are nothing"
    x, y = random.normal(size=50), random.normal(size=50)
    assert METRICS["spearman"].value(x, -y, context) == pytest.approx(-METRICS["spearman"].value(x, y, context))
    assert METRICS["rmse"].value(x + 5, y + 5, context) == pytest.approx(METRICS["rmse"].value(x, y, context))
