"""The benchmarks' own grading code, run as a process that knows nothing of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from automlgen_runtime.benchmarks import foreign
from automlgen_runtime.benchmarks.needs import requirements

HELPERS = """
from mlebench.utils import get_logger


class InvalidSubmissionError(Exception):
    pass
"""
UTILS = """
import logging


def get_logger(name):
    return logging.getLogger(name)
"""
GRADE = """
from sklearn.metrics import mean_absolute_error

from mlebench.grade_helpers import InvalidSubmissionError

from .columns import TARGET


def grade(submission, answers):
    print("some words on the standard output")
    if TARGET not in submission:
        raise InvalidSubmissionError("no column " + TARGET)
    assert len(submission) == len(answers), "other rows"
    return mean_absolute_error(answers[TARGET], submission[TARGET])
"""
METRIC = """
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError


class ToyMetrics(CompetitionMetrics):
    def __init__(self, value="y", higher_is_better=False):
        super().__init__(higher_is_better)
        self.value = value

    def validate_submission(self, submission, ground_truth):
        if len(submission) != len(ground_truth):
            raise InvalidSubmissionError("other rows")
        submission["y"] = 0
        return "Submission is valid."

    def evaluate(self, y_true, y_pred):
        return float((y_true[self.value] - y_pred[self.value]).abs().mean())
"""


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A checkout with one competition whose name no `import` statement could spell."""
    folder = tmp_path / "mlebench" / "competitions" / "toy-1"
    folder.mkdir(parents=True)
    (tmp_path / "mlebench" / "utils.py").write_text(UTILS)
    (tmp_path / "mlebench" / "grade_helpers.py").write_text(HELPERS)
    (folder / "grade.py").write_text(GRADE)
    (folder / "columns.py").write_text('TARGET = "y"\n')
    (tmp_path / "answers.csv").write_text("id,y\n1,1\n2,2\n3,4\n")
    return tmp_path


def graded(root: Path, submission: str, **more: Any) -> dict[str, Any]:
    (root / "submission.csv").write_text(submission)
    request = {
        "benchmark": "mle-bench",
        "checkout": str(root),
        "gradeFunction": "mlebench.competitions.toy-1.grade:grade",
        "answers": str(root / "answers.csv"),
        "submission": str(root / "submission.csv"),
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-I", foreign.__file__], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def test_the_score_is_that_of_the_code_to_five_decimals(bench: Path) -> None:
    assert graded(bench, "id,y\n1,1\n2,2\n3,5\n") == {"score": 0.33333, "reason": "", "fault": "none"}


def test_a_float_is_read_exactly_as_written(bench: Path) -> None:
    code = "def grade(s, a):\n    return float(s['y'].tolist() == [0.1 + 0.2, 1e-310, 5e22])\n"
    (bench / "mlebench/competitions/toy-1/grade.py").write_text(code)
    assert graded(bench, "id,y\n1,0.30000000000000004\n2,1e-310\n3,5e22\n")["score"] == 1.0


@pytest.mark.parametrize(
    ("submission", "words"),
    [
        ("id,z\n1,1\n2,2\n3,5\n", "InvalidSubmissionError: no column y"),
        ("id,y\n1,1\n", "AssertionError: other rows"),
        ("id,y\n1,1\n2,two\n3,4\n", "ValueError"),
        ("", "no column y"),
        ("id,y\n1,1\n2,\n3,4\n", "NaN"),
    ],
)
def test_every_exception_is_a_submission_without_a_score(bench: Path, submission: str, words: str) -> None:
    grade = graded(bench, submission)
    assert (grade["score"], grade["fault"]) == (None, "submission")
    assert words in grade["reason"]


def test_a_score_that_is_no_number_is_none(bench: Path) -> None:
    (bench / "mlebench/competitions/toy-1/grade.py").write_text("def grade(s, a):\n    return float('nan')\n")
    assert graded(bench, "id,y\n1,1\n")["reason"] == "The grading code returned nan."
    (bench / "mlebench/competitions/toy-1/grade.py").write_text("def grade(s, a):\n    return 'good'\n")
    assert "str" in graded(bench, "id,y\n1,1\n")["reason"]


def test_a_missing_package_is_a_fault_of_the_environment_and_named(bench: Path) -> None:
    (bench / "mlebench/competitions/toy-1/columns.py").write_text("import no_such_package\n")
    grade = graded(bench, "id,y\n1,1\n2,2\n3,5\n")
    assert (grade["fault"], grade["missingModule"]) == ("grader", "no_such_package")


def test_answers_as_json_lines_arrive_as_a_list(bench: Path) -> None:
    (bench / "answers.jsonl").write_text('{"id": 1, "y": 2}\n\n{"id": 2, "y": 3}\n')
    code = "def grade(s, a):\n    assert isinstance(a, list), type(a)\n    return sum(row['y'] for row in a) / len(s)\n"
    (bench / "mlebench/competitions/toy-1/grade.py").write_text(code)
    assert graded(bench, "id,y\n1,1\n2,2\n", answers=str(bench / "answers.jsonl"))["score"] == 2.5


def test_grading_code_that_ends_the_process_is_no_score(bench: Path) -> None:
    (bench / "mlebench/competitions/toy-1/grade.py").write_text("def grade(s, a):\n    raise SystemExit(0)\n")
    (bench / "submission.csv").write_text("id,y\n1,1\n")
    grade = graded(bench, "id,y\n1,1\n")
    assert (grade["score"], grade["fault"]) == (None, "submission")


def test_a_metric_class_of_mle_dojo_is_validated_and_evaluated_on_fresh_tables(bench: Path) -> None:
    (bench / "metric.py").write_text(METRIC)
    dojo = {"benchmark": "mle-dojo", "metricFile": str(bench / "metric.py")}
    assert graded(bench, "id,y\n1,1\n2,2\n3,5\n", **dojo)["score"] == 0.33333
    assert graded(bench, "id,y\n1,1\n", **dojo)["reason"] == "InvalidSubmissionError: other rows"


def test_a_metric_file_with_no_or_two_classes_is_the_graders_fault(bench: Path) -> None:
    dojo = {"benchmark": "mle-dojo", "metricFile": str(bench / "metric.py")}
    (bench / "metric.py").write_text("x = 1\n")
    assert graded(bench, "id,y\n1,1\n", **dojo)["fault"] == "grader"
    (bench / "metric.py").write_text(METRIC + METRIC.replace("ToyMetrics", "OtherMetrics"))
    assert "2 metric classes" in graded(bench, "id,y\n1,1\n", **dojo)["reason"]


def test_requirements_are_read_from_imports_through_the_checkout(bench: Path) -> None:
    (bench / "pyproject.toml").write_text('[project]\ndependencies = ["scikit-learn>=1.5", "PyYAML>=6", "docker>=7"]\n')
    (bench / "mlebench" / "utils.py").write_text(
        "import yaml\nimport logging\n\n\ndef get_logger(name):\n    import kaggle\n"
    )
    entry = bench / "mlebench/competitions/toy-1/grade.py"
    assert requirements(bench, entry) == ["PyYAML>=6", "pandas", "scikit-learn>=1.5"]


def test_requirements_follow_relative_imports_and_names_of_distributions(bench: Path) -> None:
    (bench / "mlebench/competitions/toy-1/columns.py").write_text("import cv2\nfrom PIL import Image\nTARGET = 'y'\n")
    entry = bench / "mlebench/competitions/toy-1/grade.py"
    assert requirements(bench, entry) == ["opencv-python-headless", "pandas", "pillow", "scikit-learn"]
