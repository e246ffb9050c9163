"""A score far beyond its siblings is looked into: an honest jump is cleared, a leak is named, stolen labels block."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime import audit as auditing
from automlgen_runtime import audit_tables
from automlgen_runtime.audit_tables import TimeUp
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.predictions import NodePredictions, ViewPredictions
from automlgen_runtime.prepare import prepare
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.submission import Answer
from trust_shapes import SHAPES, TESTS, plain, shuffled_ids

SIBLINGS = 5
ROWS = 600


def numbers(folder: Path, arrange: Any = shuffled_ids) -> dict[str, Any]:
    return plain(folder / "task", "numbers", 1, arrange, rows=ROWS)


def prepared(source: dict[str, Any], folder: Path, mode: str) -> dict[str, Any]:
    return prepare({"source": source, "splitSeed": 2, "mode": mode, "cheapPrograms": True, "folder": str(folder)})


class Bench:
    """A prepared task whose hidden answers are known here, and programs of known quality."""

    def __init__(self, folder: Path, source: dict[str, Any], mode: str) -> None:
        request = {
            "source": source,
            "splitSeed": 2,
            "mode": mode,
            "cheapPrograms": True,
            "folder": str(folder / "made"),
        }
        self.prepared = prepare(request)
        self.folder, self.mode, self.nodes = folder, mode, 0
        hidden = pd.read_csv(folder / "made" / "hidden" / "labels.csv", dtype={"row_id": str})
        ids = pd.read_csv(folder / "made" / "hidden" / "test_ids.csv", dtype=str)
        answers = pd.read_csv(folder / "task" / "private" / "answers.csv", dtype={"id": str}).set_index("id")["y"]
        self.hidden = dict(zip(hidden["row_id"], hidden["label"], strict=True))
        self.truth = self.hidden | dict(zip(ids["row_id"], ids["original_id"].map(answers), strict=True))

    def run(self, noise: float, seed: int, stolen: bool = False) -> dict[str, Any]:
        """Answers that know every row's truth through noise; `stolen`: hidden rows exactly, test rows hardly."""
        self.nodes += 1
        files = []
        for view in ["main"] if self.mode == "holdout" else [f"fold{k}" for k in range(1, 6)]:
            asked = pd.read_csv(Path(self.prepared["views"][view]) / "test.csv", dtype=str)
            random = np.random.default_rng([seed, len(files)])
            truth = asked["id"].map(self.truth).astype(float).to_numpy()
            values = truth + random.normal(0, noise, len(asked))
            if stolen:
                known = asked["id"].isin(self.hidden).to_numpy()
                values = np.where(known, truth, random.normal(0, 0.05, len(asked)))
                values[np.flatnonzero(known)[:3]] += 0.2  # Not perfect: that alone would be refused.
            path = self.folder / f"n{self.nodes}-{view}.csv"
            pd.DataFrame({"id": asked["id"], "y": values}).to_csv(path, index=False)
            size = path.stat().st_size
            files.append({"view": view, "name": "submission.csv", "bytes": size, "path": str(path)})
        request = {"prepared": self.prepared, "nodeId": f"n{self.nodes}", "files": files, "family": "made"}
        return evaluate({**request, "against": {}, "elite": [], "unprotected": False})

    def jump(self, **options: Any) -> dict[str, Any]:
        """After poor siblings, one that is far better."""
        for seed in range(SIBLINGS):
            assert "audit" not in self.run(1.0, seed)
        return self.run(options.pop("noise", 0.03), 99, **options)


def with_column(name: str, make: Any) -> Any:
    def arrange(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        return shuffled_ids(table, random).assign(**{name: make(table, random)})

    return arrange


@pytest.mark.parametrize("mode", ["holdout", "folds"])
def test_an_honest_jump_is_cleared(tmp_path, mode):
    bench = Bench(tmp_path, numbers(tmp_path), mode)
    reply = bench.jump()
    assert reply["kind"] == "valid"
    assert reply["audit"] | {"reason": "", "siblings": [], "value": 0} == {
        "reason": "",
        "value": 0,
        "siblings": [],
        "verdict": "cleared",
        "evidence": [],
        "finished": True,
    }


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda table, random: 3 * table["y"] + 1, '"copy" alone explains'),
        (lambda table, random: np.round(-table["y"] + random.normal(0, 0.05, len(table)), 4), '"copy" alone explains'),
        (lambda table, random: pd.qcut(table["y"], 40, labels=[f"k{i}" for i in range(40)]), '"copy" alone explains'),
    ],
)
def test_a_copy_of_the_target_is_named(tmp_path, make, told):
    bench = Bench(tmp_path, numbers(tmp_path, with_column("copy", make)), "holdout")
    audit = bench.jump()["audit"]
    assert audit["verdict"] == "suspicious"
    assert told in audit["evidence"][0]


