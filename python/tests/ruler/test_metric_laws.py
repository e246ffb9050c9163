"""What holds for every metric: direction, bounds, order of rows, weights, and that influences are derivatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from automlgen_runtime.influence import INFLUENCES, influences
from automlgen_runtime.influence.draws import draws_of
from automlgen_runtime.metrics import METRICS, NOTHING, RANKED, Context, UndefinedScoreError
from automlgen_runtime.paired import difference
from automlgen_runtime.standard_errors import standard_error
from metric_samples import CASES, IDS, Maker

ROWS = 240
every_case = pytest.mark.parametrize(("name", "special", "maker"), CASES, ids=IDS)


def ideal(name: str, truth: np.ndarray, context: Context) -> np.ndarray:
    """The answer that cannot be improved."""
    kind = METRICS[name].predictions
    if kind == "probability" and truth.ndim == 1:
        return np.eye(len(context.levels))[truth]
    if name == "laplace-log-likelihood":
        return np.column_stack([truth, np.zeros(len(truth))])
    return truth if kind == "text" or truth.ndim == 1 else np.nan_to_num(truth)


def test_every_metric_has_influences_and_samples() -> None:
    assert set(INFLUENCES) == set(METRICS) - {"custom"} == {name for name, *_ in CASES}


@every_case
def test_direction_and_bounds(name: str, special: str, maker: Maker) -> None:
    metric = METRICS[name]
    for seed in range(3):
        truth, prediction, _, context = maker(np.random.default_rng(seed), ROWS)
        value = metric.value(truth, prediction, context)
        low, high = sorted((metric.perfect, metric.worst))
        assert low - 1e-12 <= value <= high + 1e-12
        best = metric.value(truth, ideal(name, truth, context), context)
        assert best == pytest.approx(metric.perfect, abs=1e-9)
        assert metric.sign * best > metric.sign * value, "the direction"
        shuffled = prediction[np.random.default_rng(seed).permutation(ROWS)]
        assert metric.sign * metric.value(truth, shuffled, context) < metric.sign * value, "shuffled is worse"


@every_case
def test_the_order_of_rows_is_nothing(name: str, special: str, maker: Maker) -> None:
    truth, first, second, context = maker(np.random.default_rng(1), ROWS)
    order = np.random.default_rng(2).permutation(ROWS)
    arrays = (truth[order], first[order], second[order], context.at(order))
    plain, moved = (difference(METRICS[name], *parts) for parts in ((truth, first, second, context), arrays))
    assert moved.delta == pytest.approx(plain.delta, abs=1e-12)
    assert moved.standard_error == pytest.approx(plain.standard_error, rel=1e-6)
    plain_error = standard_error(name, truth, first, context)
    assert standard_error(name, truth[order], first[order], context.at(order)) == pytest.approx(plain_error, rel=1e-6)


@every_case
def test_a_difference_has_a_sign_and_none_with_oneself(name: str, special: str, maker: Maker) -> None:
    truth, first, second, context = maker(np.random.default_rng(3), ROWS)
    metric = METRICS[name]
    there, back = (difference(metric, truth, a, b, context) for a, b in ((first, second), (second, first)))
    assert there.delta == pytest.approx(-back.delta) and there.standard_error == pytest.approx(back.standard_error)
    values = [metric.value(truth, p, context) for p in (first, second)]
    assert there.delta == pytest.approx(metric.sign * (values[0] - values[1])), "positive: the first is better"
    same = difference(metric, truth, first, first.copy(), context)
    assert (same.delta, same.standard_error, same.rows) == (0, 0, ROWS)


@every_case
def test_influences_are_finite_and_cancel(name: str, special: str, maker: Maker) -> None:
    truth, prediction, _, context = maker(np.random.default_rng(4), ROWS)
    found = influences(name, truth, prediction, context)
    assert found.shape == (ROWS,) and np.isfinite(found).all() and found.any()
    assert abs(found.mean()) < 1e-9 * max(1.0, np.abs(found).max())


WEIGHTED = [case for case in CASES if METRICS[case[0]].weighted and case[1] not in ("queries", "series")]


@pytest.mark.parametrize(("name", "special", "maker"), WEIGHTED)
def test_a_weight_of_two_is_a_row_twice(name: str, special: str, maker: Maker) -> None:
    truth, prediction, _, context = maker(np.random.default_rng(5), ROWS)
    weights = np.random.default_rng(6).integers(0, 4, ROWS)
    weighed = METRICS[name].value(truth, prediction, replace(context, weights=weights.astype(float)))
    rows = np.repeat(np.arange(ROWS), weights)
    repeated = METRICS[name].value(truth[rows], prediction[rows], replace(context, weights=None).at(rows))
    assert weighed == pytest.approx(repeated, rel=1e-9)


@pytest.mark.parametrize(("name", "special", "maker"), WEIGHTED)
def test_influences_are_what_a_little_more_weight_does(name: str, special: str, maker: Maker) -> None:
    """The derivative of the metric by the weight of a row, by finite differences."""
    truth, prediction, _, context = maker(np.random.default_rng(7), ROWS)
    weights = np.random.default_rng(8).uniform(0.5, 2, ROWS)
    found = influences(name, truth, prediction, replace(context, weights=weights))
    scale, step = np.abs(found).max(), 1e-4
    for row in range(0, ROWS, 17):
        ends = []
        for side in (-step, step):
            moved = weights.copy()
            moved[row] += side
            ends.append(METRICS[name].value(truth, prediction, replace(context, weights=moved)))
        slope = (ends[1] - ends[0]) / (2 * step) * ROWS * weights[row]
        assert found[row] == pytest.approx(slope, abs=0.03 * scale), "DeLong's n - 1 is within the tolerance"


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if not metric.weighted and name != "custom"])
def test_weights_that_make_no_sense_are_refused(name: str) -> None:
    with pytest.raises(UndefinedScoreError, match=f"{name} takes no row weights"):
        METRICS[name].value(np.arange(5.0), np.arange(5.0), Context(weights=np.ones(5)))


@every_case
def test_rows_of_one_group_are_one_draw(name: str, special: str, maker: Maker) -> None:
    """Every row three times over says no more than once."""
    truth, first, second, context = maker(np.random.default_rng(9), ROWS)
    own = draws_of(name, context, None)
    rows = np.repeat(np.arange(ROWS), 3)
    groups = rows if own is None else own[rows]
    once = standard_error(name, truth, first, context), difference(METRICS[name], truth, first, second, context)
    arrays = truth[rows], first[rows], second[rows], context.at(rows)
    if name == "ndcg":
        return
    thrice = standard_error(name, *arrays[:2], arrays[3], groups), difference(METRICS[name], *arrays, groups)
    assert thrice[0] == pytest.approx(once[0], rel=0.02)
    assert thrice[1].standard_error == pytest.approx(once[1].standard_error, rel=0.02)


@pytest.mark.parametrize("name", RANKED)
def test_metrics_of_the_order_see_nothing_else(name: str) -> None:
    random = np.random.default_rng(10)
    scores, kind = random.normal(size=ROWS), METRICS[name].predictions
    truth = scores + random.normal(size=ROWS)
    if kind == "probability":
        truth, both = (truth > 0).astype(int), lambda s: np.column_stack([-s, s])
    else:
        both = lambda s: s  # noqa: E731
    context = Context(np.arange(2.0)) if kind == "probability" else NOTHING
    value = METRICS[name].value(truth, both(scores), context)
    for grown in (np.exp(scores), scores**3, 5 * scores - 2):
        assert METRICS[name].value(truth, both(grown), context) == pytest.approx(value)
        errors = [standard_error(name, truth, both(s), context) for s in (scores, grown)]
        assert errors[0] == pytest.approx(errors[1])


def test_mirrors() -> None:
    random = np.random.default_rng(11)
    x, y = random.normal(size=ROWS), random.normal(size=ROWS)
    for name in ("pearson", "spearman", "kendall"):
        assert METRICS[name].value(x, -y, NOTHING) == pytest.approx(-METRICS[name].value(x, y, NOTHING))
        assert METRICS[name].value(y, x, NOTHING) == pytest.approx(METRICS[name].value(x, y, NOTHING))
    codes, levels = random.integers(0, 3, (2, ROWS)), Context(np.arange(3.0))
    for name in ("mcc", "kappa", "qwk", "f1-macro", "jaccard", "accuracy"):
        value = METRICS[name].value(codes[0], codes[1], levels)
        assert METRICS[name].value(codes[1], codes[0], levels) == pytest.approx(value), "truth and answer change places"
        assert METRICS[name].value(2 - codes[0], 2 - codes[1], levels) == pytest.approx(value), "names are nothing"
    positive = (x > 0).astype(int)
    both, two = np.column_stack([-y, y]), Context(np.arange(2.0))
    auc = METRICS["auc"].value(positive, both, two)
    assert METRICS["auc"].value(1 - positive, both, two) == pytest.approx(1 - auc)
    assert METRICS["auc"].value(1 - positive, both[:, ::-1], two) == pytest.approx(auc)
