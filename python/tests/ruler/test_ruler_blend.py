"""The greedy selection and the rule of choice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from automlgen_runtime.blend import caruana, weighted
from automlgen_runtime.choose import best_single, blended, choose, compare, decide, estimate, shortlist, singles, tied
from automlgen_runtime.choose import optimism as optimism_of
from automlgen_runtime.contenders import Contender, Field, field_of, parts_of
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.predictions import load
from automlgen_runtime.ruler import ruler_of
from prepared_task import make

INFINITE = float("inf")


def field_with(
    tmp_path: Path, noises: list[float], metric: str = "rmse", rows: int = 2400, mode: str = "folds"
) -> Field:
    task = make(tmp_path, metric, mode, rows=rows)
    ruler = ruler_of(task.prepared)
    nodes = []
    for i, noise in enumerate(noises, start=1):
        reply = evaluate(task.request(f"n{i}", task.submit(f"n{i}", noise, seed=i)))
        node = load(ruler.predictions_folder, f"n{i}")
        assert node is not None
        nodes.append((node, f"family{i}", 10.0 * i, reply["score"]["value"]))
    return field_of(ruler, nodes)


def test_independent_errors_are_averaged_and_bad_members_left_out(tmp_path: Path) -> None:
    field = field_with(tmp_path, [1.0, 1.0, 1.0, 12.0])
    weights = blended(field, INFINITE)
    assert set(weights) == {0, 1, 2} and sum(weights.values()) == pytest.approx(1)
    assert all(weight == pytest.approx(1 / 3, abs=0.12) for weight in weights.values())


def test_the_blend_is_never_worse_than_the_single_on_its_own_rows(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    truth = random.normal(size=200)
    spaces = [truth + random.normal(size=200) * scale for scale in random.uniform(0.5, 3, 12)]

    def quality(prediction: np.ndarray) -> float:
        return -float(np.mean((prediction - truth) ** 2))

    weights = caruana(spaces, quality, [1.0] * 12, INFINITE)
    mixed = weighted([spaces[i] for i in weights], list(weights.values()))
    assert quality(mixed) >= max(map(quality, spaces))
    assert len(weights) <= 8 and min(weights.values()) >= 0.05


def test_the_reserve_limits_the_members_but_not_the_first() -> None:
    random = np.random.default_rng(6)
    truth = random.normal(size=300)
    spaces = [truth + random.normal(size=300) for _ in range(4)]

    def quality(prediction: np.ndarray) -> float:
        return -float(np.mean((prediction - truth) ** 2))

    assert len(caruana(spaces, quality, [5.0] * 4, 10.0)) == 2
    assert len(caruana(spaces, quality, [5.0] * 4, 1.0)) == 1
    assert len(caruana(spaces, quality, [5.0] * 4, 20.0)) == 4


def test_a_reserve_too_small_costs_refits_not_quality(tmp_path: Path) -> None:
    field = field_with(tmp_path, [1.0, 1.0, 1.0], mode="holdout")
    search = field.ruler.search[field.rows]
    spent = [choose(field, search, limit, "hidden")["chosen"]["members"] for limit in (0.0, 5.0, 100.0)]
    assert [len(members) for members in spent] == [3, 3, 3]


def test_ties_are_those_within_one_paired_error_of_the_best(tmp_path: Path) -> None:
    field = field_with(tmp_path, [1.0, 1.001, 3.0])
    alone = singles(field)
    weights = tied(field, alone, INFINITE)
    assert 2 not in weights
    for i in weights:
        gap = compare(field, alone[max(weights, key=lambda k: field.value(alone[k]))], alone[i])
        assert gap.delta <= gap.standard_error
    assert len(set(weights.values())) == 1


def test_the_rule_of_choice() -> None:
    def row(over: float) -> dict:
        return {"overSingle": over, "overSinglePairedSE": 1.0}

    both = {"single": row(0), "mean-of-ties": row(0.2), "blend": row(0.1)}
    assert decide(1000, both)[0] == "blend"
    assert decide(999, both)[0] == "mean-of-ties"
    assert decide(5000, {**both, "blend": row(-0.9)})[0] == "blend", "within one error"
    kind, rule = decide(5000, {**both, "blend": row(-1.1)})
    assert kind == "single" and "worse than the best single by 1.1" in rule
    kind, rule = decide(5000, {"single": row(0)})
    assert kind == "single" and "fewer than two programs can be averaged" in rule


def test_the_shortlist_is_diverse_and_keeps_pinned_ones() -> None:
    nodes = [{"nodeId": f"n{i}", "family": "a" if i < 10 else f"f{i % 7}", "value": float(i)} for i in range(60)]
    listed = [node["nodeId"] for node in shortlist(nodes, ["n55", "n0"], -1.0)]
    assert listed[:6] == ["n0", "n1", "n2", "n3", "n4", "n10"]
    assert len(listed) == 21 and listed[-1] == "n55" and len(set(listed)) == 21
    assert [node["nodeId"] for node in shortlist(nodes, [], 1.0)][:2] == ["n59", "n58"]


def test_an_extrapolating_program_cannot_ruin_the_blend(tmp_path: Path) -> None:
    field = field_with(tmp_path, [1.0, 1.0])
    assert field.ruler.target_ranges is not None and field.ruler.target_ranges.tolist() == [[0.0, 100.0]]
    task = make(tmp_path / "wild", "rmse", "folds", rows=1500)
    ruler = ruler_of(task.prepared)
    files = task.submit("n1", 1.0)
    path = Path(files[0]["path"])
    rows = path.read_text().splitlines()
    path.write_text("\n".join([*rows[:5], rows[5].split(",")[0] + ",1e9", *rows[6:]]))
    evaluate(task.request("n1", files))
    node = load(ruler.predictions_folder, "n1")
    assert node is not None
    wild = field_of(ruler, [(node, "a", 1.0, 1.0)])
    assert wild.contenders[0].space is not None and float(wild.contenders[0].space.max()) <= 100.0


@pytest.mark.parametrize("mode", ["folds", "holdout"])
def test_the_estimate_is_made_on_rows_that_did_not_choose(tmp_path: Path, mode: str) -> None:
    """Forty equal programs: the best looks good on the rows that chose it; estimate and optimism are not taken in."""
    ruler = ruler_of(make(tmp_path, "rmse", mode, rows=150).prepared)
    rows = np.arange(150)
    search = None if mode == "folds" else ruler.search
    pooled, estimates, optimism = [], [], []
    for seed in range(12):
        random = np.random.default_rng(seed)
        predictions = [ruler.truth + random.normal(size=150) * 2 for _ in range(40)]
        contenders = [Contender(f"n{i}", str(i), 1.0, 0.0, p, p) for i, p in enumerate(predictions)]
        field = Field(ruler, rows, parts_of(ruler, rows), contenders)
        alone = singles(field)
        pooled.append(-field.value(alone[best_single(field, alone)]))
        estimates.append(estimate(field, alone, "single", search, INFINITE, "folds")["value"])
        optimism.append(optimism_of(field, alone, search))
    assert np.mean(pooled) < 1.85
    assert np.mean(estimates) == pytest.approx(2.0, abs=0.08)
    assert 0.05 < np.mean(optimism) < 0.6
