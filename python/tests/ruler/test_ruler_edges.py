"""Legal input at the edge: absent classes, huge and tiny numbers, weights of 0, one group, masks beyond any image."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime import cells, predictions
from automlgen_runtime.choose import estimate, optimism
from automlgen_runtime.claimed import claim_in
from automlgen_runtime.contenders import Contender, Field
from automlgen_runtime.errors import SubmissionFault, UserFault
from automlgen_runtime.evaluate import evaluate
from automlgen_runtime.final import choose_final
from automlgen_runtime.metrics import METRICS, Context, UndefinedScoreError
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.metrics.registry import UNWEIGHTED
from automlgen_runtime.paired import difference
from automlgen_runtime.predictions import KEPT_BYTES, NodePredictions, ViewPredictions, load, save
from automlgen_runtime.relation import Relation
from automlgen_runtime.resampling import bootstrap_error
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.split import _check_filled, _first_with_classes
from automlgen_runtime.standard_errors import mean_error, standard_error
from automlgen_runtime.submission import Answer, Form, read_answer
from automlgen_runtime.truth import context_of
from automlgen_runtime.write import write_submission
from prepared_task import make

PAIR = np.arange(2.0)


def arrays(name: str, rows: int = 90) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    if METRICS[name].predictions == "value":
        truth = random.uniform(1, 2, rows)
        return truth, truth + random.normal(0, 0.1, rows)
    codes = np.arange(rows) % 2
    if METRICS[name].predictions == "label":
        return codes, np.where(random.uniform(size=rows) < 0.2, 1 - codes, codes)
    share = np.clip(0.3 * codes + random.uniform(0.05, 0.6, rows), 0, 1)
    return codes, np.column_stack([1 - share, share])


NAMES = ["r2", "pearson", "rmse", "mape", "f1", "balanced-accuracy", "mcc", "kappa", "qwk", "jaccard", "f1-macro"]


@pytest.mark.parametrize("name", [*NAMES, "f1-weighted", "auc", "average-precision", "logloss"])
def test_a_group_whose_rows_all_weigh_nothing_is_skipped(name: str) -> None:
    truth, prediction = arrays(name)
    groups, weights = np.repeat([0, 1, 2], 30), np.ones(90)
    weights[30:60] = 0
    context = Context(PAIR, weights=weights, groups=groups)
    kept = np.flatnonzero(weights)
    inner = Context(PAIR, weights=weights[kept], groups=groups[kept] // 2)
    metric = METRICS[name]
    assert metric.value(truth, prediction, context) == pytest.approx(metric.value(truth[kept], prediction[kept], inner))
    assert 0 < standard_error(name, truth, prediction, context) < 1


@pytest.mark.parametrize("name", [n for n in [*NAMES, "auc", "average-precision", "logloss"] if n not in UNWEIGHTED])
def test_weights_that_are_all_0_are_a_fault_of_the_task_and_no_number(name: str) -> None:
    truth, prediction = arrays(name)
    with pytest.raises(UndefinedScoreError):
        METRICS[name].value(truth, prediction, Context(PAIR, weights=np.zeros(90)))


def test_average_precision_needs_a_positive_that_weighs_something() -> None:
    codes, shares = arrays("average-precision")
    with pytest.raises(UndefinedScoreError, match="positive"):
        METRICS["average-precision"].value(codes, shares, Context(PAIR, weights=1.0 - codes))


@pytest.mark.parametrize("name", ["r2", "rmse", "mae", "mape", "pinball"])
def test_errors_of_absurd_numbers_stay_finite(name: str) -> None:
    truth = np.random.default_rng(1).normal(size=200)
    wild = truth * 1e100
    assert 0 < standard_error(name, truth, wild) < np.inf
    assert 0 < difference(METRICS[name], truth, truth + 0.1 * np.sign(truth), wild, Context()).standard_error < np.inf
    assert np.isfinite(bootstrap_error(lambda rows: float(wild[rows].mean()) * 1e80, 200))


def test_a_standard_error_has_the_unit_of_its_contributions() -> None:
    shares, groups = np.random.default_rng(2).normal(size=60), np.arange(60) // 4
    for scale in (1e-200, 1.0, 1e200):
        assert mean_error(shares * scale) == pytest.approx(shares.std(ddof=1) / np.sqrt(60) * scale)
        assert mean_error(shares * scale, groups) == pytest.approx(mean_error(shares, groups) * scale)


def test_one_group_is_not_known_without_error() -> None:
    truth, prediction = arrays("rmse")
    alone = np.zeros(90, np.int64)
    assert standard_error("rmse", truth, prediction, groups=alone) == standard_error("rmse", truth, prediction)
    assert bootstrap_error(lambda rows: float(truth[rows].mean()), 90, alone) > 0


def test_a_correlation_does_not_depend_on_the_unit() -> None:
    truth, prediction = arrays("pearson")
    value = METRICS["pearson"].value(truth - 1, prediction - 1, Context())
    assert METRICS["pearson"].value((truth - 1) * 1e-15, (prediction - 1) * 1e-15, Context()) == pytest.approx(value)
    assert METRICS["pearson"].value(truth, np.full(90, 0.1), Context()) == 0


BEYOND = ("1 9223372036854775807", "9000000000000000000 9000000000000000000", "5 4611686018427387904 7 3")


@pytest.mark.parametrize("cell", BEYOND)
def test_a_mask_beyond_any_image_is_refused(cell: str) -> None:
    ids = pd.Series(["a", "b"])
    with pytest.raises(SubmissionFault) as fault:
        cells.masks(np.array(["1 5", cell], dtype=object), ids, "submission.csv")
    assert fault.value.code == "mask-syntax" and "'b'" in fault.value.message
    with pytest.raises(UndefinedScoreError):
        METRICS["dice"].value(np.array(["1 5"], dtype=object), np.array([cell], dtype=object), Context())


def test_a_wall_of_blank_lines_is_read_at_once() -> None:
    begin = time.monotonic()
    assert claim_in("\n" * 60_000 + "  automlgen_score = 0.5\r\n" + "\n" * 60_000) == 0.5
    assert time.monotonic() - begin < 1


def test_long_ids_do_not_make_a_file_too_large(tmp_path: Path) -> None:
    ids = [f"https://example.org/{'x' * 300}/{number}" for number in range(9_000)]
    path = tmp_path / "submission.csv"
    pd.DataFrame({"id": ids, "y": 0.5}).to_csv(path, index=False)
    form = Form("id", ["y"], [], METRICS["rmse"])
    assert len(read_answer(path, None, form, Names(ids), Names([])).primary) == 9_000
    pd.DataFrame({"id": ids, "y": "1" * 900}).to_csv(path, index=False)
    with pytest.raises(SubmissionFault) as fault:
        read_answer(path, None, form, Names(ids), Names([]))
    assert fault.value.code == "too-large"


def rewritten(files: list[dict[str, Any]], change: Any) -> list[dict[str, Any]]:
    for file in files:
        table = pd.read_csv(file["path"])
        table.iloc[:, 1] = change(table.iloc[:, 1])
        table.to_csv(file["path"], index=False)
    return files


def test_scores_beyond_single_precision_keep_their_order_to_the_end(tmp_path: Path) -> None:
    task = make(tmp_path, "auc")
    plain = evaluate(task.request("n1", task.submit("a", 0.9)))["score"]["value"]
    files = rewritten(task.submit("b", 0.9), lambda share: 1e60 * (1 + share / 1e5))
    assert evaluate(task.request("n2", files))["score"]["value"] == pytest.approx(plain, abs=1e-6)
    path = tmp_path / "out.csv"
    write_submission(
        {"prepared": task.prepared, "members": [{"nodeId": "n2", "weight": 1.0}], "refits": [], "path": path}
    )
    assert pd.read_csv(path).iloc[:, 1].between(1e60, 2e60).all()


def test_small_targets_are_not_taken_for_perfect_predictions(tmp_path: Path) -> None:
    task = make(tmp_path, "rmse")
    task.hidden["label"] = task.hidden["label"].astype(float) * 1e-12
    task.hidden.to_csv(tmp_path / "hidden" / "labels.csv", index=False)
    honest = rewritten(task.submit("a", 5.0), lambda column: column * 1e-12)
    assert evaluate(task.request("n1", honest))["kind"] == "valid"
    exact = task.hidden.set_index("row_id")["label"]
    stolen = task.submit("b", 5.0)
    table = pd.read_csv(stolen[0]["path"])
    table["target"] = table["id"].map(exact).fillna(table["target"])
    table.to_csv(stolen[0]["path"], index=False)
    assert evaluate(task.request("n2", stolen))["code"] == "score-perfect"


def test_predictions_read_before_stay_within_their_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "KEPT_BYTES", 20_000)
    predictions._KEPT.clear()
    answer = Answer(np.arange(500.0))
    for number in range(9):
        save(tmp_path, NodePredictions(f"n{number}", {"main": ViewPredictions(answer, answer)}))
        assert np.array_equal(load(tmp_path, f"n{number}").views["main"].test.primary, answer.primary)
    assert 1 <= len(predictions._KEPT) <= 2 and KEPT_BYTES > 1 << 20
    monkeypatch.setattr(predictions, "KEPT_BYTES", 0)
    assert load(tmp_path, "n0") is load(tmp_path, "n0")


def test_texts_take_their_own_room_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "KEPT_BYTES", 200_000)
    predictions._KEPT.clear()
    for number in range(9):  # A column of pointers takes 800 bytes, what they point to 100,000.
        texts = np.array([f"{number} {row} " + "0 1 " * 125 for row in range(100)], dtype=object)
        save(tmp_path, NodePredictions(f"n{number}", {"main": ViewPredictions(Answer(texts), Answer(texts[:0]))}))
        assert load(tmp_path, f"n{number}").views["main"].hidden.primary.tolist() == texts.tolist()
    assert 1 <= len(predictions._KEPT) <= 3


@pytest.mark.parametrize("torn", [0, 3, 40, -30])
def test_a_torn_file_of_predictions_counts_as_not_there(
    torn: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Answer(np.arange(50.0))
    for name in ("n1", "n2"):
        save(tmp_path, NodePredictions(name, {"main": ViewPredictions(answer, answer)}, {"mine": name}))
    path = tmp_path / "n2.npz"
    path.write_bytes(path.read_bytes()[:torn])
    assert load(tmp_path, "n2") is None and str(path) in capsys.readouterr().err
    assert predictions.metas(tmp_path, except_for="n9") == {"n1": {"mine": "n1"}}
    assert load(tmp_path, "n1") is not None and load(tmp_path, "n3") is None


def test_evaluators_with_one_number_on_two_machines_write_no_common_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts: list[Path] = []
    real = np.savez

    def noted(path: Path, **arrays: np.ndarray) -> None:
        drafts.append(path)
        real(path, **arrays)

    monkeypatch.setattr(np, "savez", noted)
    node = NodePredictions("n1", {"main": ViewPredictions(Answer(np.arange(3.0)), Answer(np.arange(3.0)))})
    save(tmp_path, node)
    save(tmp_path, node)
    assert len(set(drafts)) == 2 and [path.name for path in tmp_path.iterdir()] == ["n1.npz"]
    monkeypatch.setattr(np, "savez", lambda path, **_: Path(path).write_bytes(b"half") and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(tmp_path, node)
    assert [path.name for path in tmp_path.iterdir()] == ["n1.npz"]


def positives_at(task: Any, rows: list[int]) -> None:
    no, yes = task.prepared["card"]["classes"]
    task.hidden["label"] = no
    task.hidden.loc[task.hidden.index[rows], "label"] = yes
    task.hidden.to_csv(task.folder / "hidden" / "labels.csv", index=False)


def chosen(task: Any, noises: list[float]) -> dict[str, Any]:
    nodes = []
    for number, noise in enumerate(noises, 1):
        reply = evaluate(task.request(f"n{number}", task.submit(f"p{number}", noise, seed=number)))
        nodes.append({"nodeId": f"n{number}", "family": f"f{number}", "seconds": 1, "value": reply["score"]["value"]})
    return choose_final({"prepared": task.prepared, "nodes": nodes, "pinned": [], "refitSeconds": 1e9})


def test_a_class_that_some_folds_lack_does_not_end_the_run(tmp_path: Path) -> None:
    task = make(tmp_path, "auc", mode="folds", rows=200)
    positives_at(task, [0, 5, 11])  # Folds 1 and 2 have some, the others none.
    choice = chosen(task, [2.0, 2.5])
    assert choice["estimate"]["rows"] == 200 and 0 <= choice["estimate"]["value"] <= 1
    assert np.isfinite(choice["optimism"])


def test_a_class_that_the_final_rows_lack_does_not_end_the_run(tmp_path: Path) -> None:
    task = make(tmp_path, "auc", rows=200)
    positives_at(task, list(range(0, 40, 2)))  # Even rows are search rows.
    choice = chosen(task, [2.0, 2.5])
    assert choice["estimate"]["rows"] == 200 and 0 <= choice["estimate"]["value"] <= 1
    assert choice["optimism"] == 0


def test_the_first_fold_has_two_classes_wherever_one_has() -> None:
    labels, binary = pd.DataFrame({"y": list("aaaaabaa")}), SimpleNamespace(classes=("a", "b"))
    parts = ["fold1", "fold2", "fold3", "fold1", "fold2", "fold3", "fold1", "fold2"]
    renamed = _first_with_classes(parts, labels, binary)
    assert renamed == ["fold3", "fold2", "fold1", "fold3", "fold2", "fold1", "fold3", "fold2"]
    assert _first_with_classes(renamed, labels, binary) == renamed
    assert _first_with_classes(parts, labels, SimpleNamespace(classes=None)) == parts


def test_an_estimate_where_only_the_best_cannot_be_averaged(tmp_path: Path) -> None:
    """On the search rows a program of labels alone is far ahead; on all rows it is not."""
    task = make(tmp_path, "f1-macro", rows=200)
    ruler = ruler_of(task.prepared)
    truth, classes = ruler.truth, len(ruler.classes)
    rows = np.arange(200)
    search = rows < 100
    random = np.random.default_rng(0)

    def wrong(share_early: float, share_late: float) -> np.ndarray:
        at = random.uniform(size=200) < np.where(search, share_early, share_late)
        return np.where(at, (truth + 1) % classes, truth)

    labels = wrong(0.02, 0.9)
    members = [Contender("n1", "a", 1, 0, labels, None)]
    for name in ("n2", "n3"):
        own = wrong(0.4, 0.2)
        members.append(Contender(name, name, 1, 0, own, np.eye(classes)[own], np.eye(classes)[own]))
    field = Field(ruler, rows, rows % 5, members, "probabilities")
    alone = [member.own for member in members]
    found = estimate(field, alone, "mean-of-ties", search, float("inf"), "hidden")
    late = ruler.metric.value(truth[100:], labels[100:], ruler.context)
    assert found is not None and found["rows"] == 100 and found["value"] == pytest.approx(late)
    assert np.isfinite(optimism(field, alone, search))


def test_agreement_on_one_constant_is_no_skill() -> None:
    codes, levels = np.full(37, 2), np.array([1.0, 10.0, 100.0])
    for seed in range(20):
        weights = np.random.default_rng(seed).uniform(size=37)
        assert METRICS["qwk"].value(codes, codes, Context(levels, weights=weights)) == 0
    assert METRICS["qwk"].value(codes, codes - 1, Context(levels)) < 0.5


PARTICULAR = """
def score(answers, submission):
    if (submission["target"] < 0).any():
        raise ValueError(f"negative beside {answers['target'].tolist()}")
    return -float((answers["target"] - submission["target"]).abs().mean())
