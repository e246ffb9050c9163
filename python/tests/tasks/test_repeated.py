"""Submissions that repeat columns of the test table: programs see ids and predictions alone, the answer has all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.loading import load
from automlgen_runtime.repeated import complete, keep_form
from automlgen_runtime.task_errors import UserFault
from task_folder import read, run_prepare, write_task

COMMENTS = ["you, sir", 'a "quoted" word', "so\nlong", "fine"]


def comments(rows: int, first: int) -> pd.DataFrame:
    rng = np.random.Generator(np.random.PCG64(first))
    dates = [("" if i % 4 == 0 else f"2012{i % 12 + 1:02d}01") for i in range(rows)]
    texts = [f"{COMMENTS[i % 4]} {i % 50}" for i in range(first, first + rows)]
    return pd.DataFrame({"Insult": rng.integers(0, 2, rows), "Date": dates, "Comment": texts})


def test_rows_without_an_id_are_numbered_and_the_answer_is_completed(tmp_path):
    train, asked = comments(120, 0), comments(40, 500)
    test, sample = asked[["Date", "Comment"]], asked.assign(Insult=0)
    source = write_task(tmp_path / "task", train, test, sample, target="Insult", metric="auc")
    prepared = run_prepare(source, tmp_path / "run")
    assert prepared["card"]["submissionColumns"] == ["Insult"]
    assert prepared["card"]["idColumn"] == "row_id"
    view = Path(prepared["views"]["fold1"])
    assert list(read(view / "sample_submission.csv").columns) == ["row_id", "Insult"]
    assert set(read(view / "test.csv").columns) == {"row_id", "Date", "Comment"}
    made = read(prepared["baselineSubmission"])
    assert list(made.columns) == ["Insult", "Date", "Comment"]
    assert made[["Date", "Comment"]].equals(read(tmp_path / "task" / "test.csv"))
    assert 0.2 < made["Insult"].astype(float).mean() < 0.8


def test_a_repeated_column_that_names_rows_is_the_id_whatever_the_order(tmp_path):
    rng = np.random.Generator(np.random.PCG64(0))
    whole = pd.DataFrame(
        {"shop": rng.integers(1, 5, 160), "key": rng.permutation(900)[:160], "y": rng.normal(size=160)}
    )
    asked = whole.iloc[120:]
    sample = asked.iloc[::-1].assign(y=0)[["shop", "y", "key"]]
    source = write_task(tmp_path / "task", whole.iloc[:120], asked.drop(columns="y"), sample)
    loaded = load(source)
    assert loaded.id_column == "key"
    prepared = run_prepare(source, tmp_path / "run")
    made = read(prepared["baselineSubmission"])
    assert list(made.columns) == ["shop", "y", "key"]
    assert made[["shop", "key"]].equals(read(tmp_path / "task" / "sample_submission.csv")[["shop", "key"]])


def test_every_row_gets_its_own_prediction(tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    form = pd.DataFrame({"a": ["x", 'y "1", 2', "z"], "y": [0, 0, 0], "id": [7, 8, 9]})
    form.to_csv(tmp_path / "sample.csv", index=False)
    keep_form(tmp_path / "sample.csv", hidden)
    answer = tmp_path / "answer.csv"
    pd.DataFrame({"id": [9, 7, 8], "y": [0.9, 0.7, 0.8]}).to_csv(answer, index=False)
    complete(answer, hidden)
    made = pd.read_csv(answer)
    assert made["y"].tolist() == [0.7, 0.8, 0.9]
    assert made["a"].tolist() == ["x", 'y "1", 2', "z"]


def test_an_answer_without_a_form_stays_as_it_is(tmp_path):
    answer = tmp_path / "answer.csv"
    answer.write_text("id,y\n1,2\n")
    complete(answer, tmp_path)
    assert answer.read_text() == "id,y\n1,2\n"


def test_rows_in_another_order_without_an_id_are_refused(tmp_path):
    train, asked = comments(120, 0), comments(40, 500)
    sample = asked.assign(Insult=0).iloc[::-1]
    source = write_task(tmp_path / "task", train, asked[["Date", "Comment"]], sample, target="Insult", metric="auc")
    with pytest.raises(UserFault) as fault:
        run_prepare(source, tmp_path / "run")
    assert fault.value.code in ("ids-duplicate", "metric-mismatch")
