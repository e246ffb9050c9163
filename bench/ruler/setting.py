"""One record as the product's own functions see it: rulers over chosen rows, nodes with chosen views, private test."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from automlgen_runtime.contenders import Field, field_of
from automlgen_runtime.metrics.arrays import Prediction
from automlgen_runtime.predictions import NodePredictions, ViewPredictions
from automlgen_runtime.ruler import Ruler, read_text_table, ruler_of
from automlgen_runtime.submission import Answer
from automlgen_runtime.tables import write_table
from automlgen_runtime.truth import codes_of, context_of, truth_of

from ruler.store import Record

FOLDS = 5


@dataclass
class Setting:
    """`place`: a folder for the label files of the rulers that are made."""

    record: Record
    place: Path
    made: int = field(default=0)

    @cached_property
    def labels(self) -> pd.DataFrame:
        return read_text_table(self.record.folder / "hidden" / "labels.csv")

    @cached_property
    def folds(self) -> np.ndarray:
        """Fold of every labelled row, 0 to 4."""
        return self.labels["part"].str.removeprefix("fold").to_numpy(dtype=int) - 1

    @property
    def timed(self) -> bool:
        """The latest rows were held out: folds are stretches of time."""
        return "main" in self.record.arrays

    @cached_property
    def groups(self) -> np.ndarray | None:
        return codes_of(self.labels["group"]) if "group" in self.labels else None

    @property
    def count(self) -> int:
        return len(self.record.programs)

    def ruler(self, table: pd.DataFrame, mode: str, folds: int = 0) -> Ruler:
        """A ruler over the rows of `table`, whose column `part` says what each is for."""
        self.made += 1
        hidden = self.place / f"ruler{self.made}"
        hidden.mkdir(parents=True)
        write_table(table, hidden / "labels.csv")
        shutil.copy(self.record.folder / "hidden" / "test_ids.csv", hidden / "test_ids.csv")
        split = {**self.record.split, "mode": mode, "folds": folds}
        prepared = {"card": self.record.card, "split": split, "hiddenFolder": str(hidden)}
        return ruler_of({**prepared, "predictionsFolder": str(hidden / "predictions")})

    def in_folds(self, without: int | None = None) -> tuple[Ruler, list[int]]:
        """All folds, or all but one; and their numbers."""
        kept = [fold for fold in range(FOLDS) if fold != without]
        table = self.labels[np.isin(self.folds, kept)]
        names = {f"fold{fold + 1}": f"fold{position + 1}" for position, fold in enumerate(kept)}
        return self.ruler(table.assign(part=table["part"].map(names)), "folds", len(kept)), kept

    def answer(self, name: str, program: int, at: tuple[object, ...] | object = ()) -> Answer:
        """Stored predictions of one program, at an index behind the program's."""
        arrays = self.record.arrays
        shares = f"{name}.shares"
        index = at if isinstance(at, tuple) else (at,)
        return Answer(
            _wide(arrays[name][(program, *index)]),
            _wide(arrays[shares][(program, *index)]) if shares in arrays else None,
        )

    def node(self, program: int, views: dict[str, tuple[Answer, Answer]]) -> NodePredictions:
        return NodePredictions(
            self.record.programs[program]["id"], {name: ViewPredictions(*pair) for name, pair in views.items()}
        )

    def fold_node(self, program: int, folds: Sequence[int]) -> NodePredictions:
        """The program with the models of these folds as fold1, fold2, ..."""
        views = {
            f"fold{position + 1}": (
                self.answer("hidden", program, self.folds == fold),
                self.answer("tests", program, fold),
            )
            for position, fold in enumerate(folds)
        }
        return self.node(program, views)

    def field(self, ruler: Ruler, nodes: Sequence[NodePredictions]) -> Field:
        by_id = {program["id"]: program for program in self.record.programs}
        return field_of(ruler, [(n, by_id[n.node_id]["family"], by_id[n.node_id]["seconds"], 0.0) for n in nodes])

    def full(self, program: int) -> Answer:
        """Test predictions of the fit on all labels."""
        return self.answer("full", program)

    @cached_property
    def private(self) -> Private:
        table = read_text_table(self.record.folder / "answers.csv").set_index(self.record.card["idColumn"])
        ids = read_text_table(self.record.folder / "hidden" / "test_ids.csv")
        return Private(self.ruler(self.labels, "folds", FOLDS), table.loc[ids["original_id"]])


@dataclass(frozen=True)
class Private:
    """The private answers, in the order of the test predictions."""

    ruler: Ruler
    table: pd.DataFrame

    @cached_property
    def _truth(self) -> Prediction:
        card = self.ruler.card
        return truth_of(
            card, [self.table[name].to_numpy(dtype=object) for name in card.get("targets") or [card["target"]]]
        )

    def value(self, prediction: Prediction) -> float:
        return self.ruler.metric.value(self._truth, prediction, context_of(self.ruler.card, self.table))


def _wide(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64) if array.dtype == np.float32 else array
