"""Standard errors in particular: groups, a case by hand, twins, degenerate rows, fragile wins."""

from __future__ import annotations

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS, NOTHING, Context
from automlgen_runtime.paired import difference, fragile
from automlgen_runtime.standard_errors import mean_error, standard_error
from metric_samples import binary

REPEATS = 300


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


def test_fragile_wins_of_several_targets_and_of_other_losses() -> None:
    random = np.random.default_rng(8)
    truth = random.normal(size=(300, 2))
    winner = truth + random.normal(size=truth.shape) * 0.525
    loser = truth + (winner - truth) / 1.05
    loser[7, 1] += 80.0
    for name in ("rmse", "mae", "r2"):
        assert fragile(METRICS[name], truth, winner, loser, NOTHING), name
        assert not fragile(METRICS[name], truth, loser, winner, NOTHING), name
    metres = METRICS["haversine"]
    places = truth + np.array([48.0, 11.0])
    near, far = places + 0.0101, places + 0.01
    far[3] += 20
    assert fragile(metres, places, near, far, NOTHING)
    angles = METRICS["angular-error"]
    away = np.zeros(300)
    away[3] = 3.0
    steady, jumping = (np.column_stack([shift, np.full(300, 1.5)]) for shift in (away * 0 + 0.0101, away + 0.01))
    level = np.column_stack([np.zeros(300), np.full(300, 1.5)])
    assert fragile(angles, level, steady, jumping, NOTHING)
    assert not fragile(METRICS["ndcg"], np.ones(300), away, -away, NOTHING), "queries are no rows"
    lungs = np.full(300, 2500.0)
    sigma = np.full(300, 80.0)
    steady, outlier = lungs + 42.0, lungs + 40.0
    outlier[:2] += 900
    columns = [np.column_stack([values, sigma]) for values in (steady, outlier)]
    assert fragile(METRICS["laplace-log-likelihood"], lungs, *columns, NOTHING)
