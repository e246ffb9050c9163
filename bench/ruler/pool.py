"""The programs of a competition: what the composer writes for it, kept by cost and never by score."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ruler.host import Job, run
from ruler.plan import Plan
from ruler.store import digest, write_json

ROOT = Path(__file__).resolve().parents[2]
DRAWS = ROOT / "bench" / "composer-draws.mjs"


def pool_of(folder: Path, prepared: Path, first_view: Path, scratch: Path, plan: Plan) -> list[dict[str, Any]]:
    """Draws and measures the pool once per competition; later seeds run the same programs."""
    listing = folder / "pool.json"
    if listing.is_file():
        return json.loads(listing.read_text("utf-8"))
    draft = folder.with_name(".pool")
    shutil.rmtree(draft, ignore_errors=True)
    drawn = _draw(prepared, draft, plan)
    kept = _affordable(drawn, first_view, scratch, plan)
    for path in drawn:
        if path.name not in {entry["file"] for entry in kept}:
            path.unlink()
    write_json(draft / "pool.json", kept)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return kept


def _draw(prepared: Path, goal: Path, plan: Plan) -> list[Path]:
    """Plain names, and no guess of the score inside: the order is that of the composer."""
    command = ["node", str(DRAWS), str(prepared), str(goal), str(plan.drawn), str(plan.told_seconds), "1"]
    done = subprocess.run(command, check=False, capture_output=True, env=dict(os.environ), text=True)
    if done.returncode != 0:
        raise RuntimeError(f"no programs were drawn: {done.stderr.strip()[-300:]}")
    paths = sorted(goal.glob("*.py"))
    return [path.rename(goal / f"n{number}.py") for number, path in enumerate(paths, 1)]


def _affordable(drawn: list[Path], view: Path, scratch: Path, plan: Plan) -> list[dict[str, Any]]:
    """The first programs that end in time on one view and fit the pool's seconds together."""
    kept: list[dict[str, Any]] = []
    spent = 0.0
    jobs = (Job(path.stem, path, view, scratch / path.stem) for path in drawn if len(kept) < plan.kept)
    for done in run(jobs, 1, plan.killed_after):
        shutil.rmtree(done.job.place)
        if done.ok and done.seconds <= plan.program_seconds and spent + done.seconds <= plan.pool_seconds:
            spent += done.seconds
            kept.append(_entry(done.job.program, done.seconds))
    return kept


def _entry(path: Path, seconds: float) -> dict[str, Any]:
    summary = path.read_text("utf-8").split("\n", 1)[0].strip("# ")
    return {
        "id": path.stem,
        "file": path.name,
        "summary": summary[:160],
        "family": family_of(summary),
        "sha256": digest(path),
        "seconds": round(seconds, 2),
    }


def family_of(summary: str) -> str:
    """The kind of model that the composer's one line names first."""
    if summary.startswith("mean of "):
        return "mean of models"
    return re.split(r" \(| on |;", summary, maxsplit=1)[0].strip()
