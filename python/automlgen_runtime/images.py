"""Where a task keeps its images, and which file belongs to which row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from automlgen_runtime.columns import IMAGE_SUFFIXES, kind_of
from automlgen_runtime.loading import PRIVATE_FOLDERS, LoadedTask
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing
from automlgen_runtime.words import plain

ARCHIVES = (".zip", ".7z", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".rar")
UNION = "images"
"""Folder of a view that holds the images of all its rows where the task keeps them in several."""


@dataclass(frozen=True)
class Images:
    """Files by row, relative to the task's folder.

    Programs read `<folder>/<cell of column>`, plus `suffix` if the cell has none.
    """

    folder: str
    column: str
    suffix: str
    size: tuple[int, int, int]
    train: tuple[str, ...]
    test: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        return self.size != (0, 0, 0)

    def as_card(self) -> dict[str, Any]:
        width, height, channels = self.size
        return {
            "folder": self.folder,
            "column": self.column,
            "suffix": self.suffix,
            "width": width,
            "height": height,
            "channels": channels,
        }


def find_images(loaded: LoadedTask) -> Images | None:
    """The images that rows name, by a column of paths or by their ids; nothing where the task has none."""
    task = loaded.task
    folders = _folders(loaded)
    column = task.get("image_column") or _path_column(loaded)
    if column is None and not folders:
        return None
    if column is not None and (column not in loaded.test.columns or column not in loaded.train.columns):
        raise UserFault(
            "task-invalid",
            f'`image_column` names "{column}", which is not in both tables.{did_you_mean(column, loaded.test.columns)}',
            "Correct `image_column` in task.toml.",
        )
    column = column or loaded.id_column
    if column not in loaded.train.columns:
        return None
    index = _index(loaded.folder, folders)
    train, missing_train = _resolve(loaded, plain(loaded.train[column]), index)
    test, missing_test = _resolve(loaded, plain(loaded.test[column]), index)
    missing = missing_train + missing_test
    if len(missing) == len(loaded.train) + len(loaded.test) and not task.get("image_column") and not task.get("images"):
        return None
    if missing:
        raise UserFault(
            "images-missing",
            f'{len(missing)} images named by "{column}" are not there, for example "{missing[0]}".',
            f"Put them under {loaded.folder}, or correct `images` and `image_column` in task.toml.",
        )
    own = _common_folder(loaded, train[0], str(loaded.train[column].iloc[0]))
    single = all(_common_folder(loaded, f, str(c)) == own for f, c in zip(test, loaded.test[column], strict=True))
    single = single and all(
        _common_folder(loaded, f, str(c)) == own for f, c in zip(train, loaded.train[column], strict=True)
    )
    cell = str(loaded.train[column].iloc[0])
    has_suffix = cell.lower().endswith(IMAGE_SUFFIXES)
    sizes = [_size(loaded.folder / path) for path in [*train[:: max(1, len(train) // 50)], test[0]]]
    warnings = (
        []
        if len(set(sizes)) == 1
        else [f"Images differ in size; the card gives the first: {listing(sorted(set(sizes))[:4])}."]
    )
    return Images(
        folder=own if single and own is not None else UNION,
        column=column,
        suffix=PurePosixPath(cell).suffix if has_suffix else PurePosixPath(train[0]).suffix,
        size=sizes[0],
        train=tuple(train),
        test=tuple(test),
        warnings=tuple(warnings),
    )


def check_unpacked(loaded: LoadedTask) -> None:
    """Raises `UserFault` where rows have ids alone and the folder holds archives: the files they name are in there."""
    if loaded.features:
        return
    packed = sorted(path.name for path in loaded.folder.iterdir() if path.name.lower().endswith(ARCHIVES))
    if packed:
        raise UserFault(
            "images-missing",
            "The rows to predict have an id and nothing else, and no file beside the tables bears it: "
            f"what they name may lie in {listing(packed)}.",
            f"Unpack the archives where they lie, for example: cd {loaded.folder} && unzip {packed[0]}",
        )


def find_other_files(loaded: LoadedTask) -> tuple[Images, ...]:
    """Sounds, texts and other files below folders, one for each row: named by a column or by the rows' ids."""
    if loaded.task.get("other_files") is False:
        return ()
    by_suffix: dict[str, dict[str, str]] = {}
    folders = [f for f in sorted(loaded.folder.iterdir()) if f.is_dir() and f.name not in PRIVATE_FOLDERS]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        suffix = path.suffix.lower()
        if suffix and suffix not in IMAGE_SUFFIXES and path.is_file() and not path.name.startswith("."):
            relative = path.relative_to(loaded.folder)
            index = by_suffix.setdefault(suffix, {})
            for name in (relative.as_posix(), relative.relative_to(relative.parts[0]).as_posix(), path.name, path.stem):
                index.setdefault(name, relative.as_posix())
    found = (_named_by_rows(loaded, suffix, index) for suffix, index in by_suffix.items())
    return tuple(each for each in found if each is not None)


