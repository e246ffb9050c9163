"""Fertility of countries: the future is hidden, and a row's error is measured against its country's own changes."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.practice import build, fertility, sources
from automlgen_runtime.practice.forms import private_score
from task_folder import read


def last_value(division):
    """The naive forecast: what was stays."""
    level = fertility.wide_table(division.train).iloc[:, -1]
    return pd.DataFrame({"id": division.test["id"], "rate": division.test["country"].map(level)})


@pytest.mark.parametrize(("seed", "last", "naive"), [(1, 2003, 3.86), (2, 2000, 4.25), (5, 1991, 6.57)])
def test_every_test_row_lies_after_every_training_row_of_the_same_countries(seed, last, naive):
    division = fertility.divide(fertility.take(), seed)
    train, test = division.train["year"].astype(int), division.test["year"].astype(int)
    assert train.max() == last and set(test) == set(range(last + 1, last + 9))
    assert set(division.train["country"]) == set(division.test["country"])
    assert division.train["country"].nunique() == 188 and not set(fertility.AGGREGATES) & set(division.train["country"])
    assert len(division.train) == 188 * (last - 1959) and len(division.test) == 188 * 8
    assert not set(division.train["id"]) & set(division.test["id"])
    plain = private_score(fertility.COMPETITION, division, last_value(division))
    assert plain == pytest.approx(naive, abs=0.01)
    value = private_score(fertility.COMPETITION, division, fertility.damped_trend(division))
    assert 1.5 < value < 0.6 * plain


def test_answers_carry_country_and_scale_and_the_task_names_them(tmp_path):
    build.build("p10-fertility", 1, tmp_path, None)
    train, test = (read(tmp_path / "public" / name) for name in ("train.csv", "test.csv"))
    answers = read(tmp_path / "private" / "answers.csv")
    assert list(train.columns) == ["id", "country", "year", "rate"] and list(test.columns) == ["id", "country", "year"]
    assert list(answers.columns) == ["id", "rate", "group", "metric_group", "scale"]
    assert list(answers["id"]) == list(test["id"]) and list(answers["group"]) == list(test["country"])
    # Computed once more, one country at a time.
    for country in ("Japan", "Niger", "Aruba"):
        own = train[train["country"] == country].astype({"year": int, "rate": float}).sort_values("year")
        naive = np.mean(np.abs(np.diff(own["rate"])))
        given = answers.loc[answers["metric_group"] == country, "scale"].astype(float)
        assert len(given) == 8 and given.to_numpy() == pytest.approx(naive, abs=1e-8)
    task = tomllib.loads((tmp_path / "public" / "task.toml").read_text("utf-8"))
    assert task["metric_options"] == {"group": "country", "time": "year"}
    assert "group" not in task and "time" not in task


def test_further_seeds_leave_countries_out_and_each_seed_gives_the_same_bytes():
    material = fertility.take()
    seven, again, twelve = (fertility.divide(material, seed) for seed in (7, 7, 12))
    assert sources.table_hash(seven.train) == sources.table_hash(again.train)
    assert sources.table_hash(seven.test) == sources.table_hash(again.test)
    assert seven.train["year"].max() == twelve.train["year"].max() == "2000"
    assert seven.train["country"].nunique() == twelve.train["country"].nunique() == 141
    assert set(seven.train["country"]) != set(twelve.train["country"])
    assert fertility.divide(material, 0).train["year"].max() == "1991"


def test_the_reference_damps_the_last_change():
    rows = [("r1", "a", "2000", "3"), ("r2", "a", "2001", "2"), ("r3", "b", "2001", "5"), ("r4", "b", "2000", "5")]
    train = pd.DataFrame(rows, columns=["id", "country", "year", "rate"])
    test = pd.DataFrame([("r5", "b", "2002"), ("r6", "a", "2003")], columns=["id", "country", "year"])
    from automlgen_runtime.practice.competition import Division

    answer = fertility.damped_trend(Division(train, test))
    assert list(answer["id"]) == ["r5", "r6"]
    assert answer["rate"].to_numpy() == pytest.approx([5, 2 - 0.9 - 0.81])
    assert fertility.scales(train).to_dict() == {"a": 1.0, "b": 0.0}
