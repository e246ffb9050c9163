"""A recording that is stopped goes on; what was changed since does not count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tensor.journal import Journal, digest

PROGRAMS = {"q1": "a", "q2": "b", "q3": "c"}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path)
    made.add({"id": "q1", "program": "a", "kind": "valid", "seconds": 0.5}, np.array([0.25, 1.5]))
    made.add({"id": "q2", "program": "b", "kind": "failed", "seconds": 2.0, "failure": "exception"}, None)
    return made


def test_what_was_recorded_is_found_again(journal: Journal) -> None:
    found = Journal(journal.folder).read(PROGRAMS)
    assert list(found) == ["q1", "q2"]
    assert found["q1"]["predictions"] == digest(journal.predictions("q1"))
    assert journal.load("q1").tolist() == [0.25, 1.5]
    assert "predictions" not in found["q2"]


def test_a_line_cut_off_by_a_kill_is_recorded_again(journal: Journal) -> None:
    lines = journal.folder / "records.jsonl"
    whole = lines.read_text("utf-8")
    lines.write_text(whole[:-20], "utf-8")
    assert list(journal.read(PROGRAMS)) == ["q1"]
    journal.add({"id": "q3", "program": "c", "kind": "valid", "seconds": 0.1}, np.array([3.0]))
    journal.add({"id": "q2", "program": "b", "kind": "valid", "seconds": 0.1}, np.array([4.0]))
    assert journal.read(PROGRAMS)["q2"]["kind"] == "valid"
    assert set(journal.read(PROGRAMS)) == {"q1", "q2", "q3"}


def test_another_program_of_the_same_name_does_not_count(journal: Journal) -> None:
    assert list(journal.read({**PROGRAMS, "q1": "changed"})) == ["q2"]
    assert list(journal.read({"q2": "b"})) == ["q2"]


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_predictions_that_were_lost_or_changed_do_not_count(journal: Journal, harm: str) -> None:
    path = journal.predictions("q1")
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert list(journal.read(PROGRAMS)) == ["q2"]


def test_nothing_recorded_yet(tmp_path: Path) -> None:
    assert Journal(tmp_path / "new").read(PROGRAMS) == {}
