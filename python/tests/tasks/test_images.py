from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from task_folder import read, run_prepare, write_task

SIZE = 60


def paint(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((4, 6), value, dtype=np.uint8)).save(path)


def value_of(path: Path) -> int:
    with Image.open(path) as image:
        return int(np.asarray(image)[0, 0])


def test_images_named_by_a_column_come_with_their_rows(tmp_path):
    folder = tmp_path / "task"
    names = [f"{i * 7919 % 1000:03d}.png" for i in range(2 * SIZE)]
    for i, name in enumerate(names):
        paint(folder / "pictures" / name, i)
    whole = pd.DataFrame({"id": [n[:3] for n in names], "file": names, "y": ["a", "b"] * SIZE})
    train, test = whole.iloc[:SIZE], whole.iloc[SIZE:].drop(columns="y")
    source = write_task(folder, train, test, metric="accuracy", images="pictures")
    prepared = run_prepare(source, tmp_path / "run")
    card = prepared["card"]
    assert card["modality"] == "image-classification"
    assert card["image"] == {
        "folder": "pictures", "column": "file", "suffix": ".png", "width": 6, "height": 4, "channels": 1
    }  # fmt: skip
    view = Path(prepared["views"]["fold1"])
    asked = read(view / "test.csv")
    number = {name: i for i, name in enumerate(names)}
    assert all(value_of(view / "pictures" / name) == number[name] for name in asked["file"])
    assert len({path.stat().st_mtime for path in view.rglob("*.png")}) == 1


def test_pictures_in_private_folders_are_not_the_tasks(tmp_path):
    folder = tmp_path / "task"
    names = [f"{i:03d}" for i in range(2 * SIZE)]
    whole = pd.DataFrame({"id": names, "y": ["a", "b"] * SIZE})
    for i, name in enumerate(names):
        paint(folder / "pictures" / f"{name}.png", i)
        for private in ("hidden", "prepared", "node_modules", "runs"):
            paint(folder / private / f"{name}.png", 255 - i)
    train, test = whole.iloc[:SIZE], whole.iloc[SIZE:].drop(columns="y")
    prepared = run_prepare(write_task(folder, train, test, metric="accuracy"), tmp_path / "run")
    assert prepared["card"]["image"]["folder"] == "pictures"
    for view in map(Path, prepared["views"].values()):
        pictures = list(view.rglob("*.png"))
        assert len(pictures) == 2 * SIZE or view.name == "full"
        assert {path.parent.name for path in pictures} == {"pictures"}
        # Those of private folders are the brighter half.
        assert max(value_of(path) for path in pictures) < 2 * SIZE


def test_hidden_images_lie_among_test_images_under_opaque_names(tmp_path):
    folder = tmp_path / "task"
    train = pd.DataFrame({"id": [f"train_{i:03d}" for i in range(SIZE)], "y": ["a", "b"] * (SIZE // 2)})
    test = pd.DataFrame({"id": [f"test_{i:03d}" for i in range(SIZE)]})
    for i, name in enumerate(train["id"]):
        paint(folder / "train" / f"{name}.jpg", 2 * i)
    for i, name in enumerate(test["id"]):
        paint(folder / "test" / f"{name}.jpg", 2 * i + 1)
    prepared = run_prepare(write_task(folder, train, test, metric="accuracy"), tmp_path / "run")
    view = Path(prepared["views"]["fold1"])
    asked, learn = read(view / "test.csv"), read(view / "train.csv")
    assert {path.stem for path in (view / "test").iterdir()} == set(asked["id"])
    assert {path.stem for path in (view / "train").iterdir()} == set(learn["id"])
    assert not any("train" in name or "test" in name for name in [*asked["id"], *learn["id"]])
    image = prepared["card"]["image"]
    for table in (asked, learn):
        assert all((view / image["folder"] / f"{name}{image['suffix']}").is_file() for name in table[image["column"]])
    names = read(Path(prepared["hiddenFolder"]) / "test_ids.csv")
    for shown, original in zip(names["row_id"], names["original_id"], strict=True):
        assert abs(value_of(view / "test" / f"{shown}.jpg") - value_of(folder / "test" / f"{original}.jpg")) <= 1
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    position = {shown: i for i, shown in enumerate(labels["row_id"])}
    for shown in labels.loc[labels["part"] == "fold1", "row_id"]:
        assert abs(value_of(view / "test" / f"{shown}.jpg") - 2 * position[shown]) <= 1
