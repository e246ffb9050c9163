"""Rules that depend on the order in which programs come: the race, and what the same number of fits buys elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from automlgen_runtime import choose, race
from automlgen_runtime.predictions import NodePredictions, save

from ruler.rules import Tally
from ruler.setting import FOLDS, Setting
from ruler.takes import Compared

ORDERS = 3
"""Orders of arrival by seed; values are their mean."""
SHARE = 0.2
"""The race promotes the best 12 of about 60 programs; small pools keep that share."""
NEVER = -1e9
LATER_COST = 1 + 4 * SHARE
"""Fits by program when the best fifth is promoted after all have run fold 1."""


def finalists(programs: int) -> int:
    return max(race.TIED_WITH, round(SHARE * programs))


def raced(
    setting: Setting, order: Sequence[int], most: int, budget: float = float("inf"), errors: float = race.PAIRED_ERRORS
) -> tuple[list[int], int]:
    """Programs complete at the end, and fits spent, when they come one by one and no fit is begun beyond `budget`.

    `errors`: paired standard errors of the third best within which a program is promoted too.
    """
    ruler, folds = setting.in_folds()
    kept = race.FINALISTS, race.PAIRED_ERRORS
    race.FINALISTS, race.PAIRED_ERRORS = most, errors
    complete, spent = [], 0
    try:
        for program in order:
            if spent + 1 > budget:
                break
            spent += 1
            node = replace(setting.fold_node(program, folds[:1]))
            if race.next_views(ruler, node, race.rivals(ruler, node)) and spent + FOLDS - 1 <= budget:
                spent += FOLDS - 1
                node = setting.fold_node(program, folds)
                complete.append(program)
            save(ruler.predictions_folder, NodePredictions(node.node_id, node.views, race.standing(ruler, node)))
    finally:
        race.FINALISTS, race.PAIRED_ERRORS = kept
        shutil.rmtree(Path(ruler.predictions_folder), ignore_errors=True)
    return complete, spent


def afterwards(setting: Setting, some: Sequence[int], most: int) -> list[int]:
    """The best by fold 1 when all have run it."""
    ruler, folds = setting.in_folds()
    nodes = [setting.fold_node(program, folds[:1]) for program in some]
    field = setting.field(ruler, nodes)
    alone = choose.singles(field)
    ranked = sorted(range(len(some)), key=lambda i: -field.value(alone[i]))
    return [some[i] for i in ranked[:most]]


def judge(setting: Setting, tally: Tally, rule: str, programs: Sequence[int], fits: float) -> None:
    """Takes among complete programs; submitted is the mean of their fold models."""
    ruler, folds = setting.in_folds()
    nodes = [setting.fold_node(program, folds) for program in programs]
    some = Compared(setting, setting.field(ruler, nodes), nodes, list(programs))
    for take, weights in some.takes().items():
        tally.add(rule, take, "searched", some.private(take, weights, some.searched))
    tally.counts[f"{rule}/fits"].append(fits / setting.count)
    tally.counts[f"{rule}/complete"].append(len(programs))


def arriving(setting: Setting, tally: Tally, seed: int) -> None:
    """Equal cost is as many fits as there are programs: what the hold-out needs for all of them."""
    budget = max(setting.count, FOLDS)
    for number in range(ORDERS):
        order = [int(i) for i in np.random.default_rng([seed, number, 53]).permutation(setting.count)]
        most = finalists(setting.count)
        judge(setting, tally, "race", *raced(setting, order, most))
        judge(setting, tally, "race-one", *raced(setting, order, most, errors=1.0))
        judge(setting, tally, "race-strict", *raced(setting, order, most, errors=NEVER))
        judge(setting, tally, "race-budget", *raced(setting, order, most, budget))
        few = order[: max(2, round(budget / FOLDS))]
        judge(setting, tally, "folds-budget", few, FOLDS * len(few))
        some = order[: max(2, round(budget / LATER_COST))]
        promoted = afterwards(setting, some, max(1, round(SHARE * len(some))))
        judge(setting, tally, "race-after-budget", promoted, len(some) + (FOLDS - 1) * len(promoted))
