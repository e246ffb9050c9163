"""Programs as the final choice sees them: predictions on the pooled rows, ready to be scored or averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from automlgen_runtime.decision import dependable, expected, learn, most_probable
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction
from automlgen_runtime.metrics.probabilities import logloss
from automlgen_runtime.metrics.registry import RANKED
from automlgen_runtime.predictions import NodePredictions, assembled, rows_common
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import comparable
from automlgen_runtime.space import averageable
from automlgen_runtime.submission import Answer

PARTS = 5


@dataclass(frozen=True)
class Contender:
    """`own`: what the program itself answered; `space`: what can be averaged, or nothing."""

    node_id: str
    family: str
    seconds: float
    value: float
    own: Prediction
    space: Floats | None


@dataclass(frozen=True)
class Field:
    """The contenders and the pooled rows R that all of them have predicted; arrays have one entry per row of R."""

    ruler: Ruler
    rows: Codes
    parts: Codes
    contenders: list[Contender]

    @property
    def truth(self) -> Prediction:
        return self.ruler.truth[self.rows]

    @cached_property
    def context(self) -> Context:
        return self.ruler.context.at(self.rows)

    def judged(self, space: Floats) -> Prediction:
        """Averaged predictions in the form that the metric scores; labels by a rule cross-fitted over the parts."""
        if self.ruler.metric.predictions != "label":
            return space
        return dependable(self.ruler.metric.name, self.truth, space, self.ruler.levels, self.parts)[0]

    def single(self, contender: Contender) -> Prediction:
        """A program alone: its own labels, or the decision rule on its probabilities where that is better."""
        if contender.space is None or self.ruler.metric.predictions != "label":
            return contender.own
        ruled = self.judged(contender.space)
        return ruled if self.value(ruled) > self.value(contender.own) else contender.own

    def value(self, prediction: Prediction, at: Codes | slice = slice(None)) -> float:
        """Larger is better."""
        metric = self.ruler.metric
        return metric.sign * metric.value(self.truth[at], prediction[at], self.context.at(at))

    def quality(self, space: Floats, at: Codes | slice = slice(None)) -> float:
        """What the greedy selection climbs: the metric itself, or a smooth stand-in for metrics of labels.

        Kappa: minus the squared error of the expected level. Accuracy and F1: the metric of the most probable class,
        with a hundredth of the logarithmic loss, which decides between equals.
        """
        ruler, truth = self.ruler, self.truth[at]
        if ruler.metric.name == "qwk":
            return -float(np.mean((expected(space[at], ruler.levels) - ruler.levels[truth]) ** 2))
        if ruler.metric.predictions == "label":
            labels = most_probable(space[at])
            return ruler.metric.value(truth, labels, self.context.at(at)) - 0.01 * logloss(truth, space[at])
        return self.value(space, at)

    def decided(self, space: Floats, fit: Codes, apply: Codes) -> Prediction:
        """Form that the metric scores at rows `apply`, the decision rule learnt at rows `fit` only."""
        if self.ruler.metric.predictions != "label":
            return space[apply]
        metric, levels = self.ruler.metric.name, self.ruler.levels
        _, trusted = dependable(metric, self.truth[fit], space[fit], levels, self.parts[fit])
        rule = learn(metric, self.truth[fit], space[fit], levels) if trusted else most_probable
        return rule(space[apply])


def field_of(ruler: Ruler, nodes: Sequence[tuple[NodePredictions, str, float, float]]) -> Field:
    """From predictions with family, seconds and search value. R is what all of them have predicted."""
    rows = rows_common(ruler, [node for node, *_ in nodes])
    contenders = [
        Contender(node.node_id, family, seconds, value, *_predictions(ruler, node, rows))
        for node, family, seconds, value in nodes
    ]
    return Field(ruler, rows, parts_of(ruler, rows), contenders)


def _predictions(ruler: Ruler, node: NodePredictions, rows: Codes) -> tuple[Prediction, Floats | None]:
    own = comparable(ruler, node)[rows]
    if ruler.metric.predictions == "label":
        written = assembled(ruler, node, "probabilities")[rows] if node.has_probabilities() else None
        return own, averageable(ruler, Answer(own, written))
    space = averageable(ruler, Answer(own))
    return (own if ruler.metric.name in RANKED else space), space


def parts_of(ruler: Ruler, rows: Codes) -> Codes:
    """Folds where rows of at least two were done; else five seeded parts, whole groups where rows are grouped."""
    names = ruler.hidden.parts[rows]
    if ruler.folds and len(set(names)) > 1:
        return np.unique(names.astype(str), return_inverse=True)[1].astype(np.int64)
    random = np.random.default_rng(int(ruler.prepared["split"]["seed"]) % (1 << 32))
    groups = ruler.groups_of(rows)
    units = np.arange(len(rows)) if groups is None else groups
    assigned = random.permutation(int(units.max()) + 1 if len(units) else 0) % PARTS
    return assigned[units].astype(np.int64)
