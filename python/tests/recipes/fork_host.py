"""Runs small programs one after the other, each in a fork of a process that has the heavy imports behind it.

`python fork_host.py SCRATCH PROGRAM...` prints one JSON object per program: name, exit code, standard error.
A fresh interpreter with these packages costs seconds; a fork costs milliseconds, and fails in the same words.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import traceback
from pathlib import Path

import catboost  # noqa: F401
import lightgbm  # noqa: F401
import numpy  # noqa: F401
import pandas  # noqa: F401
import sklearn.calibration
import sklearn.compose
import sklearn.ensemble  # noqa: F401
import xgboost  # noqa: F401


def run(program: Path, folder: Path) -> dict[str, object]:
    folder.mkdir(parents=True)
    errors = folder / "stderr.txt"
    child = os.fork()
    if child == 0:
        run_and_exit(program, folder, errors)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"program": str(program), "code": code, "stderr": errors.read_text(encoding="utf-8")}


def run_and_exit(program: Path, folder: Path, errors: Path) -> None:
    code = 1
    try:
        os.dup2(os.open(errors, os.O_CREAT | os.O_WRONLY), sys.stderr.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        os.chdir(folder)
        runpy.run_path(str(program), run_name="__main__")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    scratch = Path(sys.argv[1])
    for position, name in enumerate(sys.argv[2:]):
        print(json.dumps(run(Path(name), scratch / str(position))), flush=True)
