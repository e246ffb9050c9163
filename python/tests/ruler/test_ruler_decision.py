"""Decision rules against an exhaustive search, and on rows they have not seen."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from automlgen_runtime.decision import CutPoints, cross_fitted, dependable, expected, learn, most_probable
from automlgen_runtime.metrics import METRICS, Context


def imbalanced(seed: int, rows: int = 600, classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ordinal truth, timid probabilities: the most probable class is nearly always the first."""
    random = np.random.default_rng(seed)
    share = np.array([0.55, 0.25, 0.13, 0.07][:classes])
    codes = random.choice(classes, rows, p=share / share.sum())
    logits = np.log(share)[None, :] - 0.4 * np.abs(
        np.arange(classes)[None, :] - (codes + random.normal(size=rows))[:, None]
    )
    shares = np.exp(logits)
    return codes, shares / shares.sum(axis=1, keepdims=True), np.arange(float(classes))


@pytest.mark.parametrize("seed", range(3))
def test_cut_points_are_as_good_as_trying_all(seed: int) -> None:
    codes, shares, levels = imbalanced(seed, rows=60, classes=3)
    kappa = METRICS["qwk"].value
    values = expected(shares, levels)
    edges = np.concatenate([np.unique(values), [np.inf]])
    best = max(
        kappa(codes, np.searchsorted(np.array(cuts), values, side="right"), Context(levels))
        for cuts in combinations_with_replacement(edges, 2)
    )
    learnt = kappa(codes, CutPoints.learn(codes, shares, levels)(shares), Context(levels))
    assert learnt == pytest.approx(best, abs=0.02) and learnt <= best + 1e-9


def test_cut_points_follow_the_order_of_the_levels_not_of_the_classes() -> None:
    codes, shares, levels = imbalanced(1)
    order = np.array([2, 0, 3, 1])
    back = np.argsort(order)
    plain = CutPoints.learn(codes, shares, levels)(shares)
    shuffled = CutPoints.learn(back[codes], shares[:, order], levels[order])(shares[:, order])
    assert np.array_equal(order[shuffled], plain)


@pytest.mark.parametrize(("metric", "gain"), [("qwk", 0.1), ("f1-macro", 0.05)])
def test_learnt_rules_pay_on_rows_they_have_not_seen(metric: str, gain: float) -> None:
    codes, shares, levels = imbalanced(2, rows=2000)
    parts = np.arange(2000) % 5
    value = METRICS[metric].value
    plain = value(codes, most_probable(shares), Context(levels))
    unseen = value(codes, cross_fitted(metric, codes, shares, levels, parts), Context(levels))
    assert unseen > plain + gain
    fresh_codes, fresh, _ = imbalanced(3, rows=2000)
    applied = value(fresh_codes, learn(metric, codes, shares, levels)(fresh), Context(levels))
    assert applied == pytest.approx(unseen, abs=0.05)
    assert dependable(metric, codes, shares, levels, parts)[1]


def test_a_rule_that_does_not_pay_is_not_used() -> None:
    random = np.random.default_rng(1)
    codes = random.integers(0, 4, 80)
    shares = np.full((80, 4), 0.02) + np.eye(4)[codes] * 0.92
    labels, trusted = dependable("qwk", codes, shares, np.arange(4.0), np.arange(80) % 5)
    assert not trusted and np.array_equal(labels, codes)
    _, trusted = dependable("accuracy", codes, shares, np.arange(4.0), np.arange(80) % 5)
    assert not trusted
