"""Runs every program of a landscape once and keeps what it cost, what it scored and what it predicted.

    PYTHONPATH=python:bench python -m tensor.record [--landscapes p02-birthweight ...] [--cache folder]
        [--workers 1] [--share 1/3] [--minutes 60]

The programs are those that `enumerate.mjs` finds (it needs `node` and a built `dist/`). Stopped at any time, it goes on
where it was. Programs run in forks of one warm process, on one thread; their seconds are CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.practice.build import build
from automlgen_runtime.prepare import prepare
from ruler import host, smaller
from ruler.plan import Plan as Rows

from tensor.answers import METRICS, Judge
from tensor.journal import Journal, digest

HERE = Path(__file__).resolve().parent
SEED = 1
LIMIT_SECONDS = 5
"""CPU seconds of one run; who needs as much or more has failed."""
KILLED_AFTER = LIMIT_SECONDS + 1
"""The system's own count may be ahead of the one that is reported."""
STARTS = 3


def landscapes() -> dict[str, Any]:
    return json.loads((HERE / "landscapes.json").read_text("utf-8"))


@dataclass(frozen=True)
class Share:
    """What one of several recorders does that work side by side: every `of`-th program, from `number` on."""

    number: int = 1
    of: int = 1

    @staticmethod
    def parse(text: str) -> Share:
        return Share(*(int(part) for part in text.split("/")))


def record(name: str, folder: Path, workers: int, end: float, share: Share) -> str:
    """Runs what is missing of the share until `end`; the sentence tells how far all have come."""
    judge = _prepared(name, folder)
    if judge.metric not in METRICS:
        raise RuntimeError(f"{name} is scored by {judge.metric}, whose blends the replay cannot score.")
    plans, means = _listed("enumerate", "plans", name, folder)["plans"], _listed("means", "means", name, folder)
    programs = {each["id"]: digest(folder / "programs" / f"{each['id']}.py") for each in [*plans, *means]}
    journal = Journal(folder)
    before = journal.read(programs)
    shared = list(programs)[share.number - 1 :: share.of]
    missing = [plan for plan in shared if plan not in before]
    scratch = folder / f"runs-{share.number}"
    shutil.rmtree(scratch, ignore_errors=True)
    done: dict[str, dict[str, host.Done]] = {}
    for result in host.run(_jobs(judge, folder, scratch, missing, end), workers, KILLED_AFTER):
        plan, view = result.job.key.split("/")
        mine = done.setdefault(plan, {})
        mine[view] = result
        if len(mine) == len(judge.views):
            journal.add(*_outcome(judge, plan, programs[plan], done.pop(plan)))
            shutil.rmtree(scratch / plan)
    have = journal.read(programs)
    if len(have) == len(programs):
        _finish(name, journal, judge, have, means)
    return f"{len(have)} of {len(programs)} programs, {sum(one['seconds'] for one in have.values()):.0f} CPU s"


def _jobs(judge: Judge, folder: Path, scratch: Path, missing: list[str], end: float) -> Iterator[host.Job]:
    for plan in missing:
        if time.monotonic() > end:
            return
        for view in judge.views:
            program = folder / "programs" / f"{plan}.py"
            yield host.Job(f"{plan}/{view}", program, Path(judge.prepared["views"][view]), scratch / plan / view)


def _outcome(
    judge: Judge, plan: str, program: str, done: Mapping[str, host.Done]
) -> tuple[dict[str, Any], np.ndarray | None]:
    seconds = round(sum(result.seconds for result in done.values()), 3)
    line = {"id": plan, "program": program, "seconds": seconds}
    failed = [result for result in done.values() if not result.ok]
    if failed:
        failure = "timeout" if seconds >= LIMIT_SECONDS else "exception"
        return {**line, "kind": "failed", "failure": failure, "message": failed[0].printed.strip()[-300:]}, None
    try:
        predictions = judge.read({view: result.job.place for view, result in done.items()})
    except SubmissionFault as fault:
        return {**line, "kind": "failed", "failure": fault.failure, "message": fault.message}, None
    return {**line, "kind": "valid"}, predictions


