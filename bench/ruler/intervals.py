"""Losses in per cent, and intervals over competitions and seeds. Pure functions of the results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DRAWS = 4_000
Result = Mapping[str, Any]
BySeed = dict[str, list[float]]
"""Values by competition, one for each seed."""


def results(folder: Path) -> list[Result]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def error(value: float, direction: str) -> float:
    """What is missing to a perfect score; metrics to be maximised have 1 as their best."""
    return value if direction == "minimise" else 1.0 - value


def losses(found: Sequence[Result], key: str) -> BySeed:
    """By how many per cent the error is above the best refitted single's; competitions without the rule are absent."""
    table = {}
    for result in found:
        direction = result["direction"]
        mine = [
            100 * (error(setting["values"][key], direction) / error(setting["best"], direction) - 1)
            for setting in result["settings"]
            if key in setting["values"]
        ]
        if mine:
            table[result["competition"]] = mine
    return table


def optimism(found: Sequence[Result], key: str, net: bool = False) -> BySeed:
    """By how much a score was too good, in % of the best refitted single's error. `net`: beyond the average program."""
    table = {}
    for result in found:
        direction = result["direction"]
        mine = []
        for setting in result["settings"]:
            if key not in setting["shown"]:
                continue
            everyone = f"{key.split('/')[0]}/everyone"
            excess = _excess(setting["shown"][key], direction)
            common = _excess(setting["shown"][everyone], direction) if net else 0.0
            mine.append(100 * (excess - common) / error(setting["best"], direction))
        if mine:
            table[result["competition"]] = mine
    return table


def _excess(pair: Sequence[float], direction: str) -> float:
    shown, private = (error(value, direction) for value in pair)
    return private - shown


def counts(found: Sequence[Result], key: str) -> BySeed:
    table = {r["competition"]: [s["counts"][key] for s in r["settings"] if key in s["counts"]] for r in found}
    return {name: values for name, values in table.items() if values}


def paired(first: BySeed, second: BySeed) -> BySeed:
    """Differences by competition and seed, where both have them."""
    return {
        name: [a - b for a, b in zip(first[name], second[name], strict=True)]
        for name in first
        if name in second and len(first[name]) == len(second[name])
    }


@dataclass(frozen=True)
class Interval:
    mean: float
    low: float
    high: float
    competitions: int

    @property
    def clear(self) -> bool:
        """Zero lies outside."""
        return self.low > 0 or self.high < 0


def interval(table: BySeed) -> Interval:
    """Mean over competitions with 95 % bounds: competitions are drawn again, then the seeds of each."""
    names = sorted(table)
    if not names:
        raise ValueError("There is no competition with this rule.")
    random = np.random.default_rng(11)
    means = np.column_stack(
        [np.array(table[n])[random.integers(0, len(table[n]), (DRAWS, len(table[n])))].mean(axis=1) for n in names]
    )
    chosen = random.integers(0, len(names), (DRAWS, len(names)))
    picked = np.take_along_axis(means, chosen, axis=1).mean(axis=1)
    low, high = np.quantile(picked, [0.025, 0.975])
    return Interval(float(np.mean([np.mean(table[n]) for n in names])), float(low), float(high), len(names))


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard error over seeds."""
    array = np.array(values)
    return float(array.mean()), float(array.std(ddof=1) / np.sqrt(len(array))) if len(array) > 1 else float("nan")
