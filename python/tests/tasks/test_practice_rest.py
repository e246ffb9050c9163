"""Competitions of words, pictures and many rows: interface languages, noisy digits, diamonds."""

import gettext
import importlib.util
import io
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.practice import build, diamonds, noisy_digits, sources, ui_language
from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.competition import Material
from automlgen_runtime.practice.forms import private_score, sample_of
from automlgen_runtime.task_errors import UserFault
from PIL import Image
from task_folder import read


def with_package(name: str):
    absent = importlib.util.find_spec(name) is None
    return pytest.mark.skipif(absent, reason="the packages of requirements-tool-practice.lock are absent")


BOARDS = Path(__file__).parents[3] / "src" / "tasks" / "practice" / "boards"
CASES = [
    # id, rows of train and test, what a constant scores, what the reference scores
    pytest.param("p07-ui-language", (15_682, 6_666), 0.000236, 0.703, marks=with_package("django")),
    pytest.param("p08-noisy-digits", (1_168, 629), np.log(10), 0.694),
    pytest.param("p12-diamonds", (37_656, 16_138), 1.012, 0.111, marks=with_package("plotnine")),
]


@pytest.mark.parametrize(("name", "rows", "nothing", "usual"), CASES)
def test_rows_answers_and_reference_are_those_of_the_design(name, rows, nothing, usual, tmp_path):
    competition = COMPETITIONS[name]
    build.build(name, 1, tmp_path, None)
    public, private = tmp_path / "public", tmp_path / "private"
    train, test, sample = (read(public / f"{part}.csv") for part in ("train", "test", "sample_submission"))
    answers, reference = read(private / "answers.csv"), read(private / "reference.csv")
    assert (len(train), len(test)) == rows
    key = competition.id_column
    assert list(test[key]) == list(sample[key]) == list(answers[key]) == list(reference[key])
    assert pd.concat([train[key], test[key]]).is_unique
    assert key not in train[competition.target].to_numpy()
    assert competition.target not in test and (competition.group is None or competition.group not in test)
    assert list(sample.columns) == list(reference.columns) == [key, *competition.columns]
    task = tomllib.loads((public / "task.toml").read_text("utf-8"))
    assert (task["metric"], task["target"]) == (competition.metric, competition.target)
    division = competition.divide(competition.take(), 1)
    assert private_score(competition, division, constant(competition, division)) == pytest.approx(nothing, rel=0.02)
    assert private_score(competition, division, reference) == pytest.approx(usual, rel=0.02)


@pytest.mark.parametrize("name", [case.values[0] for case in CASES])
def test_boards_were_recorded_with_these_data(name):
    competition = COMPETITIONS[name]
    board = json.loads((BOARDS / f"{name}.json").read_text("utf-8"))
    assert (board["metric"], board["direction"], board["seed"]) == (competition.metric, competition.direction, 1)
    reference = next(entry["score"] for entry in board["entries"] if entry["kind"] == "reference")
    usual = next(case.values[3] for case in CASES if case.values[0] == name)
    assert reference == pytest.approx(usual, rel=0.02)
    if name == "p08-noisy-digits" or importlib.util.find_spec(competition.packages[0]):
        assert board["sources"] == competition.take().sources


def constant(competition, division):
    answer = sample_of(competition, division)
    if competition.metric == "rmsle":
        answer[competition.target] = np.expm1(np.log1p(division.train[competition.target].astype(float)).mean())
    return answer


@pytest.mark.parametrize("name", [case.values[0] for case in CASES])
def test_a_seed_gives_equal_bytes_and_another_seed_other_rows(name, tmp_path):
    competition = COMPETITIONS[name]
    if (
        importlib.util.find_spec({"scikit-learn": "sklearn"}.get(competition.packages[0], competition.packages[0]))
        is None
    ):
        pytest.skip("the packages of requirements-tool-practice.lock are absent")
    material = competition.take()
    one, again, other = (competition.divide(competition.take(), seed) for seed in (1, 1, 2))
    assert one.train.equals(again.train) and one.test.equals(again.test) and one.images == again.images
    assert not one.train.equals(other.train)
    assert len(one.train) + len(one.test) == len(material.table)
    texts = [
        division.test.drop(columns=competition.id_column).astype(str).agg("|".join, axis=1) for division in (one, other)
    ]
    assert len(set(texts[0]) & set(texts[1])) < 0.5 * len(texts[0])


def test_what_was_built_is_a_variant_only_of_a_board_of_other_data(tmp_path):
    board = tmp_path / "board.json"
    entries = [{"name": "one", "kind": "baseline", "score": 1.0, "how": ""}]
    for place, sources_of, variant in (("a", noisy_digits.take().sources, False), ("b", {"digits": "other"}, True)):
        board.write_text(json.dumps({"seed": 1, "sources": sources_of, "entries": entries}))
        assert build.build("p08-noisy-digits", 2, tmp_path / place, board)["variant"] is variant


