"""Tried as a new user would: two tables, a target and a metric, no description. Is the card right?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.prepare import prepare
from shapes import SHAPES, Shape
from task_folder import read


def source_of(shape: Shape, folder: Path) -> dict:
    folder.mkdir(parents=True)
    train, test = shape.make()
    train.to_csv(folder / "train.csv", index=False, sep=shape.separator)
    test.to_csv(folder / "test.csv", index=False, sep=shape.separator)
    targets = [shape.target] if isinstance(shape.target, str) else shape.target
    task = {"id": "own", "target": targets[0], "metric": shape.metric, "drop": [], "other_files": False}
    if len(targets) > 1:
        task["targets"] = targets
    return {"task": task, "folder": str(folder)}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_card_of_a_table_as_people_bring_it(shape, tmp_path):
    request = {"splitSeed": 1, "mode": "auto", "cheapPrograms": True, "folder": str(tmp_path / "run")}
    prepared = prepare({"source": source_of(shape, tmp_path / "task"), **request})
    card, split = prepared["card"], prepared["split"]
    kinds = {column["name"]: column["kind"] for column in card["columns"]}
    assert card["taskType"] == shape.task_type
    assert {name: kinds[name] for name in shape.kinds} == shape.kinds
    assert card["idColumn"] == (shape.id_column or "row_id")
    assert split["relation"] == shape.relation
    assert set(shape.regimes) <= set(card["regimes"])
    if shape.classes:
        assert tuple(card["classes"]) == shape.classes
    assert card.get("targets", card["target"]) == shape.target
    assert [warning for warning in card["warnings"] if warning.startswith("Leak")] == []
    assert any("place of a row" in warning for warning in card["warnings"]) == shape.sorted_rows
    # Whatever the shape: what is asked of a program has the columns and the rows of the test table.
    view = Path(prepared["views"]["main" if split["mode"] == "holdout" else "fold1"])
    asked, hidden = read(view / "test.csv"), read(Path(prepared["hiddenFolder"]) / "labels.csv")
    here = hidden["part"].isin(["search", "final"] if split["mode"] == "holdout" else ["fold1"])
    assert len(asked) == int(here.sum()) + card["rows"]["test"]
    assert list(read(view / "sample_submission.csv").columns) == [card["idColumn"], *card["submissionColumns"]]
    assert np.isfinite(prepared["baseline"]["value"])
    answer = read(prepared["baselineSubmission"])
    assert len(answer) == card["rows"]["test"]
    assert not answer.isin(["", "nan"]).any().any()


def test_prices_are_scored_as_numbers_and_everything_else_stays_text(tmp_path):
    shape = next(shape for shape in SHAPES if shape.target == "asking_price")
    request = {"splitSeed": 1, "mode": "auto", "cheapPrograms": True, "folder": str(tmp_path / "run")}
    prepared = prepare({"source": source_of(shape, tmp_path / "task"), **request})
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    train, _ = shape.make()
    assert list(labels["label"].astype(float)) == [
        float(price.replace("$", "").replace(",", "")) for price in train["asking_price"]
    ]
    learn = read(Path(prepared["views"]["full"]) / "train.csv")
    assert list(learn["remarks"]) == list(train["remarks"])
    assert pd.to_numeric(learn["asking_price"]).min() > 0
    assert any("$" in warning and "plain number" in warning for warning in prepared["card"]["warnings"])
