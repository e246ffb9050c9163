"""Competitions of rows: the ship's papers, the clinic, the marriages, the melting points."""

import importlib.util
import json
import stat
import tomllib

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.practice import build, clinic, manifest, marriage, melting, sources
from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.forms import private_score
from automlgen_runtime.task_errors import UserFault
from task_folder import read

with_chemicals = pytest.mark.skipif(
    importlib.util.find_spec("chemicals") is None, reason="the packages of requirements-tool-practice.lock are absent"
)
TABLES = [
    # id, rows of train and test, what a constant scores, what the reference scores (seed 1)
    ("p01-manifest", (916, 393), 0.5, (0.82, 0.88)),
    ("p01-leak-drill", (916, 393), 0.5, (0.97, 1.0)),
    ("p03-clinic", (14_150, 6_040), 0.833, (0.72, 0.75)),
    ("p04-marriage", (4_456, 1_910), 0.0, (0.15, 0.25)),
    pytest.param("p05-melting", (8_074, 3_460), 96.2, (44.0, 47.0), marks=with_chemicals),
]


def constant(competition, division):
    """The best single answer: it needs nothing but the training labels."""
    labels = division.train[competition.target]
    value = {
        "auc": lambda: 0.5,
        "qwk": lambda: labels.mode()[0],
        "rmse": lambda: labels.astype(float).mean(),
        "rmsle": lambda: np.expm1(np.log1p(labels.astype(float)).mean()),
    }[competition.metric]()
    return pd.DataFrame({"id": division.test["id"], competition.target: value})


@pytest.mark.parametrize(("name", "rows", "plain", "between"), TABLES)
def test_a_built_competition_is_complete_and_its_reference_beats_a_constant(name, rows, plain, between, tmp_path):
    competition = COMPETITIONS[name]
    build.build(name, 1, tmp_path, None)
    public, private = tmp_path / "public", tmp_path / "private"
    train, test = read(public / "train.csv"), read(public / "test.csv")
    answers, reference = read(private / "answers.csv"), read(private / "reference.csv")
    assert (len(train), len(test)) == rows
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert competition.target in train and competition.target not in test
    assert list(test["id"]) == list(answers["id"]) == list(reference["id"]) == list(sample_ids(public))
    assert not set(train["id"]) & set(test["id"]) and train["id"].is_unique and test["id"].is_unique
    assert not [path for path in public.rglob("*") if answers_in(path, answers, competition.target)]
    division = competition.divide(competition.take(), 1)
    nothing = private_score(competition, division, constant(competition, division))
    value = private_score(competition, division, reference)
    assert nothing == pytest.approx(plain, abs=0.01 * max(1, plain))
    assert between[0] < value < between[1]
    task = tomllib.loads((public / "task.toml").read_text("utf-8"))
    assert (task["metric"], task["target"], task["id_column"]) == (competition.metric, competition.target, "id")


def sample_ids(public):
    return read(public / "sample_submission.csv")["id"]


def answers_in(path, answers, target):
    """A public table that has the target for rows of the test table."""
    if path.suffix != ".csv" or path.name == "sample_submission.csv":
        return False
    table = read(path)
    return target in table and bool(set(table["id"]) & set(answers["id"]))


@pytest.mark.parametrize("module", [manifest, clinic, marriage, pytest.param(melting, marks=with_chemicals)])
def test_a_seed_gives_the_same_bytes_and_another_seed_other_rows(module, tmp_path):
    material = module.take()
    one, again, two = (module.divide(material, seed) for seed in (1, 1, 2))
    assert sources.table_hash(one.train) == sources.table_hash(again.train)
    assert sources.table_hash(one.test) == sources.table_hash(again.test)
    features = [name for name in one.test if name != "id"]
    both = one.test[features].merge(two.test[features].drop_duplicates(), how="inner")
    assert len(both) < 0.75 * len(one.test)
    # No number of a row tells its place in the source, and neither does its position.
    position = pd.Series(range(len(one.train)))
    number = one.train["id"].str.extract(r"(\d+)")[0].astype(int)
    assert abs(position.corr(number, method="spearman")) < 0.05
    codes = pd.Series(pd.factorize(one.train[module.TARGET], sort=True)[0])
    assert abs(number.corr(codes, method="spearman")) < 0.1


