"""Decision rules against an exhaustive search, on rows they have not seen, and as data."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pytest
from automlgen_runtime.decision import (
    cross_fitted,
    dependable,
    learn_cuts,
    learners_for,
    own_thresholds,
    rule_of,
    threshold,
)
from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.rules import Scaled, Threshold, Thresholds, expected, most_probable, plain_rule

LABELS = [name for name, metric in METRICS.items() if metric.predictions == "label"]
OF_TWO = ["f1", "fbeta", "f1-macro", "f1-weighted", "jaccard", "mcc", "kappa", "balanced-accuracy"]


def imbalanced(seed: int, rows: int = 600, classes: int = 4) -> tuple[np.ndarray, np.ndarray, Context]:
    """Ordinal truth, timid probabilities: the most probable class is nearly always the first."""
    random = np.random.default_rng(seed)
    share = np.array([0.55, 0.25, 0.13, 0.07][:classes])
    codes = random.choice(classes, rows, p=share / share.sum())
    logits = np.log(share)[None, :] - 0.4 * np.abs(
        np.arange(classes)[None, :] - (codes + random.normal(size=rows))[:, None]
    )
    shares = np.exp(logits)
    return codes, shares / shares.sum(axis=1, keepdims=True), Context(np.arange(float(classes)))


def rare(seed: int, rows: int = 2000) -> tuple[np.ndarray, np.ndarray, Context]:
    """Two classes, one in eight positive, calibrated probabilities that hardly pass a half."""
    random = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(2.6 - 1.3 * random.normal(size=rows)))
    codes = (random.uniform(size=rows) < chance).astype(np.int64)
    return codes, np.column_stack([1 - chance, chance]), Context(np.arange(2.0))


def many(seed: int, rows: int = 1500, targets: int = 4) -> tuple[np.ndarray, np.ndarray, Context]:
    """Several targets of different frequency."""
    random = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(np.linspace(0.5, 3, targets) - 1.3 * random.normal(size=(rows, targets))))
    return (random.uniform(size=chance.shape) < chance).astype(float), chance, Context(np.arange(2.0))


@pytest.mark.parametrize("seed", range(3))
def test_cut_points_are_as_good_as_trying_all(seed: int) -> None:
    codes, shares, context = imbalanced(seed, rows=60, classes=3)
    kappa, levels = METRICS["qwk"].value, context.levels
    values = expected(shares, levels)
    edges = np.concatenate([np.unique(values), [np.inf]])
    best = max(
        kappa(codes, np.searchsorted(np.array(cuts), values, side="right"), context)
        for cuts in combinations_with_replacement(edges, 2)
    )
    learnt = kappa(codes, learn_cuts(codes, shares, levels)(shares), context)
    assert learnt == pytest.approx(best, abs=0.02) and learnt <= best + 1e-9


def test_cut_points_follow_the_order_of_the_levels_not_of_the_classes() -> None:
    codes, shares, context = imbalanced(1)
    levels = context.levels
    order = np.array([2, 0, 3, 1])
    back = np.argsort(order)
    plain = learn_cuts(codes, shares, levels)(shares)
    shuffled = learn_cuts(back[codes], shares[:, order], levels[order])(shares[:, order])
    assert np.array_equal(order[shuffled], plain)


@pytest.mark.parametrize("metric", OF_TWO)
@pytest.mark.parametrize("seed", range(2))
def test_thresholds_are_as_good_as_trying_all(metric: str, seed: int) -> None:
    codes, shares, context = rare(seed, rows=150)
    value = METRICS[metric].value
    best = max(value(codes, Threshold(1, float(limit))(shares), context) for limit in np.unique(shares[:, 1]))
    learnt = value(codes, threshold(METRICS[metric], codes, shares, context)(shares), context)
    assert learnt == pytest.approx(best, abs=0.03) and learnt <= best + 1e-9


@pytest.mark.parametrize(
    ("metric", "gain"),
    [("qwk", 0.1), ("f1-macro", 0.05), ("balanced-accuracy", 0.05), ("mcc", 0.01), ("kappa", 0.01)],
)
def test_learnt_rules_pay_on_rows_they_have_not_seen(metric: str, gain: float) -> None:
    _pays(metric, gain, imbalanced(2, rows=2000), imbalanced(3, rows=2000))


@pytest.mark.parametrize("metric", ["f1", "fbeta", "jaccard", "balanced-accuracy", "f1-macro", "mcc"])
def test_thresholds_pay_where_positives_are_rare(metric: str) -> None:
    _pays(metric, 0.03, rare(1), rare(2))


@pytest.mark.parametrize(("metric", "gain"), [("f1-micro", 0.03), ("f1-samples", 0.001), ("f1-macro", 0.03)])
def test_thresholds_pay_for_several_targets(metric: str, gain: float) -> None:
    _pays(metric, gain, many(1), many(2))


def _pays(metric: str, gain: float, seen: tuple, fresh: tuple) -> None:
    truth, shares, context = seen
    parts = np.arange(len(truth)) % 5
    of = METRICS[metric]
    plain = of.value(truth, plain_rule(shares, truth.ndim == 2)(shares), context)
    labels, learner = dependable(of, truth, shares, context, parts)
    assert learner is not None
    unseen = of.value(truth, labels, context)
    assert unseen > plain + gain
    new_truth, new_shares, new_context = fresh
    rule = rule_of(of, truth, shares, context, parts)
    assert of.value(new_truth, rule(new_shares), new_context) == pytest.approx(unseen, abs=0.05)


def test_a_rule_that_does_not_pay_is_not_used() -> None:
    random = np.random.default_rng(1)
    codes = random.integers(0, 4, 80)
    shares = np.full((80, 4), 0.02) + np.eye(4)[codes] * 0.92
    context, parts = Context(np.arange(4.0)), np.arange(80) % 5
    for name in LABELS:
        if name != "f1-samples":
            labels, learner = dependable(METRICS[name], codes, shares, context, parts)
            assert learner is None and np.array_equal(labels, codes), name
    assert learners_for(METRICS["accuracy"], 4, context, several=False) == []


@pytest.mark.parametrize("metric", ["f1", "mcc", "f1-macro"])
def test_on_noise_the_guard_takes_no_rule_that_loses(metric: str) -> None:
    """Probabilities that say nothing: what the guard accepts is as good as the plain rule on fresh rows, or better."""
    gains = []
    for seed in range(10):
        random = np.random.default_rng(seed)
        codes, shares = random.integers(0, 2, 400), random.dirichlet([3, 3], 400)
        context = Context(np.arange(2.0))
        rule = rule_of(METRICS[metric], codes[:200], shares[:200], context, np.arange(200) % 5)
        fresh = [METRICS[metric].value(codes[200:], r(shares[200:]), context) for r in (rule, most_probable)]
        gains.append(fresh[0] - fresh[1])
    assert np.mean(gains) > -0.02


def test_cross_fitting_uses_no_label_of_the_part_it_predicts() -> None:
    codes, shares, context = rare(5, rows=300)
    parts = np.arange(300) % 3
    first = cross_fitted(threshold, METRICS["f1"], codes, shares, context, parts)
    flipped = np.where(parts == 0, 1 - codes, codes)
    again = cross_fitted(threshold, METRICS["f1"], flipped, shares, context, parts)
    assert np.array_equal(first[parts == 0], again[parts == 0])
    assert not np.array_equal(first[parts != 0], again[parts != 0])


def test_own_thresholds_are_at_least_as_good_as_a_common_one_where_they_are_learnt() -> None:
    truth, shares, context = many(4)
    of = METRICS["f1-macro"]
    own = own_thresholds(of, truth, shares, context)
    common = plain_rule(shares, several=True)
    assert of.value(truth, own(shares), context) > of.value(truth, common(shares), context)
    assert isinstance(own, Thresholds) and len(set(own.thresholds)) > 1


def test_the_positive_class_is_the_one_that_is_named() -> None:
    codes, shares, context = imbalanced(6, rows=1000)
    named = replace(context, positive=3)
    rule = rule_of(METRICS["f1"], codes, shares, named, np.arange(1000) % 5)
    assert isinstance(rule, Threshold) and rule.positive == 3
    value = METRICS["f1"].value
    assert value(codes, rule(shares), named) > value(codes, most_probable(shares), named) + 0.05


def test_rules_are_written_as_plain_numbers() -> None:
    codes, shares, context = imbalanced(7)
    rules = [
        plain_rule(shares, several=False),
        plain_rule(shares, several=True),
        Scaled(np.array([1.0, 2.0, 3.0, 4.0])),
        Threshold(2, 0.25),
        learn_cuts(codes, shares, context.levels),
    ]
    kinds = [json.loads(json.dumps(rule.as_json()))["kind"] for rule in rules]
    assert kinds == ["most-probable", "thresholds", "scaled", "threshold", "cuts"]


def test_a_threshold_below_it_gives_the_best_of_the_others() -> None:
    shares = np.array([[0.2, 0.3, 0.5], [0.1, 0.45, 0.45], [0.6, 0.1, 0.3]])
    assert Threshold(2, 0.4)(shares).tolist() == [2, 2, 0]
    assert Threshold(2, 0.46)(shares).tolist() == [2, 1, 0]
