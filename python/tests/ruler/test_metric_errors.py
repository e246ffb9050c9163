"""Standard errors of every metric, and of differences, against the truth: the spread over fresh samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.paired import difference
from automlgen_runtime.standard_errors import standard_error
from metric_samples import CASES, IDS, Maker, Sample

REPEATS = 200
TOLERANCE = 0.17
"""Three times the error of a standard deviation of 200 numbers, with what a first-order theory misses at 500 rows."""


def sampler(maker: Maker, texts: bool) -> Callable[[], Sample]:
    """Fresh rows; texts are drawn from a pool of 2,500, since their making would take most of the time."""
    random = np.random.default_rng(7)
    if not texts:
        return lambda: maker(random, 500)
    truth, first, second, context = maker(random, 2500)

    def drawn() -> Sample:
        rows = random.integers(0, 2500, 300)
        return truth[rows], first[rows], second[rows], context

    return drawn


@pytest.mark.parametrize(("name", "special", "maker"), CASES, ids=IDS)
def test_errors_equal_the_spread_over_fresh_samples(name: str, special: str, maker: Maker) -> None:
    metric = METRICS[name]
    fresh = sampler(maker, metric.predictions == "text")
    values, errors, gaps = [], [], []
    for _ in range(REPEATS):
        truth, first, second, context = fresh()
        values.append(metric.value(truth, first, context))
        errors.append(standard_error(name, truth, first, context))
        gaps.append(difference(metric, truth, first, second, context))
    deltas = [gap.delta for gap in gaps]
    assert np.mean(errors) == pytest.approx(np.std(values), rel=TOLERANCE)
    assert np.mean([gap.standard_error for gap in gaps]) == pytest.approx(np.std(deltas), rel=TOLERANCE)
    if metric.predictions != "text":
        assert abs(np.mean(deltas)) < 4 * np.std(deltas) / np.sqrt(REPEATS), "neither is better"
    centred = np.abs(np.array(deltas) - np.mean(deltas))
    inside = np.mean(centred < 1.96 * np.array([gap.standard_error for gap in gaps]))
    assert 0.88 < inside <= 1, "intervals of 95 %"
