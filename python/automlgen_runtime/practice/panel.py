"""Prints the table of docs/tasks.md: rows, a constant, the reference and the best program of each practice competition.

    python -m automlgen_runtime.practice.panel --boards src/tasks/practice/boards

Scores are on the private rows of builder seed 1. Constant and reference are computed; the best are the board's.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.constants import constant
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.competition import Competition, Division
from automlgen_runtime.practice.forms import private_score
from automlgen_runtime.practice.stored import reference_of

SEED = 1
HEAD = ("id", "packages", "train / test", "metric", "constant", "reference", "best baseline", "best of the board")


def row(competition: Competition, board: dict[str, Any] | None) -> tuple[str, ...]:
    """The cells of one competition; the last two are empty without a board."""
    division = competition.divide(competition.take(), SEED)
    reference = reference_of(competition, division, SEED)
    arrow = "↑" if competition.direction == "maximise" else "↓"
    packages = competition.packages if len(competition.packages) < 4 else (f"{len(competition.packages)} libraries",)
    return (
        f"`{competition.id}`",
        ", ".join(packages),
        f"{len(division.train):,} / {len(division.test):,}",
        f"{competition.metric} {arrow}",
        _text(private_score(competition, division, best_constant(competition, division))),
        _text(private_score(competition, division, reference)),
        _best(competition, board, ("baseline",)),
        _best(competition, board, ("baseline", "composer")),
    )


def best_constant(competition: Competition, division: Division) -> pd.DataFrame:
    """What the evaluator's own baseline would submit: one constant, learnt from the training labels alone."""
    labels = division.train[competition.target].astype(str)
    classes = sorted(labels.unique())
    numeric = METRICS[competition.metric].predictions == "value"
    card = {
        "metric": competition.metric,
        "metricOptions": competition.metric_options,
        "target": competition.target,
        "direction": competition.direction,
        "taskType": "regression" if numeric else "binary" if len(classes) == 2 else "multiclass",
        **({} if numeric else {"classes": classes}),
    }
    cells = np.atleast_2d(constant(card, [labels.to_numpy(dtype=object)]))
    if METRICS[competition.metric].predictions == "label":
        cells = np.array([[classes[int(cells.flat[0])]]], dtype=object)
    cells = cells[:, -len(competition.columns) :]
    answer = pd.DataFrame(np.repeat(cells, len(division.test), axis=0), columns=list(competition.columns))
    answer.insert(0, competition.id_column, division.test[competition.id_column].to_numpy())
    return answer


def _best(competition: Competition, board: dict[str, Any] | None, kinds: tuple[str, ...]) -> str:
    scores = [entry["score"] for entry in (board or {"entries": []})["entries"] if entry["kind"] in kinds]
    if not scores:
        return ""
    return _text(max(scores) if competition.direction == "maximise" else min(scores))


def _text(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}" if abs(value) >= 0.2 else f"{value:.4f}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards", type=Path, required=True)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    for line in (HEAD, ("---",) * len(HEAD)):
        print(f"| {' | '.join(line)} |")
    for competition in COMPETITIONS.values():
        path = options.boards / f"{competition.id}.json"
        board = json.loads(path.read_text("utf-8")) if path.is_file() else None
        print(f"| {' | '.join(row(competition, board))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
