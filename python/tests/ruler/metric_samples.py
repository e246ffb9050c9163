"""Random tasks with the answers of two programs of equal quality, one maker per kind of metric."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from automlgen_runtime.metrics import NOTHING, Context

Random = np.random.Generator
Sample = tuple[np.ndarray, np.ndarray, np.ndarray, Context]
"""(truth, first program, second program, context)."""
Maker = Callable[[Random, int], Sample]

WORDS = np.array(["red", "green", "blue", "cyan", "black", "white", "grey", "pink"], dtype=object)


def softmax(logits: np.ndarray) -> np.ndarray:
    exponents = np.exp(logits)
    return exponents / exponents.sum(axis=1, keepdims=True)


def binary(random: Random, rows: int, share: float = 0.3) -> Sample:
    codes = (random.random(rows) < share).astype(np.int64)
    common = random.normal(size=rows)
    scores = [1 / (1 + np.exp(-(codes + common + random.normal(size=rows) * 0.5))) for _ in range(2)]
    return codes, *(np.column_stack([1 - s, s]) for s in scores), Context(np.arange(2.0))


def coarse_binary(random: Random, rows: int) -> Sample:
    """Probabilities of one decimal: many ties."""
    codes, first, second, context = binary(random, rows)
    return codes, first.round(1), second.round(1), context


def classes(random: Random, rows: int) -> Sample:
    codes = random.choice(4, rows, p=[0.5, 0.25, 0.15, 0.1])
    common = random.normal(size=(rows, 4)) + 1.2 * np.eye(4)[codes]
    return codes, *(softmax(common + random.normal(size=(rows, 4)) * 0.5) for _ in range(2)), Context(np.arange(4.0))


def two_labels(random: Random, rows: int) -> Sample:
    codes, first, second, context = binary(random, rows)
    return codes, first.argmax(axis=1), second.argmax(axis=1), context


def labels(random: Random, rows: int) -> Sample:
    codes, first, second, context = classes(random, rows)
    return codes, first.argmax(axis=1), second.argmax(axis=1), context


def grades(random: Random, rows: int) -> Sample:
    """Levels 1 2 5 10, and predictions that are near."""
    truth = random.normal(size=rows)
    common = truth + random.normal(size=rows) * 0.6
    cut = [np.digitize(v, [-0.8, 0.2, 1.1]) for v in (truth, *(common + random.normal(size=rows) * 0.3 for _ in "ab"))]
    return *cut, Context(np.array([1.0, 2.0, 5.0, 10.0]))


def many_targets(random: Random, rows: int) -> Sample:
    """Four 0/1 targets that occur with each other, and their probabilities."""
    latent = random.normal(size=(rows, 4)) * 0.8 + random.normal(size=(rows, 1)) * 0.6
    truth = (latent + random.normal(size=(rows, 4)) * 0.5 > [0.0, 0.3, 0.6, 0.9]).astype(np.float64)
    common = latent + random.normal(size=(rows, 4)) * 0.5
    return truth, *(1 / (1 + np.exp(-common - random.normal(size=(rows, 4)) * 0.4)) for _ in range(2)), NOTHING


def gappy_targets(random: Random, rows: int) -> Sample:
    """The same with a tenth of the truth unknown."""
    truth, first, second, context = many_targets(random, rows)
    return np.where(random.random(truth.shape) < 0.1, np.nan, truth), first, second, context


def many_labels(random: Random, rows: int) -> Sample:
    truth, first, second, context = many_targets(random, rows)
    return truth, (first > 0.6).astype(np.int64), (second > 0.6).astype(np.int64), context


def distributions(random: Random, rows: int) -> Sample:
    logits = random.normal(size=(rows, 4))
    common = logits + random.normal(size=(rows, 4)) * 0.5
    return softmax(logits), *(softmax(common + random.normal(size=(rows, 4)) * 0.3) for _ in range(2)), NOTHING


def numbers(random: Random, rows: int) -> Sample:
    truth = random.normal(size=rows)
    common = truth * 0.7 + random.normal(size=rows) * 0.5
    first, second = (common + random.normal(size=rows) * 0.3 for _ in range(2))
    return truth, first, second, NOTHING


def positive(random: Random, rows: int) -> Sample:
    truth, first, second, context = numbers(random, rows)
    return np.exp(truth), np.exp(first), np.exp(second), context


def far_from_zero(random: Random, rows: int) -> Sample:
    truth, first, second, context = numbers(random, rows)
    return truth + 6, first + 6, second + 6, context


def coarse(random: Random, rows: int) -> Sample:
    truth, first, second, context = numbers(random, rows)
    return np.round(truth), np.round(first), np.round(second), context


def quantiles(random: Random, rows: int) -> Sample:
    truth, first, second, _ = numbers(random, rows)
    return truth, first + 0.6, second + 0.6, Context(options={"quantile": 0.8})


def columns(random: Random, rows: int) -> Sample:
    """Three targets of different scale, a tenth of the truth unknown, unequal weights."""
    parts = [numbers(random, rows) for _ in range(3)]
    truth, first, second = (np.column_stack([part[i] for part in parts]) * [1.0, 3.0, 0.5] for i in range(3))
    truth[random.random(truth.shape) < 0.1] = np.nan
    return truth, first, second, Context(options={"target_weights": [1.0, 2.0, 1.0]})


def with_options(maker: Maker, **options: object) -> Maker:
    def make(random: Random, rows: int) -> Sample:
        truth, first, second, context = maker(random, rows)
        return truth, first, second, Context(context.levels, options)

    return make


def weighted(maker: Maker) -> Maker:
    """With random row weights."""

    def make(random: Random, rows: int) -> Sample:
        truth, first, second, context = maker(random, rows)
        weights = random.choice([0.0, 0.5, 1.0, 3.0], rows)
        return truth, first, second, Context(context.levels, context.options, weights)

    return make


def kinds(maker: Maker, count: int = 5) -> Maker:
    """With a few fixed groups whose errors differ."""

    def make(random: Random, rows: int) -> Sample:
        truth, first, second, context = maker(random, rows)
        groups = random.integers(0, count, rows)
        scale = (1.0 + groups)[:, None] if truth.ndim == 2 else 1.0 + groups
        if first.dtype == np.float64 and first.shape == truth.shape:
            first, second = truth + (first - truth) * scale, truth + (second - truth) * scale
        return truth, first, second, Context(context.levels, context.options, groups=groups)

    return make


def series(random: Random, rows: int) -> Sample:
    """Series of ten rows, each with a scale and a quality of its own: the series are the sample."""
    count = rows // 10
    groups = np.repeat(np.arange(count), 10)
    scale, quality = np.exp(random.normal(size=count) * 0.5)[groups], np.exp(random.normal(size=count) * 0.3)[groups]
    truth, first, second, _ = numbers(random, rows)
    first, second = (truth + (p - truth) * quality for p in (first, second))
    return truth * scale, first * scale, second * scale, Context(groups=groups, scale=scale)


def queries(random: Random, rows: int) -> Sample:
    groups = np.repeat(np.arange(rows // 10), 10)
    taste = random.normal(size=rows // 10)[groups] * 0.5
    latent = random.normal(size=rows) + taste
    common = latent + random.normal(size=rows) * 0.7
    first, second = (common + random.normal(size=rows) * 0.4 for _ in range(2))
    relevance = np.digitize(latent, [-0.7, 0.7, 1.6]).astype(np.float64)
    return relevance, first.round(1), second, Context(options={"k": 4}, groups=groups)


def lungs(random: Random, rows: int) -> Sample:
    truth = random.normal(2500, 400, rows)
    common = truth + random.normal(size=rows) * 200
    sigma = np.exp(random.normal(5.2, 0.3, rows))
    return truth, *(np.column_stack([common + random.normal(size=rows) * 100, sigma]) for _ in range(2)), NOTHING


def places(random: Random, rows: int) -> Sample:
    truth = np.column_stack([random.uniform(37, 38, rows), random.uniform(-123, -122, rows)])
    common = truth + random.normal(size=truth.shape) * 0.01
    return truth, *(common + random.normal(size=truth.shape) * 0.005 for _ in range(2)), NOTHING


def directions(random: Random, rows: int) -> Sample:
    """Azimuth and zenith in radians."""
    truth = np.column_stack([random.uniform(0, 2 * np.pi, rows), np.arccos(random.uniform(-1, 1, rows))])
    common = truth + random.normal(size=truth.shape) * 0.4
    return truth, *(common + random.normal(size=truth.shape) * 0.2 for _ in range(2)), NOTHING


def orders(random: Random, rows: int) -> Sample:
    """Orders of eight words."""
    latent = random.normal(size=(rows, 8))
    common = latent + random.normal(size=(rows, 8)) * 0.6
    sorts = [np.argsort(part + random.normal(size=(rows, 8)) * 0.4, axis=1) for part in (common, common)]
    return *(_texts([list(WORDS[row]) for row in part]) for part in (np.argsort(latent, axis=1), *sorts)), NOTHING


def _texts(lists: list[list[str]]) -> np.ndarray:
    return np.array([" ".join(words) for words in lists], dtype=object)


def label_sets(random: Random, rows: int) -> Sample:
    chosen = random.random((rows, 8)) < 0.3
    flips = random.random((rows, 8)) < 0.1
    answers = [chosen ^ flips ^ (random.random((rows, 8)) < 0.08) for _ in range(2)]
    return *(_texts([list(WORDS[mask]) for mask in matrix]) for matrix in (chosen, *answers)), NOTHING


def top_items(random: Random, rows: int) -> Sample:
    latent = random.normal(size=(rows, 8))
    relevant = (latent > 0.8) | (np.arange(8) == latent.argmax(axis=1)[:, None])
    common = latent + random.normal(size=(rows, 8)) * 0.7
    ranked = [np.argsort(-(common + random.normal(size=(rows, 8)) * 0.4), axis=1)[:, :6] for _ in range(2)]
    truth = _texts([list(WORDS[mask]) for mask in relevant])
    return truth, *(_texts([list(WORDS[row]) for row in order]) for order in ranked), Context(options={"k": 5})


def strings(random: Random, rows: int) -> Sample:
    letters = np.array(list("ACGT"))
    truth = [letters[random.integers(0, 4, random.integers(10, 40))] for _ in range(rows)]

    def copied(word: np.ndarray, share: float) -> np.ndarray:
        kept = word[random.random(len(word)) >= share / 2]
        return np.where(random.random(len(kept)) < share, letters[random.integers(0, 4, len(kept))], kept)

    common = [copied(word, 0.2) for word in truth]
    answers = [[copied(word, 0.1) for word in common] for _ in range(2)]
    return *(np.array(["".join(w) for w in words], dtype=object) for words in (truth, *answers)), NOTHING


def encoded(pixels: np.ndarray) -> str:
    """Run lengths of a 0/1 image, down the columns, from pixel 1."""
    flat = np.concatenate([[0], pixels.T.ravel(), [0]])
    changes = np.flatnonzero(np.diff(flat))
    return " ".join(f"{start + 1} {end - start}" for start, end in zip(changes[::2], changes[1::2], strict=True))


def shapes(random: Random, rows: int) -> Sample:
    """Boxes in images of 12 x 9, a fifth of them empty, and noisy copies."""
    y, x = np.mgrid[:12, :9]
    truth, answers = [], ([], [])
    for _ in range(rows):
        top, left, high, wide = random.integers([0, 0, 3, 3], [6, 4, 6, 5])
        box = (y >= top) & (y < top + high) & (x >= left) & (x < left + wide) & (random.random() < 0.8)
        common = box ^ ((random.random(box.shape) < 0.08) & (random.random() < 0.8))
        truth.append(encoded(box))
        for answer in answers:
            answer.append(encoded(common ^ ((random.random(box.shape) < 0.05) & (random.random() < 0.5))))
    return *(np.array(masks, dtype=object) for masks in (truth, *answers)), NOTHING


CASES: list[tuple[str, str, Maker]] = [
    ("auc", "binary", binary),
    ("auc", "ties", coarse_binary),
    ("auc", "classes", classes),
    ("auc", "targets", gappy_targets),
    ("auc", "weights", weighted(coarse_binary)),
    ("auc", "groups", kinds(binary, 4)),
    ("auc-weighted", "classes", classes),
    ("auc-weighted", "targets", gappy_targets),
    ("average-precision", "binary", binary),
    ("average-precision", "ties", coarse_binary),
    ("average-precision", "targets", many_targets),
    ("average-precision", "weights", weighted(classes)),
    ("logloss", "classes", classes),
    ("logloss", "targets", gappy_targets),
    ("logloss", "weights", weighted(classes)),
    ("brier", "binary", binary),
    ("brier", "classes", classes),
    ("f1-probability", "binary", binary),
    ("f1-probability", "targets", gappy_targets),
    ("kl-divergence", "distributions", distributions),
    ("accuracy", "labels", labels),
    ("accuracy", "targets", many_labels),
    ("balanced-accuracy", "labels", labels),
    ("f1", "two", two_labels),
    ("f1", "targets", many_labels),
    ("f1-macro", "labels", labels),
    ("f1-macro", "targets", many_labels),
    ("f1-micro", "labels", labels),
    ("f1-micro", "targets", many_labels),
    ("f1-weighted", "labels", labels),
    ("f1-weighted", "targets", many_labels),
    ("f1-weighted", "weights", weighted(many_labels)),
    ("f1-samples", "targets", many_labels),
    ("fbeta", "two", with_options(two_labels, beta=0.5)),
    ("fbeta", "targets", with_options(many_labels, beta=2.0)),
    ("mcc", "two", two_labels),
    ("mcc", "labels", labels),
    ("kappa", "labels", labels),
    ("kappa", "weights", weighted(labels)),
    ("qwk", "grades", grades),
    ("qwk", "weights", weighted(grades)),
    ("jaccard", "two", two_labels),
    ("jaccard", "labels", labels),
    ("rmse", "numbers", numbers),
    ("rmse", "targets", columns),
    ("rmse", "weights", weighted(numbers)),
    ("rmse", "kinds", kinds(numbers)),
    ("rmse", "series", series),
    ("rmsle", "positive", positive),
    ("rmspe", "positive", far_from_zero),
    ("mae", "numbers", numbers),
    ("log-mae", "kinds", kinds(numbers)),
    ("log-mae", "single", numbers),
    ("mape", "positive", positive),
    ("smape", "positive", positive),
    ("mase", "series", series),
    ("r2", "numbers", numbers),
    ("r2", "weights", weighted(numbers)),
    ("pearson", "numbers", numbers),
    ("pearson", "weights", weighted(numbers)),
    ("pearson", "targets", columns),
    ("spearman", "numbers", numbers),
    ("spearman", "ties", coarse),
    ("spearman", "targets", columns),
    ("kendall", "numbers", numbers),
    ("kendall", "ties", coarse),
    ("pinball", "quantiles", quantiles),
    ("laplace-log-likelihood", "lungs", lungs),
    ("haversine", "places", places),
    ("angular-error", "directions", directions),
    ("ndcg", "queries", queries),
    ("lrap", "targets", many_targets),
    ("lwlrap", "targets", many_targets),
    ("map-at-k", "items", top_items),
    ("kendall-orders", "orders", orders),
    ("jaccard-sets", "sets", label_sets),
    ("jaccard-words", "sets", label_sets),
    ("f1-sets", "sets", label_sets),
    ("f1-sets-micro", "sets", label_sets),
    ("levenshtein", "strings", strings),
    ("dice", "shapes", shapes),
    ("dice-global", "shapes", shapes),
    ("iou", "shapes", shapes),
    ("iou-precision", "shapes", shapes),
]
"""(metric, what is special, maker): every metric of the table but a task's own."""

IDS = [f"{name}-{special}" for name, special, _ in CASES]
