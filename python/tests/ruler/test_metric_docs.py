"""The page about metrics says what the table of metrics says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.registry import JOINT

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
ROW = re.compile(r"^\| `([\w-]+)` \| ([↑↓]) \| (\w+) \| ([\w ]+) \| (.+) \|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str, str]]:
    return {name: (arrow, kind, weights) for name, arrow, kind, weights, _ in ROW.findall(PAGE.read_text("utf-8"))}


def test_every_metric_is_on_the_page_once() -> None:
    names = [match[0] for match in ROW.findall(PAGE.read_text("utf-8"))]
    assert sorted(names) == sorted(METRICS)


@pytest.mark.parametrize("name", list(METRICS))
def test_direction_predictions_and_weights_are_those_of_the_table(name: str) -> None:
    arrow, kind, weights = rows()[name]
    metric = METRICS[name]
    assert (arrow == "↑") == (metric.direction == "maximise")
    assert kind == metric.predictions
    if name not in ("custom", "ndcg"):
        assert (weights == "yes") == metric.weighted


def test_metrics_of_all_targets_at_once_are_named() -> None:
    start = PAGE.read_text("utf-8").split("**Several targets**")[1].split("- **Groups**")[0]
    named = set(re.findall(r"`([\w-]+)`", start.split("left out.")[1]))
    single = {name for name in JOINT if METRICS[name].predictions == "text"} | {"f1-macro", "laplace-log-likelihood"}
    assert named == JOINT - single
