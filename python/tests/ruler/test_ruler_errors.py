"""Standard errors against the truth: the spread of the metric over fresh samples."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS, NOTHING, Context
from automlgen_runtime.paired import difference, fragile
from automlgen_runtime.standard_errors import mean_error, standard_error

Sample = tuple[np.ndarray, np.ndarray, np.ndarray, Context]
REPEATS = 300


def softmax(logits: np.ndarray) -> np.ndarray:
    exponents = np.exp(logits)
    return exponents / exponents.sum(axis=1, keepdims=True)


def binary(random: np.random.Generator, rows: int, share: float = 0.3) -> Sample:
    codes = (random.random(rows) < share).astype(int)
    common = random.normal(size=rows)
    scores = [codes + common + random.normal(size=rows) * 0.5 for _ in range(2)]
    return codes, *(np.column_stack([-s, s]) for s in scores), Context(np.arange(2.0))


def many(random: np.random.Generator, rows: int) -> Sample:
    codes = random.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05])
    common = random.normal(size=(rows, 4)) + 1.2 * np.eye(4)[codes]
    return codes, *(softmax(common + random.normal(size=(rows, 4)) * 0.5) for _ in range(2)), Context(np.arange(4.0))


def labels(random: np.random.Generator, rows: int) -> Sample:
    codes, first, second, context = many(random, rows)
    return codes, first.argmax(axis=1), second.argmax(axis=1), context


def numbers(random: np.random.Generator, rows: int) -> Sample:
    truth = random.normal(size=rows)
    common = truth * 0.7 + random.normal(size=rows) * 0.5
    first, second = (common + random.normal(size=rows) * 0.3 for _ in range(2))
    return truth, first, second, NOTHING


def positive(random: np.random.Generator, rows: int) -> Sample:
    truth, first, second, context = numbers(random, rows)
    return np.exp(truth), np.exp(first), np.exp(second), context


def coarse(random: np.random.Generator, rows: int) -> Sample:
    truth, first, second, context = numbers(random, rows)
    return np.round(truth), np.round(first), np.round(second), context


CASES: list[tuple[str, Callable[[np.random.Generator, int], Sample]]] = [
    ("auc", binary),
    ("auc", many),
    ("logloss", many),
    ("accuracy", labels),
    ("f1-macro", labels),
    ("qwk", labels),
    ("rmse", numbers),
    ("rmsle", positive),
    ("mae", numbers),
    ("r2", numbers),
    ("spearman", numbers),
    ("spearman", coarse),
]


def test_groups_count_as_one_draw() -> None:
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(100), 5)
    values, by_rows, by_groups = [], [], []
    for _ in range(REPEATS):
        errors = np.repeat(random.normal(size=100), 5) + random.normal(size=500) * 0.5
        zero = np.zeros(500)
        values.append(METRICS["rmse"].value(zero, errors, NOTHING))
        by_rows.append(standard_error("rmse", zero, errors, NOTHING))
        by_groups.append(standard_error("rmse", zero, errors, NOTHING, groups))
    assert np.mean(by_groups) == pytest.approx(np.std(values), rel=0.13)
    assert np.mean(by_rows) < 0.7 * np.mean(by_groups)


def test_delong_by_hand() -> None:
    """Positives 0.8, 0.4; negatives 0.6, 0.2: placements 1, 1/2 and 1/2, 1; variance (1/8)/2 + (1/8)/2."""
    codes = np.array([1, 1, 0, 0])
    values = np.array([0.8, 0.4, 0.6, 0.2])
    matrix = np.column_stack([1 - values, values])
    error = standard_error("auc", codes, matrix, Context(np.arange(2.0)))
    assert error == pytest.approx(np.sqrt(0.125) * np.sqrt(4 / 3)), "with the n - 1 of a mean of four"


def test_a_program_compared_with_itself_has_no_difference_and_no_error() -> None:
    for name, sample in CASES:
        truth, first, _, context = sample(np.random.default_rng(1), 100)
        gap = difference(METRICS[name], truth, first, first.copy(), context)
        assert (gap.delta, gap.standard_error, gap.rows) == (0, 0, 100)


def test_paired_errors_are_far_below_unpaired_ones_for_twins() -> None:
    truth, first, second, context = binary(np.random.default_rng(2), 1000)
    paired = difference(METRICS["auc"], truth, first, second, context).standard_error
    unpaired = np.hypot(*(standard_error("auc", truth, p, context) for p in (first, second)))
    assert paired < 0.6 * unpaired


def test_one_row_and_constant_rows_have_no_error() -> None:
    assert mean_error(np.array([3.0])) == 0
    assert mean_error(np.zeros(10)) == 0
    assert standard_error("rmse", np.ones(5), np.ones(5)) == 0
    assert standard_error("spearman", np.ones(5), np.arange(5.0)) == 0


def test_a_win_made_by_one_row_is_fragile() -> None:
    random = np.random.default_rng(4)
    truth = random.normal(size=300)
    loser = truth + random.normal(size=300) * 0.5
    winner = truth + (loser - truth) * 1.05
    assert not fragile(METRICS["rmse"], truth, loser, winner, NOTHING)
    outlier = loser.copy()
    outlier[0] += 100
    assert difference(METRICS["rmse"], truth, winner, outlier, NOTHING).delta > 1
    assert fragile(METRICS["rmse"], truth, winner, outlier, NOTHING)
    assert not fragile(METRICS["rmse"], truth, outlier, winner, NOTHING), "a loss is no fragile win"
    assert not fragile(METRICS["spearman"], truth, winner, outlier, NOTHING)


@pytest.mark.parametrize(
    ("name", "sample", "seconds"),
    [
        ("auc", binary, 0.3),
        ("rmse", numbers, 0.05),
        ("logloss", many, 0.1),
        ("f1-macro", labels, 0.1),
        ("qwk", labels, 0.1),
    ],
)
def test_100_000_rows_are_fast(name: str, sample: Callable, seconds: float) -> None:
    truth, first, _, context = sample(np.random.default_rng(5), 100_000)

    def once() -> float:
        start = perf_counter()
        standard_error(name, truth, first, context)
        return perf_counter() - start

    assert min(once() for _ in range(5)) < seconds
