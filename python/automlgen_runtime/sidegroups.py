"""Groups that only the training table names: found by asking whether test rows are as new as rows of other groups are.

Rows of one patient, file or photograph resemble one another. Where test rows lie as near to train rows as rows of one
group lie to each other, test shares the groups; where they lie as far as rows of different groups, its groups are new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.columns import named_like_id
from automlgen_runtime.images import Images
from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.relation import Relation
from automlgen_runtime.words import as_numbers, distinct, is_missing, plain, present_words

ROWS, QUERIES = 5_000, 800
ALIKE = 0.6
"""Chance, above which rows of one group count as alike, that a row is farther from other groups than from its own."""
NEW, SHARED = 0.6, 0.4
"""How much of that distance test rows must show for their groups to count as new, and below which as shared."""
_GROUP_NAME = re.compile(
    r"(?:patient|subject|person|user|customer|client|session|group|file|block|scene|site|house|family|author|speaker"
    r"|device|batch|plate|source|video|recording)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SideGroup:
    relation: Relation | None
    warnings: tuple[str, ...]


def side_group(loaded: LoadedTask, kinds: Mapping[str, str], images: Images | None) -> SideGroup:
    """The group that the split must respect, or what to write in task.toml where the tables cannot tell."""
    warnings: list[str] = []
    for name in _candidates(loaded, kinds):
        alike, new = _evidence(loaded, kinds, images, name)
        if alike >= ALIKE and new >= NEW:
            reason = (
                f'test rows are as far from train rows as rows of different "{name}" are, a column that only train has'
            )
            return SideGroup(Relation("group", reason, group=name), tuple(warnings))
        unsure = alike >= ALIKE and new > SHARED
        unseen = alike < ALIKE and (_GROUP_NAME.search(name) or named_like_id(name))
        if unsure or unseen:
            warnings.append(
                f'"{name}" repeats, and only the training table has it. If test rows come from other values of it, add '
                f'group = "{name}" to task.toml: scores are too good otherwise.'
            )
    return SideGroup(None, tuple(warnings))


def _candidates(loaded: LoadedTask, kinds: Mapping[str, str]) -> list[str]:
    found = []
    for name, kind in kinds.items():
        if name in loaded.test.columns or name not in loaded.train.columns or name == loaded.id_column:
            continue
        cells = loaded.train[name]
        groups = len(present_words(cells))
        bunched = kind in ("category", "id", "integer", "text") and groups >= 10 and len(cells) / groups >= 1.5
        if bunched and float(is_missing(cells).mean()) < 0.1 and (kind != "integer" or not _is_measure(name, cells)):
            found.append(name)
    return found[:4]


def _is_measure(name: str, cells: pd.Series) -> bool:
    """Whole numbers that lie thickly are measures, unless they are called like ids or groups."""
    if named_like_id(name) or _GROUP_NAME.search(name):
        return False
    numbers = as_numbers(cells).dropna()
    return bool(numbers.max() - numbers.min() + 1 <= 3 * numbers.nunique() and numbers.nunique() < 100)


def _evidence(loaded: LoadedTask, kinds: Mapping[str, str], images: Images | None, name: str) -> tuple[float, float]:
    """How surely rows of one group are nearer than others, and how much of that distance test rows have."""
    rng = np.random.Generator(np.random.PCG64(3))
    codes = distinct(loaded.train[name])[0]
    order = rng.permutation(int(codes.max()) + 1)
    place = np.argsort(order, kind="stable")[codes]
    train = np.argsort(place, kind="stable")[:ROWS]
    test = rng.permutation(len(loaded.test))[:QUERIES]
    near = _nearness(loaded, kinds, images, train, test)
    if near is None:
        return 0.5, 0.0
    groups = codes[train]
    sizes = pd.Series(groups).map(pd.Series(groups).value_counts()).to_numpy()
    asked = rng.permutation(np.flatnonzero(sizes > 1))[:QUERIES]
    if len(asked) < 50:
        return 0.5, 0.0
    among = near(asked)
    among[np.arange(len(asked)), asked] = -np.inf
    own = among.max(axis=1)
    among[groups[asked][:, None] == groups[None, :]] = -np.inf
    others, unseen = among.max(axis=1), near(None).max(axis=1)
    alike, test_far = _farther(others, own), _farther(unseen, own)
    return alike, (test_far - 0.5) / (alike - 0.5) if alike > 0.5 else 0.0


def _farther(far: np.ndarray, near: np.ndarray) -> float:
    """Chance that a similarity from `far` is below one from `near`."""
    ranks = pd.Series(np.concatenate([far, near])).rank().to_numpy()
    above = ranks[len(far) :].sum() - len(near) * (len(near) + 1) / 2
    return float(above / (len(far) * len(near)))


def _nearness(
    loaded: LoadedTask, kinds: Mapping[str, str], images: Images | None, train: np.ndarray, test: np.ndarray
) -> object:
    """Similarities to the train rows, of some of them (by position) or of the test rows; nothing without features."""
    both = _vectors(loaded, kinds, images, train, test)
    if both is None:
        return None
    known, asked = both[: len(train)], both[len(train) :]

    def near(rows: np.ndarray | None) -> np.ndarray:
        product = (asked if rows is None else known[rows]) @ known.T
        return np.asarray(product.todense() if hasattr(product, "todense") else product, dtype=float)

    return near


def _vectors(
    loaded: LoadedTask, kinds: Mapping[str, str], images: Images | None, train: np.ndarray, test: np.ndarray
) -> object:
    """Rows of length 1: words of texts, small pictures, or standardised numbers and categories."""
    texts = [name for name in loaded.features if kinds[name] == "text"]
    if images is not None and images.is_image:
        return _pictures(loaded, images, train, test)
    if texts:
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = [
            " ".join(cells)
            for table, rows in ((loaded.train, train), (loaded.test, test))
            for cells in zip(*(plain(table[name].iloc[rows]) for name in texts), strict=True)
        ]
        try:
            return TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(words)
        except ValueError:
            return None
    names = [name for name in loaded.features if kinds[name] not in ("id", "path", "constant")][:100]
    parts = [_column(loaded, kinds[name], name, train, test) for name in names]
    if not parts:
        return None
    return _unit(np.column_stack(parts))


def _column(loaded: LoadedTask, kind: str, name: str, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    cells = pd.concat([plain(loaded.train[name].iloc[train]), plain(loaded.test[name].iloc[test])], ignore_index=True)
    if kind in ("number", "integer", "boolean"):
        ranks = as_numbers(cells).rank(pct=True).fillna(0.5).to_numpy()
        return (ranks - 0.5)[:, None] * 3.46
    top = cells.value_counts().index[:20]
    return (cells.to_numpy()[:, None] == top.to_numpy()[None, :]).astype(float)


def _pictures(loaded: LoadedTask, images: Images, train: np.ndarray, test: np.ndarray) -> np.ndarray | None:
    from PIL import Image

    paths = [*(images.train[row] for row in train), *(images.test[row] for row in test)]
    made = np.empty((len(paths), 3 * 64))
    for at, path in enumerate(paths):
        with Image.open(loaded.folder / path) as picture:
            made[at] = np.asarray(picture.convert("RGB").resize((8, 8)), dtype=float).ravel()
    return _unit(made - made.mean(axis=0))


def _unit(matrix: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.maximum(length, 1e-12)
