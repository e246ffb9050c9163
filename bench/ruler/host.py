"""Runs programs on views, each in a fork of this process, which has the heavy imports behind it.

A fork costs milliseconds where a fresh interpreter with these packages costs seconds. The programs are the composer's
own, so that there is nothing to guard against but their appetite.
"""

from __future__ import annotations

import os
import resource
import runpy
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """`view`: the folder that the program sees as ./input. `place`: an empty folder of its own."""

    key: str
    program: Path
    view: Path
    place: Path


@dataclass(frozen=True)
class Done:
    job: Job
    ok: bool
    #: CPU seconds.
    seconds: float
    printed: str


def warm() -> None:
    """Imports what programs import; call once, before the first job."""
    for name in THREADS:
        os.environ[name] = "1"
    import catboost  # noqa: F401
    import lightgbm  # noqa: F401
    import PIL.Image  # noqa: F401
    import scipy.ndimage
    import scipy.sparse.linalg  # noqa: F401
    import sklearn.calibration
    import sklearn.compose
    import sklearn.decomposition
    import sklearn.discriminant_analysis
    import sklearn.ensemble
    import sklearn.feature_extraction.text
    import sklearn.linear_model
    import sklearn.naive_bayes
    import sklearn.neighbors
    import sklearn.neural_network
    import sklearn.pipeline
    import sklearn.svm  # noqa: F401
    import xgboost  # noqa: F401


def run(
    jobs: Iterable[Job], workers: int, cpu_seconds: int, goes_on: Callable[[Done], bool] | None = None
) -> Iterator[Done]:
    """In the order in which they end. `goes_on`: asked after each; on False no further job is begun."""
    left, running = iter(jobs), dict[int, Job]()
    open_ = True
    while True:
        while open_ and len(running) < workers:
            job = next(left, None)
            if job is None:
                open_ = False
                break
            running[_start(job, cpu_seconds)] = job
        if not running:
            return
        pid, status, usage = os.wait4(-1, 0)
        job = running.pop(pid)
        done = _done(job, status, usage)
        if goes_on is not None and not goes_on(done):
            open_ = False
        yield done


def _start(job: Job, cpu_seconds: int) -> int:
    (job.place / "working").mkdir(parents=True)
    (job.place / "input").symlink_to(job.view)
    pid = os.fork()
    if pid == 0:
        _child(job, cpu_seconds)
    return pid


def _child(job: Job, cpu_seconds: int) -> None:
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        os.chdir(job.place)
        printed = os.open("printed.txt", os.O_CREAT | os.O_WRONLY)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
        runpy.run_path(str(job.program), run_name="__main__")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _done(job: Job, status: int, usage: resource.struct_rusage) -> Done:
    text = job.place / "printed.txt"
    printed = text.read_text("utf-8", errors="replace") if text.is_file() else ""
    ok = os.waitstatus_to_exitcode(status) == 0 and (job.place / "working" / "submission.csv").is_file()
    return Done(job, ok, usage.ru_utime + usage.ru_stime, printed)
