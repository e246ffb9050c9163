"""Intervals, losses and the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruler import intervals, measure, table
from synthetic import write_record

ROOT = Path(__file__).resolve().parents[3]


def result(name: str, direction: str, best: float, *values: float) -> dict:
    settings = [
        {"seed": i, "best": best, "values": {"pooled/best/refit": value}, "shown": {}, "counts": {}}
        for i, value in enumerate(values, 1)
    ]
    return {"competition": name, "direction": direction, "settings": settings}


def test_losses_are_per_cent_of_error_in_either_direction():
    found = [result("a", "minimise", 2.0, 2.2, 1.8), result("b", "maximise", 0.9, 0.8)]
    losses = intervals.losses(found, "pooled/best/refit")
    assert losses["a"] == pytest.approx([10.0, -10.0])
    assert losses["b"] == pytest.approx([100.0])
    assert intervals.losses(found, "cv/best/refit") == {}


def test_an_interval_covers_competitions_and_seeds():
    wide = intervals.interval({"a": [0.0, 2.0], "b": [10.0, 12.0]})
    assert wide.mean == pytest.approx(6.0)
    assert wide.low < 1.5 and wide.high > 10.5
    narrow = intervals.interval({"a": [6.0, 6.0], "b": [6.0]})
    assert (narrow.low, narrow.mean, narrow.high) == (6.0, 6.0, 6.0)
    assert narrow.clear and not intervals.interval({"a": [-1.0, 1.0], "b": [1.0, -1.0]}).clear


def test_differences_need_the_same_seeds():
    assert intervals.paired({"a": [3.0, 1.0], "b": [1.0]}, {"a": [1.0, 1.0], "c": [0.0]}) == {"a": [2.0, 0.0]}
    assert intervals.paired({"a": [3.0]}, {"a": [1.0, 1.0]}) == {}


def test_net_optimism_leaves_out_what_harder_rows_do_to_everyone():
    setting = {"seed": 1, "best": 8.0, "values": {}, "counts": {}}
    setting["shown"] = {"own/best": [8.0, 10.0], "own/everyone": [9.0, 10.0]}
    found = [{"competition": "a", "direction": "minimise", "settings": [setting]}]
    assert intervals.optimism(found, "own/best")["a"] == pytest.approx([25.0])
    assert intervals.optimism(found, "own/best", net=True)["a"] == pytest.approx([12.5])


def test_tables_of_a_known_pool(tmp_path):
    for seed in (1, 2):
        measure.update(
            tmp_path / "toy.json", write_record(tmp_path, [(1.4, 0.2), (-0.2, -1.4), 3.0, 5.0], seed=seed), again=False
        )
    text = table.document(intervals.results(tmp_path))
    assert "| hidden rows, 20 % (search + final) | 0.00 [0.00, 0.00] | -40.00 [-40.00, -40.00] |" in text
    assert "| mean of ties instead of best, hidden rows | **-40.00 [-40.00, -40.00]** | 1 of 1 |" in text
    assert "No gain beyond two standard errors in any column: toy." in text


def test_a_setting_is_measured_once_unless_its_record_changed(tmp_path):
    path = tmp_path / "toy.json"
    first = write_record(tmp_path / "a", [1.0, 2.0, 3.0])
    assert measure.update(path, first, again=False) != "measured before"
    written = path.read_bytes()
    assert measure.update(path, first, again=False) == "measured before"
    assert measure.update(path, first, again=True) != "measured before"
    assert path.read_bytes() == written
    assert measure.update(path, write_record(tmp_path / "b", [1.5, 2.0, 3.0]), again=False) != "measured before"
    assert path.read_bytes() != written


def test_only_what_stands_between_the_markers_is_replaced():
    text = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    assert table.placed(text, "new") == f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n"
    with pytest.raises(ValueError, match="each once"):
        table.placed("no markers", "new")
    with pytest.raises(ValueError, match="each once"):
        table.placed(f"{table.END}{table.BEGIN}", "new")


def test_the_document_says_what_the_results_say():
    text = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    found = intervals.results(ROOT / "bench" / "ruler" / "results")
    assert found, "there are no results"
    assert table.placed(text, table.document(found)) == text
    assert len(text.splitlines()) <= 200
