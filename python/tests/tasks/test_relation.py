"""The split copies how test rows relate to train rows, found in the tables or said in task.toml."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.profile import profile
from task_folder import interleaved, read, run_prepare, table, with_ids, write_task

RNG = np.random.Generator(np.random.PCG64(0))


def hidden(prepared: dict) -> pd.DataFrame:
    return read(Path(prepared["hiddenFolder"]) / "labels.csv")


def series(groups: int = 60, length: int = 30, late: int = 5, staggered: bool = True) -> tuple:
    rows = []
    for group in range(groups):
        start = 17 * group if staggered else 0
        rows += [(f"g{group:03d}", start + step, step >= length - late) for step in range(length)]
    whole = with_ids(pd.DataFrame(rows, columns=["series", "week", "late"]))
    whole["x"] = RNG.normal(size=len(whole)).round(3)
    whole["y"] = (whole["x"] + RNG.normal(size=len(whole))).round(3)
    return whole[~whole["late"]].drop(columns="late"), whole[whole["late"]].drop(columns=["late", "y"])


def test_the_latest_rows_of_each_series_are_hidden(tmp_path):
    train, test = series()
    prepared = run_prepare(write_task(tmp_path / "t", train, test), tmp_path / "run")
    card, split = prepared["card"], prepared["split"]
    assert (split["relation"], split["mode"]) == ("group+time", "holdout")
    assert (card["group"], card["time"]) == ("series", "week")
    assert {"grouped", "temporal"} <= set(card["regimes"])
    labels = hidden(prepared)
    learn = read(Path(prepared["views"]["main"]) / "train.csv")
    asked = train.assign(row=prepared_ids(prepared, train))
    rows = asked.set_index("row").loc[list(labels["row_id"])].assign(part=labels["part"].to_numpy())
    last = learn.assign(week=learn["week"].astype(int)).groupby("series")["week"].max()
    by_part = rows.groupby(["series", "part"])["week"].agg(["min", "max"]).unstack()
    assert (by_part["min"]["search"] > last.loc[by_part.index]).all()
    assert (by_part["min"]["final"] > by_part["max"]["search"]).all()
    assert by_part.notna().all().all() and len(by_part) == 60


def prepared_ids(prepared: dict, train: pd.DataFrame) -> list[str]:
    """View ids of the labelled rows, in the order of the task's own table."""
    return list(read(Path(prepared["views"]["full"]) / "train.csv")["id"])


def test_series_that_end_together_are_divided_by_time(tmp_path):
    train, test = series(staggered=False)
    prepared = run_prepare(write_task(tmp_path / "t", train, test), tmp_path / "run")
    assert (prepared["split"]["relation"], prepared["card"]["time"]) == ("time", "week")


def test_folds_in_time_are_learnt_from_the_past_alone(tmp_path):
    whole = with_ids(table(1500))
    whole.insert(1, "year", 1900 + np.arange(1500) // 15)
    source = write_task(tmp_path / "t", whole.iloc[:1200], whole.iloc[1200:].drop(columns="y"))
    prepared = run_prepare(source, tmp_path / "run", mode="folds")
    assert (prepared["split"]["mode"], prepared["split"]["relation"]) == ("folds", "time")
    labels = hidden(prepared)
    assert prepared["split"]["rows"]["search"] == len(labels) < 1200
    assert set(labels["part"]) == {f"fold{i}" for i in range(1, 6)}
    for fold in range(1, 6):
        view = Path(prepared["views"][f"fold{fold}"])
        learn, asked = read(view / "train.csv"), read(view / "test.csv")
        ids = set(labels.loc[labels["part"] == f"fold{fold}", "row_id"])
        own = asked.loc[asked["id"].isin(ids), "year"].astype(int)
        assert len(own) == len(ids) > 100
        assert learn["year"].astype(int).max() < own.min()
        assert not set(learn["id"]) & ids
    assert len(read(Path(prepared["views"]["full"]) / "train.csv")) == 1200


def texts(topics: int, rows: int, first: int, shift: int) -> pd.DataFrame:
    """Rows of one topic share most of their words."""
    found = []
    for topic in range(first, first + topics):
        own = [f"w{shift + topic}x{i}" for i in range(6)]
        for _ in range(rows):
            common = [f"common{i}" for i in RNG.integers(0, 300, 5)]
            found.append((f"doc{topic}", " ".join(RNG.permutation([*own, *common]))))
    return pd.DataFrame(found, columns=["source", "text"])


@pytest.mark.parametrize(("new", "relation"), [(True, "group"), (False, "random")])
def test_groups_that_only_train_names_are_found_where_rows_show_them(tmp_path, new, relation):
    whole = texts(150, 8, 0, 0)
    whole["y"] = RNG.integers(0, 2, len(whole))
    cut = np.zeros(len(whole), bool)
    cut[-240:] = True
    if not new:
        cut = RNG.random(len(whole)) < 0.2
    train, test = whole[~cut], whole[cut].drop(columns=["y", "source"])
    prepared = run_prepare(write_task(tmp_path / "t", train, test, metric="auc"), tmp_path / "run")
    assert prepared["split"]["relation"] == relation
    assert not any('group = "source"' in warning for warning in prepared["card"]["warnings"])
    if new:
        assert hidden(prepared).groupby("group")["part"].nunique().max() == 1
        assert "source" in prepared["split"]["reason"]


def test_groups_that_rows_do_not_show_are_asked_about(tmp_path):
    train, test = interleaved(900)
    train = train.assign(patient=[f"p{i}" for i in RNG.integers(0, 150, len(train))])
    card = profile(write_task(tmp_path / "t", train, test))
    asked = [warning for warning in card["warnings"] if 'group = "patient"' in warning]
    assert len(asked) == 1 and "task.toml" in asked[0]
    assert "group" not in card
    said = profile(write_task(tmp_path / "said", train, test, group="patient"))
    assert said["group"] == "patient" and not any('group = "patient"' in w for w in said["warnings"])


def test_a_group_may_be_hidden_from_programs(tmp_path):
    train, test = interleaved(900)
    train = train.assign(patient=[f"p{i}" for i in RNG.integers(0, 150, len(train))])
    source = write_task(tmp_path / "t", train, test, group="patient", drop=["patient"])
    prepared = run_prepare(source, tmp_path / "run")
    assert hidden(prepared).groupby("group")["part"].nunique().max() == 1
    assert "patient" not in read(Path(prepared["views"]["fold1"]) / "train.csv").columns


def test_rare_labels_reach_every_fold(tmp_path):
    rows = 1000
    whole = with_ids(pd.DataFrame({"x": RNG.normal(size=rows).round(3)}))
    whole["often"], whole["seldom"] = RNG.integers(0, 2, rows), 0
    whole.loc[RNG.permutation(rows)[:26], "seldom"] = 1
    cut = RNG.random(rows) < 0.2
    task = {"target": "often", "targets": ["often", "seldom"], "metric": "auc"}
    source = write_task(tmp_path / "t", whole[~cut], whole[cut].drop(columns=["often", "seldom"]), **task)
    prepared = run_prepare(source, tmp_path / "run")
    labels = hidden(prepared)
    assert prepared["card"]["taskType"] == "multilabel" and "classes" not in prepared["card"]
    assert list(labels["label.1"].astype(int)) == list(whole.loc[~cut, "often"])
    counts = labels[labels["label.2"] == "1"].groupby("part").size()
    assert len(counts) == 5 and counts.max() - counts.min() <= 2
