"""Masks of images as run lengths: `start length start length ...`, pixels numbered from 1 down the columns.

Overlap and size follow from the runs alone; the size of the image is not needed. An empty cell, `-1` and `nan` are
empty masks.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Texts, UndefinedScoreError

EMPTY = ("", "-1", "nan")
LAST_PIXEL = 1 << 48
"""No image is larger: sums of runs that end here or before fit into 64 bits."""


def runs(text: str) -> Codes:
    """Sorted, disjoint runs as rows (first pixel, one past the last). Raises UndefinedScoreError on other texts."""
    text = text.strip()
    if text.lower() in EMPTY:
        return np.zeros((0, 2), np.int64)
    try:
        numbers = np.array(text.split(), dtype=np.int64)
    except (ValueError, OverflowError):
        numbers = np.zeros(1, np.int64)
    if len(numbers) % 2 or (numbers < 1).any() or (numbers > LAST_PIXEL // 2).any():
        raise UndefinedScoreError(f"{text[:60]!r} is no mask: write pairs of start and length, from pixel 1 on.")
    pairs = numbers.reshape(-1, 2)
    pairs = np.column_stack([pairs[:, 0], pairs.sum(axis=1)])[np.argsort(pairs[:, 0], kind="stable")]
    reach = np.maximum.accumulate(pairs[:, 1])
    opens = np.concatenate([[True], pairs[1:, 0] > reach[:-1]])
    return np.column_stack([pairs[opens, 0], np.maximum.reduceat(pairs[:, 1], np.flatnonzero(opens))])


def overlap(a: Codes, b: Codes) -> int:
    """Pixels in both: those of `a` before the end of each run of `b`, less those before its start."""
    if not len(a) or not len(b):
        return 0
    return int((_covered(a, b[:, 1]) - _covered(a, b[:, 0])).sum())


def _covered(a: Codes, pixels: Codes) -> Codes:
    """Pixels of `a` below each of `pixels`."""
    full = np.concatenate([[0], np.cumsum(a[:, 1] - a[:, 0])])
    position = np.searchsorted(a[:, 0], pixels, side="right")
    inside = np.maximum(a[np.maximum(position - 1, 0), 1] - pixels, 0)
    return full[position] - np.where(position > 0, inside, 0)


def sizes(truth: Texts, texts: Texts) -> tuple[Floats, Floats]:
    """Per row: pixels in both masks; pixels of the one plus pixels of the other."""
    both, total = np.zeros(len(truth)), np.zeros(len(truth))
    for row, (first, second) in enumerate(zip(truth, texts, strict=True)):
        both[row], total[row] = _pair(str(first), str(second))
    return both, total


@lru_cache(maxsize=1 << 15)
def _pair(first: str, second: str) -> tuple[int, int]:
    """Kept, since the same masks are compared again and again: for the score, its error, the differences."""
    a, b = runs(first), runs(second)
    return overlap(a, b), int((a[:, 1] - a[:, 0]).sum() + (b[:, 1] - b[:, 0]).sum())


def dice(truth: Texts, texts: Texts, _: Context) -> Floats:
    """Twice the overlap over the sum of sizes; two empty masks agree: 1."""
    both, total = sizes(truth, texts)
    return np.divide(2 * both, total, out=np.ones_like(total), where=total > 0)


def iou(truth: Texts, texts: Texts, _: Context) -> Floats:
    """Overlap over union; two empty masks agree: 1."""
    both, total = sizes(truth, texts)
    return np.divide(both, total - both, out=np.ones_like(total), where=total > 0)


THRESHOLDS = np.arange(0.5, 1.0, 0.05)


def precision_over_thresholds(truth: Texts, texts: Texts, context: Context) -> Floats:
    """Share of the thresholds 0.5, 0.55 ... 0.95 that the overlap over union of a single object exceeds.

    Two empty masks agree: 1. One empty mask: 0 (salt-identification competition).
    """
    return (iou(truth, texts, context)[:, None] > THRESHOLDS + 1e-12).mean(axis=1)


def dice_terms(truth: Texts, texts: Texts, _: Context) -> tuple[Floats, Floats]:
    """All pixels of all images as one pile (global Dice)."""
    both, total = sizes(truth, texts)
    return 2 * both, total
