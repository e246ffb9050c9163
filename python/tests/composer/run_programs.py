"""Runs many programs on toy data: imports once, then a process per program. Prints one JSON line per program.

    python run_programs.py cases.json folder

`cases.json` holds a list of `{name, card, program}`, with `input` where the files are not to be toys.
A result is `{name, ok, seconds, complaint}`.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import lightgbm  # noqa: F401  (imported once for all programs)
import numpy as np
import pandas as pd
import sklearn.ensemble
import sklearn.feature_extraction.text
import sklearn.svm  # noqa: F401

sys.path.insert(0, str(Path(__file__).parent))
from toy_data import write_toy


def main(cases_path: Path, folder: Path) -> None:
    inputs: dict[str, Path] = {}
    for index, case in enumerate(json.loads(cases_path.read_text("utf-8"))):
        key = case.get("input") or json.dumps(case["card"], sort_keys=True)
        if "input" in case:
            inputs[key] = Path(case["input"])
        elif key not in inputs:
            inputs[key] = folder / f"input{len(inputs)}"
            write_toy(case["card"], inputs[key])
        print(json.dumps(run(case, inputs[key], folder / f"run{index}")), flush=True)


def run(case: dict[str, Any], data: Path, work: Path) -> dict[str, Any]:
    work.mkdir(parents=True)
    (work / "input").symlink_to(data)
    (work / "program.py").write_text(case["program"], "utf-8")
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_program(work)
    _, status = os.waitpid(child, 0)
    seconds = round(time.monotonic() - started, 2)
    log = (work / "log").read_text("utf-8", errors="replace")
    complaint = log[-1500:] if status != 0 else complaint_about(case["card"], data, work, log)
    return {"name": case["name"], "ok": complaint == "", "seconds": seconds, "complaint": complaint}


def _be_program(work: Path) -> None:
    log = os.open(work / "log", os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(work)
    try:
        runpy.run_path("program.py", run_name="__main__")
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def complaint_about(card: dict[str, Any], data: Path, work: Path, log: str) -> str:
    """What is wrong with the files a program wrote; empty when nothing is."""
    sample = pd.read_csv(data / "sample_submission.csv", dtype=str)
    answer = pd.read_csv(work / "working" / "submission.csv", dtype=str, keep_default_na=False)
    if list(answer.columns) != list(sample.columns):
        return f"columns {list(answer.columns)} instead of {list(sample.columns)}"
    name = card["idColumn"]
    if not answer[name].equals(sample[name]):
        return "ids differ from the sample submission, or their order does"
    if card.get("targets"):
        return complaint_about_several(card, answer.drop(columns=name), work, name)
    if "hold-out" not in log:
        return "no hold-out line"
    if card["predictions"] == "label":
        unknown = set(answer[card["target"]]) - set(card["classes"])
        if unknown:
            return f"labels that are no classes: {unknown}"
        shares = pd.read_csv(work / "working" / "probabilities.csv")
        if list(shares.columns) != [name, *card["classes"]]:
            return f"probability columns {list(shares.columns)}"
        return _complaint_about_shares(shares.drop(columns=name).to_numpy(float))
    values = answer.drop(columns=name).to_numpy(float)
    if card["predictions"] == "probability" and values.shape[1] > 1:
        return _complaint_about_shares(values)
    return "" if np.isfinite(values).all() and np.ptp(values) > 0 else "values that are not finite, or constant"


def complaint_about_several(card: dict[str, Any], answer: pd.DataFrame, work: Path, name: str) -> str:
    values = answer.to_numpy(float)
    if card["metric"] == "kl-divergence":
        return _complaint_about_shares(values)
    if not np.isfinite(values).all():
        return "values that are not finite"
    if card["predictions"] != "label":
        if np.ptp(values) == 0:
            return "constant values"
        inside = card["taskType"] != "multilabel" or (values.min() >= 0 and values.max() <= 1)
        return "" if inside else "chances outside 0 to 1"
    shares = pd.read_csv(work / "working" / "probabilities.csv")
    if list(shares.columns) != [name, *card["targets"]]:
        return f"probability columns {list(shares.columns)}"
    return "" if set(np.unique(values)) <= {0, 1} else "labels that are neither 0 nor 1"


def _complaint_about_shares(shares: np.ndarray) -> str:
    if not np.isfinite(shares).all() or shares.min() < 0:
        return "shares that are negative or not finite"
    return "" if np.allclose(shares.sum(axis=1), 1, atol=1e-4) else "shares do not sum to one"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
