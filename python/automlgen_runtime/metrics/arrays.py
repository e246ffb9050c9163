"""Array types shared by the metrics.

A *truth* is an array of class codes (integers, the position in the task's class list), of numbers or of texts; with
several targets a matrix (rows x targets) whose NaN cells are skipped.
A *prediction* is a matrix of class probabilities (rows x classes), an array of class codes, of numbers or of texts;
with several targets a matrix (rows x targets).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Truth = npt.NDArray[np.int64] | npt.NDArray[np.float64] | npt.NDArray[np.object_]
Prediction = npt.NDArray[np.int64] | npt.NDArray[np.float64] | npt.NDArray[np.object_]


class UndefinedScoreError(ValueError):
    """The metric has no value on these rows, for example an AUC where a single class occurs."""


class RefusedError(UndefinedScoreError):
    """A task's own metric took no value from the predictions of a program; `kind` says how, without showing a label."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Context:
    """What a metric needs beside truth and prediction. Everything is optional; arrays have one entry per row.

    `levels`: numeric values of the classes (their count is the number of classes). `options`: `MetricOptions` of
    `src/domain/metric.ts`. `weights`: weight of each row. `groups`: codes of the groups that a metric scores one by one
    (not those of standard errors). `scale`: what each row's error is divided by (MASE). `positive`: code of the class
    that counts as positive, where one is named.
    """

    levels: Floats = field(default_factory=lambda: np.zeros(0))
    options: Mapping[str, Any] = field(default_factory=dict)
    weights: Floats | None = None
    groups: Codes | None = None
    scale: Floats | None = None
    positive: int | None = None

    def at(self, rows: Codes | Mask | slice) -> Context:
        """The context of some rows."""

        def taken(column: Any) -> Any:
            return None if column is None else column[rows]

        return replace(self, weights=taken(self.weights), groups=taken(self.groups), scale=taken(self.scale))

    def of_classes(self, count: int) -> Context:
        """With levels 0, 1, ... where these are of another number of classes."""
        return self if len(self.levels) == count else replace(self, levels=np.arange(float(count)))

    def with_levels(self, levels: Floats, classes: Sequence[str]) -> Context:
        """With the levels of named classes, and the position of the one that `options["positive"]` names."""
        named = self.options.get("positive")
        return replace(self, levels=levels, positive=list(classes).index(named) if named in classes else self.positive)

    def ungrouped(self) -> Context:
        return replace(self, groups=None)


NOTHING = Context()
"""The context of metrics that need none."""
