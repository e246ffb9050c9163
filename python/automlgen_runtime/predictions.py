"""Predictions per node on disk: one .npz with the arrays and, as JSON, what was decided from them.

Class probabilities are kept as float32. Numbers, and scores beyond 0 to 1, stay float64: far from zero they would lose
their digits. Texts are kept as their bytes, one after the other, and where each ends. Files are replaced whole, so a
reader never sees half a node; one that a disk has lost a part of counts as not there.
"""

from __future__ import annotations

import json
import secrets
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats, Mask, Prediction
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.submission import Answer

META = "meta"
KEPT_BYTES = 1 << 29
"""Room for predictions that were read before: 200 classes of 100,000 rows take 160 MB a program."""


@dataclass(frozen=True)
class ViewPredictions:
    """Of one execution: hidden rows of the view in the order of `Ruler.rows_of`, and all test rows."""

    hidden: Answer
    test: Answer


@dataclass(frozen=True)
class NodePredictions:
    node_id: str
    views: Mapping[str, ViewPredictions]
    meta: Mapping[str, Any] = field(default_factory=dict)

    def has_probabilities(self) -> bool:
        return all(view.hidden.probabilities is not None for view in self.views.values())


def split_answer(answer: Answer, hidden_rows: int, probabilities: bool) -> ViewPredictions:
    """Hidden rows come first in the ids of a view. Rounded as when stored, so that scores never change later.

    `probabilities`: that is what `answer.primary` holds.
    """
    primary = _rounded(answer.primary) if probabilities else answer.primary
    shares = None if answer.probabilities is None else _rounded(answer.probabilities)

    def part(of: slice) -> Answer:
        return Answer(primary[of], None if shares is None else shares[of])

    return ViewPredictions(part(slice(None, hidden_rows)), part(slice(hidden_rows, None)))


def _rounded(probabilities: Floats) -> Floats:
    """Metrics of the order take any scores: those that are no probabilities keep their digits, and stay finite."""
    if np.abs(probabilities).max(initial=0.0) > 1:
        return probabilities
    return probabilities.astype(np.float32).astype(np.float64)


