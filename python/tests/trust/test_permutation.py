"""Nothing that the search or a program sees depends on an answer that is kept from it: permuting them changes no byte.

What must stay the same is stated for each kind of answer:
- private answers (labels of the test rows): everything that `prepare` makes;
- labels of hidden rows in hold-out mode: view `main`, which every program is searched with, the manifest, the card but
  for its warnings, and the baseline submission. The split is stratified by labels, so it is held fixed;
- labels of one fold: the view that asks for that fold.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime import prepare as preparing
from trust_shapes import SHAPES

SEEDS = (1, 2)
FOLDS = {f"fold{k}" for k in range(1, 6)}


def digest(folder: Path) -> dict[str, str]:
    """Content of every file below, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def prepared(source: dict[str, Any], folder: Path, mode: str, seed: int) -> dict[str, Any]:
    request = {"source": source, "splitSeed": seed, "mode": mode, "cheapPrograms": True, "folder": str(folder)}
    return preparing.prepare(request)


def permute(path: Path, rows: np.ndarray, columns: list[str], seed: int) -> None:
    """Deals the labels of `rows` out among them anew; at least one of them moves."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    positions = np.flatnonzero(rows)
    random = np.random.default_rng([seed, 99])
    before = table.loc[positions, columns].to_numpy()
    while (after := before[random.permutation(len(before))]).tolist() == before.tolist():
        pass
    table.loc[positions, columns] = after
    table.to_csv(path, index=False)


def targets_of(source: dict[str, Any]) -> list[str]:
    return source["task"].get("targets", [source["task"]["target"]])


@pytest.fixture
def frozen(monkeypatch):
    """Holds the first split that is made: stratifying by permuted labels would make another one."""
    made = []
    original = preparing.split_rows

    def split_once(*arguments):
        if not made:
            made.append(original(*arguments))
        return made[0]

    monkeypatch.setattr(preparing, "split_rows", split_once)
    return made


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", ["holdout", "folds"])
@pytest.mark.parametrize("shape", SHAPES)
def test_private_answers_change_nothing_at_all(tmp_path, shape, mode, seed):
    source = SHAPES[shape](tmp_path / "task", seed)
    before = prepared(source, tmp_path / "a", mode, seed)
    answers = tmp_path / "task" / "private" / "answers.csv"
    permute(answers, np.ones(len(pd.read_csv(answers)), bool), targets_of(source), seed)
    after = prepared(source, tmp_path / "b", mode, seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    facts = ("card", "split", "baseline")
    assert [before[name] for name in facts] == [after[name] for name in facts]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_labels_of_hidden_rows_change_nothing_in_view_main(tmp_path, frozen, shape, seed):
    source = SHAPES[shape](tmp_path / "task", seed)
    before = prepared(source, tmp_path / "a", "holdout", seed)
    hidden = np.array(frozen[0].parts) != "train"
    permute(tmp_path / "task" / "train.csv", hidden, targets_of(source), seed)
    after = prepared(source, tmp_path / "b", "holdout", seed)
    assert digest(tmp_path / "a" / "views" / "main") == digest(tmp_path / "b" / "views" / "main")
    for name in ("split.json", "baseline_submission.csv", "hidden/test_ids.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert without_warnings(before["card"]) == without_warnings(after["card"])
    # The permutation has reached what may depend on it.
    assert digest(tmp_path / "a" / "hidden") != digest(tmp_path / "b" / "hidden")
    full = [digest(tmp_path / which / "views" / "full") for which in "ab"]
    assert {name for name in full[0] if full[0][name] != full[1][name]} == {"train.csv"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fold", ["fold1", "fold4"])
def test_labels_of_a_fold_change_nothing_in_the_view_that_asks_for_it(tmp_path, frozen, shape, fold):
    source = SHAPES[shape](tmp_path / "task", 3)
    before = prepared(source, tmp_path / "a", "folds", 3)
    permute(tmp_path / "task" / "train.csv", np.array(frozen[0].parts) == fold, targets_of(source), 3)
    after = prepared(source, tmp_path / "b", "folds", 3)
    assert without_warnings(before["card"]) == without_warnings(after["card"])
    changed = {}
    for view in before["views"]:
        files = [digest(tmp_path / which / "views" / view) for which in "ab"]
        changed[view] = {name for name in files[0] if files[0][name] != files[1][name]}
    assert changed.pop(fold) == set()
    # Elsewhere these rows are there to be learnt from: in every other fold, or where time counts in later ones only.
    timed = "time" in before["split"]["relation"]
    later = {f"fold{k}" for k in range(int(fold[4:]) + 1, 6)} if timed else FOLDS - {fold}
    assert {view for view, names in changed.items() if names} == later | {"full"}
    assert all(names in (set(), {"train.csv"}) for names in changed.values())


def without_warnings(card: dict[str, Any]) -> dict[str, Any]:
    """Warnings are told to people: a leak suspect's figure is measured on all labelled rows."""
    return {name: value for name, value in card.items() if name != "warnings"}
