"""Programs as the final choice sees them: predictions on the pooled rows, ready to be scored or averaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from automlgen_runtime.decision import dependable, rule_of
from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction
from automlgen_runtime.metrics.registry import METRICS
from automlgen_runtime.predictions import NodePredictions, assembled, rows_common
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.rules import Rule, expected, plain_rule
from automlgen_runtime.scoring import comparable
from automlgen_runtime.space import Averaging, averageable, averaging_of, back, votes
from automlgen_runtime.submission import Answer

PARTS = 5
TIE_BREAK = 0.01
"""Weight of a smooth loss beside a metric of labels: it decides between blends whose labels are equally good."""


@dataclass(frozen=True)
class Contender:
    """`own`: what the program itself answered; `space`: what can be averaged, or nothing; `shares`: for metrics of
    labels the probabilities it wrote."""

    node_id: str
    family: str
    seconds: float
    value: float
    own: Prediction
    space: Floats | None
    shares: Floats | None = None


@dataclass(frozen=True)
class Field:
    """The contenders and the pooled rows R that all of them have predicted; arrays have one entry per row of R."""

    ruler: Ruler
    rows: Codes
    parts: Codes
    contenders: list[Contender]
    averaging: Averaging = "values"

    @cached_property
    def truth(self) -> Prediction:
        return self.ruler.truth[self.rows]

    @cached_property
    def context(self) -> Context:
        return self.ruler.context.at(self.rows)

    @property
    def labelled(self) -> bool:
        return self.ruler.metric.predictions == "label"

    @property
    def several(self) -> bool:
        return bool(self.ruler.targets)

    def judged(self, space: Floats) -> Prediction:
        """Averaged predictions in the form that the metric scores; labels by a rule cross-fitted over the parts."""
        if not self.labelled:
            return back(self.ruler, space)
        if self.averaging == "votes":
            return plain_rule(space, self.several)(space)
        return dependable(self.ruler.metric, self.truth, space, self.context, self.parts)[0]

    def single(self, contender: Contender) -> Prediction:
        """A program alone: its own labels, or the decision rule on its probabilities where that is better."""
        if contender.shares is None:
            return contender.own
        if contender.node_id not in self._ruled:
            ruled = dependable(self.ruler.metric, self.truth, contender.shares, self.context, self.parts)[0]
            better = self.value(ruled) > self.value(contender.own)
            self._ruled[contender.node_id] = ruled if better else contender.own
        return self._ruled[contender.node_id]

    @cached_property
    def _ruled(self) -> dict[str, Prediction]:
        return {}

    def value(self, prediction: Prediction, at: Codes | slice = slice(None)) -> float:
        """Larger is better."""
        metric = self.ruler.metric
        return metric.sign * metric.value(self.truth[at], prediction[at], self.context.at(at))

    def climber(self, spaces: Sequence[Floats], at: Codes | slice = slice(None)) -> Callable[[Floats], float]:
        """The quality that the greedy selection climbs; its decision rule is learnt once, on the mean of all."""
        rule = plain_rule(spaces[0], self.several)
        if self.labelled and self.averaging != "votes" and not self._by_level:
            pooled = np.mean([space[at] for space in spaces], axis=0)
            rule = rule_of(self.ruler.metric, self.truth[at], pooled, self.context.at(at), self.parts[at])
        return lambda space: self.quality(space, rule, at)

    @property
    def _by_level(self) -> bool:
        return self.ruler.metric.name == "qwk" and not self.several and self.averaging != "votes"

    def quality(self, space: Floats, rule: Rule, at: Codes | slice = slice(None)) -> float:
        """Larger is better: the metric itself, or a stand-in for metrics of labels.

        Quadratic kappa: minus the squared error of the expected level. Other labels: the metric of the rule's labels,
        with a hundredth of a smooth loss, which decides between equals.
        """
        ruler, truth = self.ruler, self.truth[at]
        if not self.labelled:
            return self.value(back(ruler, space), at)
        if self._by_level:
            return -float(np.mean((expected(space[at], ruler.levels) - ruler.levels[truth]) ** 2))
        labels = rule(space[at])
        gain = ruler.metric.sign * ruler.metric.value(truth, labels, self.context.at(at))
        return gain - TIE_BREAK * self._loss(space[at], truth)

    def _loss(self, space: Floats, truth: Prediction) -> float:
        """Logarithmic for probabilities, quadratic for votes (a sure mistake must not cost without bound)."""
        if self.averaging != "votes":
            return METRICS["logloss"].value(truth, space, self.context_of_shares)
        aims = truth if self.several else np.eye(space.shape[1])[truth]
        return float(np.nanmean((space - aims) ** 2))

    @cached_property
    def context_of_shares(self) -> Context:
        """For losses of probabilities, which know nothing of row weights here."""
        return Context(self.context.levels)

    def decided(self, space: Floats, fit: Codes, apply: Codes) -> Prediction:
        """Form that the metric scores at rows `apply`, the decision rule learnt at rows `fit` only."""
        if not self.labelled:
            return back(self.ruler, space[apply])
        if self.averaging == "votes":
            return plain_rule(space, self.several)(space[apply])
        return self.ruled(space, fit, apply)

    def ruled(self, shares: Floats, fit: Codes, apply: Codes) -> Prediction:
        """Labels at rows `apply` by the decision rule learnt at rows `fit`."""
        at = self.context.at(fit)
        return rule_of(self.ruler.metric, self.truth[fit], shares[fit], at, self.parts[fit])(shares[apply])


def field_of(
    ruler: Ruler, nodes: Sequence[tuple[NodePredictions, str, float, float]], averaging: Averaging | None = None
) -> Field:
    """From predictions with family, seconds and search value. R is what all of them have predicted.

    `averaging` is given where it was settled before. Else labels are averaged as probabilities where the best program
    wrote them, and as votes where it wrote labels alone.
    """
    rows = rows_common(ruler, [node for node, *_ in nodes])
    contenders = [
        Contender(node.node_id, family, seconds, value, *_predictions(ruler, node, rows))
        for node, family, seconds, value in nodes
    ]
    field = Field(ruler, rows, parts_of(ruler, rows), contenders, averaging_of(ruler))
    return voting(field) if (averaging or _settled(field)) == "votes" else field


def _settled(field: Field) -> Averaging:
    if not field.labelled or field.averaging == "none" or not field.contenders:
        return field.averaging
    best = max(field.contenders, key=lambda contender: field.value(field.single(contender)))
    usable = sum(contender.shares is not None for contender in field.contenders)
    return "probabilities" if best.shares is not None and (usable > 1 or len(field.contenders) < 3) else "votes"


def voting(field: Field) -> Field:
    """The same field, every program with its labels as votes."""
    classes = len(field.ruler.classes)
    voters = [replace(contender, space=votes(contender.own, classes)) for contender in field.contenders]
    return replace(field, contenders=voters, averaging="votes")


def _predictions(ruler: Ruler, node: NodePredictions, rows: Codes) -> tuple[Prediction, Floats | None, Floats | None]:
    own = comparable(ruler, node)[rows]
    if ruler.metric.predictions == "label":
        written = assembled(ruler, node, "probabilities")[rows] if node.has_probabilities() else None
        shares = averageable(ruler, Answer(own, written))
        return own, shares, shares
    space = averageable(ruler, Answer(own))
    if space is None or averaging_of(ruler) in ("ranks", "row-scales"):
        return own, space, None
    return back(ruler, space), space, None


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
