"""Who scores the programs: each rule turns one record into takes and their values on the private test.

own      each program on a random fifth of its own, blind to groups; printed: the line that composer programs print
cv       truthful cross-validation on the frozen rows that are not hidden
search   hidden rows, a tenth of the labels; pooled: search and final rows together; final: the final rows decide
folds    every labelled row out of fold; race: the product's race over the same folds (arrivals.py)

With folds 0 to 4 each fold is the hidden part in turn, half of it search and half final rows, and values are means over
the five. A task in time has one hidden part: its latest rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from automlgen_runtime import choose
from automlgen_runtime.contenders import Field
from automlgen_runtime.predictions import NodePredictions
from automlgen_runtime.ruler import read_text_table
from automlgen_runtime.standard_errors import standard_error
from automlgen_runtime.submission import Answer

from ruler.setting import FOLDS, Setting
from ruler.takes import BEST, BLEND, KINDS, PRODUCT, TIES, Compared

EVERYONE = "everyone"
BEST_FEW = 12
"""The rule that lets final rows decide looks at this many programs."""


@dataclass
class Tally:
    """Values by key, to be averaged. Keys of `values`: rule/take/fit; of `shown`: rule/take, pairs (shown, private)."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rule: str, take: str, fit: str, value: float) -> None:
        self.values[f"{rule}/{take}/{fit}"].append(value)

    def told(self, rule: str, take: str, shown: float, private: float) -> None:
        self.shown[f"{rule}/{take}"].append((shown, private))


@dataclass(frozen=True)
class Part:
    """A hidden part: its rows with `part` search or final, and what each program predicts for them and for the test."""

    table: pd.DataFrame
    nodes: list[NodePredictions]
    fold: int | None


def hidden_parts(setting: Setting, seed: int) -> Iterator[Part]:
    if setting.timed:
        table = read_text_table(setting.record.folder / "hidden-main" / "labels.csv")
        yield Part(table, [_main(setting, program) for program in range(setting.count)], None)
        return
    for fold in range(FOLDS):
        rows = np.flatnonzero(setting.folds == fold)
        units = (
            np.arange(len(rows)) if setting.groups is None else np.unique(setting.groups[rows], return_inverse=True)[1]
        )
        half = np.random.default_rng([seed, fold, 47]).permutation(int(units.max()) + 1) % 2
        table = setting.labels.iloc[rows].assign(part=np.where(half[units] == 0, "search", "final"))
        yield Part(table, [_held(setting, program, fold) for program in range(setting.count)], fold)


def _main(setting: Setting, program: int) -> NodePredictions:
    return setting.node(program, {"main": (setting.answer("main", program), setting.answer("main_test", program))})


def _held(setting: Setting, program: int, fold: int) -> NodePredictions:
    hidden = setting.answer("hidden", program, setting.folds == fold)
    return setting.node(program, {"main": (hidden, setting.answer("tests", program, fold))})


def compared(setting: Setting, part: Part, which: str | None) -> Compared:
    """The programs on the hidden rows of one kind, or on all of them."""
    rows = np.ones(len(part.table), bool) if which is None else (part.table["part"] == which).to_numpy()
    nodes = [_at(node, rows) for node in part.nodes]
    ruler = setting.ruler(part.table[rows], "holdout")
    return Compared(setting, setting.field(ruler, nodes), nodes, range(setting.count))


def _at(node: NodePredictions, rows: np.ndarray) -> NodePredictions:
    view = node.views["main"]
    shares = view.hidden.probabilities
    hidden = Answer(view.hidden.primary[rows], None if shares is None else shares[rows])
    return NodePredictions(node.node_id, {"main": type(view)(hidden, view.test)})


def judge(tally: Tally, rule: str, field_: Compared, fits: tuple[str, ...]) -> dict[str, dict[int, float]]:
    """Values of best, ties and blend, and what each showed on the rows that made it."""
    takes = {take: dict(weights) for take, weights in field_.takes().items()}
    for shown, private in field_.everyone():
        tally.told(rule, EVERYONE, shown, private)
    for take, weights in takes.items():
        for fit in fits:
            answers = field_.refitted if fit == "refit" else field_.searched
            tally.add(rule, take, fit, field_.private(take, weights, answers))
        for private in field_.each_model(take, weights):
            tally.told(rule, take, field_.shown(take, weights), private)
    return takes


def hidden_rows(setting: Setting, tally: Tally, seed: int) -> None:
    """Rules search, pooled and final, and the product's choice."""
    for part in hidden_parts(setting, seed):
        search, both = compared(setting, part, "search"), compared(setting, part, None)
        takes = judge(tally, "search", search, ("refit",))
        judge(tally, "pooled", both, ("refit", "searched"))
        _product(tally, "pooled", both, (part.table["part"] == "search").to_numpy(), "refit")
        _final_rows(tally, search, compared(setting, part, "final"), both, takes)


