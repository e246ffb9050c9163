"""Builds one practice competition into a folder: `public/` for everybody, `private/` (mode 0700) for the grader.

    python -m automlgen_runtime.practice.build p02-birthweight --seed 1 --to folder [--board board.json]

Prints one line of JSON. A folder whose manifest already fits the request is left as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from automlgen_runtime.practice.catalog import COMPETITIONS
from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.forms import sample_of
from automlgen_runtime.practice.sources import file_hash, version_of
from automlgen_runtime.practice.stored import reference_of
from automlgen_runtime.tables import write_table
from automlgen_runtime.task_errors import UserFault, did_you_mean, listing

FORMAT = 1
"""Raised whenever a builder makes other files from the same sources, so that cached folders are built anew."""
TOOLS = ("numpy", "pandas", "scikit-learn", "lightgbm")
"""Distributions that make the split and the reference program."""


def build(name: str, seed: int, folder: Path, board: Path | None) -> dict[str, Any]:
    """Makes the competition, or finds it made. The answer tells folder, `cached` and `variant`."""
    if name not in COMPETITIONS:
        raise UserFault(
            "practice-unknown",
            f'No practice competition is called "{name}".{did_you_mean(name, COMPETITIONS)}',
            f"Choose one of {listing(COMPETITIONS)}.",
        )
    competition = COMPETITIONS[name]
    board = board if board is not None and board.is_file() else None
    request = _fingerprint(competition, seed, board)
    public, private = folder / "public", folder / "private"
    if not _is_built(folder, request):
        for place in (public, private):
            shutil.rmtree(place, ignore_errors=True)
        cached = False
        material = competition.take()
        division = competition.divide(material, seed)
        private.mkdir(parents=True, mode=0o700)
        _write_public(public, competition, division)
        _write_private(private, competition, division, seed, board)
        _write_manifest(folder, competition, material, seed, request, board)
    else:
        cached = True
    manifest = json.loads((private / "manifest.json").read_text("utf-8"))
    return {
        "id": name,
        "folder": str(folder),
        "publicFolder": str(public),
        "privateFolder": str(private),
        "cached": cached,
        "variant": manifest["variant"],
    }


def _fingerprint(competition: Competition, seed: int, board: Path | None) -> str:
    """Told by versions, not by contents: looking whether a competition is built must cost nothing."""
    versions = {name: version_of(name) for name in (*competition.packages, *TOOLS)}
    parts = [FORMAT, competition.id, seed, versions, file_hash(board) if board else None]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _is_built(folder: Path, request: str) -> bool:
    """The manifest answers this request, and every file it names is there unchanged."""
    path = folder / "private" / "manifest.json"
    if not path.is_file():
        return False
    manifest = json.loads(path.read_text("utf-8"))
    if manifest.get("request") != request:
        return False
    return all(
        (folder / name).is_file() and file_hash(folder / name) == digest for name, digest in manifest["hashes"].items()
    )


def _write_public(public: Path, competition: Competition, division: Division) -> None:
    public.mkdir(parents=True)
    features = [name for name in division.test.columns if name not in competition.unseen]
    write_table(division.train, public / "train.csv")
    write_table(division.test[features], public / "test.csv")
    write_table(sample_of(competition, division), public / "sample_submission.csv")
    (public / "description.md").write_text(competition.description, "utf-8")
    (public / "task.toml").write_text(_task_toml(competition), "utf-8")
    for name, content in division.images.items():
        place = public / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _task_toml(competition: Competition) -> str:
    lines = [
        f'id = "{competition.id}"',
        f'title = "{competition.title}"',
        'description = "description.md"',
        'sample_submission = "sample_submission.csv"',
        f'target = "{competition.target}"',
        f'id_column = "{competition.id_column}"',
        f'metric = "{competition.metric}"',
        *competition.task_lines,
        *(_options(competition.metric_options) if competition.metric_options else ()),
    ]
    return "\n".join(lines) + "\n"


def _options(options: dict[str, Any]) -> list[str]:
    return ["", "[metric_options]", *(f"{name} = {json.dumps(value)}" for name, value in options.items())]


def _write_private(private: Path, competition: Competition, division: Division, seed: int, board: Path | None) -> None:
    columns = [competition.id_column, competition.target]
    answers = division.test[columns].copy()
    if competition.group:
        answers["group"] = division.test[competition.group]
    if division.beside is not None:
        answers[list(division.beside.columns)] = division.beside.to_numpy(dtype=object)
    write_table(answers, private / "answers.csv")
    write_table(reference_of(competition, division, seed), private / "reference.csv")
    if board:
        write_table(
            leaderboard(json.loads(board.read_text("utf-8")), competition.direction), private / "leaderboard.csv"
        )
    private.chmod(0o700)


def leaderboard(board: dict[str, Any], direction: str) -> pd.DataFrame:
    """Best first, ties in the order of their names."""
    sign = -1 if direction == "maximise" else 1
    entries = sorted(board["entries"], key=lambda entry: (sign * entry["score"], entry["name"]))
    rows = [{"rank": i, **{k: e[k] for k in ("score", "name", "kind")}} for i, e in enumerate(entries, 1)]
    return pd.DataFrame(rows, columns=["rank", "score", "name", "kind"])


def _write_manifest(
    folder: Path, competition: Competition, material: Material, seed: int, request: str, board: Path | None
) -> None:
    recorded = json.loads(board.read_text("utf-8")) if board else None
    files = sorted(path for part in ("public", "private") for path in (folder / part).rglob("*") if path.is_file())
    manifest = {
        "id": competition.id,
        "title": competition.title,
        "request": request,
        "seed": seed,
        "metric": competition.metric,
        "direction": competition.direction,
        "packages": {name: version_of(name) for name in (*competition.packages, *TOOLS)},
        "sources": material.sources,
        "splitRule": competition.split_rule,
        "licence": competition.licence,
        "noise": competition.noise,
        "reference": competition.reference_note,
        "boardSeed": recorded["seed"] if recorded else None,
        # No board, or one that was recorded on other data: scores cannot be compared, so there are no medals.
        "variant": recorded is None or recorded["sources"] != material.sources,
        "hashes": {path.relative_to(folder).as_posix(): file_hash(path) for path in files},
    }
    (folder / "private" / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--board", type=Path)
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(build(options.id, options.seed, options.to.absolute(), options.board)))
    except UserFault as fault:
        print(json.dumps({"error": {"code": fault.code, "message": fault.message, "next": fault.next}}))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
