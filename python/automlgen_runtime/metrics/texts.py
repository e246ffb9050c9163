"""Metrics of cells that are read as text: sets of labels, words, strings."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from automlgen_runtime.metrics.arrays import Context, Floats, Texts


def _sets(text: str) -> set[str]:
    """Labels separated by spaces."""
    return set(str(text).split())


def _words(text: str) -> set[str]:
    return set(str(text).lower().split())


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _pairs(function: Callable[[str, str], float], truth: Texts, texts: Texts) -> Floats:
    return np.fromiter((function(a, b) for a, b in zip(truth, texts, strict=True)), np.float64, len(truth))


def jaccard_sets(truth: Texts, texts: Texts, _: Context) -> Floats:
    """Shared labels over all labels named; 1 where neither names any."""
    return _pairs(lambda a, b: _jaccard(_sets(a), _sets(b)), truth, texts)


def jaccard_words(truth: Texts, texts: Texts, _: Context) -> Floats:
    """The same of lower-case words: the word-level Jaccard score of the tweet and question-answering competitions."""
    return _pairs(lambda a, b: _jaccard(_words(a), _words(b)), truth, texts)


def set_overlaps(truth: Texts, texts: Texts, _: Context) -> tuple[Floats, Floats]:
    """Twice the shared labels, and labels true plus labels predicted: the terms of F1 over sets."""
    pairs = [(_sets(a), _sets(b)) for a, b in zip(truth, texts, strict=True)]
    shared = np.array([2.0 * len(a & b) for a, b in pairs])
    return shared, np.array([float(len(a) + len(b)) for a, b in pairs])


def f1_sets(truth: Texts, texts: Texts, context: Context) -> Floats:
    """F1 of the labels of each row; 1 where nothing is true and nothing predicted."""
    shared, size = set_overlaps(truth, texts, context)
    return np.divide(shared, size, out=np.ones_like(size), where=size > 0)


def levenshtein(truth: Texts, texts: Texts, _: Context) -> Floats:
    """Edits (insert, delete, replace a character) from one string to the other; not divided by the length."""
    return _pairs(lambda a, b: float(edits(str(a), str(b))), truth, texts)


@lru_cache(maxsize=1 << 17)
def edits(a: str, b: str) -> int:
    """Levenshtein distance by the bit-parallel recurrences of Myers 1999 in Hyyroe's form; one long integer per row."""
    if a == b:
        return 0
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    if not a or not b:
        return len(a) + len(b)
    places: dict[str, int] = {}
    for position, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << position
    full, last = (1 << len(a)) - 1, 1 << len(a) - 1
    up, down, distance = full, 0, len(a)
    for letter in b:
        same = places.get(letter, 0)
        diagonal = (((same & up) + up) ^ up) | same | down
        right, left = down | ~(diagonal | up) & full, diagonal & up
        distance += bool(right & last) - bool(left & last)
        right, left = right << 1 | 1, left << 1
        up, down = (left | ~(diagonal | right)) & full, diagonal & right & full
    return distance
