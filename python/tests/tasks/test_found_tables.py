"""Folders as competitions ship them: JSON, no test table, dates with a zone, groups that few rows have."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.columns import kind_of
from automlgen_runtime.loading import load
from automlgen_runtime.profile import profile
from automlgen_runtime.tables import read_table
from automlgen_runtime.task_errors import UserFault
from PIL import Image
from task_folder import read, run_prepare, table, with_ids


def images_without_test_table(folder: Path, rows: int = 80) -> dict:
    """Labels under another name, images by id, and only a sample that says what is asked."""
    rng = np.random.Generator(np.random.PCG64(1))
    names = [f"{i:08x}" for i in rng.permutation(10**6)[: rows + 20]]
    for at, name in enumerate(names):
        part = folder / ("train" if at < rows else "test")
        part.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (8, 8), dtype=np.uint8)).save(part / f"{name}.png")
    breeds = ["boxer", "pug"]
    labels = pd.DataFrame({"id": names[:rows], "breed": [breeds[i % 2] for i in range(rows)], "dog": range(rows)})
    labels.to_csv(folder / "labels.csv", index=False)
    pd.DataFrame({"id": names[rows:], "boxer": 0.5, "pug": 0.5}).to_csv(folder / "sample_submission.csv", index=False)
    task = {"id": "dogs", "target": "breed", "metric": "logloss", "train": "labels.csv", "drop": ["dog"]}
    return {"task": task | {"test": "sample_submission.csv", "id_column": "id"}, "folder": str(folder)}


def test_the_sample_says_which_rows_are_asked_and_nothing_else(tmp_path):
    prepared = run_prepare(images_without_test_table(tmp_path / "task"), tmp_path / "run")
    card = prepared["card"]
    assert card["modality"] == "image-classification"
    assert card["submissionColumns"] == ["boxer", "pug"]
    assert card["rows"] == {"train": 80, "test": 20}
    view = Path(prepared["views"]["fold1"])
    assert list(read(view / "test.csv").columns) == ["id"]
    assert set(read(view / "train.csv").columns) == {"id", "breed"}
    assert len(read(prepared["baselineSubmission"])) == 20


def test_a_column_that_only_train_has_is_no_fault_where_images_tell(tmp_path):
    source = images_without_test_table(tmp_path / "task")
    source["task"]["drop"] = []
    assert any("Only the training table has dog" in warning for warning in profile(source)["warnings"])


def test_without_files_a_test_table_of_ids_alone_is_refused(tmp_path):
    rows = with_ids(table(60))
    rows.to_csv(tmp_path / "train.csv", index=False)
    rows[["id", "y"]].assign(id=range(100, 160), y=0).to_csv(tmp_path / "sample_submission.csv", index=False)
    task = {"id": "toy", "target": "y", "metric": "rmse", "test": "sample_submission.csv"}
    with pytest.raises(UserFault) as fault:
        load({"task": task, "folder": str(tmp_path)})
    assert fault.value.code == "columns-differ"


@pytest.mark.parametrize("lines", [False, True])
def test_json_is_read_cell_by_cell(tmp_path, lines):
    records = [
        {"id": "t1", "text": 'a "b",\nc', "old": True, "n": 3, "share": 0.1, "tags": ["x", "y"], "flair": None},
        {"id": "t2", "text": "é", "old": False, "n": 10**17, "share": 2.0, "tags": [], "new": "here"},
    ]
    written = "\n".join(json.dumps(r) for r in records) if lines else json.dumps(records, indent=1)
    (tmp_path / "train.json").write_text(written, "utf-8")
    found = read_table(tmp_path / "train.json", "the training table")
    assert list(found.columns) == ["id", "text", "old", "n", "share", "tags", "flair", "new"]
    assert found.iloc[0].tolist() == ["t1", 'a "b",\nc', "True", "3", "0.1", '["x", "y"]', "", ""]
    assert found.iloc[1].tolist() == ["t2", "é", "False", str(10**17), "2.0", "[]", "", "here"]


@pytest.mark.parametrize("text", ['[{"a": 1}, 2]', '{"a": [1, 2], "b": [1, 2]}', '{"a": 1}\n{"a": ', '[{"a": 1}'])
def test_json_that_is_no_table_is_refused(tmp_path, text):
    (tmp_path / "train.json").write_text(text)
    with pytest.raises(UserFault) as fault:
        read_table(tmp_path / "train.json", "the training table")
    assert fault.value.code == "csv-malformed"
    assert "train.json" in str(fault.value)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2009-06-{:02d} 17:26:21 UTC", "date"),
        ("3/{}/2011 10:05 PM", "date"),
        ("Jan {}, 2013", "date"),
        ("{:02d}-Mar-13", "date"),
        ("room {} in 2013", "category"),
        ("maybe-{}", "category"),
    ],
)
def test_dates_as_people_write_them(cell, kind):
    cells = pd.Series([cell.format(i % 28 + 1) for i in range(200)], dtype=object)
    assert kind_of("a", cells) == kind


def test_a_name_that_most_rows_lack_is_no_group(tmp_path):
    rows = with_ids(table(400))
    givers = np.array([f"giver{i}" for i in range(400)], dtype=object)
    givers[np.random.Generator(np.random.PCG64(2)).random(400) < 0.9] = "N/A"
    rows["giver"] = givers
    rows.iloc[:300].to_csv(tmp_path / "train.csv", index=False)
    rows.iloc[300:].drop(columns="y").to_csv(tmp_path / "test.csv", index=False)
    card = profile({"task": {"id": "toy", "target": "y", "metric": "rmse"}, "folder": str(tmp_path)})
    assert "group" not in card
    assert "grouped" not in card["regimes"]


def test_packed_images_are_asked_for_and_unpacked_ones_are_read(tmp_path):
    source = images_without_test_table(tmp_path / "task")
    folder = Path(source["folder"])
    for part in ("train", "test"):
        shutil.make_archive(str(folder / part), "zip", folder, part)
        shutil.rmtree(folder / part)
    with pytest.raises(UserFault) as fault:
        profile(source)
    assert fault.value.code == "images-missing"
    assert "test.zip, train.zip" in str(fault.value)
    assert "unzip test.zip" in fault.value.next
    for part in ("train", "test"):
        shutil.unpack_archive(folder / f"{part}.zip", folder)
    assert profile(source)["image"]["column"] == "id"
