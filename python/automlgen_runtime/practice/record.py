"""Records a leaderboard: hand-written programs, the reference, and a folder of programs made by the composer.

    python -m automlgen_runtime.practice.record p02-birthweight --board board.json [--programs folder]

Boards are recorded with builder seed 1. Entries that the board has already are kept: recording can be done in parts.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.competition import Competition, Division
from automlgen_runtime.practice.forms import private_score, sample_of
from automlgen_runtime.practice.stored import reference_of
from automlgen_runtime.tables import write_table

SEED = 1
BASELINES = {
    "p01-manifest": ("baselines_manifest", "manifest_baselines"),
    "p02-birthweight": ("baselines_table", "table_baselines"),
    "p03-clinic": ("baselines_clinic", "clinic_baselines"),
    "p04-marriage": ("baselines_marriage", "marriage_baselines"),
    "p05-melting": ("baselines_melting", "melting_baselines"),
    "p06-docstrings": ("baselines_text", "text_baselines"),
    "p07-ui-language": ("baselines_language", "language_baselines"),
    "p08-noisy-digits": ("baselines_digits", "digit_baselines"),
    "p09-textures": ("baselines_image", "image_baselines"),
    "p10-fertility": ("baselines_series", "series_baselines"),
    "p12-diamonds": ("baselines_diamonds", "diamond_baselines"),
}
"""Module and function that make the hand-written programs of each competition."""
Program = Callable[[Division], pd.DataFrame]


def record(name: str, board: Path, programs: Path | None, seconds: float) -> None:
    competition = COMPETITIONS[name]
    material = competition.take()
    division = competition.divide(material, SEED)
    found = json.loads(board.read_text("utf-8")) if board.is_file() else {"entries": []}
    found |= {
        "competition": name,
        "seed": SEED,
        "metric": competition.metric,
        "direction": competition.direction,
        "sources": material.sources,
        "made": "Scores on the private rows of builder seed 1, recorded by automlgen_runtime.practice.record. "
        "baseline: hand-written programs of baselines_*.py; reference: the reference program; "
        "composer: programs of the composer's portfolio and its random draws, run as they are.",
    }
    done = {entry["name"] for entry in found["entries"]}
    for entry in _entries(competition, division, programs, seconds, done):
        found["entries"].append(entry)
        print(f"{entry['score']:12.5f}  {entry['seconds']:6.1f} s  {entry['kind']:9s}  {entry['name']}", flush=True)
        _save(board, found)
    _save(board, found)


def _entries(
    competition: Competition, division: Division, programs: Path | None, seconds: float, done: set[str]
) -> Iterator[dict[str, Any]]:
    plain: list[tuple[str, str, str, Program]] = [
        ("reference", "reference", competition.reference_note, lambda d: reference_of(competition, d, SEED)),
        *((name, "baseline", how, program) for name, (how, program) in _baselines(competition.id).items()),
        *(
            (path.stem, "composer", _first_line(path), _script(path, competition, seconds))
            for path in _scripts(programs)
        ),
    ]
    for name, kind, how, program in plain:
        if name in done:
            continue
        started = time.monotonic()
        try:
            value = _score(competition, division, program(division))
        except (ProgramFailed, ValueError, KeyError) as fault:
            print(f"left out: {name}: {fault}", file=sys.stderr, flush=True)
            continue
        took = round(time.monotonic() - started, 1)
        yield {"name": name, "kind": kind, "how": how, "score": round(value, 5), "seconds": took}


class ProgramFailed(Exception):
    """A composer program did not leave a submission."""


def _baselines(name: str) -> dict[str, tuple[str, Program]]:
    """The hand-written programs of a competition; their modules import much, so only the one that is needed is read."""
    module, function = BASELINES[name]
    return getattr(importlib.import_module(f"automlgen_runtime.practice.{module}"), function)()


def _scripts(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.py")) if folder else []


def _first_line(path: Path) -> str:
    return path.read_text("utf-8").lstrip().split("\n", 1)[0].strip('"# ')[:160]


def _script(path: Path, competition: Competition, seconds: float) -> Program:
    def run(division: Division) -> pd.DataFrame:
        with tempfile.TemporaryDirectory() as place:
            _lay_out(Path(place), competition, division)
            command = [sys.executable, str(path.absolute())]
            environment = {**os.environ, "OMP_NUM_THREADS": "2", "PYTHONPATH": ""}
            try:
                done = subprocess.run(
                    command, cwd=place, env=environment, capture_output=True, timeout=seconds, check=False
                )
            except subprocess.TimeoutExpired:
                raise ProgramFailed(f"not finished after {seconds:g} s") from None
            answer = Path(place) / "working" / "submission.csv"
            if not answer.is_file():
                raise ProgramFailed(done.stderr.decode(errors="replace").strip()[-200:] or "no submission.csv")
            return pd.read_csv(answer, dtype={competition.id_column: str})

    return run


def _lay_out(place: Path, competition: Competition, division: Division) -> None:
    """The folders that every candidate program expects."""
    given = place / "input"
    write_table(division.train, given / "train.csv")
    write_table(division.test.drop(columns=competition.unseen), given / "test.csv")
    write_table(sample_of(competition, division), given / "sample_submission.csv")
    (given / "description.md").write_text(competition.description, "utf-8")
    for name, content in division.images.items():
        (given / name).parent.mkdir(parents=True, exist_ok=True)
        (given / name).write_bytes(content)
    (place / "working").mkdir()


def _score(competition: Competition, division: Division, answer: pd.DataFrame) -> float:
    result = private_score(competition, division, answer)
    if not np.isfinite(result):
        raise ProgramFailed("the score is not finite")
    return result


def _save(board: Path, found: dict[str, Any]) -> None:
    sign = -1 if found["direction"] == "maximise" else 1
    ordered = sorted(found["entries"], key=lambda entry: (sign * entry["score"], entry["name"]))
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in ordered)
    head = json.dumps({k: v for k, v in found.items() if k != "entries"}, indent=1, ensure_ascii=False)
    text = f'{head[:-2]},\n "entries": [\n{lines}\n ]\n}}\n'
    json.loads(text)
    board.parent.mkdir(parents=True, exist_ok=True)
    board.write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id", choices=list(COMPETITIONS))
    parser.add_argument("--board", type=Path, required=True)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    record(options.id, options.board, options.programs, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
