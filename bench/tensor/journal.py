"""What has been recorded so far: one line for each plan, and its predictions in a file of their own, with checksums.

<cache>/<landscape>/records.jsonl, predictions/<plan>.npy. A line is written after the file it speaks of, so that a run
which is killed loses the plans under way and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


def digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@dataclass(frozen=True)
class Journal:
    folder: Path

    @property
    def _lines(self) -> Path:
        return self.folder / "records.jsonl"

    def predictions(self, plan: str) -> Path:
        return self.folder / "predictions" / f"{plan}.npy"

    def add(self, record: Mapping[str, Any], predictions: np.ndarray | None) -> None:
        """`predictions`: of a valid program, those at the hidden rows before those at the test rows."""
        line = dict(record)
        if predictions is not None:
            goal = self.predictions(line["id"])
            goal.parent.mkdir(parents=True, exist_ok=True)
            draft = goal.with_suffix(".draft")
            with draft.open("wb") as handle:
                np.save(handle, predictions.astype(np.float32))
            draft.replace(goal)
            line["predictions"] = digest(goal)
        with self._lines.open("a", encoding="utf-8") as handle:
            handle.write(self._ending() + json.dumps(line, ensure_ascii=False) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def _ending(self) -> str:
        """Ends a line that a kill cut off, so that it takes no other with it."""
        with self._lines.open("rb") as handle:
            size = handle.seek(0, os.SEEK_END)
            if size == 0:
                return ""
            handle.seek(-1, os.SEEK_END)
            return "" if handle.read() == b"\n" else "\n"

    def load(self, plan: str) -> np.ndarray:
        return np.load(self.predictions(plan))

    def read(self, programs: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Records by plan. `programs`: checksums of the programs now; what was recorded of another one, or has lost its
        predictions, does not count and is recorded again. A torn last line is passed over."""
        found: dict[str, dict[str, Any]] = {}
        if not self._lines.is_file():
            return found
        for text in self._lines.read_text("utf-8").splitlines():
            record = _parsed(text)
            if record is not None and programs.get(record["id"]) == record["program"] and self._is_whole(record):
                found[record["id"]] = record
        return found

    def _is_whole(self, record: Mapping[str, Any]) -> bool:
        if "predictions" not in record:
            return True
        path = self.predictions(record["id"])
        return path.is_file() and digest(path) == record["predictions"]


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None
