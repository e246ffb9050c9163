"""Decision rules as data: how class probabilities become labels. Each can be applied, and written down as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats


def most_probable(probabilities: Floats) -> Codes:
    return np.argmax(probabilities, axis=1).astype(np.int64)


@dataclass(frozen=True)
class MostProbable:
    """The class with the largest probability; the first among equals."""

    def __call__(self, probabilities: Floats) -> Codes:
        return most_probable(probabilities)

    def as_json(self) -> dict[str, Any]:
        return {"kind": "most-probable"}


@dataclass(frozen=True)
class Scaled:
    """The class whose probability, divided by its divisor, is largest."""

    divisors: Floats

    def __call__(self, probabilities: Floats) -> Codes:
        return most_probable(probabilities / self.divisors)

    def as_json(self) -> dict[str, Any]:
        return {"kind": "scaled", "divisors": self.divisors.tolist()}


@dataclass(frozen=True)
class Threshold:
    """The positive class from a threshold on; below it the most probable of the others."""

    positive: int
    threshold: float

    def __call__(self, probabilities: Floats) -> Codes:
        others = probabilities.copy()
        others[:, self.positive] = -1.0
        chosen = probabilities[:, self.positive] >= self.threshold
        return np.where(chosen, self.positive, most_probable(others)).astype(np.int64)

    def as_json(self) -> dict[str, Any]:
        return {"kind": "threshold", "positive": self.positive, "threshold": self.threshold}


@dataclass(frozen=True)
class Thresholds:
    """Of several targets: each is 1 from its own threshold on."""

    thresholds: Floats

    def __call__(self, probabilities: Floats) -> Codes:
        return (probabilities >= self.thresholds).astype(np.int64)

    def as_json(self) -> dict[str, Any]:
        return {"kind": "thresholds", "thresholds": self.thresholds.tolist()}


@dataclass(frozen=True)
class CutPoints:
    """Expected level of a row, cut into classes. `cuts` are in ascending order, `order` lists the classes by level."""

    cuts: Floats
    order: Codes
    levels: Floats

    def __call__(self, probabilities: Floats) -> Codes:
        return self.order[np.searchsorted(self.cuts, expected(probabilities, self.levels), side="right")]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "cuts",
            "cuts": self.cuts.tolist(),
            "order": self.order.tolist(),
            "levels": self.levels.tolist(),
        }


Rule = MostProbable | Scaled | Threshold | Thresholds | CutPoints


def expected(probabilities: Floats, levels: Floats) -> Floats:
    return probabilities @ levels


def plain_rule(probabilities: Floats, several: bool) -> Rule:
    """What one would do without tuning."""
    return Thresholds(np.full(probabilities.shape[1], 0.5)) if several else MostProbable()