def _prepared(name: str, folder: Path) -> Judge:
    """Built, cut to the rows that are paid for, and frozen; made once."""
    stored, about = folder / "prepared.json", landscapes()[name]
    answers = folder / "task" / "private" / "answers.csv"
    if not stored.is_file():
        public = Path(build(name, SEED, folder / "task", None)["publicFolder"])
        rows, tests = about["labelled"], about["tests"]
        limits = Rows(table_rows=rows, other_rows=rows, test_rows=tests, other_tests=tests)
        smaller.cut(folder / "task", limits, "tabular", SEED)
        source = {"task": smaller.task_of(public), "folder": str(public)}
        request = {"source": source, "splitSeed": SEED, "mode": about["mode"], "cheapPrograms": True}
        prepared = prepare({**request, "folder": str(folder / "prepared")})
        stored.write_text(json.dumps(prepared), "utf-8")
    return Judge(json.loads(stored.read_text("utf-8")), answers, about["searchRows"] == "all")


def _listed(script: str, listing: str, name: str, folder: Path) -> Any:
    """What a script of this folder has listed, and written programs for; made once."""
    path = folder / f"{listing}.json"
    if not path.is_file():
        command = ["node", str(HERE / f"{script}.mjs"), name, str(folder / "prepared"), str(folder)]
        subprocess.run(command, check=True, env=dict(os.environ))
    return json.loads(path.read_text("utf-8"))


def _finish(name: str, journal: Journal, judge: Judge, have: Mapping[str, Any], means: list[dict[str, Any]]) -> None:
    """What is known of the whole landscape, beside its records, and the scores of all programs."""
    folder = journal.folder
    first = next(iter(have))
    card, split = judge.prepared["card"], judge.prepared["split"]
    facts = {
        "landscape": name,
        "seed": SEED,
        "metric": judge.metric,
        "direction": judge.ruler.metric.direction,
        "split": {key: split[key] for key in ("mode", "relation", "rows", "folds", "hash")},
        "limitSeconds": LIMIT_SECONDS * len(judge.views),
        "trainRows": card["rows"]["train"],
        "constant": judge.prepared["baseline"]["value"],
        "startSeconds": _start_seconds(folder / "programs" / f"{first}.py", judge, folder / "runs-start"),
        "rows": judge.rows(),
        "scores": {plan: judge.scores(journal.load(plan)) for plan, one in have.items() if one["kind"] == "valid"},
        "means": [_compared(journal, judge, mean) for mean in means if have[mean["id"]]["kind"] == "valid"],
    }
    (folder / "facts.json").write_text(json.dumps(facts) + "\n", "utf-8")


def _compared(journal: Journal, judge: Judge, mean: Mapping[str, Any]) -> dict[str, Any]:
    """A mean that was run against the mean of its members' predictions."""
    ran, members = journal.load(mean["id"]), [journal.load(member) for member in mean["members"]]
    blended = np.mean([member.astype(np.float64) for member in members], axis=0)
    spread = float(np.ptp(ran))
    return {
        "members": mean["members"],
        "apart": float(np.abs(ran - blended).max()) / spread if spread else 0.0,
        "test": judge.scores(ran)["test"],
        "blended": judge.scores(blended)["test"],
    }


def _start_seconds(program: Path, judge: Judge, place: Path) -> float:
    """CPU seconds that a fresh interpreter needs beyond a fork of this process, for one run."""
    view = Path(judge.prepared["views"][judge.views[0]])
    (forked,) = host.run([host.Job("fork", program, view, place / "fork")], 1, KILLED_AFTER)
    spent = []
    for number in range(STARTS):
        fresh = place / str(number)
        (fresh / "working").mkdir(parents=True)
        (fresh / "input").symlink_to(view)
        before = os.times()
        subprocess.run([sys.executable, str(program)], cwd=fresh, check=True, capture_output=True)
        after = os.times()
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    shutil.rmtree(place)
    return round(max(0.0, float(np.median(spent)) - forked.seconds), 2)


def default_cache() -> Path:
    """Beside everything else that the product keeps and can make again."""
    base = os.environ.get("AUTOMLGEN_CACHE")
    return (Path(base) if base else Path.home() / ".cache" / "automlgen") / "bench-tensor"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = list(landscapes())
    parser.add_argument("--landscapes", nargs="+", default=known, choices=known)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--share", type=Share.parse, default=Share(), help="2/3: the second of three side by side")
    parser.add_argument("--minutes", type=float, default=70)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    host.warm()
    end = time.monotonic() + 60 * options.minutes
    for name in options.landscapes:
        told = record(name, (options.cache / name).absolute(), options.workers, end, options.share)
        print(f"{name}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
