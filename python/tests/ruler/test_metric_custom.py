"""A task's own metric: loading, tables, faults, errors from the bootstrap."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from automlgen_runtime.errors import UserFault
from automlgen_runtime.metrics import METRICS, NOTHING, Context, UndefinedScoreError
from automlgen_runtime.metrics.custom import Form, custom, metric_of
from automlgen_runtime.paired import difference, fragile
from automlgen_runtime.resampling import bootstrap_error, draws
from automlgen_runtime.standard_errors import standard_error
from metric_samples import numbers

RMSE = """
def score(answers, submission):
    assert list(answers.columns) == ["id", "y"] and list(submission.columns) == ["id", "y"]
    joined = answers.merge(submission, on="id", validate="one_to_one")
    return float(((joined.y_x - joined.y_y) ** 2).mean() ** 0.5)
"""


def card(path: Path, **options: Any) -> dict[str, Any]:
    return {
        "metric": "custom",
        "direction": "minimise",
        "idColumn": "id",
        "target": "y",
        "submissionColumns": ["y"],
        "metricOptions": {"file": str(path), **options},
    }


def written(folder: Path, text: str) -> Path:
    path = folder / "metric.py"
    path.write_text(text)
    return path


def test_a_file_scores_as_the_registered_metric_does(tmp_path: Path) -> None:
    own, known = metric_of(card(written(tmp_path, RMSE))), METRICS["rmse"]
    assert (own.name, own.direction, own.perfect, own.sign) == ("custom", "minimise", float("-inf"), -1)
    truth, first, second, context = numbers(np.random.default_rng(1), 300)
    assert own.value(truth, first, context) == pytest.approx(known.value(truth, first, context))
    assert standard_error(own, truth, first) == pytest.approx(standard_error(known, truth, first), rel=0.15)
    mine, theirs = (difference(metric, truth, first, second, context) for metric in (own, known))
    assert mine.delta == pytest.approx(theirs.delta)
    assert mine.standard_error == pytest.approx(theirs.standard_error, rel=0.15)
    assert not fragile(own, truth, first, second, context), "nothing is known about its rows"


def test_equal_predictions_have_equal_errors_and_groups_are_drawn_whole(tmp_path: Path) -> None:
    own = metric_of(card(written(tmp_path, RMSE)))
    truth, first, _, _ = numbers(np.random.default_rng(2), 100)
    assert standard_error(own, truth, first) == standard_error(own, truth, first.copy())
    rows = np.repeat(np.arange(100), 4)
    four = standard_error(own, truth[rows], first[rows], NOTHING, rows)
    assert four == pytest.approx(standard_error(own, truth, first), rel=1e-9), "the same groups are drawn"
    assert standard_error(own, truth[rows], first[rows]) < 0.6 * four


def test_tables_have_the_columns_of_the_task(tmp_path: Path) -> None:
    seen: list[Any] = []

    def keep(answers: Any, submission: Any) -> float:
        seen.extend([answers, submission])
        return 0.5

    metric = custom(keep, "maximise", Form("key", ("a", "b"), ("p", "q")))
    truth = np.array([["1", "x"], ["2", "y"]], dtype=object)
    context = Context(weights=np.array([1.0, 2.0]), groups=np.array([0, 1]))
    assert metric.value(truth, np.ones((2, 2)), context) == 0.5
    answers, submission = seen
    assert list(answers.columns) == ["key", "a", "b", "weight", "group"]
    assert list(submission.columns) == ["key", "p", "q"]
    assert answers.a.tolist() == [1.0, 2.0] and answers.b.tolist() == ["x", "y"], "numbers where all are"
    assert answers.key.tolist() == submission.key.tolist() == [0, 1]
    with pytest.raises(UndefinedScoreError, match="3 columns for the names"):
        metric.value(truth, np.ones((2, 3)), context)


def test_labels_and_probabilities_reach_the_file_as_they_are_written(tmp_path: Path) -> None:
    """Three fifths of a point for a right guess of `yes`, the probability of the right label elsewhere."""
    text = """
def score(answers, submission):
    return (0.6 * ((answers.y == "yes") & (submission.y == "yes"))).mean()

