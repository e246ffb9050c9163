"""Properties of the final choice that hold for any programs: seeded fields of several metrics and shapes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from automlgen_runtime.blend import MEMBERS, caruana, untied, weighted
from automlgen_runtime.choose import (
    BLEND_ROWS,
    average,
    best_single,
    blended,
    choose,
    compare,
    shortlist,
    singles,
    tied,
    within_reserve,
)
from automlgen_runtime.contenders import Contender, Field, field_of, parts_of
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.final import choose_final
from automlgen_runtime.predictions import load
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.space import clipped, directions, places, row_scales
from prepared_task import Task, make

INFINITE = float("inf")
CASES = [
    ("rmse", "holdout", {}),
    ("mae", "folds", {"several": 3, "missing": 0.1}),
    ("auc", "folds", {}),
    ("logloss", "holdout", {}),
    ("f1-macro", "holdout", {}),
    ("f1-samples", "folds", {}),
    ("haversine", "holdout", {}),
    ("lrap", "folds", {}),
    ("rmsle", "folds", {}),
]


def nodes_of(task: Task, seed: int, count: int = 6, probabilities: bool = True) -> list[dict]:
    """Programs of random quality, some of them nearly equal."""
    random = np.random.default_rng(seed)
    listed = []
    for i in range(1, count + 1):
        noise = float(random.choice([1.0, 1.2, 1.22, 1.5, 2.5]))
        files = task.submit(f"n{i}", noise, seed=100 * seed + i, probabilities=probabilities)
        reply = evaluate(task.request(f"n{i}", files))
        assert reply["kind"] == "valid", reply
        listed.append({"nodeId": f"n{i}", "family": f"f{i % 3}", "seconds": 5.0 + i, "value": reply["score"]["value"]})
    return listed


def field_for(task: Task, listed: list[dict]) -> Field:
    ruler = ruler_of(task.prepared)
    stored = [(load(ruler.predictions_folder, n["nodeId"]), n["family"], n["seconds"], n["value"]) for n in listed]
    return field_of(ruler, stored)


@pytest.mark.parametrize(("metric", "mode", "shape"), CASES, ids=lambda value: str(value))
@pytest.mark.parametrize("seed", [1, 2])
def test_promises_of_the_choice(tmp_path: Path, metric: str, mode: str, shape: dict, seed: int) -> None:
    task = make(tmp_path, metric, mode, rows=400, seed=seed, **shape)
    listed = nodes_of(task, seed)
    request = {"prepared": task.prepared, "nodes": listed, "pinned": ["n3", "n1"], "refitSeconds": 30.0}
    choice = choose_final(request)
    rows = {row["kind"]: row for row in choice["candidates"]}
    sign = ruler_of(task.prepared).metric.sign
    single, chosen = rows["single"], choice["chosen"]
    for row in rows.values():
        weights = [member["weight"] for member in row["members"]]
        assert sum(weights) == pytest.approx(1) and min(weights) > 0 and 1 <= len(weights) <= MEMBERS
        assert len({member["nodeId"] for member in row["members"]}) == len(weights)
        difference = sign * (row["pooled"]["value"] - single["pooled"]["value"])
        assert row["overSingle"] == pytest.approx(difference, abs=1e-9) and row["overSinglePairedSE"] >= 0
        assert row["pooled"]["rows"] == 400
    assert chosen["overSingle"] >= -chosen["overSinglePairedSE"], "never worse than the rule promises"
    assert chosen["kind"] in ("single", "mean-of-ties"), f"fewer than {BLEND_ROWS} rows"
    assert single["members"][0]["nodeId"] in {member["nodeId"] for member in rows["mean-of-ties"]["members"]}
    assert choice["estimate"]["rows"] == (400 if mode == "folds" else 200)
    assert choice["runnerUp"]["behind"] >= 0 and choice["runnerUp"]["nodeId"] != single["members"][0]["nodeId"]
    assert set(choice["shortlist"]) == {node["nodeId"] for node in listed}
    json.dumps(choice, allow_nan=False)
    random = np.random.default_rng(seed)
    for _ in range(2):
        mixed = [listed[i] for i in random.permutation(len(listed))]
        assert choose_final({**request, "nodes": mixed, "pinned": ["n1", "n3"]}) == choice


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("limit", [0.0, 6.0, 20.0, 100.0])
def test_refits_stay_within_the_reserve_or_are_worth_more(tmp_path: Path, seed: int, limit: float) -> None:
    task = make(tmp_path, "rmse", "holdout", rows=400, seed=seed)
    field = field_for(task, nodes_of(task, seed))
    alone = singles(field)
    for kind in ("mean-of-ties", "blend"):
        weights = within_reserve(field, alone, kind, limit)
        spent = sum(field.contenders[i].seconds for i in weights)
        free = tied(field, alone, INFINITE) if kind == "mean-of-ties" else blended(field, INFINITE)
        if spent > max(limit, max(c.seconds for c in field.contenders)) and limit > 0:
            frugal = tied(field, alone, limit) if kind == "mean-of-ties" else blended(field, limit)
            gap = compare(field, field.judged(average(field, free)), field.judged(average(field, frugal)))
            assert weights == free and gap.delta > gap.standard_error
        if limit == 0:
            assert weights == free


def synthetic(tmp_path: Path, count: int, rows: int, seed: int, mode: str = "holdout") -> Field:
    """`count` programs with independent errors of the same size; the metric is RMSE."""
    ruler = ruler_of(make(tmp_path, "rmse", mode, rows=rows).prepared)
    random = np.random.default_rng(seed)
    at = np.arange(rows)
    predictions = [ruler.truth + random.normal(size=rows) for _ in range(count)]
    contenders = [Contender(f"n{i}", str(i), 10.0, 1.0, p, p) for i, p in enumerate(predictions)]
    return Field(ruler, at, parts_of(ruler, at), contenders)


@pytest.mark.parametrize("rows", [BLEND_ROWS - 2, BLEND_ROWS])
def test_learnt_weights_from_a_thousand_rows_on(tmp_path: Path, rows: int) -> None:
    field = synthetic(tmp_path, 6, rows, 1)
    choice = choose(field, field.ruler.search, INFINITE, "hidden")
    assert choice["chosen"]["kind"] == ("blend" if rows >= BLEND_ROWS else "mean-of-ties")
    assert choice["averaging"] == "values" and f"{rows:,} rows" in choice["rule"]


def test_ties_and_blends_have_eight_members_at_most(tmp_path: Path) -> None:
    field = synthetic(tmp_path, 20, 2000, 2)
    alone = singles(field)
    ties, blend = tied(field, alone, INFINITE), blended(field, INFINITE)
    assert len(ties) == MEMBERS and 1 < len(blend) <= MEMBERS
    assert best_single(field, alone) == next(iter(ties))
    assert len(tied(field, alone, 25.0)) == 2 and len(tied(field, alone, 1.0)) == 1, "the first is exempt"


@pytest.mark.parametrize("mode", ["holdout", "folds"])
def test_the_estimate_knows_nothing_of_the_rows_it_is_made_on(tmp_path: Path, mode: str) -> None:
    """Programs that are right on the judged rows alone are not chosen by what is estimated."""
    field = synthetic(tmp_path, 3, 400, 3, mode)
    judged = ~field.ruler.search if mode == "holdout" else field.parts == 0
    cheat = np.where(judged, field.truth, field.truth + 5.0)
    contenders = [*field.contenders, Contender("n9", "cheat", 1.0, 1.0, cheat, cheat)]
    cheated = Field(field.ruler, field.rows, field.parts, contenders)
    search = field.ruler.search if mode == "holdout" else None
    honest = choose(field, search, INFINITE, "hidden")["estimate"]["value"]
    again = choose(cheated, search, INFINITE, "hidden")["estimate"]["value"]
    assert again == pytest.approx(honest, abs=0.05)


def test_a_blend_that_loses_gives_way_to_the_single(tmp_path: Path) -> None:
    """Kappa climbs a stand-in: the rule looks at the metric itself."""
    from automlgen_runtime.choose import decide

    table = {"single": {}, "blend": {"overSingle": -0.02, "overSinglePairedSE": 0.019}}
    assert decide(1500, table)[0] == "single"
    table["blend"]["overSinglePairedSE"] = 0.02
    assert decide(1500, table)[0] == "blend"


@pytest.mark.parametrize("seed", range(5))
def test_the_shortlist_does_not_depend_on_the_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    nodes = [{"nodeId": f"n{i}", "family": f"f{i % 4}", "value": float(random.integers(0, 8))} for i in range(1, 41)]
    first = [node["nodeId"] for node in shortlist(nodes, ["n7", "n40"], 1.0)]
    mixed = [nodes[i] for i in random.permutation(40)]
    assert [node["nodeId"] for node in shortlist(mixed, ["n40", "n7"], 1.0)] == first
    assert {"n7", "n40"} <= set(first) and len(first) <= 22
    families = [nodes[int(name[1:]) - 1]["family"] for name in first if name not in ("n7", "n40")]
    assert max(families.count(family) for family in set(families)) <= 5


@pytest.mark.parametrize("seed", range(5))
def test_greedy_selection_of_any_spaces(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = random.normal(size=150)
    spaces = [truth * random.uniform(0, 1) + random.normal(size=150) for _ in range(12)]
    seconds = list(random.uniform(1, 30, 12))

    def quality(space: np.ndarray) -> float:
        return float(np.corrcoef(space, truth)[0, 1])

    for limit in (0.0, 20.0, 60.0, INFINITE):
        weights = caruana(spaces, quality, seconds, limit)
        first = max(range(12), key=lambda i: quality(spaces[i]))
        assert sum(weights.values()) == pytest.approx(1) and min(weights.values()) >= 0.05 and len(weights) <= MEMBERS
        rest = sum(seconds[i] for i in weights) - (seconds[first] if first in weights else 0.0)
        assert len(weights) == 1 or rest + seconds[first] <= max(limit, seconds[first]) + 1e-9
        mixed = weighted([spaces[i] for i in weights], list(weights.values()))
        assert quality(mixed) >= quality(spaces[first]) - 0.01, "dropping small weights costs next to nothing"


def test_untied_weights_keep_order_and_sum() -> None:
    apart = untied({3: 0.25, 1: 0.5, 2: 0.25})
    assert sum(apart.values()) == pytest.approx(1) and apart[1] > apart[3] > apart[2]
    assert apart[1] == pytest.approx(0.5, abs=1e-5)


def test_votes_need_no_probabilities_and_are_not_worse_than_the_rule_promises(tmp_path: Path) -> None:
    for seed in (1, 2, 3):
        task = make(tmp_path / str(seed), "accuracy", rows=400, seed=seed)
        listed = nodes_of(task, seed, probabilities=False)
        choice = choose_final({"prepared": task.prepared, "nodes": listed, "pinned": [], "refitSeconds": 0})
        assert choice["candidates"][1]["kind"] == "mean-of-ties"
        chosen = choice["chosen"]
        assert chosen["overSingle"] >= -chosen["overSinglePairedSE"]
        assert choice["averaging"] == ("votes" if chosen["kind"] != "single" else "none")


@pytest.mark.parametrize("seed", range(3))
def test_spaces_lead_back(seed: int) -> None:
    random = np.random.default_rng(seed)
    where = np.column_stack([random.uniform(-89, 89, 50), random.uniform(-180, 180, 50)])
    assert places(directions(where)) == pytest.approx(where)
    antimeridian = (directions(np.array([[0.0, 179.0]])) + directions(np.array([[0.0, -179.0]]))) / 2
    assert abs(places(antimeridian)[0, 1]) == pytest.approx(180)
    scores = random.normal(size=(20, 4)) * 100
    scaled = row_scales(scores)
    assert scaled.min() == 0 and scaled.max() == 1
    assert (np.argsort(scaled, axis=1) == np.argsort(scores, axis=1)).all()
    assert (row_scales(np.ones((2, 3))) == 0.5).all()


def test_each_target_is_kept_to_its_own_range(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse", several=2, missing=0.2)
    ruler = ruler_of(task.prepared)
    ranges = ruler.target_ranges
    assert ranges is not None and ranges.shape == (2, 2)
    wild = np.array([[1e9, -1e9], [-1e9, 1e9]])
    assert clipped(ruler, wild).tolist() == [[ranges[0, 1], ranges[1, 0]], [ranges[0, 0], ranges[1, 1]]]
    laplace = ruler_of(make(tmp_path / "l", "laplace-log-likelihood").prepared)
    assert clipped(laplace, np.array([[500.0, 500.0]])).tolist() == [[100.0, 500.0]], "a confidence has no range"
