"""What is submitted once programs have scores: the best, the mean of the tied, the blend, or what the product decides.

All four are the product's own functions. A *take* is weights by position among the programs that were compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from automlgen_runtime import choose
from automlgen_runtime.contenders import Field
from automlgen_runtime.metrics.arrays import Prediction
from automlgen_runtime.predictions import NodePredictions
from automlgen_runtime.refit import agreement
from automlgen_runtime.ruler import Ruler
from automlgen_runtime.space import Averaging
from automlgen_runtime.submission import Answer
from automlgen_runtime.write import combined

from ruler.setting import Setting

NO_LIMIT = float("inf")
BEST, TIES, BLEND, PRODUCT = "best", "ties", "blend", "product"
Weights = Mapping[int, float]


@dataclass(frozen=True)
class Compared:
    """Programs that share hidden rows. `members[i]` is the program behind position i of the field."""

    setting: Setting
    field: Field
    nodes: Sequence[NodePredictions]
    members: Sequence[int]

    @property
    def ruler(self) -> Ruler:
        return self.field.ruler

    def takes(self) -> dict[str, Weights]:
        """Best, ties and blend on all rows that the programs share."""
        alone = choose.singles(self.field)
        found: dict[str, Weights] = {BEST: {choose.best_single(self.field, alone): 1.0}}
        if sum(contender.space is not None for contender in self.field.contenders) >= 2:
            found[TIES] = choose.tied(self.field, alone, NO_LIMIT)
            found[BLEND] = choose.blended(self.field, NO_LIMIT)
        return found

    def shown(self, take: str, weights: Weights) -> float:
        """The score that the take has on the rows that it was made from."""
        alone = choose.singles(self.field)
        kind: choose.Kind = "single" if take == BEST else "mean-of-ties" if take == TIES else "blend"
        best = choose.best_single(self.field, alone)
        prediction = choose.outcome(self.field, alone, best, kind, dict(weights))
        return self.field.ruler.metric.sign * self.field.value(prediction)

    def averaging(self, take: str) -> Averaging | None:
        """As the product hands it from the choice to the submission."""
        return None if take == BEST else self.field.averaging

    def private(self, take: str, weights: Weights, answers: Callable[[int], list[Answer]]) -> float:
        """Value on the private test; `answers` gives the test predictions of a position."""
        nodes = [self.nodes[i] for i in weights]
        made = combined(self.ruler, nodes, [answers(i) for i in weights], list(weights.values()), self.averaging(take))
        return self.setting.private.value(made.prediction)

    def refitted(self, i: int) -> list[Answer]:
        """The fit on all labels where the product's guard accepts it, else what the search saw."""
        full, searched = self.setting.full(self.members[i]), self.searched(i)
        value, least, _ = agreement(self.ruler, searched[0].primary, full.primary)
        return [full] if value >= least else searched

    def searched(self, i: int) -> list[Answer]:
        """One test prediction per model that was scored."""
        return [view.test for view in self.nodes[i].views.values()]

    def everyone(self) -> list[tuple[float, float]]:
        """(shown, private) of the average program, by model: how much harder the private rows are."""
        sign, count = self.ruler.metric.sign, range(len(self.nodes))
        shown = float(np.mean([sign * self.field.value(contender.own) for contender in self.field.contenders]))
        models = len(self.searched(0))
        value = self.setting.private.value
        return [(shown, float(np.mean([value(self.searched(i)[m].primary) for i in count]))) for m in range(models)]

    def each_model(self, take: str, weights: Weights) -> list[float]:
        """Private values when the members' first models alone predict, then their second, and so on."""
        models = len(self.searched(next(iter(weights))))
        return [self.private(take, weights, lambda i, m=m: [self.searched(i)[m]]) for m in range(models)]

    def product(self, search_rows: Any) -> dict[str, Any]:
        """The product's `FinalChoice`: table, rule, estimate, optimism."""
        return choose.choose(self.field, search_rows, NO_LIMIT, "hidden")


KINDS = {"single": BEST, "mean-of-ties": TIES, "blend": BLEND}


def oracle(setting: Setting) -> list[float]:
    """Private value of every program's own answer when fitted on all labels."""

    def alone(program: int) -> Prediction:
        return setting.full(program).primary

    return [setting.private.value(alone(program)) for program in range(setting.count)]