def chance(answers, submission):
    return submission.y.where(answers.y == "yes", 1 - submission.y).mean()
"""
    base = {**card(written(tmp_path, text)), "direction": "maximise", "classes": ["no", "yes"]}
    truth, levels = np.array([1, 1, 0, 0]), Context(np.arange(2.0))
    labels = metric_of({**base, "metricOptions": {**base["metricOptions"], "predictions": "label"}})
    assert (labels.predictions, labels.sign) == ("label", 1)
    assert labels.value(truth, np.array([1, 0, 1, 0]), levels) == pytest.approx(0.15)
    options = {**base["metricOptions"], "predictions": "probability", "function": "chance"}
    chances = metric_of({**base, "metricOptions": options})
    both = np.array([[0.1, 0.9], [0.5, 0.5], [0.7, 0.3], [1.0, 0.0]])
    assert chances.value(truth, both, levels) == pytest.approx((0.9 + 0.5 + 0.7 + 1) / 4)
    assert 0 < standard_error(chances, truth, both, levels) < 0.3
    texts = metric_of({**base, "metricOptions": {**base["metricOptions"], "predictions": "text"}})
    assert texts.blend == "none" and labels.blend == "mean"


def test_a_changed_file_is_read_again_and_another_function_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "def score(a, s): return 1\ndef other(a, s): return 3")
    assert metric_of(card(path)).value(np.ones(2), np.ones(2), NOTHING) == 1
    assert metric_of(card(path, function="other")).value(np.ones(2), np.ones(2), NOTHING) == 3
    path.write_text("def score(a, s): return 2")
    os.utime(path, ns=(1, 1))
    assert metric_of(card(path)).value(np.ones(2), np.ones(2), NOTHING) == 2


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("x = ", "metric-mismatch", "SyntaxError"),
        ("import nonesuch", "metric-mismatch", "nonesuch"),
        ("score = 3", "metric-mismatch", "no function 'score'"),
        (None, "path-missing", "no metric file"),
    ],
)
def test_files_that_do_not_work_are_faults_of_the_user(tmp_path: Path, text: str | None, code: str, words: str) -> None:
    path = tmp_path / "metric.py" if text is None else written(tmp_path, text)
    with pytest.raises(UserFault, match=words) as fault:
        metric_of(card(path))
    assert fault.value.code == code and fault.value.next.endswith(".")


@pytest.mark.parametrize(
    ("text", "words"),
    [("'good'", "must be a number"), ("float('nan')", "must be finite"), ("a.z", "failed: AttributeError: .*'z'")],
)
def test_answers_that_are_no_number_are_faults(tmp_path: Path, text: str, words: str) -> None:
    metric = metric_of(card(written(tmp_path, f"def score(a, s): return {text}")))
    with pytest.raises(UndefinedScoreError, match=words):
        metric.value(np.ones(2), np.ones(2), NOTHING)


def test_a_metric_without_its_file_says_so() -> None:
    with pytest.raises(UserFault, match="has no file"):
        metric_of({"metric": "custom", "direction": "maximise"})
    with pytest.raises(UndefinedScoreError, match=r"metric_options\.file"):
        METRICS["custom"].value(np.ones(2), np.ones(2), NOTHING)
    assert metric_of({"metric": "rmse", "direction": "maximise"}).sign == 1, "the card has the last word"


def test_the_bootstrap_knows_the_error_of_a_mean_and_is_bounded() -> None:
    random = np.random.default_rng(3)
    errors = [bootstrap_error(lambda rows, x=x: float(x[rows].mean()), 200) for x in random.normal(size=(30, 200))]
    assert np.mean(errors) == pytest.approx(1 / np.sqrt(200), rel=0.05)
    assert sum(1 for _ in draws(1000, None)) == 200 and sum(1 for _ in draws(200_000, None)) == 50
    assert bootstrap_error(lambda rows: 1.0, 1) == 0

    def seldom(rows: np.ndarray) -> float:
        if rows[0] % 2:
            raise UndefinedScoreError("not on these rows")
        return float(rows.mean())

    assert 0 < bootstrap_error(seldom, 50) < 50
