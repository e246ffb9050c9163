"""The views: what a program sees as `./input`. Hidden labelled rows stand among the real test rows and look alike."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from automlgen_runtime.extras import Extra
from automlgen_runtime.images import UNION, Images
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.split import FOLDS, Split
from automlgen_runtime.tables import Cells, write_columns
from automlgen_runtime.target import Target
from automlgen_runtime.viewids import ViewIds
from automlgen_runtime.words import distinct

_FIXED_TIME = 946_684_800
"""Modification time of every image (1 January 2000): the real one could tell where a row came from."""


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
        images: Images | None,
        extras: list[Extra],
        seed: int,
    ) -> None:
        self.folder = folder
        self.loaded = loaded
        self.target = target
        self.ids = ids
        self.images = images
        self.extras = extras
        self.seed = seed
        self.train = _with_view_ids(loaded.train, loaded.id_column, ids.train)
        self.test = _with_view_ids(loaded.test, loaded.id_column, ids.test)
        self.pool = _pool(folder, loaded, images, seed) if images else {}

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
        if self.images:
            self._place_images(place, view, learn, asked, order)
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

    def _place_images(
        self, place: Path, view: View, learn: dict[str, Cells], asked: dict[str, Cells], order: np.ndarray
    ) -> None:
        """Links each row's image, those of hidden rows beside those of test rows. Cells are rewritten to match."""
        images = self.images
        if images is None:
            return
        sources = [*(images.train[i] for i in view.hidden), *images.test]
        sources = [sources[i] for i in order]
        home = PurePosixPath(images.test[0]).parent
        asked_ids, learn_ids = texts_of(asked[self.loaded.id_column]), self.ids.train.iloc[view.train]
        asked_paths = [self._seen_as(path, row_id, home) for path, row_id in zip(sources, asked_ids, strict=True)]
        train_sources = [images.train[i] for i in view.train]
        learn_paths = [self._seen_as(path, row_id, None) for path, row_id in zip(train_sources, learn_ids, strict=True)]
        for source, path in [*zip(train_sources, learn_paths, strict=True), *zip(sources, asked_paths, strict=True)]:
            _link(self.pool[source], place / path)
            if images.folder == UNION and not path.startswith(f"{UNION}/"):
                _link(self.pool[source], place / UNION / PurePosixPath(path).name)
        if images.column != self.loaded.id_column:
            learn[images.column] = cells_of([self._cell(path) for path in learn_paths])
            asked[images.column] = cells_of([self._cell(path) for path in asked_paths])

    def _seen_as(self, path: str, row_id: str, home: PurePosixPath | None) -> str:
        source = PurePosixPath(path)
        name = f"{row_id}{source.suffix}" if self.ids.opaque and self._id_names_file else source.name
        return str((home or source.parent) / name)

    @property
    def _id_names_file(self) -> bool:
        images = self.images
        if images is None or not self.ids.known:
            return False
        first = str(self.loaded.train[self.loaded.id_column].iloc[0])
        return (
            PurePosixPath(images.train[0]).stem == PurePosixPath(first).stem
            or PurePosixPath(images.train[0]).name == first
        )

    def _cell(self, path: str) -> str:
        images = self.images
        if images is None:
            return path
        first = str(self.loaded.train[images.column].iloc[0])
        seen = PurePosixPath(path)
        if images.folder == UNION and not first.startswith(f"{UNION}/"):
            return seen.name if PurePosixPath(first).suffix else seen.stem
        inside = path[len(images.folder) + 1 :] if images.folder else path
        return inside if PurePosixPath(first).suffix else inside[: -len(seen.suffix)]


def sample_for(ids: Cells, loaded: LoadedTask, target: Target) -> dict[str, Cells]:
    """The form of the answer, filled with one constant that is made from no label."""
    codes = np.zeros(len(ids[0]), dtype=np.int32)
    sample = {loaded.id_column: ids}
    for column, value in zip(target.submission_columns, _constants(target), strict=True):
        sample[column] = (codes, np.array([value], dtype=object))
    return sample


def _constants(target: Target) -> list[str]:
    """One cell for each column of the submission."""
    count = len(target.submission_columns)
    if target.predictions == "probability":
        share = 0.5 if target.classes is None else 1 / len(target.classes)
        return [repr(round(share, 6))] * count
    if target.predictions == "text":
        return [""] * count
    if target.predictions == "label" and target.classes is not None:
        # One column per class: the first class in every row.
        return [target.classes[0]] if count == 1 else ["1", *["0"] * (count - 1)]
    return ["0"] * count


def cells_of(texts: list[str]) -> Cells:
    codes, words = pd.factorize(np.array(texts, dtype=object))
    return codes, np.asarray(words, dtype=object)


def texts_of(cells: Cells) -> list[str]:
    codes, words = cells
    return words[codes].tolist()


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


def _pool(folder: Path, loaded: LoadedTask, images: Images, seed: int) -> dict[str, Path]:
    """One copy of every image, in random order: neither time nor inode tells hidden rows from test rows."""
    pool = folder / ".images"
    if pool.exists():
        shutil.rmtree(pool)
    pool.mkdir(parents=True)
    paths = sorted(set(images.train) | set(images.test))
    order = np.random.Generator(np.random.PCG64([seed, 31])).permutation(len(paths))
    placed: dict[str, Path] = {}
    for number, i in enumerate(order):
        copy = pool / f"{number}{PurePosixPath(paths[i]).suffix}"
        shutil.copyfile(loaded.folder / paths[i], copy)
        copy.chmod(0o644)
        os.utime(copy, (_FIXED_TIME, _FIXED_TIME))
        placed[paths[i]] = copy
    return placed


def _link(source: Path, place: Path) -> None:
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, place)
    except OSError:
        shutil.copyfile(source, place)
        os.utime(place, (_FIXED_TIME, _FIXED_TIME))


def _open(place: Path) -> None:
    """Readable by the sandbox's user, whatever the umask."""
    for path in [place, *place.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
