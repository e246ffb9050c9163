"""When the groups that a metric averages over are themselves the sample.

Few groups (kinds of coupling, shops) are fixed: the error is that of the rows within them. Many groups (queries,
series, users) are draws: the error is the spread of their values, and rows of one group are one draw.
"""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics.arrays import Codes, Context, Floats

MANY_GROUPS = 20
ALWAYS_DRAWS = ("ndcg",)
"""Metrics whose groups are queries, however few: there is no error within a query."""


def are_draws(groups: Codes) -> bool:
    return int(np.count_nonzero(np.bincount(groups))) >= MANY_GROUPS


def draws_of(name: str, context: Context, groups: Codes | None) -> Codes | None:
    """Rows that count as one draw for a standard error: those of the split's groups, else of the metric's."""
    if groups is not None or context.groups is None:
        return groups
    return context.groups if name in ALWAYS_DRAWS or are_draws(context.groups) else None


def of_draws(values: Floats, groups: Codes) -> Floats:
    """Contributions of rows to the mean of one value per group (NaN: the group has none)."""
    counts = np.bincount(groups, minlength=len(values))
    scored = (counts > 0) & np.isfinite(values)
    away = np.where(scored, values - values[scored].mean(), 0.0)
    return (away * len(groups) / (scored.sum() * np.maximum(counts, 1)))[groups]
