"""Files that rows name: the ones of hidden rows stand beside those of test rows, whatever kind they are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.task_errors import UserFault
from task_folder import read, run_prepare, write_task

SIZE = 60


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def split_folders(folder: Path, suffix: str) -> dict:
    """Labelled samples under train/, others under test/, named by their ids."""
    train = pd.DataFrame({"clip": [f"train_{i:03d}" for i in range(SIZE)], "y": ["a", "b"] * (SIZE // 2)})
    test = pd.DataFrame({"clip": [f"test_{i:03d}" for i in range(SIZE)]})
    for name in train["clip"]:
        write(folder / "audio" / "train" / f"{name}{suffix}", name)
    for name in test["clip"]:
        write(folder / "audio" / "test" / f"{name}{suffix}", name)
    return write_task(folder, train, test, metric="accuracy", id_column="clip")


@pytest.mark.parametrize("suffix", [".wav", ".txt", ".npy"])
def test_hidden_samples_lie_among_test_samples(tmp_path, suffix):
    prepared = run_prepare(split_folders(tmp_path / "task", suffix), tmp_path / "run")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    names = read(Path(prepared["hiddenFolder"]) / "test_ids.csv").set_index("row_id")["original_id"]
    for fold in range(1, 6):
        view = Path(prepared["views"][f"fold{fold}"])
        asked, learn = read(view / "test.csv"), read(view / "train.csv")
        shown = {path.stem: path.read_text() for path in (view / "audio" / "test").iterdir()}
        assert set(shown) == set(asked["clip"])
        assert {path.stem for path in (view / "audio" / "train").iterdir()} == set(learn["clip"])
        assert all(shown[row] == original for row, original in names.items())
        hidden = labels.loc[labels["part"] == f"fold{fold}", "row_id"]
        assert all(shown[row].startswith("train_") for row in hidden)
        assert not any("train" in name or "test" in name for name in shown)
        assert len({path.stat().st_mtime for path in view.rglob(f"*{suffix}")}) == 1


def test_a_column_names_the_files(tmp_path):
    folder = tmp_path / "task"
    rng = np.random.Generator(np.random.PCG64(0))
    whole = pd.DataFrame({"id": rng.permutation(1000)[: 2 * SIZE], "note": [f"n{i}.txt" for i in range(2 * SIZE)]})
    whole["y"] = ["a", "a", "b", "b"] * (SIZE // 2)
    for at, name in enumerate(whole["note"]):
        write(folder / "notes" / name, f"note {at}")
    source = write_task(folder, whole.iloc[::2], whole.iloc[1::2].drop(columns="y"), metric="auc")
    view = Path(run_prepare(source, tmp_path / "run")["views"]["fold2"])
    number = dict(zip(whole["id"].astype(str), range(2 * SIZE), strict=True))
    for table in (read(view / "train.csv"), read(view / "test.csv")):
        cells = table.set_index("id")["note"]
        assert all((view / "notes" / cell).read_text() == f"note {number[row]}" for row, cell in cells.items())


def test_files_that_are_missing_are_told(tmp_path):
    source = split_folders(tmp_path / "task", ".wav")
    (tmp_path / "task" / "audio" / "test" / "test_007.wav").unlink()
    with pytest.raises(UserFault) as caught:
        run_prepare(source, tmp_path / "run")
    assert caught.value.code == "path-missing" and "1 files" in caught.value.message


def test_labels_that_stand_in_other_files_are_not_shipped(tmp_path):
    source = split_folders(tmp_path / "task", ".wav")
    folder = tmp_path / "task"
    write(folder / "labels.json", '{"train_001": "b", "train_002": "a"}')
    write(folder / "about.json", '{"microphone": "m3"}')
    write(folder / "a" / "train_004.lab", "x")
    prepared = run_prepare(source, tmp_path / "run")
    view = Path(prepared["views"]["fold1"])
    assert not (view / "labels.json").exists() and not (view / "a").exists()
    assert (view / "about.json").is_file()
    assert any("labels.json" in warning for warning in prepared["card"]["warnings"])


def script_task(tmp_path: Path) -> dict:
    """The submission asks for two lines for each test row."""
    train = pd.DataFrame({"id": range(SIZE), "x": range(SIZE), "y": np.arange(SIZE) * 0.5})
    test = pd.DataFrame({"id": range(100, 130), "x": range(30)})
    sample = pd.DataFrame({"line": [f"{i}_{k}" for i in test["id"] for k in "ab"], "value": 0})
    source = write_task(tmp_path / "task", train, test, sample)
    write(tmp_path / "task" / "private" / "answers.csv", "line,value\n")
    write(tmp_path / "task" / "more" / "notes.txt", "hello")
    return source


def test_where_nothing_can_be_hidden_programs_get_everything_and_it_is_said(tmp_path):
    prepared = run_prepare(script_task(tmp_path), tmp_path / "run")
    split, card = prepared["split"], prepared["card"]
    assert (split["mode"], split["folds"], split["rows"]["search"]) == ("script", 0, 0)
    assert "60 rows and the test table 30" in split["reason"] and "programs score themselves" in split["reason"]
    assert any("scores are claims" in warning for warning in card["warnings"])
    assert (card["idColumn"], card["submissionColumns"]) == ("line", ["value"])
    view = Path(prepared["views"]["main"])
    assert set(prepared["views"]) == {"main"}
    assert (view / "train.csv").read_bytes() == (tmp_path / "task" / "train.csv").read_bytes()
    assert (view / "more" / "notes.txt").read_text() == "hello" and not (view / "private").exists()
    assert len(read(Path(prepared["hiddenFolder"]) / "test_ids.csv")) == 60
    assert len(read(Path(prepared["hiddenFolder"]) / "labels.csv")) == 0
    assert prepared["baseline"]["source"] == "script"
    # The best constant on 0, 0.5 ... 29.5 is their mean.
    assert prepared["baseline"]["value"] == pytest.approx(np.std(np.arange(SIZE) * 0.5))


def test_a_task_may_ask_for_it_without_any_table(tmp_path):
    folder = tmp_path / "task"
    write(folder / "sample_submission.csv", "id,mask\nx1,\nx2,\n")
    task = {"id": "masks", "target": "mask", "metric": "dice", "ruler": "script", "drop": []}
    prepared = run_prepare({"task": task, "folder": str(folder)}, tmp_path / "run")
    assert prepared["split"]["mode"] == "script" and prepared["card"]["taskType"] == "text"
    (folder / "sample_submission.csv").unlink()
    with pytest.raises(UserFault) as caught:
        run_prepare({"task": task, "folder": str(folder)}, tmp_path / "again")
    assert caught.value.code == "path-missing"
