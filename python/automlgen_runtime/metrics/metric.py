"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from automlgen_runtime.metrics.arrays import Context, Prediction, Truth

Direction = Literal["maximise", "minimise"]
Kind = Literal["probability", "label", "value", "text"]
Blend = Literal["mean", "rank", "none"]


@dataclass(frozen=True)
class Metric:
    """`value(truth, prediction, context)`; `perfect` is the best value there is, `worst` the other end or infinity.

    `blend`: what of several programs may be averaged: the numbers or probabilities themselves (`mean`; for labels the
    probabilities behind them), their ranks, or nothing. `weighted`: whether `context.weights` are honoured; a metric
    that takes none refuses them.
    """

    name: str
    direction: Direction
    predictions: Kind
    perfect: float
    worst: float
    value: Callable[[Truth, Prediction, Context], float]
    blend: Blend = "mean"
    weighted: bool = True

    @property
    def sign(self) -> float:
        """1 where larger is better, -1 where smaller is."""
        return 1.0 if self.direction == "maximise" else -1.0
