"""Hand-written programs of the boards, on small data whose answers can be told by hand."""

import importlib

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.practice import baselines_marriage as cuts
from automlgen_runtime.practice import baselines_melting as melting
from automlgen_runtime.practice import baselines_series as series
from automlgen_runtime.practice.baselines_manifest import manifest_baselines, party
from automlgen_runtime.practice.baselines_models import numbers
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.record import BASELINES

RISING = np.vstack([np.arange(1.0, 41.0) / 10, np.full(40, 3.0)])


@pytest.mark.parametrize("name", ["drift", "line of ten", "change of 3, not damped", "smoothed", "parabola of ten"])
def test_a_straight_line_is_continued(name):
    long = pd.DataFrame(RISING, index=["up", "flat"], columns=range(1960, 2000)).rename_axis("country").reset_index()
    train = long.melt("country", var_name="year", value_name="rate").astype(str)
    train.insert(0, "id", [f"r{i}" for i in range(len(train))])
    asked = [("a", "up", "2007"), ("b", "flat", "2003"), ("c", "up", "2000")]
    division = Division(train, pd.DataFrame(asked, columns=["id", "country", "year"]))
    answer = series.series_baselines()[name][1](division)
    assert list(answer["id"]) == ["a", "b", "c"]
    assert answer["rate"].to_numpy() == pytest.approx([4.8, 3.0, 4.1], abs=1e-6)


def test_damping_stops_a_trend_and_learnt_rests_start_from_it():
    damped = series._level(RISING) + series._slope(RISING, 1) * series._damped(0.5)
    assert damped[0] == pytest.approx(4 + 0.1 * np.cumsum(0.5 ** np.arange(1, 9)))
    assert damped[1] == pytest.approx(3.0)
    assert series._start(RISING, residual=True)[0, -1] == pytest.approx(4 + 0.1 * np.cumsum(0.9 ** np.arange(1, 9))[-1])
    assert series._start(RISING, residual=False)[0] == pytest.approx(np.full(8, 4.0))


def test_cut_points_turn_values_into_ratings():
    rng = np.random.Generator(np.random.PCG64(0))
    ratings = rng.choice([1, 2, 3, 4, 5], 2_000, p=[0.05, 0.1, 0.15, 0.3, 0.4])
    # What a model says of ratings it hardly knows: all values lie close together, in the right order.
    values = 4 + 0.1 * (ratings + rng.normal(0, 0.8, len(ratings)))
    assert set(cuts._rounded(values, ratings, values)) == {4, 5}
    shares = cuts._shares(values, ratings, values)
    assert np.bincount(shares, minlength=6)[1:] == pytest.approx(np.bincount(ratings, minlength=6)[1:], abs=2)
    plain, by_share, found = (
        METRICS["qwk"].value(ratings - 1, rule(values, ratings, values) - 1, Context(cuts.RATINGS.astype(float)))
        for rule in (cuts._rounded, cuts._shares, cuts._best_cuts)
    )
    assert found >= by_share - 1e-9 and by_share > plain + 0.2


def test_papers_are_read_for_titles_families_and_parties():
    rows = pd.DataFrame(
        [
            ("1", "Astor, Col. John Jacob", "male", "47", "1", "0", "PC 17757", "227.5", "C62 C64", "C"),
            ("1", "Astor, Mrs. John Jacob (Madeleine)", "female", "18", "1", "0", "PC 17757", "227.5", "C62 C64", "C"),
            ("3", "Rothes, the Countess. of (Lucy)", "female", "", "0", "0", "110152", "", "", "S"),
        ],
        columns=["pclass", "name", "sex", "age", "sibsp", "parch", "ticket", "fare", "cabin", "embarked"],
    )
    told = party(rows, rows)
    assert list(told["is Mrs"]) == [0, 1, 0] and list(told["is Mr"]) == [0, 0, 0]
    assert list(told["size"]) == [2, 2, 1] and list(told["surname"]) == [2, 2, 1]
    assert list(told["sharing"]) == [2, 2, 1] and list(told["letters"]) == [1, 1, 0]
    assert list(told["deck"]) == [2, 2, -1] and list(told["cabins"]) == [2, 2, 0]
    assert told["share"].iloc[0] == pytest.approx(113.75)
    filled, _ = numbers(told, told)
    assert not filled.isna().any(axis=None) and filled["age missing"].tolist() == [0, 0, 1]


def test_parts_of_structures_are_counted():
    aspirin, salt = "CC(=O)OC1=CC=CC=C1C(=O)O", "CCCCCCCC[N+](=O)[O-].Cl"
    table = pd.DataFrame({"smiles": [aspirin, salt]})
    counted = pd.DataFrame(melting._parts_of(table), columns=[*melting.PARTS, "length"])
    assert list(counted["benzene"]) == [1, 0] and list(counted["acid"]) == [1, 0]  # and an ester, which is none
    assert list(counted["long chain"]) == [0, 1] and list(counted["parts"]) == [0, 1]
    assert list(counted["nitro"]) == [0, 1] and list(counted["halogen"]) == [0, 1]
    assert list(counted["length"]) == [len(aspirin), len(salt)]


@pytest.mark.parametrize("name", list(BASELINES))
def test_every_board_has_programs_with_a_word_on_how_they_were_made(name):
    module, function = BASELINES[name]
    entries = getattr(importlib.import_module(f"automlgen_runtime.practice.{module}"), function)()
    assert len(entries) >= 35
    assert all(how and callable(program) for how, program in entries.values())


def test_the_programs_of_the_manifest_use_no_column_that_the_test_table_lacks():
    rng = np.random.Generator(np.random.PCG64(1))
    columns = ["pclass", "sex", "embarked", "age", "sibsp", "parch", "fare", "ticket", "cabin"]
    rows = pd.DataFrame(
        {
            "pclass": rng.choice(["1", "2", "3"], 120),
            "sex": rng.choice(["male", "female"], 120),
            "embarked": rng.choice(["S", "C", ""], 120),
            "age": rng.choice(["", "5", "30", "44"], 120),
            "sibsp": rng.choice(["0", "1"], 120),
            "parch": rng.choice(["0", "2"], 120),
            "fare": rng.choice(["7.25", "80", ""], 120),
            "ticket": rng.choice(["1", "A 2", "3"], 120),
            "cabin": rng.choice(["", "C5"], 120),
            "name": [f"Name{i % 30}, Mr. A" for i in range(120)],
        }
    )
    rows.insert(0, "id", [str(i) for i in range(120)])
    lived = ((rows["sex"] == "female") ^ (rng.random(120) < 0.1)).map({True: "1", False: "0"})
    train = rows.assign(survived=lived, boat=lived.where(lived == "1", ""), body="")[:80]
    division = Division(train.reset_index(drop=True), rows[80:].reset_index(drop=True))
    assert set(columns) <= set(division.test)
    truth = (division.test["sex"] == "female").to_numpy()
    for name in ("papers, logistic 1", "title, lightgbm, careful", "party, bayes", "families", "sex and class"):
        chance = manifest_baselines()[name][1](division)["survived"].to_numpy(float)
        assert chance[truth].mean() > chance[~truth].mean() + 0.2, name
