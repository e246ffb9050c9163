"""From a program's files to what is recorded of it: predictions to blend, and their scores by the product's functions.

Predictions are kept in the space in which the composer averages the members of a mean, one number a row: the value
itself; its logarithm log(1 + x) where errors of logarithms count; the probability of the positive class; of several
classes the probability of the true one, which is all that the logarithmic loss asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from automlgen_runtime.evaluate import read_view
from automlgen_runtime.metrics.arrays import Floats, Mask, Prediction
from automlgen_runtime.metrics.probabilities import normalised
from automlgen_runtime.predictions import NodePredictions, split_answer
from automlgen_runtime.ruler import Ruler, read_text_table, ruler_of
from automlgen_runtime.scoring import error_on, value_on
from automlgen_runtime.submission import PROBABILITIES, SUBMISSION
from automlgen_runtime.truth import context_of, truth_of

METRICS = ("auc", "rmse", "rmsle", "logloss")
"""Metrics whose blends the replay can score."""


@dataclass(frozen=True)
class Judge:
    """One prepared competition with its private answers."""

    prepared: Mapping[str, Any]
    answers: Path
    every: bool = False
    """Programs are searched for on all hidden rows, where half of them would be too few; else on the search rows."""

    @cached_property
    def ruler(self) -> Ruler:
        return ruler_of(self.prepared)

    @property
    def metric(self) -> str:
        return str(self.prepared["card"]["metric"])

    @cached_property
    def _private(self) -> pd.DataFrame:
        table = read_text_table(self.answers).set_index(self.prepared["card"]["idColumn"])
        ids = read_text_table(Path(self.prepared["hiddenFolder"]) / "test_ids.csv")
        return table.loc[ids["original_id" if "original_id" in ids else "row_id"]]

    @cached_property
    def test_truth(self) -> np.ndarray:
        card = self.prepared["card"]
        return np.asarray(truth_of(card, [self._private[card["target"]].to_numpy(dtype=object)]))

    @property
    def views(self) -> list[str]:
        return list(self.ruler.views)

    def read(self, runs: Mapping[str, Path]) -> Floats:
        """Checked predictions at the hidden rows, then at the test rows. Raises SubmissionFault."""
        ruler, views = self.ruler, {}
        for view in self.views:
            answer = read_view(ruler, view, _files(runs[view]))
            views[view] = split_answer(answer, len(ruler.rows_of(view)), ruler.metric.predictions == "probability")
        # Five models answer for a task in folds: the mean of what they say.
        test = np.mean([np.asarray(part.test.primary, dtype=np.float64) for part in views.values()], axis=0)
        return np.concatenate([self._hidden(NodePredictions("n1", views)), self._space(test, self.test_truth)])

    def scores(self, predictions: Floats) -> dict[str, float]:
        """By the product's metric: on the rows searched on, on the rows for the final choice, on the test rows."""
        ruler, count = self.ruler, len(self.ruler.hidden.ids)
        hidden = self._answer(predictions[:count], ruler.truth)
        rows = self.searched
        others = ~rows if (~rows).any() else rows
        return {
            "search": value_on(ruler, hidden, rows),
            "searchError": error_on(ruler, hidden, rows),
            "final": value_on(ruler, hidden, others),
            "test": self._test_value(self._answer(predictions[count:], self.test_truth)),
        }

    @property
    def searched(self) -> Mask:
        return self.ruler.everything if self.every else self.ruler.search

    def _test_value(self, prediction: Prediction) -> float:
        context = context_of(self.prepared["card"], self._private)
        return float(self.ruler.metric.value(self.test_truth, prediction, context))

    def _hidden(self, node: NodePredictions) -> Floats:
        """Before folds are made comparable: the replay does that itself, after it has blended."""
        ruler = self.ruler
        filled = np.zeros(len(ruler.hidden.ids))
        for view, part in node.views.items():
            rows = ruler.rows_of(view)
            filled[rows] = self._space(np.asarray(part.hidden.primary, dtype=np.float64), ruler.truth[rows])
        return filled

    def _space(self, prediction: np.ndarray, truth: np.ndarray) -> Floats:
        if self.metric == "rmsle":
            return np.log1p(np.maximum(prediction, 0.0))
        if self.metric == "auc":
            return prediction[:, 1]
        if self.metric == "logloss":
            return normalised(prediction)[np.arange(len(truth)), truth]
        return prediction

    def rows(self) -> dict[str, Any]:
        """What the replay must know of the rows, in the order of the predictions."""
        ruler = self.ruler
        return {
            "hidden": len(ruler.hidden.ids),
            "test": len(self.test_truth),
            "searched": self.searched.tolist(),
            "group": None if ruler.groups is None else ruler.groups.tolist(),
            "truth": [self._known(ruler.truth), self._known(self.test_truth)],
        }

    def _answer(self, space: Floats, truth: np.ndarray) -> Prediction:
        """An answer that scores as the one which the predictions were taken from."""
        space = space.astype(np.float64)
        if self.metric == "rmsle":
            return np.expm1(space)
        if self.metric == "auc":
            return np.column_stack([1 - space, space])
        if self.metric == "logloss":
            shares = np.zeros((len(space), len(self.ruler.classes)))
            shares[np.arange(len(space)), truth] = space
            shares[np.arange(len(space)), (truth + 1) % shares.shape[1]] = 1 - space
            return shares
        return space

    def _known(self, truth: np.ndarray) -> list[float] | None:
        if self.metric == "logloss":
            return None
        values = np.log1p(truth) if self.metric == "rmsle" else truth
        return [round(float(value), 7) for value in values]


def _files(place: Path) -> dict[str, str]:
    working = place / "working"
    return {name: str(working / name) for name in (SUBMISSION, PROBABILITIES) if (working / name).is_file()}