"""


def test_a_metric_of_the_task_that_refuses_an_answer_charges_the_program_and_shows_no_label(tmp_path: Path) -> None:
    task = make(tmp_path, "custom")
    (tmp_path / "metric.py").write_text(PARTICULAR)
    bad = evaluate(task.request("n1", rewritten(task.submit("a", 1.0), lambda column: column - 1e6)))
    assert (bad["kind"], bad["failure"], bad["code"]) == ("invalid", "bad-format", "metric-refused")
    assert "ValueError" in bad["message"] and "beside" not in bad["message"]
    good = rewritten(task.submit("b", 1.0), lambda column: column.clip(lower=0))
    assert evaluate(task.request("n2", good))["kind"] == "valid"


def test_a_weight_that_is_no_number_is_named() -> None:
    card = {"metric": "rmse", "target": "y", "metricOptions": {"weight": "w"}}
    for cell in ("", "inf", "heavy"):
        with pytest.raises(UserFault, match=repr(cell)):
            context_of(card, pd.DataFrame({"weight": ["1", "0.5", cell]}))
    assert context_of(card, pd.DataFrame({"weight": ["1", "0.5"]})).weights.tolist() == [1, 0.5]


def test_rows_that_cannot_be_divided_are_a_fault_that_names_the_column() -> None:
    group = Relation("group", "told", group="shop")
    with pytest.raises(UserFault, match="shop"):
        _check_filled(["train"] * 40, "holdout", group)
    with pytest.raises(UserFault, match="shop"):
        _check_filled(["fold1", "fold2", "fold3"] * 9, "folds", group)
    _check_filled(["train", "search"] * 9, "holdout", group)
    _check_filled(["fold1", "fold2", "fold3"], "folds", group)
