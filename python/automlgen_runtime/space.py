"""The space in which predictions are averaged, and the way back to what a metric scores.

Probabilities for the logarithmic loss and for metrics of labels, ranks where only the order counts, numbers clipped to
the range of the training target otherwise (one extrapolating model ruined whole blends without it).
"""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats
from automlgen_runtime.metrics.probabilities import normalised
from automlgen_runtime.metrics.registry import RANKED
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.scoring import rank_shares
from automlgen_runtime.submission import Answer


def averageable(ruler: Ruler, answer: Answer) -> Floats | None:
    """The answer in the space of averages; nothing for labels without probabilities."""
    name = ruler.metric.name
    if ruler.metric.predictions == "label":
        return None if answer.probabilities is None else normalised(answer.probabilities)
    if name in RANKED:
        return rank_shares(answer.primary)
    return normalised(answer.primary) if name == "logloss" else clipped(ruler, answer.primary)


def clipped(ruler: Ruler, values: Floats) -> Floats:
    return values if ruler.target_range is None else np.clip(values, *ruler.target_range)


def votes(codes: Codes, classes: int) -> Floats:
    """Labels as certain probabilities: what is averaged over the folds of a program that writes labels alone."""
    return np.eye(classes)[codes]
