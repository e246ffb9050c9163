"""Recording: smaller competitions, own splits, runs with limits, sealed folders."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from ruler import host, own, pool, smaller, store
from ruler.plan import Plan
from synthetic import record_json, write_record


def competition(folder: Path, rows: int, tests: int, **task: str) -> Path:
    public, private = folder / "public", folder / "private"
    public.mkdir(parents=True)
    private.mkdir()
    train = pd.DataFrame({"id": range(rows), "x": range(rows), "who": [i // 7 for i in range(rows)], "y": range(rows)})
    test = pd.DataFrame({"id": range(rows, rows + tests), "x": 0})
    train.to_csv(public / "train.csv", index=False)
    test.to_csv(public / "test.csv", index=False)
    test[["id"]].assign(y=0).iloc[::-1].to_csv(public / "sample_submission.csv", index=False)
    test[["id"]].assign(y=1).to_csv(private / "answers.csv", index=False)
    lines = {"id": "toy", "target": "y", "id_column": "id", "metric": "rmse", **task}
    (public / "task.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in lines.items()))
    return folder


SMALL = Plan(table_rows=100, test_rows=600)


def test_groups_stay_whole_and_tests_keep_their_answers(tmp_path):
    folder = competition(tmp_path / "c", 1_000, 900, group="who")
    told = smaller.cut(folder, SMALL, "tabular", 3)
    train = smaller.read(folder / "public" / "train.csv")
    assert told["labelled"] == len(train) <= 100 < told["labelled"] + 7
    assert set(train["who"].value_counts()) <= {7, 1_000 % 7}
    tables = [
        smaller.read(folder / name)
        for name in ("public/test.csv", "public/sample_submission.csv", "private/answers.csv")
    ]
    assert [len(table) for table in tables] == [600] * 3
    assert len({frozenset(table["id"]) for table in tables}) == 1


def test_the_latest_rows_of_a_series_stay(tmp_path):
    folder = competition(tmp_path / "c", 300, 10, time="when")
    train = smaller.read(folder / "public" / "train.csv")
    train["when"] = [f"20{i % 60:02d}-01-01" for i in range(300)]
    train.to_csv(folder / "public" / "train.csv", index=False)
    smaller.cut(folder, SMALL, "tabular", 3)
    assert smaller.read(folder / "public" / "train.csv")["when"].min() == "2040-01-01"


def test_what_is_small_enough_is_left_alone(tmp_path):
    folder = competition(tmp_path / "c", 90, 20)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert smaller.cut(folder, SMALL, "tabular", 3)["labelled"] == 90
    assert {path: path.read_bytes() for path in before} == before


def test_own_splits_differ_and_never_show_what_they_test(tmp_path):
    public = competition(tmp_path / "c", 100, 20) / "public"
    (public / "images").mkdir()
    chosen = []
    for number in (0, 1):
        view = tmp_path / f"view{number}"
        ids = own.write_own_view(public, view, "id", number, 1, [str(i) for i in range(100)])
        train, test, sample = (smaller.read(view / name) for name in ("train.csv", "test.csv", "sample_submission.csv"))
        assert len(ids) == 20 and list(test["id"]) == list(sample["id"]) == ids
        assert not set(ids) & set(train["id"]) and len(train) == 80
        assert list(test.columns) == ["id", "x"]
        assert (view / "images").is_symlink()
        chosen.append(frozenset(ids))
    assert chosen[0] != chosen[1]


def test_own_splits_keep_to_rows_with_a_known_truth(tmp_path):
    public = competition(tmp_path / "c", 100, 20) / "public"
    ids = own.write_own_view(public, tmp_path / "view", "id", 0, 1, [str(i) for i in range(60, 100)])
    assert len(ids) == 8 and {int(i) for i in ids} <= set(range(60, 100))
    assert len(smaller.read(tmp_path / "view" / "train.csv")) == 92


def test_programs_run_in_their_own_place_and_are_stopped_in_time(tmp_path):
    view = tmp_path / "view"
    view.mkdir()
    (view / "train.csv").write_text("a\n1\n")
    programs = {
        "good": "open('working/submission.csv', 'w').write(open('input/train.csv').read())\nprint('rmse: 1.5')",
        "busy": "while True: pass",
        "wrong": "raise ValueError('no good')",
        "silent": "pass",
    }
    for name, text in programs.items():
        (tmp_path / f"{name}.py").write_text(text)
    jobs = [host.Job(name, tmp_path / f"{name}.py", view, tmp_path / "runs" / name) for name in programs]
    done = {result.job.key: result for result in host.run(jobs, 2, 1)}
    assert {name: result.ok for name, result in done.items()} == {
        "good": True,
        "busy": False,
        "wrong": False,
        "silent": False,
    }
    assert "rmse: 1.5" in done["good"].printed
    assert "no good" in done["wrong"].printed
    assert 0.5 < done["busy"].seconds < 3


def test_a_record_is_whole_or_not_there(tmp_path):
    folder = write_record(tmp_path, [1.0, 2.0]).folder
    plan = Plan().as_json()
    assert store.is_whole(folder, plan)
    assert not store.is_whole(folder, {**plan, "kept": 3})
    assert set(record_json(folder)["files"]) >= {"predictions.npz", "hidden/labels.csv", "answers.csv"}
    (folder / "answers.csv").write_text("changed")
    assert not store.is_whole(folder, plan)
    assert not store.is_whole(tmp_path / "nowhere", plan)


@pytest.mark.parametrize(
    ("summary", "family"),
    [
        ("ridge regression (alpha 10) on dummies; clip", "ridge regression"),
        ("CatBoost on integer codes; clip", "CatBoost"),
        ("mean of A on x AND B on y; mean of two", "mean of models"),
    ],
)
def test_families(summary, family):
    assert pool.family_of(summary) == family
