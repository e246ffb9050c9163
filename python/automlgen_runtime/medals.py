"""MLE-bench's medal rule (Kaggle's): the score at a leaderboard position that depends on the number of teams."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from statistics import median

MEDALS = ("gold", "silver", "bronze")


def positions(teams: int) -> tuple[int, int, int]:
    """1-based positions of the last gold, silver and bronze medal."""
    if teams < 100:
        raw = (teams * 0.1, teams * 0.2, teams * 0.4)
    elif teams < 250:
        raw = (10.0, teams * 0.2, teams * 0.4)
    elif teams < 1000:
        raw = (10 + teams * 0.002, 50.0, 100.0)
    else:
        raw = (10 + teams * 0.002, teams * 0.05, teams * 0.1)
    gold, silver, bronze = (max(1, floor(value + 1e-9)) for value in raw)
    return gold, silver, bronze


def thresholds(board: Sequence[float], sign: float) -> dict[str, float]:
    """Scores that gold, silver and bronze ask for at least, and the median of the board. Empty without a board."""
    if not board:
        return {}
    ordered = sorted(board, key=lambda score: -sign * score)
    found = {name: ordered[place - 1] for name, place in zip(MEDALS, positions(len(ordered)), strict=True)}
    return {**found, "median": median(board)}


def medal(value: float, board: Sequence[float], sign: float) -> str:
    """Inclusive at each threshold; `sign` is 1 where larger is better. An empty board gives none."""
    asked = thresholds(board, sign)
    return next((name for name in MEDALS if name in asked and sign * value >= sign * asked[name]), "none")


def rank(value: float, board: Sequence[float], sign: float) -> int:
    """Place that the score would take: 1 + the number of entries that are strictly better."""
    return 1 + sum(1 for score in board if sign * score > sign * value)
