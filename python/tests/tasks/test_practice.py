import json
import stat

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.metrics import score
from automlgen_runtime.practice import birthweight, build, docstrings, stored, textures
from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.docstrings import _paragraphs
from task_folder import read


def test_answers_never_reach_the_public_part(tmp_path):
    made = build.build("p02-birthweight", 3, tmp_path / "p02", None)
    public, private = tmp_path / "p02" / "public", tmp_path / "p02" / "private"
    assert made["variant"] and not made["cached"]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    train, test = read(public / "train.csv"), read(public / "test.csv")
    answers, reference = read(private / "answers.csv"), read(private / "reference.csv")
    assert not set(train.columns) & set(birthweight.LEFT_OUT)
    assert set(train.columns) - set(test.columns) == {"bweight"}
    assert list(answers["id"]) == list(test["id"]) == list(reference["id"])
    assert not set(train["id"]) & set(test["id"])
    assert abs(len(test) / (len(train) + len(test)) - 0.3) < 0.001
    truth, guess = answers["bweight"].astype(float), reference["bweight"].astype(float)
    assert 500 < score("rmse", list(answers["bweight"]), guess) < np.sqrt(((truth - truth.mean()) ** 2).mean())


def test_a_built_folder_is_kept_until_something_changes(tmp_path):
    folder = tmp_path / "p02"
    build.build("p02-birthweight", 1, folder, None)
    before = (folder / "private" / "manifest.json").read_bytes()
    assert build.build("p02-birthweight", 1, folder, None)["cached"]
    (folder / "public" / "train.csv").write_text("spoilt")
    assert not build.build("p02-birthweight", 1, folder, None)["cached"]
    assert (folder / "private" / "manifest.json").read_bytes() == before
    assert not build.build("p02-birthweight", 2, folder, None)["cached"]


def test_a_board_of_other_data_gives_no_medals(tmp_path):
    board = tmp_path / "board.json"
    sources = birthweight.take().sources
    entries = [{"name": f"e{i}", "kind": "baseline", "score": 600.0 - i, "how": ""} for i in range(3)]
    board.write_text(json.dumps({"seed": 1, "sources": sources, "entries": entries}))
    assert not build.build("p02-birthweight", 1, tmp_path / "a", board)["variant"]
    standing = read(tmp_path / "a" / "private" / "leaderboard.csv")
    assert list(standing["name"]) == ["e2", "e1", "e0"] and list(standing["rank"]) == ["1", "2", "3"]
    board.write_text(json.dumps({"seed": 1, "sources": {**sources, "cataneo2.csv": "0"}, "entries": entries}))
    assert build.build("p02-birthweight", 1, tmp_path / "b", board)["variant"]


def test_docstrings_are_read_without_import_and_without_names(tmp_path):
    path = tmp_path / "code.py"
    path.write_text(
        '"""The module itself is left out although it is long enough to be taken."""\n'
        "raise SystemExit\n"
        "class A:\n"
        '    """Wraps a numpy array, and np.ndarray views of it too.\n\n    More text."""\n'
        "    if True:\n"
        "        async def f(self):\n"
        "            '''Short.'''\n"
        "            def g():\n"
        '                """Nested function whose docstring spans\n                two lines of text."""\n'
    )
    assert list(_paragraphs(path)) == [
        "Wraps a LIBRARY array, and LIBRARY.ndarray views of it too.",
        "Nested function whose docstring spans two lines of text.",
    ]


def test_no_source_file_has_docstrings_in_both_tables():
    rng = np.random.Generator(np.random.PCG64(0))
    libraries = np.array(list(docstrings.LIBRARIES))
    rows = [
        (f"text {i}", lib, f"{lib}/{rng.integers(40)}.py") for i, lib in enumerate(libraries[rng.integers(0, 9, 3000)])
    ]
    from automlgen_runtime.practice.competition import Material

    material = Material(pd.DataFrame(rows, columns=["text", "library", "file"]), {})
    one, two = docstrings.divide(material, 1), docstrings.divide(material, 2)
    assert not set(one.train["file"]) & set(one.test["file"])
    assert abs(len(one.test) / 3000 - 0.3) < 0.03
    assert set(one.test["text"]) != set(two.test["text"])
    assert one.test.equals(docstrings.divide(material, 1).test)
    assert not one.train["file"].str.contains("/").any()


@pytest.mark.parametrize("seed", [1, 2])
def test_blocks_of_textures_are_not_divided(seed):
    division = textures.divide(textures.take(), seed)
    assert not set(division.train["block"]) & set(division.test["block"])
    assert set(division.train["material"].value_counts()) == {310}
    assert set(division.test["material"].value_counts()) == {140}
    assert len(division.images) == len(division.train) + len(division.test) == len(set(division.images.values()))
    # The stored answers of the reference program belong to exactly these data, or would be made anew.
    kept = stored.read_stored("p09-textures")[str(seed)]
    if kept["data"] == stored.data_hash(division):
        answer = stored.reference_of(textures.COMPETITION, division, seed)
        value = score("f1-macro", list(division.test["material"]), answer["material"], kept["classes"])
        assert 0.25 < value < 0.36


def test_every_board_is_complete():
    from pathlib import Path

    folder = Path(__file__).parents[3] / "src" / "tasks" / "practice" / "boards"
    boards = sorted(folder.glob("*.json"))
    # The drill has none: its scores are worth nothing.
    assert {path.stem for path in boards} <= set(COMPETITIONS) - {"p01-leak-drill"} and len(boards) >= 8
    for path in boards:
        board = json.loads(path.read_text("utf-8"))
        names = [entry["name"] for entry in board["entries"]]
        kinds = pd.Series([entry["kind"] for entry in board["entries"]]).value_counts()
        assert len(names) >= 40 and len(set(names)) == len(names)
        assert kinds["baseline"] >= 25 and kinds["reference"] == 1
        assert all(entry["how"] and np.isfinite(entry["score"]) for entry in board["entries"])
