"""Every metric against scikit-learn or SciPy where they define it: shapes, ties, missing classes, weights."""

from __future__ import annotations

import numpy as np
import pytest
from automlgen_runtime.metrics import METRICS, NOTHING, Context
from metric_samples import Random
from scipy import stats
from sklearn import metrics as sk

SEEDS = range(4)
ROWS = 240


def value(name: str, truth: np.ndarray, prediction: np.ndarray, **context: object) -> float:
    return METRICS[name].value(truth, prediction, Context(**context))


def some_weights(random: Random, seed: int) -> np.ndarray | None:
    """Every other seed has row weights, some of them 0."""
    return random.choice([0.0, 1.0, 2.5], ROWS) if seed % 2 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_binary_probabilities(seed: int) -> None:
    random = np.random.default_rng(seed)
    codes, scores = random.integers(0, 2, ROWS), random.random(ROWS).round(1)
    weights, both = some_weights(random, seed), np.column_stack([1 - scores, scores])

    def near(name: str, expected: float) -> bool:
        found = value(name, codes, both, levels=np.arange(2.0), weights=weights)
        return found == pytest.approx(expected, rel=1e-10)

    assert near("auc", sk.roc_auc_score(codes, scores, sample_weight=weights))
    assert near("auc-weighted", sk.roc_auc_score(codes, scores, sample_weight=weights))
    assert near("average-precision", sk.average_precision_score(codes, scores, sample_weight=weights))
    assert near("brier", sk.brier_score_loss(codes, scores, sample_weight=weights))
    assert near("logloss", sk.log_loss(codes, np.clip(both, 1e-15, 1), sample_weight=weights))


@pytest.mark.parametrize("seed", SEEDS)
def test_probabilities_of_many_classes(seed: int) -> None:
    random = np.random.default_rng(seed)
    codes, matrix = random.choice(4, ROWS, p=[0.5, 0.3, 0.15, 0.05]), random.dirichlet(np.ones(4), ROWS)
    weights, names = some_weights(random, seed), [0, 1, 2, 3]

    def near(name: str, expected: float) -> bool:
        found = value(name, codes, matrix, levels=np.arange(4.0), weights=weights)
        return found == pytest.approx(expected, rel=1e-10)

    areas = {kind: _one_against_rest(codes, matrix, weights, kind) for kind in ("macro", "weighted")}
    assert near("auc", areas["macro"])
    assert near("auc-weighted", areas["weighted"])
    hot = np.eye(4)[codes]
    assert near("average-precision", sk.average_precision_score(hot, matrix, sample_weight=weights))
    assert near("logloss", sk.log_loss(codes, matrix, sample_weight=weights, labels=names))
    assert near("brier", sk.brier_score_loss(codes, matrix, sample_weight=weights, labels=names))
    assert near("kl-divergence", sk.log_loss(codes, matrix, sample_weight=weights, labels=names))
    assert near("lrap", sk.label_ranking_average_precision_score(hot, matrix, sample_weight=weights))


def _one_against_rest(codes: np.ndarray, matrix: np.ndarray, weights: np.ndarray | None, kind: str) -> float:
    """scikit-learn's own multi-class AUC takes no row weights; its areas of each class do."""
    if weights is None:
        return sk.roc_auc_score(codes, matrix, multi_class="ovr", average=kind)
    areas = [sk.roc_auc_score(codes == k, matrix[:, k], sample_weight=weights) for k in range(4)]
    return float(np.average(areas, weights=np.bincount(codes, weights) if kind == "weighted" else None))


def test_auc_leaves_out_classes_that_do_not_occur() -> None:
    random = np.random.default_rng(5)
    codes, matrix = random.integers(0, 3, ROWS), random.dirichlet(np.ones(5), ROWS)
    expected = np.mean([sk.roc_auc_score(codes == k, matrix[:, k]) for k in range(3)])
    assert value("auc", codes, matrix, levels=np.arange(5.0)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [2, 3, 6])
