"""Records what programs predict, once, so that every rule can be tried on the same predictions.

    PYTHONPATH=python:bench python -m ruler.record [--competitions p02-birthweight ...] [--seeds 1 2 3 4 5]
        [--cache folder] [--workers 2] [--minutes 35]

For each builder seed and competition the same pool of composer programs runs on five frozen folds, on all labels, and
on a random split of its own. Seed by seed, so that what is there after any time is balanced. What is recorded already
is left as it is; no setting is begun after `--minutes`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from automlgen_runtime.practice.build import build
from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.prepare import prepare
from automlgen_runtime.profile import profile
from automlgen_runtime.ruler import ruler_of
from automlgen_runtime.task_errors import UserFault

from ruler import answers, host, own, pool, smaller, store
from ruler.plan import Plan

LEFT_OUT = ("leak",)
"""Competitions with this word in their id are drills for other parts of the product."""


def record(name: str, seed: int, cache: Path, plan: Plan, workers: int) -> str:
    """Records one competition at one seed; the sentence tells what was done."""
    goal = cache / name / str(seed)
    if store.is_whole(goal, plan.as_json()):
        return "recorded before"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-ruler-") as place:
        scratch = Path(place)
        rows, prepared, timed = _prepared(name, seed, scratch, plan)
        views = {view: Path(path) for view, path in prepared["views"].items()}
        folder = cache / name / "pool"
        programs = pool.pool_of(folder, scratch / "folds", views["fold1"], scratch / "trial", plan)
        if len(programs) < 4:
            return f"left out: only {len(programs)} programs of the composer ran in time"
        among = frozenset(ruler_of(prepared).hidden.ids)
        own_ids = {}
        for number, program in enumerate(programs):
            view = scratch / "own" / program["id"]
            id_column = prepared["card"]["idColumn"]
            own_ids[program["id"]] = own.write_own_view(views["full"], view, id_column, number, seed, among)
        if timed:
            views["main"] = Path(timed["views"]["main"])
        jobs = [
            host.Job(f"{program['id']}/{view}", folder / program["file"], path, scratch / "runs" / program["id"] / view)
            for program in programs
            for view, path in [*views.items(), ("own", scratch / "own" / program["id"])]
        ]
        done = {result.job.key: result for result in host.run(jobs, workers, plan.killed_after)}
        kept, lost = answers.collect(programs, done, prepared, timed, own_ids, scratch / "runs")
        draft = scratch / "record"
        answers.write(draft, kept, prepared, timed, scratch)
        about: dict[str, Any] = {
            "competition": name,
            "seed": seed,
            "plan": plan.as_json(),
            "rows": rows,
            "lost": lost,
            "programs": [program for program, _ in kept],
            "cpuSeconds": round(sum(result.seconds for result in done.values()), 1),
        }
        held = cache / name / f".{seed}"
        shutil.rmtree(held, ignore_errors=True)
        shutil.copytree(draft, held)
        store.seal(held, goal, about)
    return (
        f"{len(kept)} programs, {len(lost)} lost, {about['cpuSeconds']:.0f} CPU s, "
        f"{time.monotonic() - started:.0f} s in all"
    )


def _prepared(name: str, seed: int, scratch: Path, plan: Plan) -> tuple[dict[str, int], dict[str, Any], Any]:
    """Rows, the task in folds, and for a task in time also with its latest rows held out."""
    built = build(name, seed, scratch / "task", None)
    public = Path(built["publicFolder"])
    source = {"task": smaller.task_of(public), "folder": str(public)}
    rows = smaller.cut(scratch / "task", plan, _modality(source), seed)

    def prepared_as(mode: str) -> dict[str, Any]:
        request = {"source": source, "splitSeed": seed, "mode": mode, "cheapPrograms": True}
        return prepare({**request, "folder": str(scratch / mode)})

    folds = prepared_as("folds")
    return rows, folds, prepared_as("holdout") if "time" in folds["split"]["relation"] else None


def quicken(name: str) -> None:
    """Takes the data once for all seeds, and makes no reference predictions: nothing here is compared with them."""
    competition = COMPETITIONS[name]

    def no_reference(division: Division) -> pd.DataFrame:
        return division.test[[competition.id_column]].assign(**dict.fromkeys(competition.columns, "0"))

    COMPETITIONS[name] = replace(competition, take=cache(competition.take), reference=no_reference)


def _modality(source: dict[str, Any]) -> str:
    return profile(source)["modality"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [name for name in COMPETITIONS if not any(word in name for word in LEFT_OUT)]
    parser.add_argument("--competitions", nargs="+", default=known, choices=known)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--cache", type=Path, default=store.default_cache())
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=35)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    host.warm()
    for name in options.competitions:
        quicken(name)
    end = time.monotonic() + 60 * options.minutes
    for seed in options.seeds:
        for name in options.competitions:
            if time.monotonic() > end:
                print("time is up", flush=True)
                return 0
            try:
                told = record(name, seed, options.cache.absolute(), Plan(), options.workers)
            except (UserFault, RuntimeError) as fault:
                told = f"left out: {fault}"
            print(f"{name}, seed {seed}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