def test_ids_in_the_order_of_the_target_are_named(tmp_path):
    def arrange(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        return table.assign(id=(table["y"].rank(method="first") + 0.0).astype(int))[["id", *table.columns]]

    audit = Bench(tmp_path, numbers(tmp_path, arrange), "folds").jump()["audit"]
    assert audit["verdict"] == "suspicious"
    assert any("number in the id" in sentence for sentence in audit["evidence"])


def test_hidden_rows_that_repeat_train_rows_are_named_only_where_test_rows_do_not(tmp_path):
    def twice(rows: int) -> Any:
        def arrange(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
            table = shuffled_ids(table, random)
            names = [name for name in table.columns if name != "id"]
            half = rows // 2
            table.loc[half : 2 * half - 1, names] = table.loc[: half - 1, names].to_numpy()
            return table.sample(frac=1, random_state=1) if rows == len(table) else table

        return arrange

    def audited(folder: Path, rows: int) -> dict[str, Any]:
        folder.mkdir()
        return Bench(folder, numbers(folder, twice(rows)), "holdout").jump()["audit"]

    only_train = audited(tmp_path / "a", ROWS)
    assert only_train["verdict"] == "suspicious"
    assert "of the hidden rows repeat rows of train.csv, but" in only_train["evidence"][0]
    assert audited(tmp_path / "b", ROWS + TESTS)["verdict"] == "cleared"


@pytest.mark.parametrize("mode", ["holdout", "folds"])
def test_labels_that_only_hidden_rows_could_give_block(tmp_path, mode):
    bench = Bench(tmp_path, numbers(tmp_path), mode)
    reply = bench.jump(stolen=True)
    assert reply["kind"] == "invalid"
    assert (reply["failure"], reply["code"]) == ("suspicious", "labels-known")
    assert "to the last digit" in reply["message"]


def test_what_is_not_finished_in_time_is_cleared_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(auditing, "SECONDS", 0.0)
    copy = with_column("copy", lambda table, random: 3 * table["y"] + 1)
    audit = Bench(tmp_path, numbers(tmp_path, copy), "holdout").jump()["audit"]
    assert (audit["verdict"], audit["finished"]) == ("cleared", False)
    assert audit["evidence"] == ["Not finished in 0 s: what was not looked at is cleared."]


@pytest.mark.parametrize("shape", ["labels", "classes, ids that tell nothing", "two targets", "groups", "text"])
def test_every_shape_of_task_can_be_audited(tmp_path, shape):
    source = SHAPES[shape](tmp_path / "task", 1)
    request = {
        "source": source,
        "splitSeed": 2,
        "mode": "holdout",
        "cheapPrograms": True,
        "folder": str(tmp_path / "made"),
    }
    ruler = ruler_of(prepare(request))
    random = np.random.default_rng(0)
    sides = [Answer(random.random((len(ids), 2)), None) for ids in (ruler.hidden.ids, ruler.hidden.test_ids)]
    node = NodePredictions("n1", {"main": ViewPredictions(*sides)})
    found = auditing.audit(ruler, node)
    assert found == {"verdict": "cleared", "evidence": [], "finished": True, "blocks": False}


def test_a_fault_of_the_audit_itself_leaves_the_score_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> Any:
        raise KeyError("column")
        yield ""

    bench = Bench(tmp_path, numbers(tmp_path), "holdout")
    monkeypatch.setattr(auditing, "CHECKS", ((broken, True), *auditing.CHECKS))
    reply = bench.jump()
    assert reply["kind"] == "valid" and reply["audit"]["finished"] is False
    assert "KeyError" in reply["audit"]["evidence"][-1] and reply["audit"]["verdict"] == "cleared"


def test_features_are_looked_at_within_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(auditing, "skill", lambda *_: asked.append(1) or 0.0)
    features = SimpleNamespace(features=["a", "b"], hidden={"a": None, "b": None})
    late = auditing.Case(None, None, np.arange(2), np.zeros((2, 1)), features, None, deadline=0.0)  # type: ignore[arg-type]
    with pytest.raises(TimeUp):
        list(auditing._features(late))
    assert asked == []
    assert list(auditing._features(replace(late, deadline=float("inf")))) == [] and len(asked) == 2


def test_only_as_many_test_rows_are_kept_as_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"t{number},{number}" for number in range(5_000)]
    (tmp_path / "test.csv").write_text("id,x\n" + "\n".join([*rows, "h1,7", "h2,8"]) + "\n")
    monkeypatch.setattr(audit_tables, "CHUNK", 1_000)
    monkeypatch.setattr(audit_tables, "MOST_ROWS", 1_500)
    own = {row.split(",")[0] for row in rows}
    view = audit_tables._view(tmp_path, "id", {"h1": 0, "h2": 1}, own, float("inf"))
    assert len(view.test) == 1_500 and view.test["id"].iloc[-1] == "t1499"
    assert view.hidden["id"].tolist() == ["h1", "h2"] and view.places.tolist() == [5000 / 5002, 5001 / 5002]


def test_ids_in_other_digits_do_not_break_the_audit() -> None:
    ids = pd.DataFrame({"id": ["a-12", "\u0663\u0664", "none"]})
    found = audit_tables.Tables("id", [], ids, pd.Series([0.0]), lambda: (0.0, 0.0)).id_numbers()
    assert found.iloc[0] == 12 and np.isnan(found.iloc[2])
