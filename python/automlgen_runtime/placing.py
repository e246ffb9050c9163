"""Files that rows name (images, sounds, texts): those of hidden rows stand beside those of test rows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from automlgen_runtime.images import UNION, Images
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.tables import Cells
from automlgen_runtime.viewids import ViewIds

_FIXED_TIME = 946_684_800
"""Modification time of every file (1 January 2000): the real one could tell where a row came from."""


class Placing:
    """One copy of every file is kept; views link to it."""

    def __init__(self, folder: Path, loaded: LoadedTask, ids: ViewIds, files: Sequence[Images], seed: int) -> None:
        self.loaded = loaded
        self.ids = ids
        self.files = files
        self.pool = _pool(folder, loaded, files, seed) if files else {}

    def place(
        self,
        place: Path,
        train: np.ndarray,
        hidden: np.ndarray,
        learn: dict[str, Cells],
        asked: dict[str, Cells],
        order: np.ndarray,
    ) -> None:
        """Links the files of a view. Cells of `learn` and `asked` that name files are rewritten to match.

        `train` and `hidden`: positions in the training table; `order`: that of hidden and test rows in `asked`.
        """
        asked_ids, learn_ids = texts_of(asked[self.loaded.id_column]), self.ids.train.iloc[train]
        for files in self.files:
            sources = [*(files.train[i] for i in hidden), *files.test]
            sources = [sources[i] for i in order]
            home = PurePosixPath(files.test[0]).parent
            asked_paths = [self._seen_as(files, f, i, home) for f, i in zip(sources, asked_ids, strict=True)]
            own = [files.train[i] for i in train]
            learn_paths = [self._seen_as(files, f, i, None) for f, i in zip(own, learn_ids, strict=True)]
            for source, path in [*zip(own, learn_paths, strict=True), *zip(sources, asked_paths, strict=True)]:
                _link(self.pool[source], place / path)
                if files.folder == UNION and not path.startswith(f"{UNION}/"):
                    _link(self.pool[source], place / UNION / PurePosixPath(path).name)
            if files.column != self.loaded.id_column:
                learn[files.column] = cells_of([self._cell(files, path) for path in learn_paths])
                asked[files.column] = cells_of([self._cell(files, path) for path in asked_paths])

    def _seen_as(self, files: Images, path: str, row_id: str, home: PurePosixPath | None) -> str:
        source = PurePosixPath(path)
        name = f"{row_id}{source.suffix}" if self.ids.opaque and self._id_names(files) else source.name
        return str((home or source.parent) / name)

    def _id_names(self, files: Images) -> bool:
        if not self.ids.known:
            return False
        first, path = str(self.loaded.train[self.loaded.id_column].iloc[0]), PurePosixPath(files.train[0])
        return path.stem == PurePosixPath(first).stem or path.name == first

    def _cell(self, files: Images, path: str) -> str:
        """What the table says of a file, written as the task's own table writes it."""
        first = str(self.loaded.train[files.column].iloc[0])
        seen = PurePosixPath(path)
        bare = "/" not in first and files.folder == ""
        if bare or (files.folder == UNION and not first.startswith(f"{UNION}/")):
            return seen.name if PurePosixPath(first).suffix else seen.stem
        inside = path[len(files.folder) + 1 :] if files.folder else path
        return inside if PurePosixPath(first).suffix else inside[: -len(seen.suffix)]


def cells_of(texts: list[str]) -> Cells:
    codes, words = pd.factorize(np.array(texts, dtype=object))
    return codes, np.asarray(words, dtype=object)


def texts_of(cells: Cells) -> list[str]:
    codes, words = cells
    return words[codes].tolist()


def _pool(folder: Path, loaded: LoadedTask, files: Sequence[Images], seed: int) -> dict[str, Path]:
    """One copy of every file, in random order: neither time nor inode tells hidden rows from test rows."""
    pool = folder / ".images"
    if pool.exists():
        shutil.rmtree(pool)
    pool.mkdir(parents=True)
    paths = sorted({path for each in files for path in (*each.train, *each.test)})
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
