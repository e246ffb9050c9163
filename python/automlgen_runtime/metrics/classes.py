"""From labels as people write them to class codes and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Floats

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?$")


def canonical(text: str) -> str:
    """`1`, `1.0`, `+1` and `01` are the same number, `True` and `true` the same truth value; other texts stay."""
    text = text.strip()
    if _NUMBER.match(text):
        return str(Decimal(text).normalize() + 0)
    return text.lower() if text.lower() in ("true", "false") else text


class Names:
    """Finds the position of a name in a list: by its exact text, else by its canonical form where that is unique."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._exact = {name: position for position, name in enumerate(self.names)}

    @cached_property
    def _canonical(self) -> dict[str, int]:
        forms = {canonical(name): position for position, name in enumerate(self.names)}
        return forms if len(forms) == len(self.names) else {}

    @cached_property
    def text_bytes(self) -> int:
        """Of all names together, in UTF-8."""
        return sum(len(name.encode()) for name in self.names)

    def positions(self, texts: Iterable[str]) -> Codes:
        """One position per text, -1 for an unknown one."""
        exact = self._exact
        found = (exact[t] if t in exact else self._canonical.get(canonical(t), -1) for t in texts)
        return np.fromiter(found, dtype=np.int64)


def encode(labels: Iterable[object], classes: Sequence[str]) -> Codes:
    """Class codes of labels; raises ValueError on a label that is not in `classes`."""
    texts = [str(label) for label in labels]
    codes = Names(classes).positions(texts)
    if (codes < 0).any():
        unknown = texts[int(np.argmax(codes < 0))]
        raise ValueError(f"Label {unknown!r} is not one of the classes {list(classes)[:10]}.")
    return codes


def levels_of(classes: Sequence[str]) -> Floats:
    """Numeric values of the classes where all are numbers, else their positions."""
    if all(_NUMBER.match(name.strip()) for name in classes):
        return np.array([float(name) for name in classes])
    return np.arange(len(classes), dtype=np.float64)
