from pathlib import Path

import pandas as pd
import pytest
from automlgen_runtime.profile import profile
from automlgen_runtime.task_errors import UserFault
from task_folder import interleaved, run_prepare, table, with_ids, write_task


def fault(source: dict) -> UserFault:
    with pytest.raises(UserFault) as caught:
        profile(source)
    assert caught.value.next and caught.value.message.rstrip().endswith((".", "?"))
    return caught.value


def task(tmp_path: Path, **options) -> dict:
    return write_task(tmp_path / "task", *interleaved(200), **options)


def test_missing_target(tmp_path):
    found = fault(task(tmp_path, target="heigth"))
    assert found.code == "target-missing" and '"heigth"' in found.message and 'Did you mean "height"?' in found.message


def test_empty_target(tmp_path):
    train, test = interleaved(200)
    found = fault(write_task(tmp_path / "task", train.assign(y=""), test))
    assert found.code == "target-empty" and "150 rows" in found.message


def test_target_with_one_value(tmp_path):
    train, test = interleaved(200)
    found = fault(write_task(tmp_path / "task", train.assign(y="yes"), test, metric="auc"))
    assert found.code == "target-one-class" and '"yes"' in found.message


def test_words_under_a_metric_for_numbers(tmp_path):
    train, test = interleaved(200, classes=3)
    found = fault(write_task(tmp_path / "task", train, test))
    assert found.code == "target-not-numeric" and '"c' in found.message and '"rmse"' in found.message


def test_continuous_target_under_a_metric_for_classes(tmp_path):
    assert fault(task(tmp_path, metric="logloss")).code == "metric-mismatch"


def test_negative_target_under_rmsle(tmp_path):
    train, test = interleaved(200)
    found = fault(write_task(tmp_path / "task", train.assign(y=train["y"] - 200), test, metric="rmsle"))
    assert found.code == "metric-mismatch" and "-" in found.message


def test_unknown_metric(tmp_path):
    found = fault(task(tmp_path, metric="rmes"))
    assert found.code == "metric-unknown" and 'Did you mean "rmse"?' in found.message


def test_columns_that_only_the_test_table_has(tmp_path):
    train, test = interleaved(200)
    found = fault(write_task(tmp_path / "task", train, test.assign(weight=1)))
    assert found.code == "columns-differ" and "weight" in found.message


@pytest.mark.parametrize("role", ["train", "test"])
def test_repeated_ids(tmp_path, role):
    train, test = interleaved(200)
    tables = {"train": train, "test": test}
    tables[role] = tables[role].assign(id=[7, 7, *tables[role]["id"][2:]])
    found = fault(write_task(tmp_path / "task", tables["train"], tables["test"], id_column="id"))
    assert found.code == "ids-duplicate" and '"7"' in found.message and role in found.message


def test_ids_of_the_sample_that_the_test_table_lacks(tmp_path):
    train, test = interleaved(200)
    sample = pd.DataFrame({"id": [*test["id"][:-1], 99_999], "y": 0})
    found = fault(write_task(tmp_path / "task", train, test, sample))
    assert found.code == "id-missing" and "99999" in found.message


def test_unknown_id_column(tmp_path):
    assert fault(task(tmp_path, id_column="ident")).code == "id-missing"


def test_other_encodings(tmp_path):
    source = task(tmp_path)
    path = tmp_path / "task" / "train.csv"
    path.write_bytes(path.read_bytes().replace(b"red", "r\u00e9d".encode("latin1")))
    found = fault(source)
    assert found.code == "csv-encoding" and "0xe9" in found.message and "iconv" in found.next


@pytest.mark.parametrize(
    ("text", "code"), [("", "csv-empty"), ("id,age,y\n", "csv-empty"), ("a,a\n1,2\n", "csv-malformed")]
)
def test_tables_without_rows_or_with_repeated_columns(tmp_path, text, code):
    source = task(tmp_path)
    (tmp_path / "task" / "train.csv").write_text(text)
    assert fault(source).code == code


def test_rows_with_too_many_cells(tmp_path):
    source = task(tmp_path)
    path = tmp_path / "task" / "train.csv"
    path.write_text(path.read_text() + "1,2,3,4,5,6,7,8\n")
    found = fault(source)
    assert found.code == "csv-malformed" and "line 152" in found.message


def test_files_that_are_not_there(tmp_path):
    source = task(tmp_path)
    source["task"]["test"] = "tset.csv"
    found = fault(source)
    assert found.code == "path-missing" and "tset.csv" in found.message and "train.csv" in found.message
    assert fault({"task": {"target": "y", "metric": "rmse"}, "folder": str(tmp_path / "no")}).code == "path-missing"


def test_images_that_are_not_there(tmp_path):
    train, test = interleaved(200)
    train, test = (t.assign(image=[f"{i}.png" for i in t["id"]]) for t in (train, test))
    (tmp_path / "task" / "images").mkdir(parents=True)
    found = fault(write_task(tmp_path / "task", train, test, images="images", image_column="image"))
    assert found.code == "images-missing" and "200 images" in found.message


def test_a_fault_leaves_no_folder(tmp_path):
    with pytest.raises(UserFault):
        run_prepare(task(tmp_path, target="z"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_unlabelled_rows_are_left_out_with_a_warning(tmp_path):
    whole = with_ids(table(300))
    whole.loc[[3, 4], "y"] = None
    card = profile(write_task(tmp_path / "task", whole.iloc[:200], whole.iloc[200:].drop(columns="y")))
    assert card["rows"]["train"] == 198
    assert any("2 rows" in warning for warning in card["warnings"])