def _named_by_rows(loaded: LoadedTask, suffix: str, index: dict[str, str]) -> Images | None:
    """The files of one suffix, when a column of both tables names one for every row."""
    first = [loaded.id_column, *loaded.features]
    for column in (name for name in first if name in loaded.train.columns and name in loaded.test.columns):
        cells = [plain(loaded.train[column]), plain(loaded.test[column])]
        if any(str(cell) not in index for side in cells for cell in (side.iloc[0], side.iloc[-1])):
            continue
        sides = [[index.get(str(cell)) for cell in side] for side in cells]
        absent = sum(path is None for side in sides for path in side)
        if absent == 0:
            train, test = (tuple(str(path) for path in side) for side in sides)
            own = {_common_folder(loaded, path, str(cell)) for path, cell in zip(train, cells[0], strict=True)}
            own |= {_common_folder(loaded, path, str(cell)) for path, cell in zip(test, cells[1], strict=True)}
            folder = next(iter(own)) if len(own) == 1 else None
            return Images(folder or "", column, suffix, (0, 0, 0), train, test, ())
        if absent < 0.5 * sum(len(side) for side in sides):
            raise UserFault(
                "path-missing",
                f'{absent} files "*{suffix}" named by "{column}" are not there.',
                f"Add them below {loaded.folder}, remove their rows, or set other_files = false.",
            )
    return None


def _folders(loaded: LoadedTask) -> list[Path]:
    named = loaded.task.get("images")
    if named:
        folder = loaded.folder / named
        if not folder.is_dir():
            raise UserFault(
                "images-missing", f"The image folder {folder} is not there.", "Correct `images` in task.toml."
            )
        return [folder]
    return [
        folder
        for folder in sorted(loaded.folder.iterdir())
        if folder.is_dir()
        and not folder.name.startswith(".")
        and folder.name not in PRIVATE_FOLDERS
        and any(path.suffix.lower() in IMAGE_SUFFIXES for path in folder.iterdir())
    ]


def _path_column(loaded: LoadedTask) -> str | None:
    def is_path(name: str) -> bool:
        # Most columns are told apart by a few cells; only likely ones are read through.
        few = plain(loaded.test[name].iloc[:50]).str.lower()
        return few.str.endswith(IMAGE_SUFFIXES).any() and kind_of(name, loaded.test[name]) == "path"

    return next((name for name in loaded.test.columns if is_path(name)), None)


def _index(root: Path, folders: list[Path]) -> dict[str, str]:
    """Relative path by every name a cell may use: the path, the file's name, its stem. First folder wins."""
    index: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file():
                relative = path.relative_to(root).as_posix()
                for name in (relative, path.relative_to(folder).as_posix(), path.name, path.stem):
                    index.setdefault(name, relative)
    return index


def _resolve(loaded: LoadedTask, cells: pd.Series, index: dict[str, str]) -> tuple[list[str], list[str]]:
    found, missing = [], []
    root = loaded.folder.resolve()
    for cell in cells:
        path = index.get(str(cell))
        if path is None and str(cell) and (root / str(cell)).resolve().is_relative_to(root):
            path = str(cell) if (root / str(cell)).is_file() else None
        if path is None:
            missing.append(str(cell))
        else:
            found.append(path)
    return found, missing


def _common_folder(loaded: LoadedTask, path: str, cell: str) -> str | None:
    """`path` without the part that `cell` spells: what a program must prepend."""
    for ending in (cell, cell + PurePosixPath(path).suffix):
        if path == ending:
            return ""
        if path.endswith("/" + ending):
            return path[: -len(ending) - 1]
    return None


def _size(path: Path) -> tuple[int, int, int]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            return image.width, image.height, len(image.getbands())
    except (UnidentifiedImageError, OSError) as fault:
        raise UserFault(
            "images-missing", f"{path} cannot be read as an image.", "Replace the file, or remove its row."
        ) from fault
