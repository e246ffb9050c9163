"""Runs a benchmark's own grading code. Executed by path in an interpreter that is not ours, so nothing of ours is here.

One JSON object on standard input; one on the standard output, whatever the grading code prints. Score `null` with a
reason for everything that goes wrong, because the benchmarks count every exception as an invalid submission.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import os
import sys
import types
from pathlib import Path
from typing import Any


def main() -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    request = json.load(sys.stdin)
    replies.write(json.dumps(answer(request), allow_nan=False) + "\n")
    replies.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """`fault` is `none`, `submission`, or `grader` where the code itself failed to load."""
    try:
        grader = LOADERS[request["benchmark"]](request)
    except Exception as error:
        return failed("grader", f"The grading code cannot be loaded: {said(error)}", missing_module(error))
    try:
        value = grader(Path(request["submission"]), Path(request["answers"]))
    except (Exception, SystemExit) as error:
        return failed("submission", said(error), missing_module(error))
    return rounded(value)


def rounded(value: Any) -> dict[str, Any]:
    """To 5 decimals with the value's own `round`, as the benchmark does."""
    try:
        number = float(round(value, 5))
    except (TypeError, ValueError) as error:
        return failed("submission", f"The grading code returned {type(value).__name__} {value!r}: {error}")
    if not math.isfinite(number):
        return failed("submission", f"The grading code returned {number}.")
    return {"score": number, "reason": "", "fault": "none"}


def failed(fault: str, reason: str, module: str | None = None) -> dict[str, Any]:
    return {"score": None, "reason": reason, "fault": fault, **({"missingModule": module} if module else {})}


def said(error: BaseException) -> str:
    text = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def missing_module(error: BaseException) -> str | None:
    return error.name if isinstance(error, ModuleNotFoundError) else None


def mle_bench(request: dict[str, Any]) -> Any:
    """`grade_fn` is `package.module:function`, imported from the checkout."""
    sys.path.insert(0, request["checkout"])
    module, function = request["gradeFunction"].split(":")
    grade = getattr(importlib.import_module(module), function)

    def run(submission: Path, answers: Path) -> Any:
        return grade(read_csv(submission), read_answers(answers))

    return run


def mle_dojo(request: dict[str, Any]) -> Any:
    """The metric class of `metric.py`: `validate_submission(submission, truth)`, then `evaluate(truth, submission)`."""
    base = dojo_modules(request.get("checkout"))
    path = Path(request["metricFile"])
    spec = importlib.util.spec_from_file_location("competition_metric", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base) and value is not base and value.__module__ == spec.name
    ]
    if len(classes) != 1:
        raise ImportError(f"{path.name} defines {len(classes)} metric classes, one was expected")
    metric = classes[0]()

    def run(submission: Path, answers: Path) -> Any:
        metric.validate_submission(read_csv(submission), read_csv(answers))
        return metric.evaluate(read_csv(answers), read_csv(submission))

    return run


def dojo_modules(checkout: str | None) -> type:
    """The two names that metric files import, without what their package imports; the rest comes from the checkout."""

    class CompetitionMetrics:
        def __init__(self, higher_is_better: bool = True) -> None:
            self.higher_is_better = higher_is_better

    class InvalidSubmissionError(Exception):
        pass

    root = [Path(checkout) / "mledojo"] if checkout else []
    package, metrics, base = (types.ModuleType(f"mledojo{end}") for end in ("", ".metrics", ".metrics.base"))
    package.__path__ = [str(path) for path in root]
    metrics.__path__ = [str(path / "metrics") for path in root]
    sys.modules.update({module.__name__: module for module in (package, metrics, base)})
    base.CompetitionMetrics, base.InvalidSubmissionError = CompetitionMetrics, InvalidSubmissionError
    return CompetitionMetrics


def read_csv(path: Path) -> Any:
    """Floats exactly as written; a file without a header is an empty table."""
    import pandas as pd

    try:
        return pd.read_csv(path, float_precision="round_trip")
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def read_answers(path: Path) -> Any:
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.strip()]
    return read_csv(path)


LOADERS = {"mle-bench": mle_bench, "mle-dojo": mle_dojo}

if __name__ == "__main__":
    main()