@with_package("django")
def test_no_message_and_no_string_is_in_both_tables_and_every_language_is():
    division = ui_language.divide(ui_language.take(), 3)
    assert not set(division.train["message"]) & set(division.test["message"])
    assert not set(division.train["text"]) & set(division.test["text"])
    assert set(division.train["language"]) == set(division.test["language"])
    assert division.train["language"].nunique() == 93
    assert division.train["language"].value_counts().max() < ui_language.MOST
    assert 0.28 < len(division.test) / (len(division.train) + len(division.test)) < 0.32
    assert not division.train["message"].str.contains("[a-z ]{3}").any()
    # Random folds hide rows of known messages: for a model that looks words up this is another task than the test's.
    assert division.train["message"].value_counts().median() > 10


def test_catalogues_are_read_with_contexts_and_plurals_and_without_shared_strings(tmp_path, monkeypatch):
    monkeypatch.setattr(ui_language, "FEWEST", 2)
    monkeypatch.setattr(ui_language, "package_folder", lambda name: tmp_path)
    shared = {"Sunday\x04noun": "Hyperlink"}
    catalogue(
        tmp_path,
        "xx",
        shared | {"menu\x04Open the file": "Xopen la dosiero", "%(n)d more files": "%(n)d xplus dosieroj"},
    )
    catalogue(
        tmp_path, "yy", shared | {"Open the file": "Yopen  den\nFil", "No": "Nej", "Delete {name}": "Yslet {name} nu"}
    )
    catalogue(tmp_path, "zz", {"Open the file": "Open the file", "Untranslated here": "Nur zeile einzig"})
    table = ui_language.take().table
    assert list(table.itertuples(index=False, name=None)) == [
        ("xx", "Open the file", "Xopen la dosiero"),
        ("xx", "… more files", "… xplus dosieroj"),
        ("yy", "Delete …", "Yslet … nu"),
        ("yy", "Open the file", "Yopen den Fil"),
    ]


def catalogue(root: Path, language: str, messages: dict[str, str]) -> None:
    """Writes what msgfmt would: a compiled catalogue whose keys are sorted."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n"} | messages)
    texts = {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}
    keys = [key.encode() for key in pairs]
    values = [texts[key].encode() for key in pairs]
    start = 28 + 16 * len(keys)
    tables, data = [[], []], b""
    for part, items in enumerate((keys, values)):
        for item in items:
            tables[part] += [len(item), start + len(data)]
            data += item + b"\0"
    head = [0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0]
    path = root / "conf" / "locale" / language / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(np.array([*head, *tables[0], *tables[1]], dtype="<u4").tobytes() + data)
    with path.open("rb") as file:
        gettext.GNUTranslations(file)


def test_noise_is_of_the_sensor_and_not_of_the_ink():
    division = noisy_digits.divide(noisy_digits.take(), 1)
    shown = {name: np.asarray(Image.open(io.BytesIO(data)), dtype=float) for name, data in division.images.items()}
    assert len(shown) == 1_797 and {patch.shape for patch in shown.values()} == {(8, 8)}
    assert set(division.train["image"]) | set(division.test["image"]) == {name.split("/")[1] for name in shown}
    corners = np.array([patch[0, 0] for patch in shown.values()])
    # The corner never has ink: its level is that of paper with noise, cut off at black.
    assert (corners == 0).mean() == pytest.approx(0.35, abs=0.04)
    clean = noisy_digits.divide(Material(noisy_digits.take().table, {}), 1)
    assert clean.images == division.images
    assert division.train["digit"].value_counts().min() > 90


@with_package("plotnine")
def test_no_diamond_is_listed_twice():
    division = diamonds.divide(diamonds.take(), 5)
    rows = pd.concat([division.train, division.test])
    assert not rows.drop(columns="id").duplicated().any()
    assert (rows["price"].astype(float) > 0).all()
    assert abs(len(division.test) / len(rows) - diamonds.TEST_SHARE) < 1e-4
    # Ids are shuffled anew: the file is sorted by price, and its order would tell.
    order = np.corrcoef(rows["id"].astype(int), rows["price"].astype(float).rank())[0, 1]
    assert abs(order) < 0.02


def test_a_package_that_is_missing_is_named_with_the_next_step(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserFault) as fault:
        diamonds.take()
    assert "plotnine" in fault.value.message and fault.value.next
    assert fault.value.code in ("python-missing", "practice-data-missing")
