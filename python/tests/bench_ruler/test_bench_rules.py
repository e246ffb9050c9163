"""Every rule on pools whose answers are known."""

from __future__ import annotations

import pytest
from ruler import arrivals, rules
from ruler.measure import measure
from ruler.setting import Setting
from synthetic import write_record

OPPOSITE = [(1.4, 0.2), (-0.2, -1.4)]


@pytest.fixture
def measured(tmp_path):
    """Two programs with an RMSE of 1 that miss in opposite directions, two worse ones; the worst thinks itself best.

    The mean of the two is off by 0.6 on every row.
    """
    return measure(write_record(tmp_path, [*OPPOSITE, 3.0, 5.0], own=[1.0, 1.0, 1.0, 0.1]))


def test_opposite_misses_cancel_in_averages(measured):
    for rule in ("pooled", "cv"):
        assert measured["values"][f"{rule}/best/refit"] == pytest.approx(0.5)
        assert measured["values"][f"{rule}/ties/refit"] == pytest.approx(0.3)
        assert measured["values"][f"{rule}/blend/refit"] == pytest.approx(0.3, rel=0.05)
    # Ten per cent of 400 rows seldom have as many even as odd ones.
    assert 0.3 <= measured["values"]["search/ties/refit"] < measured["values"]["search/best/refit"]
    assert measured["values"]["folds/best/searched"] == pytest.approx(1.0)
    assert measured["values"]["folds/blend/searched"] == pytest.approx(0.6)


def test_oracle_is_the_best_refitted_single(measured):
    assert measured["best"] == pytest.approx(0.5)
    assert measured["median"] == pytest.approx(1.0)


def test_a_refit_is_told_from_the_model_that_was_searched(measured):
    assert measured["values"]["pooled/best/searched"] == pytest.approx(1.0)
    assert measured["values"]["folds/best/refit"] == pytest.approx(0.5)


def test_own_splits_believe_the_program_and_hidden_rows_do_not(measured):
    assert measured["values"]["own/best/refit"] == pytest.approx(2.5)
    assert measured["shown"]["own/best"] == pytest.approx([0.1, 5.0])
    assert measured["shown"]["pooled/best"] == pytest.approx([1.0, 1.0], rel=0.05)


def test_final_rows_confirm_a_blend_that_is_better(measured):
    assert measured["counts"]["final/blend wins"] == 1.0
    assert measured["values"]["final/best/refit"] == pytest.approx(0.5)
    assert measured["values"]["final/blend/refit"] == pytest.approx(0.3, rel=0.1)


def test_the_product_takes_the_mean_of_ties_below_a_thousand_rows(measured):
    assert measured["counts"]["pooled/ties"] == 1.0
    assert measured["values"]["pooled/product/refit"] == pytest.approx(0.3)


def test_a_refit_that_disagrees_is_not_used(tmp_path):
    """The refits answer backwards, so that the guard keeps what the search saw."""
    record = write_record(tmp_path, [1.0, 2.0, 3.0])
    record.arrays["full"] = -record.arrays["full"]
    tally = rules.Tally()
    rules.hidden_rows(Setting(record, tmp_path / "work"), tally, 1)
    assert tally.values["pooled/best/refit"] == pytest.approx([1.0] * 5)


def test_the_race_finishes_the_best_whenever_it_comes_and_saves_the_rest(tmp_path):
    setting = Setting(write_record(tmp_path, [float(i) for i in range(10, 0, -1)]), tmp_path / "work")
    worst_first = list(range(10))
    assert arrivals.raced(setting, worst_first, 3) == (worst_first, 50)
    assert arrivals.raced(setting, worst_first[::-1], 3) == ([9, 8, 7], 22)


def test_a_race_without_ties_stops_who_is_level_with_the_third_best(tmp_path):
    level = write_record(tmp_path, [0.5, 0.6, (1.4, 0.2), 1.5, (-0.2, -1.41)])
    setting = Setting(level, tmp_path / "work")
    assert arrivals.raced(setting, range(5), 3) == ([0, 1, 2, 4], 21)
    assert arrivals.raced(setting, range(5), 3, errors=arrivals.NEVER) == ([0, 1, 2], 17)


def test_the_race_keeps_to_its_budget(tmp_path):
    setting = Setting(write_record(tmp_path, [4.0, 3.0, 2.0, 1.0]), tmp_path / "work")
    complete, spent = arrivals.raced(setting, [0, 1, 2, 3], 3, budget=11)
    assert (complete, spent) == ([0, 1], 11)


def test_promotion_afterwards_takes_the_best_of_fold_one(tmp_path):
    setting = Setting(write_record(tmp_path, [4.0, -0.5, 2.0, 1.0]), tmp_path / "work")
    assert arrivals.afterwards(setting, [0, 1, 2, 3], 2) == [1, 3]
    assert arrivals.afterwards(setting, [0, 2], 1) == [2]


def test_hidden_halves_are_disjoint_and_cover_every_row_once(tmp_path):
    setting = Setting(write_record(tmp_path, [1.0, 2.0]), tmp_path / "work")
    parts = list(rules.hidden_parts(setting, 1))
    assert len(parts) == 5
    assert sorted(row for part in parts for row in part.table["row_id"]) == sorted(setting.labels["row_id"])
    for part in parts:
        assert abs((part.table["part"] == "search").sum() - (part.table["part"] == "final").sum()) <= 1