def save(folder: Path, node: NodePredictions) -> None:
    arrays: dict[str, np.ndarray] = {META: np.frombuffer(json.dumps(dict(node.meta)).encode(), dtype=np.uint8)}
    for view, predictions in node.views.items():
        for side, answer in (("hidden", predictions.hidden), ("test", predictions.test)):
            arrays.update(_packed(f"{view}.{side}.primary", answer.primary))
            if answer.probabilities is not None:
                arrays[f"{view}.{side}.probabilities"] = answer.probabilities.astype(np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    # Evaluators of several machines may share the folder, and in pods they all have the same number.
    target, draft = folder / f"{node.node_id}.npz", folder / f".{node.node_id}.{secrets.token_hex(8)}.npz"
    try:
        np.savez(draft, **arrays)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _packed(key: str, array: Prediction) -> dict[str, np.ndarray]:
    """Matrices that float32 holds without loss take half the room."""
    if array.dtype == object:
        encoded = [text.encode() for text in array.ravel()]
        ends = np.cumsum([0, *map(len, encoded)])[1:].astype(np.int64).reshape(array.shape)
        return {f"{key}.bytes": np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{key}.ends": ends}
    if array.ndim == 2 and array.dtype == np.float64:
        with np.errstate(over="ignore"):
            small = array.astype(np.float32)
        return {key: small if np.array_equal(small.astype(np.float64), array) else array}
    return {key: array}


def _unpacked(arrays: Mapping[str, np.ndarray], key: str) -> Prediction:
    if f"{key}.ends" in arrays:
        data, shape = arrays[f"{key}.bytes"].tobytes(), arrays[f"{key}.ends"].shape
        ends = arrays[f"{key}.ends"].ravel().tolist()
        texts = np.empty(len(ends), dtype=object)
        texts[:] = [data[a:b].decode() for a, b in zip([0, *ends[:-1]], ends, strict=False)]
        return texts.reshape(shape)
    array = arrays[key]
    return array.astype(np.float64) if array.dtype == np.float32 else array


def load(folder: Path, node_id: str) -> NodePredictions | None:
    """Nothing when the node has no valid predictions."""
    path = folder / f"{node_id}.npz"
    try:
        stamp = path.stat().st_mtime_ns
        kept = _KEPT.pop((str(path), stamp), None) or _kept(_load(path, node_id))
    except FileNotFoundError:
        return None
    except _TORN as fault:
        print(f"{path} cannot be read and counts as not there: {fault}", file=sys.stderr)
        return None
    _KEPT[str(path), stamp] = kept
    while len(_KEPT) > 1 and sum(size for _, size in _KEPT.values()) > KEPT_BYTES:
        _KEPT.pop(next(iter(_KEPT)))
    return kept[0]


_TORN = (zipfile.BadZipFile, EOFError, ValueError, KeyError)
"""What numpy says of a file without its end, of one without a beginning, and of none of its own."""

_KEPT: dict[tuple[str, int], tuple[NodePredictions, int]] = {}
"""Read before, with their size in bytes; the least lately used first."""


def _kept(node: NodePredictions) -> tuple[NodePredictions, int]:
    answers = [answer for view in node.views.values() for answer in (view.hidden, view.test)]
    arrays = [array for answer in answers for array in (answer.primary, answer.probabilities) if array is not None]
    return node, sum(map(_bytes_of, arrays))


def _bytes_of(array: np.ndarray) -> int:
    """With the texts that the cells of an array of texts point to."""
    return array.nbytes + (sum(map(sys.getsizeof, array.ravel())) if array.dtype == object else 0)


def _load(path: Path, node_id: str) -> NodePredictions:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    meta = json.loads(arrays.pop(META).tobytes())
    views = {}
    for view in dict.fromkeys(key.split(".")[0] for key in arrays):
        sides = [
            Answer(_unpacked(arrays, f"{view}.{side}.primary"), _optional(arrays, f"{view}.{side}.probabilities"))
            for side in ("hidden", "test")
        ]
        views[view] = ViewPredictions(*sides)
    return NodePredictions(node_id, views, meta)


def metas(folder: Path, except_for: str) -> dict[str, Mapping[str, Any]]:
    """What was decided about every other stored node, by node, without reading its arrays."""
    paths = [path for path in folder.glob("n*.npz") if path.stem != except_for]
    found = {path.stem: _meta(str(path), path.stat().st_mtime_ns) for path in paths}
    return {node: meta for node, meta in found.items() if meta is not None}


@lru_cache(maxsize=20_000)
def _meta(path: str, _: int) -> Mapping[str, Any] | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return json.loads(stored[META].tobytes())
    except _TORN:
        return None


def _optional(arrays: Mapping[str, np.ndarray], key: str) -> Floats | None:
    return arrays[key].astype(np.float64) if key in arrays else None


def rows_done(ruler: Ruler, node: NodePredictions) -> Mask:
    """Hidden rows that the node has predicted."""
    done = np.zeros(len(ruler.hidden.ids), dtype=bool)
    for view in node.views:
        done[ruler.rows_of(view)] = True
    return done


def assembled(ruler: Ruler, node: NodePredictions, which: str = "primary") -> Prediction:
    """Predictions of the node at all hidden rows; 0 or "" where it has none. For ranks see `scoring.comparable`."""
    rows = len(ruler.hidden.ids)
    filled: Prediction | None = None
    for view, predictions in node.views.items():
        part = getattr(predictions.hidden, which)
        if filled is None:
            filled = np.full((rows, *part.shape[1:]), "" if part.dtype == object else 0, dtype=part.dtype)
        filled[ruler.rows_of(view)] = part
    if filled is None:
        raise ValueError(f"{node.node_id} has no predictions.")
    return filled


def rows_common(ruler: Ruler, nodes: list[NodePredictions]) -> Codes:
    """Positions of the hidden rows that all of `nodes` have predicted."""
    done = ruler.everything.copy()
    for node in nodes:
        done &= rows_done(ruler, node)
    return np.flatnonzero(done)