def test_the_manifest_has_the_telling_columns_in_the_training_table_only():
    material = manifest.take()
    assert material.table.shape == (1_309, 14)
    plain, drill = (COMPETITIONS[name].divide(material, 1) for name in ("p01-manifest", "p01-leak-drill"))
    assert set(plain.train) - set(plain.test) == {"boat", "body"}
    assert set(drill.train) - set(drill.test) == {"body"}
    assert list(plain.test["id"]) == list(drill.test["id"])
    rescued = plain.train["survived"] == "1"
    assert (rescued == (plain.train["boat"] != "")).mean() > 0.95
    assert not (rescued & (plain.train["body"] != "")).any()
    assert 0.1 < (plain.train["age"] == "").mean() < 0.3 and not (material.table == "?").any(axis=None)
    assert plain.train["name"].str.contains(", ").all()


def test_a_package_without_the_fixture_is_a_fault_with_a_way_out(monkeypatch, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(sources, "package_folder", lambda _: tmp_path / "empty")
    with pytest.raises(UserFault) as fault:
        manifest.take()
    assert fault.value.code == "practice-data-missing" and "another competition" in fault.value.next
    assert build.main(["p01-manifest", "--to", str(tmp_path / "to")]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["error"]["code"] == "practice-data-missing" and "sklearn" in told["error"]["message"]
    assert not (tmp_path / "to" / "public").exists()


def test_whole_persons_are_divided_and_nothing_of_the_same_year_is_shown():
    division = clinic.divide(clinic.take(), 1)
    assert not set(division.train["person"]) & set(division.test["person"])
    people = pd.concat([division.train["person"], division.test["person"]])
    assert people.nunique() == 5_912 and len(people) == 20_190
    assert not set(division.test) & {*clinic.SAME_YEAR, *clinic.COPIES, "zper"}
    # Each column that was left out tells more than any that stayed.
    whole = pd.read_csv(sources.data_file("statsmodels", "datasets/randhie/src/randhie.csv"))
    visits = np.log1p(whole["mdvis"])
    told = {name: abs(visits.corr(whole[name], method="spearman")) for name in ("outpdol", "meddol", "binexp")}
    kept = [name for name in division.test if name not in ("id", "person", "mdvis")]
    most = max(abs(visits.corr(whole[name], method="spearman")) for name in kept)
    assert min(told.values()) > most + 0.2
    # The names of persons do not give the site or the family away.
    number = division.train["person"].str[1:].astype(int)
    assert abs(number.corr(division.train["site"].astype(float), method="spearman")) < 0.05


def test_ratings_are_whole_numbers_and_every_rating_is_in_both_tables():
    division = marriage.divide(marriage.take(), 1)
    for part in (division.train, division.test):
        assert set(part["rate_marriage"]) == {"1", "2", "3", "4", "5"}
    assert len(division.train.columns) == 10


@with_chemicals
def test_structures_are_new_in_the_test_table():
    division = melting.divide(melting.take(), 1)
    assert not set(division.train["smiles"]) & set(division.test["smiles"])
    value = division.train["melting_point"].astype(float)
    assert 50 < value.min() < value.max() < 1_200 and 345 < value.mean() < 360
    counted = melting.atoms(pd.DataFrame({"formula": ["C9H8O2", "C22H39ClNO", "H2"]}))
    assert counted.to_dict("list") == {
        "C": [9, 22, 0],
        "Cl": [0, 1, 0],
        "H": [8, 39, 2],
        "N": [0, 1, 0],
        "O": [2, 1, 0],
    }
