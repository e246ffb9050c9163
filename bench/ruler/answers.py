"""Collects the answers of all runs of one setting into arrays, read by the product's own checks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from automlgen_runtime.errors import SubmissionFault
from automlgen_runtime.evaluate import form_of, read_view
from automlgen_runtime.metrics.classes import Names
from automlgen_runtime.ruler import Ruler, ruler_of
from automlgen_runtime.submission import PROBABILITIES, SUBMISSION, Answer, read_answer

from ruler.host import Done

Kept = list[tuple[dict[str, Any], dict[str, np.ndarray]]]
_PRINTED = re.compile(r"hold-out [^:\n]*: ([-+.\deE]+)")


def collect(
    programs: list[dict[str, Any]],
    done: Mapping[str, Done],
    prepared: dict[str, Any],
    timed: dict[str, Any] | None,
    own_ids: Mapping[str, list[str]],
    runs: Path,
) -> tuple[Kept, list[dict[str, str]]]:
    """Programs with all their answers, and those that failed anywhere, with the reason."""
    ruler = ruler_of(prepared)
    kept: Kept = []
    lost: list[dict[str, str]] = []
    for program in programs:
        mine = {key.split("/")[1]: result for key, result in done.items() if key.startswith(f"{program['id']}/")}
        failed = [view for view, result in mine.items() if not result.ok]
        try:
            if failed:
                raise SubmissionFault("exception", failed[0], mine[failed[0]].printed.strip()[-200:] or "stopped")
            arrays = _arrays(
                ruler, None if timed is None else ruler_of(timed), runs / program["id"], own_ids[program["id"]]
            )
        except SubmissionFault as fault:
            lost.append({"id": program["id"], "reason": f"{fault.code}: {fault.message}"})
            continue
        seconds = round(float(np.mean([mine[view].seconds for view in ruler.views])), 2)
        told = _PRINTED.findall(mine["full"].printed)
        kept.append(({**program, "seconds": seconds, "printed": float(told[-1]) if told else None}, arrays))
    if not kept:
        raise RuntimeError(f"no program ran on every view; the first: {lost[0]['reason']}")
    return kept, lost


def _arrays(ruler: Ruler, main: Ruler | None, runs: Path, own: list[str]) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    tests: list[Answer] = []
    for view in ruler.views:
        answer, rows = read_view(ruler, view, _files(runs / view)), ruler.rows_of(view)
        hidden, test = _split(answer, len(rows))
        _place(found, "hidden", hidden, rows, len(ruler.hidden.ids))
        tests.append(test)
    _put(
        found, "tests", Answer(*(_stacked([getattr(t, part) for t in tests]) for part in ("primary", "probabilities")))
    )
    _put(found, "full", read_view(ruler, "full", _files(runs / "full")))
    files = {name: Path(path) for name, path in _files(runs / "own").items()}
    answer = read_answer(files[SUBMISSION], files.get(PROBABILITIES), form_of(ruler), Names(own), ruler.class_names)
    _put(found, "own", answer)
    position = {name: row for row, name in enumerate(ruler.hidden.ids)}
    found["own_rows"] = np.array([position[name] for name in own], dtype=np.int64)
    if main is not None:
        hidden, test = _split(read_view(main, "main", _files(runs / "main")), len(main.hidden.ids))
        _put(found, "main", hidden)
        _put(found, "main_test", test)
    return found


def _files(place: Path) -> dict[str, str]:
    working = place / "working"
    return {name: str(working / name) for name in (SUBMISSION, PROBABILITIES) if (working / name).is_file()}


def _split(answer: Answer, hidden: int) -> tuple[Answer, Answer]:
    shares = answer.probabilities
    return (
        Answer(answer.primary[:hidden], None if shares is None else shares[:hidden]),
        Answer(answer.primary[hidden:], None if shares is None else shares[hidden:]),
    )


def _stacked(arrays: list[Any]) -> Any:
    return None if any(array is None for array in arrays) else np.stack(arrays)


def _put(found: dict[str, np.ndarray], name: str, answer: Answer) -> None:
    found[name] = answer.primary
    if answer.probabilities is not None:
        found[f"{name}.shares"] = answer.probabilities


def _place(found: dict[str, np.ndarray], name: str, answer: Answer, rows: np.ndarray, total: int) -> None:
    for key, part in ((name, answer.primary), (f"{name}.shares", answer.probabilities)):
        if part is not None:
            if key not in found:
                found[key] = np.zeros((total, *part.shape[1:]), dtype=part.dtype)
            found[key][rows] = part


def write(folder: Path, kept: Kept, prepared: dict[str, Any], timed: dict[str, Any] | None, scratch: Path) -> None:
    """Arrays by name with the programs first; shares only where every program wrote them."""
    folder.mkdir()
    names = set.intersection(*(set(arrays) for _, arrays in kept))
    stacked = {name: np.stack([arrays[name] for _, arrays in kept]) for name in sorted(names)}
    packed = {k: v.astype(np.float32) if k.endswith(".shares") or v.ndim > 3 else v for k, v in stacked.items()}
    np.savez_compressed(folder / "predictions.npz", **packed)
    shutil.copytree(prepared["hiddenFolder"], folder / "hidden")
    if timed is not None:
        shutil.copytree(timed["hiddenFolder"], folder / "hidden-main")
    base = Path(prepared["hiddenFolder"]).parent
    for path in (base / "card.json", base / "split.json", scratch / "task" / "private" / "answers.csv"):
        shutil.copy(path, folder / path.name)
