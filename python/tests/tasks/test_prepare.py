import hashlib
import json
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from task_folder import interleaved, read, run_prepare, table, with_ids, write_task


def bytes_below(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_labelled_row_is_hidden_in_exactly_one_fold(tmp_path):
    train, test = interleaved(400)
    prepared = run_prepare(write_task(tmp_path / "task", train, test), tmp_path / "run")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    assert prepared["split"]["mode"] == "folds"
    assert list(labels["row_id"]) == [str(i) for i in train["id"]]
    assert list(labels["label"].astype(float)) == list(train["y"])
    assert sorted(labels["part"].value_counts()) == [60] * 5
    for fold in range(1, 6):
        view = Path(prepared["views"][f"fold{fold}"])
        learn, asked = read(view / "train.csv"), read(view / "test.csv")
        hidden = set(labels.loc[labels["part"] == f"fold{fold}", "row_id"])
        assert set(asked["id"]) == hidden | {str(i) for i in test["id"]}
        assert not set(learn["id"]) & hidden
        assert len(learn) == 240
        assert list(asked.columns) == list(test.columns)
        assert list(read(view / "sample_submission.csv")["id"]) == list(asked["id"])
    full = Path(prepared["views"]["full"])
    assert set(read(full / "test.csv")["id"]) == {str(i) for i in test["id"]}
    assert len(read(full / "train.csv")) == 300


def test_hidden_rows_carry_no_target_and_stand_among_test_rows(tmp_path):
    train, test = interleaved(8000)
    prepared = run_prepare(write_task(tmp_path / "task", train, test), tmp_path / "run")
    split, main = prepared["split"], Path(prepared["views"]["main"])
    assert (split["mode"], split["rows"]) == ("holdout", {"labelled": 6000, "search": 600, "final": 600})
    asked = read(main / "test.csv")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    positions = np.flatnonzero(asked["id"].isin(set(labels["row_id"])))
    assert len(positions) == 1200 and len(asked) == 3200
    # Mixed evenly: the mean position of hidden rows lies within four standard errors of the middle.
    assert abs(positions.mean() - 1600) < 4 * 3200 / np.sqrt(12 * 1200)
    assert "y" not in asked.columns
    assert not set(read(main / "train.csv")["id"]) & set(asked["id"])
    full = Path(prepared["views"]["full"])
    assert (full / "test.csv").read_bytes() == (main / "test.csv").read_bytes()
    assert len(read(full / "train.csv")) == 6000


def test_equal_requests_give_equal_bytes_and_another_seed_does_not(tmp_path):
    source = write_task(tmp_path / "task", *interleaved(500), drop=["age"])
    first, again = run_prepare(source, tmp_path / "a"), run_prepare(source, tmp_path / "b")
    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b")
    run_prepare(source, tmp_path / "a")
    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b")
    other = run_prepare(source, tmp_path / "c", seed=2)
    assert first["split"]["hash"] == again["split"]["hash"] != other["split"]["hash"]
    assert "age" not in read(Path(first["views"]["fold1"]) / "train.csv").columns


def test_only_the_owner_reads_hidden_labels_and_everybody_reads_views(tmp_path):
    prepared = run_prepare(write_task(tmp_path / "task", *interleaved(300)), tmp_path / "run")
    assert stat.S_IMODE(Path(prepared["hiddenFolder"]).stat().st_mode) == 0o700
    view = Path(prepared["views"]["fold1"])
    assert stat.S_IMODE(view.stat().st_mode) == 0o755
    assert stat.S_IMODE((view / "train.csv").stat().st_mode) == 0o644


def test_ids_that_would_tell_are_replaced_and_mapped_back(tmp_path):
    whole = with_ids(table(800))
    train, test = whole.iloc[:600], whole.iloc[600:].drop(columns="y")
    prepared = run_prepare(write_task(tmp_path / "task", train, test), tmp_path / "run")
    names = read(Path(prepared["hiddenFolder"]) / "test_ids.csv")
    assert list(names["original_id"]) == [str(i) for i in range(601, 801)]
    asked = read(Path(prepared["views"]["fold2"]) / "test.csv")
    assert set(names["row_id"]) < set(asked["id"])
    is_test = asked["id"].isin(set(names["row_id"])).to_numpy()
    numbers = asked["id"].astype(int)
    # Opaque: the ranges of hidden and of test ids overlap, and all features arrive with their own row.
    assert numbers[~is_test].max() > numbers[is_test].min() and numbers[~is_test].min() < numbers[is_test].max()
    own = asked.set_index("id").loc[list(names["row_id"]), "height"].astype(float)
    assert list(own) == list(test["height"])
    assert any("opaque" in warning for warning in prepared["card"]["warnings"])
    assert list(read(prepared["baselineSubmission"])["id"]) == list(names["original_id"])


def test_rows_without_ids_are_named_and_train_keeps_its_columns(tmp_path):
    whole = table(400)
    sample = pd.DataFrame({"Id": range(100), "y": 0})
    source = write_task(tmp_path / "task", whole.iloc[:300], whole.iloc[300:].drop(columns="y"), sample)
    prepared = run_prepare(source, tmp_path / "run")
    assert prepared["card"]["idColumn"] == "Id"
    view = Path(prepared["views"]["fold1"])
    assert list(read(view / "test.csv").columns) == ["Id", "age", "height", "colour"]
    assert "Id" not in read(view / "train.csv").columns
    names = read(Path(prepared["hiddenFolder"]) / "test_ids.csv")
    assert list(names["original_id"]) == [str(i) for i in range(100)]
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    heights = read(view / "test.csv").set_index("Id")["height"]
    hidden = labels[labels["part"] == "fold1"]
    assert list(heights.loc[list(hidden["row_id"])].astype(float)) == list(whole["height"].iloc[hidden.index])


def test_test_groups_that_never_occur_in_train_make_the_split_grouped(tmp_path):
    train, test = table(900, groups=120), table(300, seed=5, groups=40)
    test["patient"] = "q" + test["patient"]
    whole = with_ids(pd.concat([train, test], ignore_index=True))
    source = write_task(tmp_path / "task", whole.iloc[:900], whole.iloc[900:].drop(columns="y"))
    prepared = run_prepare(source, tmp_path / "run")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    assert prepared["card"]["group"] == "patient" and prepared["split"]["relation"] == "group"
    assert labels.groupby("group")["part"].nunique().max() == 1
    assert labels["part"].value_counts().between(140, 220).all()
    assert "grouped" in prepared["card"]["regimes"]


def test_test_rows_that_lie_in_the_future_make_the_latest_rows_hidden(tmp_path):
    whole = table(6000)
    whole.insert(0, "date", pd.date_range("2015-01-01", periods=6000, freq="6h").strftime("%Y-%m-%d %H:%M"))
    whole = with_ids(whole)
    source = write_task(tmp_path / "task", whole.iloc[:5000], whole.iloc[5000:].drop(columns="y"))
    prepared = run_prepare(source, tmp_path / "run")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    assert (prepared["card"]["time"], prepared["split"]["relation"]) == ("date", "time")
    # Labels are listed in the order of train, which here is time: all of search before all of final.
    assert list(labels["part"]) == ["search"] * 500 + ["final"] * 500
    latest = read(Path(prepared["views"]["main"]) / "train.csv")["date"].max()
    assert latest < whole["date"].iloc[4000]


def test_classes_are_spread_over_the_folds(tmp_path):
    train, test = interleaved(700, classes=3)
    train.loc[train.index[:12], "y"] = "c2"
    source = write_task(tmp_path / "task", train, test, metric="logloss")
    prepared = run_prepare(source, tmp_path / "run")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    counts = pd.crosstab(labels["part"], labels["label"])
    assert (counts.max() - counts.min()).max() <= 2
    sample = read(Path(prepared["views"]["fold1"]) / "sample_submission.csv")
    assert list(sample.columns) == ["id", "c0", "c1", "c2"]
    assert set(sample["c1"]) == {"0.333333"}


@pytest.mark.parametrize(
    ("rows", "cheap", "mode"), [(400, False, "folds"), (7000, False, "holdout"), (7000, True, "folds")]
)
def test_the_mode_follows_rows_and_cost(tmp_path, rows, cheap, mode):
    prepared = run_prepare(write_task(tmp_path / "task", *interleaved(rows)), tmp_path / "run", cheap=cheap)
    assert prepared["split"]["mode"] == mode
    assert f"{rows - rows // 4:,}" in prepared["split"]["reason"]


def test_other_files_are_kept_filtered_or_refused(tmp_path):
    train, test = interleaved(400)
    source = write_task(tmp_path / "task", train, test)
    folder = tmp_path / "task"
    train[["id"]].assign(extra=1).to_csv(folder / "train_notes.csv", index=False)
    pd.concat([train[["id"]], test[["id"]]]).assign(extra=2).to_csv(folder / "notes.csv", index=False)
    train[["id", "y"]].to_csv(folder / "copy.csv", index=False)
    (folder / "model.pkl").write_bytes(b"x")
    (folder / "private").mkdir()
    (folder / "private" / "answers.csv").write_text("id,y\n1,2\n")
    prepared = run_prepare(source, tmp_path / "run")
    view = Path(prepared["views"]["fold1"])
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    hidden = set(labels.loc[labels["part"] == "fold1", "row_id"])
    assert not set(read(view / "train_notes.csv")["id"]) & hidden
    assert hidden < set(read(view / "notes.csv")["id"])
    assert not (view / "copy.csv").exists() and not (view / "model.pkl").exists() and not (view / "private").exists()
    warnings = " ".join(prepared["card"]["warnings"])
    assert "copy.csv" in warnings and "model.pkl" in warnings and "train_notes.csv" in warnings


def test_what_programs_see_does_not_depend_on_hidden_labels(tmp_path):
    train, test = interleaved(8000)
    train["y"] += np.arange(len(train)) * 1e-6  # no ties, so that every row keeps its stratum
    source = write_task(tmp_path / "a", train, test)
    prepared = run_prepare(source, tmp_path / "run-a", mode="holdout")
    labels = read(Path(prepared["hiddenFolder"]) / "labels.csv")
    hidden = train["id"].astype(str).isin(set(labels["row_id"]))
    shuffled = train.copy()
    # A permutation within the strata keeps the split; only hidden labels change.
    ranks = shuffled["y"].rank(method="first")
    decile = ((ranks - 1) * 10 // len(shuffled)).astype(int)
    for part in range(10):
        where = hidden & (decile == part)
        shuffled.loc[where, "y"] = shuffled.loc[where, "y"].to_numpy()[::-1]
    other = run_prepare(write_task(tmp_path / "b", shuffled, test), tmp_path / "run-b", mode="holdout")
    assert bytes_below(Path(prepared["views"]["main"])) == bytes_below(Path(other["views"]["main"]))
    assert read(Path(other["hiddenFolder"]) / "labels.csv")["label"].tolist() != labels["label"].tolist()


def test_card_and_split_on_disk_are_what_was_returned(tmp_path):
    prepared = run_prepare(write_task(tmp_path / "task", *interleaved(300)), tmp_path / "run")
    assert json.loads((tmp_path / "run" / "card.json").read_text()) == prepared["card"]
    assert json.loads((tmp_path / "run" / "split.json").read_text()) == prepared["split"]
