"""Builds and prepares practice competitions for `record.mjs`: prints one line of JSON for each, `{id, prepared, public}`.

python bench/prompts/prepare.py <scratch folder> <id> ...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from automlgen_runtime.practice.build import build
from automlgen_runtime.prepare import prepare
from ruler.smaller import task_of


def main(folder: Path, names: list[str]) -> None:
    for name in names:
        public = Path(build(name, 1, folder / name, None)["publicFolder"])
        request = {
            "source": {"task": task_of(public), "folder": str(public)},
            "splitSeed": 1,
            "mode": "auto",
            "cheapPrograms": False,
            "folder": str(folder / f"{name}-prepared"),
        }
        print(json.dumps({"id": name, "prepared": prepare(request), "public": str(public)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
