"""Learns decision rules, and whether they pay on rows they have not seen.

Of one target:
  accuracy, f1-micro                   the most probable class
  qwk                                  cut points on the expected level
  two classes                          a threshold on the positive class
  f1, fbeta, jaccard of a named class  a threshold on that class
  other metrics of labels              probabilities divided by a power of the class shares

Of several targets, each 0 or 1:
  accuracy                             0.5
  means over the targets               one threshold for all, or one each
  f1-micro, f1-samples                 one threshold for all: for calibrated probabilities the best is the same for all
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction
from automlgen_runtime.metrics.labels import disagreement
from automlgen_runtime.metrics.registry import METRICS, Metric
from automlgen_runtime.rules import CutPoints, Rule, Scaled, Threshold, Thresholds, expected, plain_rule

POWERS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Class probabilities are divided by the class share to one of these powers; 0 is the most probable class."""
BINS = 200
SWEEPS = 4
COARSE, FINE = 25, 9
"""Thresholds tried: first at quantiles of the probabilities, then between the two neighbours of the best."""

UNTUNED = ("accuracy", "f1-micro")
"""Of one target the most probable class is the best there is."""
COLUMNWISE = {
    **{name: name for name in ("f1", "fbeta", "jaccard", "mcc", "kappa", "qwk", "balanced-accuracy")},
    "f1-macro": "f1",
    "f1-weighted": "f1",
}
"""Metrics that are (weighted) means over the targets, and the metric of one of them."""
OF_ONE_CLASS = ("f1", "fbeta", "jaccard")

Learner = Callable[[Metric, Prediction, Floats, Context], Rule]


def learners_for(metric: Metric, classes: int, context: Context, several: bool) -> list[Learner]:
    """Ways to learn a rule that may suit the metric; none where nothing beats the plain rule."""
    if several:
        if metric.name == "accuracy":
            return []
        return [one_threshold, own_thresholds] if metric.name in COLUMNWISE else [one_threshold]
    if metric.name in UNTUNED:
        return []
    if metric.name == "qwk":
        return [_cuts]
    if classes == 2 or (metric.name in OF_ONE_CLASS and context.positive is not None):
        return [threshold]
    return [scaled]


def scaled(metric: Metric, codes: Prediction, probabilities: Floats, context: Context) -> Rule:
    classes = probabilities.shape[1]
    shares = np.maximum(np.bincount(codes, minlength=classes) / len(codes), 1.0 / (2 * len(codes)))
    rules = [Scaled(shares**power) for power in POWERS]
    return max(rules, key=lambda rule: metric.sign * metric.value(codes, rule(probabilities), context))


def threshold(metric: Metric, codes: Prediction, probabilities: Floats, context: Context) -> Rule:
    positive = 1 if context.positive is None else context.positive

    def quality(limit: float) -> float:
        return metric.sign * metric.value(codes, Threshold(positive, limit)(probabilities), context)

    return Threshold(positive, _best_limit(probabilities[:, positive], quality))


def one_threshold(metric: Metric, truth: Prediction, probabilities: Floats, context: Context) -> Rule:
    columns = probabilities.shape[1]

    def quality(limit: float) -> float:
        return metric.sign * metric.value(truth, Thresholds(np.full(columns, limit))(probabilities), context)

    return Thresholds(np.full(columns, _best_limit(probabilities.ravel(), quality)))


def own_thresholds(metric: Metric, truth: Prediction, probabilities: Floats, context: Context) -> Rule:
    """One threshold per target, each learnt on its own column: for means over the targets."""
    inner = METRICS[COLUMNWISE[metric.name]]
    limits = np.full(truth.shape[1], 0.5)
    for target in range(truth.shape[1]):
        rows = np.flatnonzero(~np.isnan(truth[:, target]))
        if len(rows):
            column, codes = probabilities[rows, target], truth[rows, target].astype(np.int64)
            limits[target] = _limit_of_column(inner, codes, column, context.at(rows).of_classes(2))
    return Thresholds(limits)


def _limit_of_column(metric: Metric, codes: Codes, column: Floats, context: Context) -> float:
    def quality(limit: float) -> float:
        return metric.sign * metric.value(codes, (column >= limit).astype(np.int64), context)

    return _best_limit(column, quality)


def _best_limit(values: Floats, quality: Callable[[float], float], start: float = 0.5) -> float:
    """Coarse, then fine; `start` stays unless something is better. The metric is asked about 35 times."""
    grid = np.unique(np.quantile(values, np.linspace(0, 1, COARSE + 2)[1:-1]))
    found = [quality(limit) for limit in grid]
    best = int(np.argmax(found))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    near = np.linspace(low, high, FINE + 2)[1:-1]
    tried = [(quality(start), 1, start)]
    tried += [(value, 0, float(limit)) for value, limit in zip(found, grid, strict=True)]
    tried += [(quality(limit), 0, float(limit)) for limit in near]
    return max(tried)[2]


def _cuts(_: Metric, codes: Prediction, probabilities: Floats, context: Context) -> Rule:
    return learn_cuts(codes, probabilities, context.levels)


def learn_cuts(codes: Codes, probabilities: Floats, levels: Floats) -> CutPoints:
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


def cross_fitted(
    learner: Learner, metric: Metric, truth: Prediction, probabilities: Floats, context: Context, parts: Codes
) -> Codes:
    """Labels of each part by the rule learnt on the other parts: what the rule is worth on rows it has not seen."""
    labels = plain_rule(probabilities, truth.ndim == 2)(probabilities)
    for part in np.unique(parts):
        own = parts == part
        if not own.all():
            rule = learner(metric, truth[~own], probabilities[~own], context.at(~own))
            labels[own] = rule(probabilities[own])
    return labels


def dependable(
    metric: Metric, truth: Prediction, probabilities: Floats, context: Context, parts: Codes
) -> tuple[Codes, Learner | None]:
    """Labels as on unseen rows, and the learner that made them; none where the plain rule is not beaten there."""
    several = truth.ndim == 2
    labels, trusted = plain_rule(probabilities, several)(probabilities), None
    best = metric.sign * metric.value(truth, labels, context)
    for learner in learners_for(metric, probabilities.shape[1], context, several):
        tuned = cross_fitted(learner, metric, truth, probabilities, context, parts)
        value = metric.sign * metric.value(truth, tuned, context)
        if value > best:
            best, labels, trusted = value, tuned, learner
    return labels, trusted


def rule_of(metric: Metric, truth: Prediction, probabilities: Floats, context: Context, parts: Codes) -> Rule:
    """The rule to use on new rows: learnt on all these where that pays, else the plain one."""
    _, learner = dependable(metric, truth, probabilities, context, parts)
    several = truth.ndim == 2
    return plain_rule(probabilities, several) if learner is None else learner(metric, truth, probabilities, context)


def labelled(space: Floats, several: bool) -> Prediction:
    """Labels of averaged votes: the most voted class; of several targets those with at least half of the votes."""
    return plain_rule(space, several)(space)
