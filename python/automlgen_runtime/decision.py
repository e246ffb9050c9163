"""From class probabilities to labels: the most probable class, scaled priors for F1, cut points for kappa."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats
from automlgen_runtime.metrics.labels import confusion, disagreement, f1_macro_of, qwk_of

POWERS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Class probabilities are divided by the class share to one of these powers; 0 is the most probable class."""
BINS = 200
SWEEPS = 4

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
    """Positions of the cuts: one at b puts the first b bins below; `running[k, b]`: rows of class k in those bins.

    Observed and expected disagreement are both linear in the rows that a moved cut hands from one class to its
    neighbour, so that all positions of a cut are tried at once.
    """
    stops = running.shape[1]
    below, totals, weights = running.sum(axis=0), running[:, -1], disagreement(levels)
    by_class = totals @ weights / below[-1]
    cuts = np.searchsorted(below, np.cumsum(totals)[:-1], side="left").clip(0, stops - 1)
    for _ in range(SWEEPS):
        for which in range(len(cuts)):
            bounds = np.concatenate([[0], cuts, [stops - 1]])
            counts = np.diff(running[:, bounds], axis=1)
            trials = np.arange(bounds[which], bounds[which + 2] + 1)
            handed = running[:, trials] - running[:, [cuts[which]]]
            observed = (weights * counts).sum() + (weights[:, which] - weights[:, which + 1]) @ handed
            chance = by_class @ counts.sum(axis=0) + (by_class[which] - by_class[which + 1]) * handed.sum(axis=0)
            kappa = 1 - np.divide(observed, chance, out=np.ones_like(observed), where=chance > 0)
            current = int(cuts[which] - bounds[which])
            better = int(np.argmax(kappa))
            cuts[which] = trials[better if kappa[better] > kappa[current] + 1e-12 else current]
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
