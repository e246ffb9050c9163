"""100,000 rows: seconds of the processor for a value with its standard error."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.standard_errors import standard_error
from metric_samples import CASES, IDS, Maker

SLOWER = {
    **dict.fromkeys(("f1-sets", "f1-sets-micro", "jaccard-sets", "jaccard-words", "map-at-k", "kendall-orders"), 0.6),
    "auc": 0.3,
    "auc-weighted": 0.6,
    "average-precision": 0.4,
    "spearman": 0.5,
    "kendall": 1.0,
    "ndcg": 0.2,
    "lrap": 0.4,
    "lwlrap": 0.4,
    "levenshtein": 1.0,
    "dice": 3.0,
    "dice-global": 3.0,
    "iou": 3.0,
    "iou-precision": 3.0,
}
MEANS = ("logloss", "brier", "accuracy", "rmse", "rmsle", "mae", "log-mae", "mape", "smape", "mase", "r2", "pinball")
OF_MANY_COLUMNS = 4
"""Four targets may take four times as long, three classes one against the rest as well."""


def limit(name: str, truth: np.ndarray, prediction: np.ndarray) -> float:
    several = truth.ndim == 2 or (prediction.ndim == 2 and prediction.shape[1] > 2)
    return SLOWER.get(name, 0.05 if name in MEANS else 0.1) * (OF_MANY_COLUMNS if several else 1)


@pytest.mark.parametrize(("name", "special", "maker"), CASES, ids=IDS)
def test_100_000_rows_are_fast(name: str, special: str, maker: Maker) -> None:
    metric, random = METRICS[name], np.random.default_rng(5)
    texts = metric.predictions == "text"
    rows = 5_000 if texts else 100_000
    truth, prediction, _, context = maker(random, rows)

    def once() -> float:
        start = process_time()
        metric.value(truth, prediction, context)
        standard_error(metric, truth, prediction, context)
        return process_time() - start

    assert min(once() for _ in range(1 if texts else 3)) < limit(name, truth, prediction)


def test_thirty_thousand_classes_need_no_table_of_all_pairs() -> None:
    """30,000 x 30,000 cells would be 7 GB."""
    random = np.random.default_rng(6)
    codes, context = random.integers(0, 30_000, 100_000), Context(np.arange(30_000.0))
    predicted = np.where(random.random(100_000) < 0.7, codes, random.integers(0, 30_000, 100_000))
    start = process_time()
    for name in ("f1-macro", "f1-weighted", "balanced-accuracy", "kappa", "mcc", "accuracy"):
        value = METRICS[name].value(codes, predicted, context)
        assert 0.6 < value < 0.8 and 0 < standard_error(name, codes, predicted, context) < 0.01
    assert process_time() - start < 0.6


def test_a_long_edit_distance_is_done_with_long_integers() -> None:
    random = np.random.default_rng(7)
    words = ["".join(np.array(list("ACGT"))[random.integers(0, 4, 2_000)]) for _ in range(10)]
    pairs = np.array(words[:5], dtype=object), np.array(words[5:], dtype=object)
    start = process_time()
    assert 900 < METRICS["levenshtein"].value(*pairs, Context()) < 1200
    assert process_time() - start < 0.5, "the textbook table of 4,000,000 cells takes a second for each row"
