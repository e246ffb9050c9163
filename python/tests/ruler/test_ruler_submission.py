"""Every fault of a submission has a class, a code and a sentence that says what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.evaluate import evaluate, form_of
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.classes import Names, canonical
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.submission import Form, read_answer
from automlgen_runtime.table import read_table
from prepared_task import Task, make

Edit = Callable[[str], str]


def lines(edit: Callable[[list[str]], list[str]]) -> Edit:
    return lambda text: "\n".join(edit(text.splitlines())) + "\n"


def cell(row: int, column: int, value: str) -> Edit:
    def change(rows: list[str]) -> list[str]:
        cells = rows[row].split(",")
        cells[column] = value
        return [*rows[:row], ",".join(cells), *rows[row + 1 :]]

    return lines(change)


def head(value: str) -> Edit:
    return lines(lambda rows: [value, *rows[1:]])


FAULTS: list[tuple[str, str, Edit, str, str]] = [
    ("rmse", "submission.csv", lambda _: "", "output-empty", "0 bytes"),
    ("rmse", "submission.csv", head("id,price"), "columns-wrong", "missing 'target'; not expected 'price'"),
    ("rmse", "submission.csv", head(",id,target"), "index-column", "index=False"),
    ("rmse", "submission.csv", head("id,target,target"), "columns-repeated", "'target' is repeated"),
    ("rmse", "submission.csv", lines(lambda r: r[:-3]), "ids-missing", "lacks 3 of 100 ids"),
    ("rmse", "submission.csv", lines(lambda r: r[:1]), "ids-missing", "lacks 100 of 100"),
    ("rmse", "submission.csv", lines(lambda r: [*r, r[5]]), "ids-repeated", "1 ids more than once"),
    ("rmse", "submission.csv", lines(lambda r: [*r, "zzz,1"]), "ids-unknown", "'zzz'"),
    ("rmse", "submission.csv", cell(3, 1, "cheap"), "not-a-number", "'cheap' in column 'target'"),
    ("rmse", "submission.csv", cell(3, 1, ""), "not-a-number", "''"),
    ("rmse", "submission.csv", cell(3, 1, "nan"), "not-finite", "1 rows with NaN"),
    ("rmse", "submission.csv", cell(3, 1, "-inf"), "not-finite", "-inf"),
    ("rmse", "submission.csv", cell(3, 1, "1e300"), "not-finite", "1e+300"),
    ("rmsle", "submission.csv", cell(3, 1, "-2"), "below-zero", "Clip predictions at 0"),
    ("rmse", "submission.csv", cell(3, 1, "1,2,3"), "malformed", "line"),
    (
        "rmse",
        "submission.csv",
        lines(lambda r: [*r[:3], r[3].split(",")[0], *r[4:]]),
        "not-a-number",
        "''",
    ),
    ("rmse", "submission.csv", lines(lambda r: [*r[:3], '"' + r[3], *r[4:]]), "malformed", "cannot be parsed"),
    ("logloss", "submission.csv", cell(3, 1, "1.5"), "probability-range", "outside 0 to 1"),
    ("logloss", "submission.csv", cell(3, 1, "-0.1"), "probability-range", "-0.1"),
    ("logloss", "submission.csv", cell(3, 1, "0.99"), "probability-sum", "Divide each row by its sum"),
    ("accuracy", "submission.csv", cell(3, 1, "dog"), "label-unknown", "'dog'"),
    ("qwk", "submission.csv", cell(3, 1, "2.7"), "label-unknown", "'1', '2', '3', '4', '5'"),
    ("rmse", "submission.csv", head("target"), "columns-missing", "missing 'id'"),
    ("rmse", "submission.csv", head("id,target,extra"), "columns-extra", "not expected 'extra'"),
    ("rmse", "submission.csv", head("Unnamed: 0,id,target"), "index-column", "index=False"),
    ("rmse", "submission.csv", head("ID,Target"), "columns-wrong", "Rename 'ID' to 'id', 'Target' to 'target'"),
    ("rmse", "submission.csv", head("r00001,3.5"), "columns-wrong", "sample_submission.csv"),
    ("rmse", "submission.csv", head("17,3.5"), "header-missing", "Write the header"),
    ("rmse", "submission.csv", lambda text: text.replace(",", ";"), "separator-wrong", "semicolons"),
    ("rmse", "submission.csv", lambda text: text.replace(",", "\t"), "separator-wrong", "tabs"),
    ("rmse", "submission.csv", lambda _: '[{"id": 1}]', "not-csv", "like JSON"),
    ("rmse", "submission.csv", lambda _: "PAR1 and so on", "not-csv", "a Parquet file"),
    (
        "rmse",
        "submission.csv",
        lines(lambda r: [r[0], *(f"{i}," + x for i, x in enumerate(r[1:]))]),
        "malformed",
        "index",
    ),
    (
        "rmse",
        "submission.csv",
        lines(lambda r: [r[0], *(f"{i},1" for i in range(100))]),
        "ids-are-positions",
        "0 to 99",
    ),
    ("rmse", "submission.csv", lines(lambda r: [r[0], *(f"{i},1" for i in range(1, 41))]), "ids-are-positions", "'r0"),
    ("rmse", "submission.csv", cell(3, 1, '"1,234.5"'), "not-a-number", "without thousands separators"),
    ("rmse", "submission.csv", cell(3, 1, '"3,5"'), "not-a-number", "with a decimal point"),
    ("rmse", "submission.csv", cell(3, 1, "[3.5]"), "not-a-number", "without brackets"),
    ("rmse", "submission.csv", cell(3, 1, "tensor(3.5)"), "not-a-number", ".item()"),
    ("rmse", "submission.csv", cell(3, 1, "12%"), "not-a-number", "percent"),
    ("rmse", "submission.csv", cell(3, 1, "True"), "not-a-number", "1 for True"),
    ("rmse", "submission.csv", cell(3, 1, "1_000"), "not-a-number", "'1_000'"),
    ("rmse", "submission.csv", cell(3, 1, "4 km"), "not-a-number", "without a unit"),
    ("haversine", "submission.csv", cell(3, 1, "91"), "coordinate-range", "Latitudes lie between -90 and 90"),
    ("haversine", "submission.csv", cell(3, 2, "-181"), "coordinate-range", "Longitudes"),
    ("laplace-log-likelihood", "submission.csv", cell(3, 2, "-1"), "confidence-range", "standard deviation"),
    ("lrap", "submission.csv", head("id,t1,t2,t3"), "columns-missing", "missing 't4'"),
    ("f1-samples", "submission.csv", cell(3, 2, "2"), "label-unknown", "not 0 or 1"),
    ("f1-samples", "submission.csv", cell(3, 2, "0.7"), "label-unknown", "Apply a threshold"),
    ("f1-samples", "probabilities.csv", cell(3, 2, "1.7"), "probability-range", "probabilities.csv"),
    ("map-at-k", "submission.csv", cell(3, 1, "  "), "ranking-empty", "at least one name per row"),
    ("dice", "submission.csv", cell(3, 1, "1 2 3"), "mask-syntax", "3 numbers, which are no pairs"),
    ("dice", "submission.csv", cell(3, 1, "0 2"), "mask-syntax", "starts at 0"),
    ("dice", "submission.csv", cell(3, 1, "5 0"), "mask-syntax", "length 0"),
    ("iou", "submission.csv", cell(3, 1, "5 4 7 2"), "mask-syntax", "the run at 7 overlaps"),
    ("iou", "submission.csv", cell(3, 1, "a 4"), "mask-syntax", "'a' is no whole number"),
    ("iou", "submission.csv", cell(3, 1, "1 99999999999999999999"), "mask-syntax", "no whole number"),
    ("accuracy", "probabilities.csv", cell(3, 1, "7"), "probability-range", "probabilities.csv"),
    ("accuracy", "probabilities.csv", head("id,ant,bee"), "columns-missing", "missing 'cat'"),
]


@pytest.mark.parametrize(("metric", "file", "edit", "code", "words"), FAULTS)
def test_faults(tmp_path: Path, metric: str, file: str, edit: Edit, code: str, words: str) -> None:
    task = make(tmp_path, metric, rows=60, tests=40)
    files = task.submit("n1", 0.8)
    path = next(Path(entry["path"]) for entry in files if entry["name"] == file)
    path.write_text(edit(path.read_text()))
    reply = evaluate(task.request("n1", files))
    assert reply["kind"] == "invalid" and reply["code"] == code, reply
    assert reply["failure"] == ("no-output" if code.startswith("output-") else "bad-format")
    assert words in reply["message"] and len(reply["message"]) < 500
    assert not list((tmp_path / "predictions").glob("n*")), "nothing is kept"


def hostile(task: Task, path: Path, kind: str) -> None:
    path.unlink()
    if kind == "link":
        path.symlink_to(Path(task.prepared["hiddenFolder"]) / "labels.csv")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"id,target\n" + bytes(range(256)) * 40)
    elif kind == "nul":
        path.write_bytes(b"id,target\n" + b"\0" * 5000)
    elif kind == "latin-1":
        path.write_bytes("id,target\nß,1\n".encode("latin-1"))
    elif kind == "huge":
        with path.open("wb") as handle:
            handle.truncate(1 << 34)
    elif kind == "wide":
        path.write_text("id," + ",".join("c" * 3 for _ in range(200_000)) + "\n1\n")
    elif kind == "unclosed":
        path.write_text('id,"target\n' + "1,2\n" * 1000)
    elif kind == "one-line":
        path.write_text("x" * 900_000)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("link", "not-a-file"),
        ("pipe", "not-a-file"),
        ("folder", "not-a-file"),
        ("binary", "not-csv"),
        ("nul", "not-csv"),
        ("latin-1", "not-utf8"),
        ("huge", "too-large"),
        ("wide", "columns-wrong"),
        ("unclosed", ""),
        ("one-line", ""),
    ],
)
def test_hostile_files_are_faults_too(tmp_path: Path, kind: str, code: str) -> None:
    task = make(tmp_path, "rmse", rows=60, tests=40)
    files = task.submit("n1", 0.8)
    hostile(task, Path(files[0]["path"]), kind)
    reply = evaluate(task.request("n1", files))
    assert (reply["kind"], reply["failure"]) == ("invalid", "bad-format"), reply
    assert reply["code"] == code or (not code and reply["code"] in ("malformed", "columns-wrong"))
    assert len(reply["message"]) < 3000


def read(path: Path, text: str, ids: list[str], metric: str = "rmse", classes: list[str] | None = None) -> np.ndarray:
    from automlgen_runtime.metrics import METRICS

    path.write_text(text, encoding="utf-8")
    form = Form("id", ["y"], classes or [], METRICS[metric])
    return read_answer(path, None, form, Names(ids), Names(classes or [])).primary


def test_ids_are_texts_and_numbers_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    assert read(path, "id,y\n2.0,20\n1.0,10\n", ["1", "2"]).tolist() == [10, 20]
    assert read(path, "id,y\n7,70\n8,80\n", ["007", "008"]).tolist() == [70, 80]
    assert read(path, "id,y\n007,1\n7,2\n", ["007", "7"]).tolist() == [1, 2], "both exist: exact texts"
    with pytest.raises(SubmissionFault, match=r"'7\.0'"):
        read(path, "id,y\n007,1\n7.0,2\n", ["007", "7"])
    assert read(path, 'y,id\r\n5,"a,b"\r\n6,"ü ""x"""\r\n', ["a,b", 'ü "x"']).tolist() == [5, 6]
    assert read(path, "\ufeffid,y\n a ,1\n", ["a"]).tolist() == [1], "a byte order mark and spaces"
    assert read(path, "id,y\nNA,1\nnan,2\n,3\n", ["NA", "nan", ""]).tolist() == [1, 2, 3]
    assert read(
        path, "id,y\n9007199254740993,1\n9007199254740992,2\n", ["9007199254740992", "9007199254740993"]
    ).tolist() == [2, 1]


