"""From class probabilities to labels: the most probable class, scaled priors for F1, cut points for kappa."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats
from automlgen_runtime.metrics.labels import confusion, f1_macro_of, qwk_of

POWERS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Class probabilities are divided by the class share to one of these powers; 0 is the most probable class."""
BINS = 200
SWEEPS = 3

Rule = Callable[[Floats], Codes]


def most_probable(probabilities: Floats) -> Codes:
    return np.argmax(probabilities, axis=1).astype(np.int64)


def learn(metric: str, codes: Codes, probabilities: Floats, levels: Floats) -> Rule:
    """The rule that suits the metric best on these rows: one parameter for F1, classes - 1 for kappa, else none."""
    if metric == "f1-macro":
        return _scaled(codes, probabilities)
    return CutPoints.learn(codes, probabilities, levels) if metric == "qwk" else most_probable


def _scaled(codes: Codes, probabilities: Floats) -> Rule:
    classes = probabilities.shape[1]
    shares = np.maximum(np.bincount(codes, minlength=classes) / len(codes), 1.0 / (2 * len(codes)))

    def quality(power: float) -> float:
        return f1_macro_of(confusion(codes, most_probable(probabilities / shares**power), classes))

    best = max(POWERS, key=quality)
    return lambda new: most_probable(new / shares**best)


@dataclass(frozen=True)
class CutPoints:
    """Expected level of a row, cut into classes. `cuts` are in ascending order, `order` lists the classes by level."""

    cuts: Floats
    order: Codes
    levels: Floats

    def __call__(self, probabilities: Floats) -> Codes:
        return self.order[np.searchsorted(self.cuts, expected(probabilities, self.levels), side="right")]

    @staticmethod
    def learn(codes: Codes, probabilities: Floats, levels: Floats) -> CutPoints:
        """Starts where predicted shares equal the true ones, then moves one cut after the other (on 200 bins)."""
        order = np.argsort(levels, kind="stable").astype(np.int64)
        values = expected(probabilities, levels)
        edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1]))
        bins = np.searchsorted(edges, values, side="right")
        position = np.empty(len(order), np.int64)
        position[order] = np.arange(len(order))
        table = np.zeros((len(levels), len(edges) + 1))
        np.add.at(table, (position[codes], bins), 1.0)
        running = np.concatenate([np.zeros((len(levels), 1)), np.cumsum(table, axis=1)], axis=1)
        chosen = _ascend(running, levels[order])
        lowest, highest = float(values.min()) - 1.0, float(values.max()) + 1.0
        padded = np.concatenate([[lowest], edges, [highest]])
        return CutPoints(padded[chosen], order, levels)


def expected(probabilities: Floats, levels: Floats) -> Floats:
    return probabilities @ levels


def _ascend(running: Floats, levels: Floats) -> Codes:
    """Positions of the cuts: one at b puts the first b bins below; `running[k, b]`: rows of class k in those bins."""
    classes, stops = running.shape
    below = running.sum(axis=0)
    shares = np.cumsum(running[:, -1])[:-1]
    cuts = np.searchsorted(below, shares, side="left").clip(0, stops - 1)

    def quality(candidate: Codes) -> float:
        bounds = np.concatenate([[0], candidate, [stops - 1]])
        return qwk_of(np.diff(running[:, bounds], axis=1), levels)

    best = quality(cuts)
    for _ in range(SWEEPS):
        for which in range(classes - 1):
            low = cuts[which - 1] if which else 0
            high = cuts[which + 1] if which < classes - 2 else stops - 1
            for stop in range(int(low), int(high) + 1):
                trial = cuts.copy()
                trial[which] = stop
                value = quality(trial)
                if value > best + 1e-12:
                    best, cuts = value, trial
    return cuts


def cross_fitted(metric: str, codes: Codes, probabilities: Floats, levels: Floats, parts: Codes) -> Codes:
    """Labels of each part by the rule learnt on the other parts: what the rule is worth on rows it has not seen."""
    labels = most_probable(probabilities)
    if metric == "accuracy":
        return labels
    for part in np.unique(parts):
        own = parts == part
        if not own.all():
            labels[own] = learn(metric, codes[~own], probabilities[~own], levels)(probabilities[own])
    return labels


def dependable(metric: str, codes: Codes, probabilities: Floats, levels: Floats, parts: Codes) -> tuple[Codes, bool]:
    """Cross-fitted labels, and whether the learnt rule beats the most probable class on rows it has not seen."""
    plain, tuned = most_probable(probabilities), cross_fitted(metric, codes, probabilities, levels, parts)
    quality = f1_macro_of if metric == "f1-macro" else (lambda cells: qwk_of(cells, levels))
    if metric == "accuracy" or quality(confusion(codes, tuned, len(levels))) <= quality(
        confusion(codes, plain, len(levels))
    ):
        return plain, False
    return tuned, True
