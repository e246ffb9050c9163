"""What the profiler finds in the practice competitions without being told: groups, time, structures, and the leak."""

import importlib.util
import tomllib

import pytest
from automlgen_runtime.practice import build
from automlgen_runtime.profile import profile


def card(name, folder, seed=1):
    build.build(name, seed, folder, None)
    task = {"train": "train.csv", "test": "test.csv", "drop": []}
    task |= tomllib.loads((folder / "public" / "task.toml").read_text("utf-8"))
    assert not {"group", "time", "drop"} & set(tomllib.loads((folder / "public" / "task.toml").read_text("utf-8")))
    return profile({"task": task, "folder": str(folder / "public"), "privateFolder": str(folder / "private")})


def suspects(found):
    return [warning for warning in found["warnings"] if warning.startswith("Leak suspect")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_alarm_rings_for_the_lifeboat_and_for_nothing_else(seed, tmp_path):
    drill, plain = card("p01-leak-drill", tmp_path / "drill", seed), card("p01-manifest", tmp_path / "plain", seed)
    assert len(suspects(drill)) == 1 and '"boat"' in suspects(drill)[0] and "AUC 0.9" in suspects(drill)[0]
    assert suspects(plain) == []
    # Columns of the training table alone are named, and no program is told that it may use them.
    absent = [column["name"] for column in plain["columns"] if not column["inTest"]]
    assert absent == ["boat", "body"]
    assert any("boat, body" in warning for warning in plain["warnings"])


def test_persons_are_found_as_groups(tmp_path):
    found = card("p03-clinic", tmp_path)
    assert found["group"] == "person" and "time" not in found and "grouped" in found["regimes"]
    assert found["taskType"] == "count" and suspects(found) == []


def test_years_are_found_as_time_although_no_cell_is_a_date(tmp_path):
    found = card("p10-fertility", tmp_path)
    assert found["time"] == "year" and "temporal" in found["regimes"]
    assert found["metric"] == "mase" and found["metricOptions"] == {"group": "country", "time": "year"}


def test_ratings_are_ordered_and_rows_mix(tmp_path):
    found = card("p04-marriage", tmp_path)
    assert found["taskType"] == "ordinal" and found["classes"] == ["1", "2", "3", "4", "5"]
    assert not {"group", "time"} & set(found)


@pytest.mark.skipif(importlib.util.find_spec("chemicals") is None, reason="the data packages are absent")
def test_structures_are_text_and_no_names_of_rows(tmp_path):
    found = card("p05-melting", tmp_path)
    kinds = {column["name"]: column["kind"] for column in found["columns"]}
    assert kinds == {"id": "id", "smiles": "text", "formula": "category"}
    assert found["modality"] == "text-regression"