def test_labels_are_texts_and_numbers_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    assert read(path, "id,y\na,1.0\nb,3\n", ["a", "b"], "accuracy", ["1", "2", "3"]).tolist() == [0, 2]
    assert read(path, "id,y\na,true\nb,False\n", ["a", "b"], "accuracy", ["False", "True"]).tolist() == [1, 0]
    assert read(path, "id,y\na,NA\nb,b\n", ["a", "b"], "accuracy", ["NA", "b"]).tolist() == [0, 1]
    with pytest.raises(SubmissionFault, match="Labels are 'x', 'X'"):
        read(path, "id,y\na,x\nb,y\n", ["a", "b"], "accuracy", ["x", "X"])


@pytest.mark.parametrize(
    ("text", "form"),
    [("1", "1"), ("1.0", "1"), ("01", "1"), ("+1", "1"), ("-0", "0"), ("100", "100"), ("1.50", "1.5"), ("1e3", "1e3")],
)
def test_canonical_numbers(text: str, form: str) -> None:
    assert canonical(text) == form


def test_auc_takes_any_scores_and_log_loss_forgives_rounding(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    scores = read(path, "id,y\na,-5\nb,12\n", ["a", "b"], "auc", ["n", "p"])
    assert scores[:, 1].tolist() == [-5, 12]
    task = make(tmp_path / "t", "logloss", rows=60, tests=40)
    form, names = form_of(ruler_of(task.prepared)), ["a", "b"]
    path.write_text("id,ant,bee,cat\na,0.33,0.33,0.33\nb,1,0,0\n")
    rows = read_answer(path, None, form, Names(names), Names(form.classes)).primary
    assert rows.sum(axis=1).tolist() == pytest.approx([1, 1])


def test_the_size_cap_follows_the_number_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,y\n" + "".join(f"{i},{'1' * 400}\n" for i in range(10_000)))
    with pytest.raises(SubmissionFault, match=r"s\.csv has 4,\d+,\d+ bytes"):
        read_table(path, "s.csv", ["id", "y"], 1000)
    assert len(read_table(path, "s.csv", ["id", "y"], 20_000)) == 10_000


@pytest.mark.parametrize("mode", ["holdout", "folds"])
def test_what_is_too_good_or_too_empty_is_suspicious(tmp_path: Path, mode: str) -> None:
    for metric, code in (("rmse", "score-perfect"), ("auc", "score-perfect")):
        task = make(tmp_path / metric, metric, mode, rows=1200)
        reply = evaluate(task.request("n1", task.submit("n1", 0.0)))
        assert (reply.get("failure"), reply.get("code")) == ("suspicious", code), reply
    task = make(tmp_path / "few", "auc", mode, rows=150)
    assert evaluate(task.request("n1", task.submit("n1", 0.0)))["kind"] == "valid", "few rows: an honest classifier may"


def test_constant_predictions_are_suspicious_unless_the_probabilities_vary(tmp_path: Path) -> None:
    task = make(tmp_path, "accuracy")
    files = task.submit("n1", 0.8)
    path = Path(files[0]["path"])
    path.write_text(
        "\n".join(f"{line.split(',')[0]},ant" if i else line for i, line in enumerate(path.read_text().splitlines()))
    )
    assert evaluate(task.request("n1", files))["kind"] == "valid"
    reply = evaluate(task.request("n2", files[:1]))
    assert (reply["failure"], reply["code"]) == ("suspicious", "prediction-constant")
    assert "800 predictions" in reply["message"]


def test_labels_as_one_column_per_class(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    form = Form("id", ["b", "a"], ["a", "b"], METRICS["accuracy"])

    def codes(text: str) -> list[int]:
        path.write_text("id,a,b\n" + text)
        return read_answer(path, None, form, Names(["x", "y"]), Names(form.classes)).primary.tolist()

    assert codes("x,1,0\ny,0,1\n") == [0, 1]
    assert codes("y,True,false\nx,0.0,1.0\n") == [1, 0]
    for text, sum_ in (("x,1,1\ny,0,1\n", "with 2"), ("x,0,0\ny,0,1\n", "with 0")):
        with pytest.raises(SubmissionFault, match=sum_) as fault:
            codes(text)
        assert fault.value.code == "one-hot-invalid"


@pytest.mark.parametrize(
    ("metric", "row", "accepted"),
    [
        ("auc", "0.9,5,-3", True),
        ("lrap", "0.9,5,-3", True),
        ("logloss", "0.9,0.9,0.9", True),
        ("logloss", "0.9,1.1,0.9", False),
        ("kl-divergence", "0.2,0.3,0.5", True),
        ("kl-divergence", "0.9,0.9,0.9", False),
        ("f1-macro", "0,1,1", True),
        ("mae", "-1,1e9,0", True),
        ("rmsle", "-1,1e9,0", False),
    ],
)
def test_what_several_targets_may_hold(tmp_path: Path, metric: str, row: str, accepted: bool) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"id,a,b,c\nx,{row}\n")
    form = Form("id", ["a", "b", "c"], ["0", "1"], METRICS[metric], ["a", "b", "c"])
    try:
        answer = read_answer(path, None, form, Names(["x"]), Names(form.classes))
    except SubmissionFault as fault:
        assert not accepted, fault.message
    else:
        assert accepted and answer.primary.tolist() == [[float(v) for v in row.split(",")]]


def test_texts_are_read_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text('id,y\r\nb,"one, ""two"""\r\na,\r\n', encoding="utf-8")
    form = Form("id", ["y"], [], METRICS["levenshtein"])
    assert read_answer(path, None, form, Names(["a", "b"]), Names([])).primary.tolist() == ["", 'one, "two"']
    masks = Form("id", ["y"], [], METRICS["dice"])
    path.write_text("id,y\na,\nb,1 3 10 5\nc,-1\n")
    assert read_answer(path, None, masks, Names(["a", "b", "c"]), Names([])).primary.tolist() == ["", "1 3 10 5", "-1"]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    task = make(tmp_path, "logloss", rows=60, tests=40)
    files = task.submit("n1", 0.8)
    before = evaluate(task.request("n1", files))["score"]["value"]
    path = Path(files[0]["path"])
    pd.read_csv(path)[["cat", "id", "ant", "bee"]].to_csv(path, index=False, lineterminator="\r\n")
    assert evaluate(task.request("n2", files))["score"]["value"] == before


def test_long_masks_are_no_reason_to_refuse_a_file(tmp_path: Path) -> None:
    """The cap on bytes follows the longest true mask."""
    task = make(tmp_path, "dice", rows=60, tests=40)
    files = task.submit("n1", 0.5)
    path = Path(files[0]["path"])
    table = pd.read_csv(path, dtype=str)
    table["target"] = " ".join(f"{i} 1" for i in range(1, 8000, 2))
    table.loc[0, "target"] = "1 2"
    table.to_csv(path, index=False)
    assert path.stat().st_size > 2_000_000
    assert evaluate(task.request("n1", files))["code"] == "too-large"
    labels = tmp_path / "hidden" / "labels.csv"
    hidden = pd.read_csv(labels, dtype=str)
    hidden.loc[0, "label"] = table.loc[1, "target"]
    hidden.to_csv(labels, index=False)
    os.utime(labels, ns=(1, 1))
    assert evaluate(task.request("n1", files))["kind"] == "valid"
