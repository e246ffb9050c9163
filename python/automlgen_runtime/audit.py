"""The leak audit of a score far beyond its siblings: is there an honest way to it, or is something given away?

It runs inside the evaluation that rang the alarm, within a time of its own. Each check that strikes leaves a sentence.
What a feature of the task tells makes the score *suspicious*: a person should look, since the real test may not tell
it. Predictions that know hidden labels and not the test rows' have no honest explanation, and block.
What is not finished in time is cleared, and says so; so is what a fault of the audit itself leaves open. No audit may
fail an evaluation.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from automlgen_runtime.audit_tables import Tables, TimeUp, read_tables
from automlgen_runtime.metrics.arrays import Codes, Floats, Prediction
from automlgen_runtime.predictions import NodePredictions, assembled, load, metas, rows_done
from automlgen_runtime.ruler import Ruler

SECONDS = 20.0
MOST_BINS, ROWS_PER_BIN = 64, 10
MOST_CLASSES = 50
FEATURE_SKILL, ORDER_SKILL = 0.9, 0.2
"""Share of the target's variance that one column may explain alone; that an id or the order of rows may."""
REPEATED, REPEATED_MORE = 0.2, 0.1
"""Share of hidden rows that repeat train rows, and by how much it must exceed that of the test rows."""
EXACT, EXACT_SIBLING, DISTINCT = 0.2, 0.05, 20
DISTANCE, CHANCE = 0.2, 1e-9


@dataclass(frozen=True)
class Case:
    ruler: Ruler
    node: NodePredictions
    #: Positions of the scored rows that are looked at, and their truth as columns of numbers.
    rows: Codes
    truth: Floats
    tables: Tables
    sibling: NodePredictions | None
    deadline: float = float("inf")


def audit(ruler: Ruler, node: NodePredictions, seconds: float | None = None) -> dict[str, Any]:
    """`verdict` cleared or suspicious, `evidence`, `finished`, and `blocks`: there is no honest explanation.

    Looks at every hidden row that the program has predicted, scored or not.
    """
    seconds = SECONDS if seconds is None else seconds
    deadline = time.monotonic() + seconds
    evidence: list[str] = []
    blocks = False
    open_because: str | None = None
    try:
        rows, truth = _truth(ruler, np.flatnonzero(rows_done(ruler, node)))
        tables = read_tables(ruler, list(node.views), rows, deadline)
        case = Case(ruler, node, rows, truth, tables, _best_other(ruler, node), deadline)
        for check, proves in CHECKS:
            for sentence in check(case):
                evidence.append(sentence)
                blocks = blocks or proves
                _within(deadline)
            _within(deadline)
    except TimeUp:
        open_because = f"Not finished in {seconds:g} s"
    except Exception as fault:
        traceback.print_exception(fault, file=sys.stderr)
        open_because = f"Not finished because of a fault of the audit ({type(fault).__name__})"
    verdict = "suspicious" if evidence else "cleared"
    if open_because:
        evidence.append(f"{open_because}: what was not looked at is cleared.")
    return {"verdict": verdict, "evidence": evidence, "finished": open_because is None, "blocks": blocks}


def _best_other(ruler: Ruler, node: NodePredictions) -> NodePredictions | None:
    """What an honest program's answers look like."""
    known = metas(ruler.predictions_folder, except_for=node.node_id)
    scores = {name: ruler.metric.sign * float(meta["reply"]["score"]["value"]) for name, meta in known.items()}
    return load(ruler.predictions_folder, max(scores, key=scores.__getitem__)) if scores else None