def test_labels(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(0, count, ROWS)
    predicted = np.where(random.random(ROWS) < 0.6, codes, random.integers(0, max(2, count - 1), ROWS))
    weights, levels = some_weights(random, seed), np.arange(float(count + (count > 2)))
    weighted = {"sample_weight": weights}
    macro = "binary" if count == 2 else "macro"
    expected = {
        "accuracy": sk.accuracy_score(codes, predicted, **weighted),
        "balanced-accuracy": sk.balanced_accuracy_score(codes, predicted, **weighted),
        "f1": sk.f1_score(codes, predicted, average=macro, **weighted),
        "f1-macro": sk.f1_score(codes, predicted, average="macro", **weighted),
        "f1-micro": sk.f1_score(codes, predicted, average="micro", **weighted),
        "f1-weighted": sk.f1_score(codes, predicted, average="weighted", **weighted),
        "mcc": sk.matthews_corrcoef(codes, predicted, **weighted),
        "kappa": sk.cohen_kappa_score(codes, predicted, **weighted),
        "qwk": sk.cohen_kappa_score(codes, predicted, weights="quadratic", labels=range(len(levels)), **weighted),
        "jaccard": sk.jaccard_score(codes, predicted, average=macro, **weighted),
    }
    for name, wanted in expected.items():
        assert value(name, codes, predicted, levels=levels, weights=weights) == pytest.approx(wanted, abs=1e-12), name
    for beta in (0.5, 2.0):
        found = value("fbeta", codes, predicted, levels=levels, weights=weights, options={"beta": beta})
        assert found == pytest.approx(sk.fbeta_score(codes, predicted, beta=beta, average=macro, **weighted))
    found = value("f1", codes, predicted, levels=levels, weights=weights, positive=0)
    assert found == pytest.approx(sk.f1_score(codes == 0, predicted == 0, **weighted)), "another class is positive"


def test_labels_that_nobody_predicts_or_has() -> None:
    truth, predicted, levels = np.array([0, 0, 1, 1]), np.array([0, 2, 2, 0]), np.arange(5.0)
    assert value("f1-macro", truth, predicted, levels=levels) == pytest.approx(
        sk.f1_score(truth, predicted, average="macro", zero_division=0)
    )
    assert value("balanced-accuracy", truth, predicted, levels=levels) == pytest.approx(0.25)
    assert value("jaccard", truth, predicted, levels=levels) == pytest.approx(
        sk.jaccard_score(truth, predicted, average="macro", zero_division=0)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_several_0_1_targets(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = (random.random((ROWS, 4)) < [0.5, 0.4, 0.3, 0.1]).astype(np.float64)
    scores = (truth * 0.4 + random.random(truth.shape)).round(1) / 1.4
    said, weights = (scores > 0.5).astype(int), some_weights(random, seed)
    weighted = {"sample_weight": weights}
    expected = {
        "auc": sk.roc_auc_score(truth, scores, **weighted),
        "auc-weighted": sk.roc_auc_score(truth, scores, average="weighted", **weighted),
        "average-precision": sk.average_precision_score(truth, scores, **weighted),
        "lrap": sk.label_ranking_average_precision_score(truth, scores, **weighted),
        "logloss": np.mean(
            [sk.log_loss(t, np.clip(s, 1e-15, 1), **weighted) for t, s in zip(truth.T, scores.T, strict=True)]
        ),
        "brier": np.mean([sk.brier_score_loss(t, s, **weighted) for t, s in zip(truth.T, scores.T, strict=True)]),
    }
    for name, wanted in expected.items():
        assert value(name, truth, scores, weights=weights) == pytest.approx(wanted, rel=1e-10), name
    by_labels = {
        "f1": sk.f1_score(truth, said, average="macro", **weighted),
        "f1-macro": sk.f1_score(truth, said, average="macro", **weighted),
        "f1-micro": sk.f1_score(truth, said, average="micro", **weighted),
        "f1-weighted": sk.f1_score(truth, said, average="weighted", **weighted),
        "f1-samples": sk.f1_score(truth, said, average="samples", zero_division=1, **weighted),
        "jaccard": sk.jaccard_score(truth, said, average="macro", **weighted),
        "mcc": np.mean([sk.matthews_corrcoef(t, s, **weighted) for t, s in zip(truth.T, said.T, strict=True)]),
        "accuracy": np.mean([sk.accuracy_score(t, s, **weighted) for t, s in zip(truth.T, said.T, strict=True)]),
    }
    for name, wanted in by_labels.items():
        assert value(name, truth, said, weights=weights) == pytest.approx(wanted, rel=1e-10), name


@pytest.mark.parametrize("seed", SEEDS)
def test_label_weighted_ranking_precision(seed: int) -> None:
    """scikit-learn's with the number of labels of each row as its weight; rows without labels take no part."""
    random = np.random.default_rng(seed)
    truth = (random.random((ROWS, 6)) < 0.25).astype(np.float64)
    scores = random.random(truth.shape).round(1)
    scored = truth.any(axis=1)
    counts = truth[scored].sum(axis=1)
    expected = sk.label_ranking_average_precision_score(truth[scored], scores[scored], sample_weight=counts)
    full = counts == 6
    assert not full.any()
    assert value("lwlrap", truth, scores) == pytest.approx(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, guess = random.gamma(2, size=ROWS).round(1), random.gamma(2, size=ROWS).round(1)
    truth[:3], weights = 0.0, some_weights(random, seed)
    weighted = {"sample_weight": weights}
    expected = {
        "rmse": sk.root_mean_squared_error(truth, guess, **weighted),
        "rmsle": sk.root_mean_squared_log_error(truth, guess, **weighted),
        "mae": sk.mean_absolute_error(truth, guess, **weighted),
        "mape": sk.mean_absolute_percentage_error(truth, guess, **weighted),
        "r2": sk.r2_score(truth, guess, **weighted),
        "log-mae": np.log(sk.mean_absolute_error(truth, guess, **weighted)),
    }
    for name, wanted in expected.items():
        assert value(name, truth, guess, weights=weights) == pytest.approx(wanted, rel=1e-10), name
    found = value("pinball", truth, guess, weights=weights, options={"quantile": 0.1})
    assert found == pytest.approx(sk.mean_pinball_loss(truth, guess, alpha=0.1, **weighted))
    assert value("pearson", truth, guess) == pytest.approx(stats.pearsonr(truth, guess).statistic)
    assert value("spearman", truth, guess) == pytest.approx(stats.spearmanr(truth, guess).statistic)
    assert value("kendall", truth, guess) == pytest.approx(stats.kendalltau(truth, guess).statistic)
    if weights is not None:
        covariance = np.cov(truth, guess, aweights=weights)
        wanted = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
        assert value("pearson", truth, guess, weights=weights) == pytest.approx(wanted)


@pytest.mark.parametrize("seed", SEEDS)
def test_several_numbers(seed: int) -> None:
    """Mean over the targets, unknown cells left out, targets weighted where the task says so."""
    random = np.random.default_rng(seed)
    truth, guess = random.gamma(2, size=(ROWS, 3)), random.gamma(2, size=(ROWS, 3))
    assert value("rmse", truth, guess) == pytest.approx(sk.root_mean_squared_error(truth, guess)), "MCRMSE"
    assert value("r2", truth, guess) == pytest.approx(sk.r2_score(truth, guess))
    truth[random.random(truth.shape) < 0.2] = np.nan
    parts = [(t[~np.isnan(t)], g[~np.isnan(t)]) for t, g in zip(truth.T, guess.T, strict=True)]
    found = value("mae", truth, guess, options={"target_weights": [3, 0, 1]})
    wanted = np.average([sk.mean_absolute_error(*part) for part in parts], weights=[3, 0, 1])
    assert found == pytest.approx(wanted)
    ranks = np.mean([stats.spearmanr(*part).statistic for part in parts])
    assert value("spearman", truth, guess) == pytest.approx(ranks)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [None, 3])
def test_gain_of_rankings(seed: int, k: int | None) -> None:
    random = np.random.default_rng(seed)
    relevance, guess = random.integers(0, 4, (30, 8)).astype(float), random.random((30, 8)).round(1)
    options = {} if k is None else {"k": k}
    expected = sk.ndcg_score(relevance, guess, k=k)
    assert value("ndcg", relevance, guess, options=options) == pytest.approx(expected), "a row is a query"
    order = random.permutation(240)
    groups = np.repeat(np.arange(30), 8)[order]
    flat, said = relevance.ravel()[order], guess.ravel()[order]
    assert value("ndcg", flat, said, options=options, groups=groups) == pytest.approx(expected), "a group is a query"
    assert value("ndcg", flat, said, options=options) == pytest.approx(sk.ndcg_score([flat], [said], k=k))


@pytest.mark.parametrize("seed", SEEDS)
def test_divergence_of_distributions(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, guess = random.dirichlet(np.ones(5) / 2, ROWS), random.dirichlet(np.ones(5), ROWS)
    truth[:5] = np.eye(5)
    expected = np.mean([stats.entropy(p, q) for p, q in zip(truth, guess, strict=True)])
    assert value("kl-divergence", truth, guess) == pytest.approx(expected)
    assert value("kl-divergence", truth * 7, guess) == pytest.approx(expected), "votes are divided by their sum"
    truth[3] = np.nan
    known = np.mean([stats.entropy(p, q) for p, q in zip(truth, guess, strict=True) if not np.isnan(p[0])])
    assert value("kl-divergence", truth, guess) == pytest.approx(known)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["rmse", "mae", "mape", "pinball", "r2", "spearman", "auc", "f1-macro", "logloss"])
def test_groups_are_scored_one_by_one(name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = random.integers(0, 9, ROWS) * 2
    metric = METRICS[name]
    if metric.predictions == "value":
        truth, guess, context = random.gamma(2, size=ROWS), random.gamma(2, size=ROWS), NOTHING
    else:
        truth, context = random.integers(0, 3, ROWS), Context(np.arange(3.0))
        guess = random.dirichlet(np.ones(3), ROWS)
        guess = guess if metric.predictions == "probability" else guess.argmax(axis=1)
    parts = [metric.value(truth[groups == g], guess[groups == g], context) for g in np.unique(groups)]
    found = metric.value(truth, guess, Context(context.levels, groups=groups))
    assert found == pytest.approx(np.mean(parts))
