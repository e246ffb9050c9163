"""The views: what a program sees as `./input`. Hidden labelled rows stand among the real test rows and look alike."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.extras import Extra
from automlgen_runtime.images import Images
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.placing import Placing
from automlgen_runtime.split import FOLDS, Split
from automlgen_runtime.tables import Cells, write_columns
from automlgen_runtime.target import Target
from automlgen_runtime.viewids import ViewIds
from automlgen_runtime.words import distinct


@dataclass(frozen=True)
class View:
    name: str
    #: Positions in the training table whose labels the program gets.
    train: np.ndarray
    #: Positions in the training table that are asked of the program.
    hidden: np.ndarray
    #: Stream of the row shuffle: views with the same number have the same test table.
    shuffle: int


def views_of(split: Split) -> list[View]:
    parts = np.array(split.parts)
    every = np.arange(len(parts))
    if split.mode == "folds":
        folds = [f"fold{i + 1}" for i in range(FOLDS)]
        views = []
        for i, name in enumerate(folds, 1):
            known = np.isin(parts, ["train", *folds[: i - 1]]) if split.forward else parts != name
            views.append(View(name, every[known], every[parts == name], i))
        return [*views, View("full", every, every[:0], 0)]
    hidden = every[parts != "train"]
    return [View("main", every[parts == "train"], hidden, 0), View("full", every, hidden, 0)]


class ViewWriter:
    """Writes the views of one prepared task below `folder`."""

    def __init__(
        self,
        folder: Path,
        loaded: LoadedTask,
        target: Target,
        ids: ViewIds,
        files: Sequence[Images],
        extras: list[Extra],
        seed: int,
    ) -> None:
        self.folder = folder
        self.loaded = loaded
        self.target = target
        self.ids = ids
        self.extras = extras
        self.seed = seed
        self.train = _with_view_ids(loaded.train, loaded.id_column, ids.train)
        self.test = _with_view_ids(loaded.test, loaded.id_column, ids.test)
        self.placing = Placing(folder, loaded, ids, files, seed)

    def write(self, view: View) -> Path:
        place = self.folder / view.name
        if place.exists():
            shutil.rmtree(place)
        place.mkdir(parents=True)
        id_column = self.loaded.id_column
        order = np.random.Generator(np.random.PCG64([self.seed, 29, view.shuffle])).permutation(
            len(view.hidden) + len(self.test)
        )
        learn = {name: _taken(self.train[name], view.train) for name in self.train.columns}
        asked = {name: _stacked(self.train[name], view.hidden, self.test[name], order) for name in self.test.columns}
        self.placing.place(place, view.train, view.hidden, learn, asked, order)
        if not self.loaded.ids_are_own:
            learn.pop(id_column, None)
        write_columns(learn, place / "train.csv")
        write_columns(asked, place / "test.csv")
        write_columns(sample_for(asked[id_column], self.loaded, self.target), place / "sample_submission.csv")
        (place / "description.md").write_text(description_of(self.loaded, self.target, self.ids), "utf-8")
        hidden_ids = (
            frozenset(self.loaded.train[self.loaded.id_column].iloc[view.hidden]) if self.ids.known else frozenset()
        )
        for extra in self.extras:
            extra.write(place, hidden_ids, self.ids, self.loaded.id_column)
        _open(place)
        return place


def sample_for(ids: Cells, loaded: LoadedTask, target: Target) -> dict[str, Cells]:
    """The form of the answer, filled with one constant that is made from no label."""
    codes = np.zeros(len(ids[0]), dtype=np.int32)
    sample = {loaded.id_column: ids}
    for column, value in zip(target.submission_columns, _constants(target, loaded), strict=True):
        sample[column] = (codes, np.array([value], dtype=object))
    return sample


def _constants(target: Target, loaded: LoadedTask) -> list[str]:
    """One cell for each column of the submission. Text is what the task's own sample has in its first row."""
    count = len(target.submission_columns)
    if target.predictions == "probability":
        share = 0.5 if target.classes is None else 1 / len(target.classes)
        return [repr(round(share, 6))] * count
    if target.predictions == "text":
        return ["" if loaded.sample is None else str(loaded.sample.iloc[0, 1])] * count
    if target.predictions == "label" and target.classes is not None:
        # One column per class: the first class in every row.
        return [target.classes[0]] if count == 1 else ["1", *["0"] * (count - 1)]
    return ["0"] * count


def _taken(column: pd.Series, rows: np.ndarray) -> Cells:
    codes, words = distinct(column)
    return codes[rows], words


def _stacked(train: pd.Series, hidden: np.ndarray, test: pd.Series, order: np.ndarray) -> Cells:
    """Hidden rows of train above all rows of test, then in `order`."""
    codes, words = distinct(train)
    test_codes, test_words = distinct(test)
    both = np.concatenate([codes[hidden], test_codes.astype(np.int64) + len(words)])
    return both[order], np.concatenate([words, test_words])


def description_of(loaded: LoadedTask, target: Target, ids: ViewIds) -> str:
    """The task's own words, and what the preparation changed."""
    text = loaded.description or (
        f"# {loaded.task.get('title') or loaded.task['id']}\n\n"
        f"Predict {', '.join(f'`{name}`' for name in target.targets)} for every row of `test.csv`. "
        f"Metric: {target.metric} ({target.direction}).\n"
    )
    notes = []
    if loaded.task.get("drop"):
        notes.append(f"These columns were removed: {', '.join(loaded.task['drop'])}.")
    if ids.opaque:
        notes.append(f"Values of `{loaded.id_column}` are arbitrary names and carry no information.")
    if not notes:
        return text
    return text.rstrip("\n") + "\n\n## Notes on these files\n\n" + "\n".join(f"- {note}" for note in notes) + "\n"


def _with_view_ids(table: pd.DataFrame, id_column: str, ids: pd.Series) -> pd.DataFrame:
    """Under its view ids; the id comes first where the table had none."""
    if id_column in table.columns:
        return table.assign(**{id_column: ids.to_numpy()})
    made = table.copy()
    made.insert(0, id_column, ids.to_numpy())
    return made


def _open(place: Path) -> None:
    """Readable by the sandbox's user, whatever the umask."""
    for path in [place, *place.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
