"""The bootstrap, for metrics whose rows have no known influence: a task's own.

Rows are drawn with replacement, whole groups where there are at least two. Seeded, so that equal predictions have equal
errors; bounded, so that 100,000 rows stay affordable; the difference of two programs is taken on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, UndefinedScoreError
from automlgen_runtime.metrics.several import group_rows

SEED = 20_251
MOST, LEAST = 200, 40
ROWS = 10_000_000
"""Rows scored in all, at most, as long as there are `LEAST` draws."""

OfRows = Callable[[Codes], float]


def bootstrap_error(statistic: OfRows, rows: int, groups: Codes | None = None) -> float:
    """Standard deviation of `statistic(rows drawn)`; draws on which it is undefined are left out."""
    found = [value for drawn in draws(rows, groups) if (value := _or_nothing(statistic, drawn)) is not None]
    size = max(map(abs, found), default=0.0)
    return float(np.std(np.divide(found, size), ddof=1)) * size if len(found) > 1 and size > 0 else 0.0


def draws(rows: int, groups: Codes | None) -> Iterator[Codes]:
    """Row numbers of each draw."""
    random = np.random.default_rng(SEED)
    units = None if groups is None else group_rows(groups)
    units = units if units and len(units) > 1 else None
    size = rows if units is None else len(units)
    if size < 2:
        return
    for _ in range(int(np.clip(ROWS // rows, LEAST, MOST))):
        drawn = random.integers(0, size, size)
        yield drawn if units is None else np.concatenate([units[unit] for unit in drawn])


def _or_nothing(statistic: OfRows, rows: Codes) -> float | None:
    try:
        return statistic(rows)
    except UndefinedScoreError:
        return None
