"""Alarms that must ring on leaks, and must not ring on clean tables."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sklearn.datasets
from automlgen_runtime.profile import profile
from task_folder import interleaved, table, with_ids, write_task

FIXTURES = Path(sklearn.datasets.__file__).parent / "tests/data/openml"


def titanic() -> pd.DataFrame:
    """OpenML 40945 as scikit-learn's own tests hold it: all 1,309 passengers."""
    path = next((FIXTURES / "id_40945").glob("data*.arff.gz"))
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    names = [line.split("'")[1] for line in lines if line.startswith("@attribute")]
    rows = csv.reader((line for line in lines[lines.index("@data") + 1 :] if line), escapechar="\\")
    return pd.DataFrame(list(rows), columns=names)


def suspects(card: dict) -> list[str]:
    return [warning for warning in card["warnings"] if warning.startswith("Leak")]


def divided(whole: pd.DataFrame, target: str, drop: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    order = np.random.Generator(np.random.PCG64(1)).permutation(len(whole))
    whole = whole.iloc[order]
    return whole.iloc[:916], whole.iloc[916:].drop(columns=[target, *drop])


@pytest.mark.parametrize("drop", [[], ["boat"]])
def test_the_lifeboat_rings_the_alarm_unless_it_is_dropped(tmp_path, drop):
    whole = titanic()
    assert len(whole) == 1309
    train, test = divided(whole, "survived", ["body"])
    found = suspects(profile(write_task(tmp_path / "t", train, test, target="survived", metric="auc", drop=drop)))
    if drop:
        assert found == []
    else:
        assert len(found) == 1
        assert '"boat"' in found[0] and 'drop = ["boat"]' in found[0]
        assert float(found[0].split("AUC ")[1][:5]) > 0.94


def test_without_what_was_noted_afterwards_the_table_is_clean(tmp_path):
    train, test = divided(titanic(), "survived", ["boat", "body"])
    card = profile(write_task(tmp_path / "t", train, test, target="survived", metric="auc"))
    assert suspects(card) == []
    assert any("Only the training table has boat, body" in warning for warning in card["warnings"])


def test_several_strong_columns_are_no_leak(tmp_path):
    bunch = sklearn.datasets.load_breast_cancer(as_frame=True)
    whole = bunch.data.assign(y=bunch.target)
    train, test = whole.iloc[::2], whole.iloc[1::2].drop(columns="y")
    assert suspects(profile(write_task(tmp_path / "t", train, test, metric="auc"))) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y: y * -3 + 7, "correlation of -1.000"),
        (lambda y: np.exp(y / 10), "rank correlation of 1.000"),
        (lambda y: pd.Series(np.where(y > 165, np.round(y, 1), np.nan), index=y.index).fillna(0), "R2"),
    ],
)
def test_copies_of_a_number_in_another_form(tmp_path, change, words):
    train, test = interleaved(1200)
    both = pd.concat([train["y"], test["height"]])
    copied = change(both)
    train, test = train.assign(copy=copied.iloc[: len(train)]), test.assign(copy=copied.iloc[len(train) :].to_numpy())
    found = suspects(profile(write_task(tmp_path / "t", train, test)))
    assert len(found) == 1 and '"copy"' in found[0]
    assert words in found[0] or "R2" in found[0] or "correlation" in found[0]


def test_a_column_that_is_filled_in_for_one_class_alone(tmp_path):
    train, test = interleaved(900, classes=2)
    note = np.random.Generator(np.random.PCG64(5)).normal(size=900).round(3)
    train = train.assign(refund=np.where(train["y"] == "c1", note[: len(train)], np.nan))
    found = suspects(profile(write_task(tmp_path / "t", train, test.assign(refund=1.5), metric="auc")))
    assert len(found) == 1 and '"refund"' in found[0] and "empty" in found[0]


def test_ids_and_orders_that_tell(tmp_path):
    whole = table(1000, classes=2).sort_values("y", kind="stable").reset_index(drop=True)
    train = with_ids(whole.iloc[::2].reset_index(drop=True))
    test = whole.iloc[1::2].drop(columns="y")
    found = profile(write_task(tmp_path / "order", train.drop(columns="id"), test, metric="auc"))["warnings"]
    assert any("The place of a row" in warning and "AUC" in warning for warning in found)
    mixed = train.sample(frac=1, random_state=3)
    test = with_ids(test.reset_index(drop=True), 5000)
    found = suspects(profile(write_task(tmp_path / "ids", mixed, test, metric="auc")))
    assert len(found) == 1 and 'the id "id"' in found[0]


def test_test_rows_that_stand_in_train_are_counted(tmp_path):
    train, test = interleaved(1000)
    test.iloc[:40, 1:] = train.drop(columns="y").iloc[:40, 1:].to_numpy()
    card = profile(write_task(tmp_path / "t", train, test))
    twins = [warning for warning in card["warnings"] if "stand in the training table" in warning]
    assert len(twins) == 1 and twins[0].startswith("40 of 250 test rows")
    clean = profile(write_task(tmp_path / "clean", *interleaved(1000)))
    assert not any("twin" in warning for warning in clean["warnings"])


def test_repeats_that_only_train_has_are_told(tmp_path):
    train, test = interleaved(800)
    again = train.iloc[:200].assign(id=range(2000, 2200))
    card = profile(write_task(tmp_path / "t", pd.concat([train, again]), test))
    assert any("hidden rows are easier than test rows" in warning for warning in card["warnings"])