def _within(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeUp


def _truth(ruler: Ruler, rows: Codes) -> tuple[Codes, Floats]:
    """Numbers as ranks, classes as one column each; of several targets the first."""
    found = ruler.truth[rows]
    column = found[:, 0] if found.ndim == 2 else found
    if column.dtype == np.float64:
        kept = ~np.isnan(column)
        return rows[kept], (pd.Series(column[kept]).rank() / max(1, int(kept.sum()))).to_numpy()[:, None]
    codes = np.unique(column.astype(str), return_inverse=True)[1]
    return rows, np.eye(codes.max() + 1)[codes] if codes.max() < MOST_CLASSES else codes[:, None].astype(float)


def skill(cells: pd.Series, truth: Floats) -> float:
    """Share of the truth's variance that bins of one column, learnt on one half of the rows, explain on the other."""
    codes = _codes(cells)
    if codes is None:
        return 0.0
    half = np.random.Generator(np.random.PCG64(1)).permutation(len(codes)) % 2 == 0
    return min(_explained(codes, truth, half), _explained(codes, truth, ~half))


def _codes(cells: pd.Series) -> Codes | None:
    numbers = pd.to_numeric(cells, errors="coerce")
    bins = int(np.clip(len(cells) // ROWS_PER_BIN, 2, MOST_BINS))
    if numbers.notna().sum() >= 0.95 * (cells != "").sum() and numbers.nunique() > bins:
        shares = numbers.rank() / len(numbers)
        return (shares * bins).fillna(-1).astype(int).to_numpy() + 1
    codes, names = pd.factorize(cells)
    return codes if 1 < len(names) <= len(cells) / 4 else None


def _explained(codes: Codes, truth: Floats, learn: np.ndarray) -> float:
    means = pd.DataFrame(truth[learn]).groupby(codes[learn]).mean()
    overall = truth[learn].mean(axis=0)
    guess = means.reindex(codes[~learn]).fillna(dict(enumerate(overall))).to_numpy()
    rest = truth[~learn]
    spread = float(((rest - rest.mean(axis=0)) ** 2).sum())
    return 1 - float(((rest - guess) ** 2).sum()) / spread if spread > 0 else 0.0


def _features(case: Case) -> Iterator[str]:
    for name in case.tables.features:
        _within(case.deadline)
        told = skill(case.tables.hidden[name], case.truth)
        if told >= FEATURE_SKILL:
            yield f'"{name}" alone explains {told:.0%} of the target.'


def _order(case: Case) -> Iterator[str]:
    columns = {"the number in the id": case.tables.id_numbers(), "the order of the rows": case.tables.positions}
    for name, column in columns.items():
        told = skill(column.astype(str), case.truth)
        if told >= ORDER_SKILL:
            yield f"{name.capitalize()} explains {told:.0%} of the target."


def _repeats(case: Case) -> Iterator[str]:
    hidden, test = case.tables.repeated()
    if hidden > REPEATED and hidden > test + REPEATED_MORE:
        yield f"{hidden:.0%} of the hidden rows repeat rows of train.csv, but {test:.0%} of the test rows."


def _exact(case: Case) -> Iterator[str]:
    """Numbers hit to the last digit, where another program hits hardly any."""
    truth = case.ruler.truth
    if case.ruler.metric.predictions != "value" or truth.ndim != 1 or len(np.unique(truth[case.rows])) <= DISTINCT:
        return
    own = _hits(case, case.node)
    theirs = _hits(case, case.sibling) if case.sibling else 0.0
    if own >= EXACT and theirs <= EXACT_SIBLING:
        yield f"{own:.0%} of the predictions are the hidden number to the last digit."


def _hits(case: Case, node: NodePredictions) -> float:
    truth = case.ruler.truth[case.rows]
    return float((np.abs(assembled(case.ruler, node)[case.rows] - truth) <= 1e-9 * (1 + np.abs(truth))).mean())


def _two_manners(case: Case) -> Iterator[str]:
    """Hidden rows and test rows were drawn alike, so an honest program answers both alike."""
    if case.ruler.prepared["split"].get("relation", "random") != "random":
        return
    own, theirs = _distance(case.ruler, case.node), None
    if case.sibling is not None:
        theirs = _distance(case.ruler, case.sibling)
    if own is None or own[0] < DISTANCE or own[1] > CHANCE or (theirs is not None and theirs[0] > own[0] / 2):
        return
    yield f"Hidden rows are answered in another manner than test rows (distance {own[0]:.2f} of 1)."


def _distance(ruler: Ruler, node: NodePredictions) -> tuple[float, float] | None:
    """(Kolmogorov-Smirnov distance, its chance) of what hidden and test rows were answered, over all views."""
    if not rows_done(ruler, node).any():
        return None
    sides = [
        np.concatenate([_manner(getattr(view, side).primary) for view in node.views.values()])
        for side in ("hidden", "test")
    ]
    if min(len(side) for side in sides) < 50:
        return None
    result = ks_2samp(*sides, method="asymp")
    return float(result.statistic), float(result.pvalue)


def _manner(answers: Prediction) -> Floats:
    """Numbers as they are; of probabilities how sure they are."""
    if answers.dtype == object:
        return np.array([len(str(answer)) for answer in answers], dtype=float)
    return answers.max(axis=1).astype(float) if answers.ndim == 2 else answers.astype(float)


CHECKS: tuple[tuple[Callable[[Case], Iterator[str]], bool], ...] = (
    (_exact, True),
    (_two_manners, True),
    (_order, False),
    (_features, False),
    (_repeats, False),
)
"""With whether what it finds is proof; the quick ones first."""