def _product(tally: Tally, rule: str, both: Compared, search: np.ndarray | None, fit: str) -> None:
    choice = both.product(None if search is None else search[both.field.rows])
    kind = KINDS[choice["chosen"]["kind"]]
    position = {contender.node_id: i for i, contender in enumerate(both.field.contenders)}
    weights = {position[member["nodeId"]]: member["weight"] for member in choice["chosen"]["members"]}
    answers = both.refitted if fit == "refit" else both.searched
    value = both.private(kind, weights, answers)
    tally.add(rule, PRODUCT, fit, value)
    tally.told(f"{rule}-estimate", PRODUCT, choice["estimate"]["value"], value)
    for each in KINDS.values():
        tally.counts[f"{rule}/{each}"].append(float(each == kind))


def _final_rows(
    tally: Tally, search: Compared, final: Compared, both: Compared, takes: dict[str, dict[int, float]]
) -> None:
    """Best 12 on the search rows, the final rows decide; and a blend of the search rows that must win there too."""
    by_search, by_final = choose.singles(search.field), choose.singles(final.field)
    few = sorted(range(len(by_search)), key=lambda i: -search.field.value(by_search[i]))[:BEST_FEW]
    single = max(few, key=lambda i: final.field.value(by_final[i]))
    value = both.private(BEST, {single: 1.0}, both.refitted)
    tally.add("final", BEST, "refit", value)
    if BLEND in takes:
        mixed = _judged(final.field, takes[BLEND])
        wins = mixed > final.field.value(by_final[single])
        blend = both.private(BLEND, takes[BLEND], both.refitted)
        tally.add("final", BLEND, "refit", blend if wins else value)
        tally.counts["final/blend wins"].append(float(wins))


def _judged(field_: Field, weights: dict[int, float]) -> float:
    return field_.value(field_.judged(choose.average(field_, weights)))


def cross_validation(setting: Setting, tally: Tally) -> None:
    """Rule cv: the folds that are not hidden. In a task in time, the stretches of time."""
    for without in [None] if setting.timed else list(range(FOLDS)):
        ruler, folds = setting.in_folds(without)
        nodes = [setting.fold_node(program, folds) for program in range(setting.count)]
        judge(tally, "cv", Compared(setting, setting.field(ruler, nodes), nodes, range(setting.count)), ("refit",))


def whole_folds(setting: Setting, tally: Tally) -> None:
    """Rule folds: five times the cost; submitted is the mean of the fold models, or the refit."""
    ruler, folds = setting.in_folds()
    nodes = [setting.fold_node(program, folds) for program in range(setting.count)]
    everything = Compared(setting, setting.field(ruler, nodes), nodes, range(setting.count))
    judge(tally, "folds", everything, ("searched", "refit"))
    _product(tally, "folds", everything, None, "searched")


def own_splits(setting: Setting, tally: Tally) -> None:
    """Rules own and printed. There are no common rows: no paired difference, nothing to learn weights on."""
    metric, ruler = setting.private.ruler.metric, setting.private.ruler
    values, errors = [], []
    for program in range(setting.count):
        rows = setting.record.arrays["own_rows"][program]
        prediction, context = setting.answer("own", program).primary, ruler.context.at(rows)
        values.append(metric.value(ruler.truth[rows], prediction, context))
        errors.append(standard_error(metric, ruler.truth[rows], prediction, context, ruler.groups_of(rows)))
    _reported(setting, tally, "own", values, errors)
    printed = [program["printed"] for program in setting.record.programs]
    if all(value is not None for value in printed):
        _reported(setting, tally, "printed", printed, None)


def _reported(setting: Setting, tally: Tally, rule: str, values: list[float], errors: list[float] | None) -> None:
    """The best by its own word; the mean of those within one (unpaired) standard error of it."""
    sign = setting.private.ruler.metric.sign
    ruler, folds = setting.in_folds()
    nodes = [setting.fold_node(program, folds) for program in range(setting.count)]
    judge_ = Compared(setting, setting.field(ruler, nodes), nodes, range(setting.count))
    order = sorted(range(setting.count), key=lambda i: -sign * values[i])
    best = order[0]

    def alone(answer: Answer) -> float:
        return setting.private.value(answer.primary)

    tally.add(rule, BEST, "refit", alone(setting.full(best)))
    for fold in range(FOLDS):
        models = [alone(setting.answer("tests", program, fold)) for program in range(setting.count)]
        tally.told(rule, BEST, values[best], models[best])
        tally.told(rule, EVERYONE, float(np.mean(values)), float(np.mean(models)))
    if errors is not None:
        near = [i for i in order[:8] if sign * (values[best] - values[i]) <= np.hypot(errors[best], errors[i])]
        weights = {i: 1 / len(near) for i in near}
        if judge_.field.averaging != "none":
            tally.add(rule, TIES, "refit", judge_.private(TIES, weights, lambda i: [setting.full(i)]))
