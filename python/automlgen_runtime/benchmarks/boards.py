"""Leaderboards as MLE-bench and MLE-Dojo ship them, and what a medal takes on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automlgen_runtime.errors import UserFault
from automlgen_runtime.medals import positions
from automlgen_runtime.metrics.arrays import Floats

POINTER = b"version https://git-lfs"
SENTINEL = re.compile(r"-?9{5,}(\.0*)?$")
FAR = 1e5
"""A score this many times larger than a quarter of the others was written for a submission that had none."""


@dataclass(frozen=True)
class BoardFile:
    """Scores in the order of the file: the best first, by the convention of both benchmarks."""

    path: Path
    scores: Floats
    warnings: tuple[str, ...]


def is_pointer(path: Path) -> bool:
    """True for what git leaves in the place of a large file that was not fetched."""
    with path.open("rb") as handle:
        return handle.read(len(POINTER)) == POINTER


def read_board(path: Path) -> BoardFile:
    """Any table with a column `score`, as in both benchmarks. Raises UserFault `benchmark-invalid`."""
    if not path.is_file():
        raise UserFault("path-missing", f"There is no leaderboard {path}.", "Correct the path, or grade without one.")
    if is_pointer(path):
        raise UserFault(
            "benchmark-invalid",
            f"{path} is a git-LFS pointer, not a leaderboard.",
            "Run `git lfs pull` in the checkout, or name a board with --leaderboard; MLE-Dojo's text boards will do.",
        )
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if "score" not in table.columns or len(table) == 0:
        found = ", ".join(map(str, table.columns))
        raise UserFault(
            "benchmark-invalid",
            f"{path} is no leaderboard: it has {len(table)} rows and the columns {found}.",
            "Give a file with a column `score`, the best first.",
        )
    numbers = np.array([_number(cell) for cell in table["score"]])
    scores = numbers[~np.isnan(numbers)]
    if len(scores) == 0:
        raise UserFault("benchmark-invalid", f"{path} has no score that is a number.", "Fetch the board again.")
    absent = len(numbers) - len(scores)
    warnings = [f"{absent} rows of the leaderboard have no score and were left out."] if absent else []
    return BoardFile(path, scores, (*warnings, *doubts(scores)))


def _number(cell: str) -> float:
    """Exactly the number that is written; NaN where none is."""
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def is_lower_better(scores: Sequence[float] | Floats) -> bool:
    """As MLE-bench derives it: the first score is smaller than the last."""
    return bool(scores[0] < scores[-1])


def facts(board: BoardFile) -> dict[str, Any]:
    """`Board` of `src/benchmarks/board.ts`."""
    scores = board.scores
    gold, silver, bronze = (float(scores[min(place, len(scores)) - 1]) for place in positions(len(scores)))
    return {
        "teams": len(scores),
        "isLowerBetter": is_lower_better(scores),
        "gold": gold,
        "silver": silver,
        "bronze": bronze,
        "median": float(np.median(scores)),
        "warnings": list(board.warnings),
    }


def doubts(scores: Floats) -> list[str]:
    """Why thresholds of this board may mean nothing."""
    found = []
    odd = sentinels(scores)
    if odd.any():
        example = f"{scores[odd][0]:g}"
        found.append(
            f"{int(odd.sum())} of {len(scores)} scores on the leaderboard stand for no score, for example {example}: "
            "direction and thresholds derived from this board are doubtful."
        )
    ordered = np.diff(scores) >= 0 if is_lower_better(scores) else np.diff(scores) <= 0
    if not ordered.all():
        found.append("The leaderboard is not ordered by score: thresholds are taken by position, as it stands.")
    if scores[0] == scores[-1]:
        found.append("The first and the last score of the leaderboard are equal: larger is taken as better.")
    return found


def sentinels(scores: Floats) -> npt.NDArray[np.bool_]:
    """Rows of 99999 and the like, infinities, and numbers far beyond a quarter of the others."""
    size = np.abs(scores)
    finite = size[np.isfinite(size)]
    usual = max(1.0, float(np.quantile(finite, 0.25, method="lower"))) if len(finite) else 1.0
    nines = np.array([bool(SENTINEL.match(f"{score:.1f}")) for score in scores])
    return (nines & (size > 10 * usual)) | ~np.isfinite(scores) | (size > FAR * usual)
