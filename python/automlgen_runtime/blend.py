"""Greedy forward selection with replacement over stored predictions (Caruana and others 2004). Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from automlgen_runtime.metrics.arrays import Floats

MEMBERS = 8
ROUNDS = 40
LEAST_WEIGHT = 0.05
PATIENCE = 5
"""Rounds without a gain after which the selection ends."""

APART = 1e-6
"""Share by which the votes of equal members differ."""

Quality = Callable[[Floats], float]
"""Quality of averaged predictions; larger is better."""


def weighted(spaces: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Mean of predictions; weights are divided by their sum."""
    total = sum(weights)
    return np.sum([space * (weight / total) for space, weight in zip(spaces, weights, strict=True)], axis=0)


def caruana(spaces: Sequence[Floats], quality: Quality, seconds: Sequence[float], limit: float) -> dict[int, float]:
    """Weights by position, summing to 1, the first member being the best single.

    At most 8 members whose `seconds` together stay within `limit` (the first is exempt); weights below 0.05 drop out.
    """
    first = max(range(len(spaces)), key=lambda i: quality(spaces[i]))
    picks, total = [first], spaces[first].copy()
    best, length, stale = quality(total), 1, 0
    while len(picks) < ROUNDS and stale < PATIENCE:
        allowed = _allowed(picks, seconds, limit)
        gains = {i: quality((total + spaces[i]) / (len(picks) + 1)) for i in allowed}
        pick = max(gains, key=lambda i: (gains[i], -i))
        picks.append(pick)
        total = total + spaces[pick]
        stale = 0 if gains[pick] > best else stale + 1
        if gains[pick] > best:
            best, length = gains[pick], len(picks)
    return _pruned(picks[:length])


def _allowed(picks: list[int], seconds: Sequence[float], limit: float) -> list[int]:
    members = set(picks)
    spent = sum(seconds[i] for i in members)
    return [i for i in range(len(seconds)) if i in members or (len(members) < MEMBERS and spent + seconds[i] <= limit)]


def _pruned(picks: list[int]) -> dict[int, float]:
    weights = {i: picks.count(i) / len(picks) for i in dict.fromkeys(picks)}
    kept = {i: weight for i, weight in weights.items() if weight >= LEAST_WEIGHT}
    total = sum(kept.values())
    return {i: weight / total for i, weight in kept.items()}


def untied(weights: dict[int, float]) -> dict[int, float]:
    """Weights that no two equal camps share: each member counts a millionth less than the one before it."""
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    apart = {i: weight * (1 - APART * rank) for rank, (i, weight) in enumerate(ordered)}
    total = sum(apart.values())
    return {i: weight / total for i, weight in apart.items()}
