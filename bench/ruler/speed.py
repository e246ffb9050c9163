"""How long the ruler needs for a large table, and how much memory: prepared, split, scored.

    python bench/ruler/speed.py [--rows 400000] [--columns 50] [--folder /tmp/ruler-speed]

Prints a table: seconds and peak memory of the process by stage. The table is mixed: numbers, categories, dates,
missing cells. The target of the project: 400,000 rows x 50 columns within 90 s and 3 GiB on 2 cores.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

TEST_SHARE = 0.2
BEGUN = time.perf_counter()


def table(rows: int, columns: int, seed: int) -> pd.DataFrame:
    """Half numbers, a fifth whole numbers, the rest categories, dates and flags; a tenth of every third is missing."""
    rng = np.random.Generator(np.random.PCG64(seed))
    found: dict[str, Any] = {"id": rng.permutation(rows)}
    for at in range(columns - 1):
        kind = at % 10
        if kind < 5:
            found[f"number{at}"] = np.round(rng.normal(size=rows) * 10.0 ** (at % 4), 4)
        elif kind < 7:
            found[f"whole{at}"] = rng.integers(0, 10 ** (1 + at % 5), rows)
        elif kind < 9:
            found[f"kind{at}"] = rng.choice([f"level {i}" for i in range(3 + at * at)], rows)
        else:
            minutes = pd.to_timedelta(rng.integers(0, 2_000 * 1_440, rows), unit="min")
            found[f"date{at}"] = (pd.Timestamp("2015-01-01") + minutes).strftime("%Y-%m-%d %H:%M")
    made = pd.DataFrame(found)
    for name in list(made.columns)[1::3]:
        made.loc[rng.random(rows) < 0.1, name] = np.nan
    made["y"] = (made["number0"].fillna(0) + rng.normal(size=rows) > 0).astype(int)
    return made


def write_task(folder: Path, rows: int, columns: int) -> None:
    if (folder / "train.csv").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    whole = table(rows + round(rows * TEST_SHARE), columns, 1)
    whole.iloc[:rows].to_csv(folder / "train.csv", index=False)
    whole.iloc[rows:].drop(columns="y").to_csv(folder / "test.csv", index=False)


def stages(source: Path, folder: Path) -> dict[str, Any]:
    """Runs in a process of its own, so that the peak is that of the ruler alone."""
    from automlgen_runtime import prepare as module
    from automlgen_runtime.evaluate import evaluate

    task = {"id": "speed", "target": "y", "metric": "auc", "train": "train.csv", "test": "test.csv", "drop": []}
    found: dict[str, Any] = {"imports": (time.perf_counter() - BEGUN, time.process_time(), _peak())}
    timed = {"load": "load", "survey": "card", "split_rows": "split", "find_extras": "other files"}
    for name, label in timed.items():
        setattr(module, name, _timed(getattr(module, name), label, found))
    module.ViewWriter.write = _timed(module.ViewWriter.write, "views", found)  # type: ignore[method-assign]
    request = {
        "source": {"task": task, "folder": str(source)},
        "splitSeed": 1,
        "mode": "auto",
        "cheapPrograms": False,
        "folder": str(folder),
    }
    start = _clock()
    prepared = module.prepare(request)
    found["prepare, in all"] = _since(start)
    asked = pd.read_csv(Path(prepared["views"]["main"]) / "test.csv", usecols=["id", "number0"])
    answer = folder / "submission.csv"
    chance = 1 / (1 + np.exp(-asked["number0"].fillna(0)))
    pd.DataFrame({"id": asked["id"], "y": chance}).to_csv(answer, index=False)
    start = _clock()
    file = {"view": "main", "name": "submission.csv", "path": str(answer), "bytes": answer.stat().st_size}
    reply = evaluate(
        {
            "prepared": prepared,
            "nodeId": "n1",
            "family": "linear",
            "files": [file],
            "against": {},
            "elite": [],
            "unprotected": False,
        }
    )
    found["score"] = _since(start)
    found["everything"] = (time.perf_counter() - BEGUN, time.process_time(), _peak())
    if reply["kind"] != "valid" or reply["score"]["value"] < 0.7:
        raise SystemExit(f"The score is wrong: {reply}")
    return found


def _timed(function: Any, label: str, found: dict[str, Any]) -> Any:
    def run(*arguments: Any, **options: Any) -> Any:
        start = _clock()
        result = function(*arguments, **options)
        found[label] = _since(start, found.get(label, (0.0, 0.0, 0.0)))
        return result

    return run


def _clock() -> tuple[float, float]:
    """Wall and CPU seconds: on a busy machine the second says what a quiet one would need."""
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float], before: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> tuple[float, ...]:
    wall, cpu = _clock()
    return (before[0] + wall - start[0], before[1] + cpu - start[1], _peak())


def _peak() -> float:
    """MiB, of this process since it began; the counter of `getrusage` would carry over what the parent used."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--stages", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="ruler-speed-"))
    if options.stages:
        print(json.dumps(stages(folder / "task", folder / "prepared")))
        return
    write_task(folder / "task", options.rows, options.columns)
    shutil.rmtree(folder / "prepared", ignore_errors=True)
    load = os.getloadavg()[0]
    again = [sys.executable, __file__, "--stages", "--folder", str(folder)]
    run = subprocess.run(again, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise SystemExit(run.stderr)
    found = json.loads(run.stdout.splitlines()[-1])
    megabytes = sum(path.stat().st_size for path in (folder / "task").iterdir()) / 1e6
    print(f"{options.rows:,} rows x {options.columns} columns, {megabytes:.0f} MB; load before {load:.1f}")
    print(f"| {'stage':<16} | seconds | CPU seconds | peak MiB |")
    print(f"| {'-' * 16} | ------: | ----------: | -------: |")
    for name, (wall, cpu, peak) in found.items():
        print(f"| {name:<16} | {wall:7.1f} | {cpu:11.1f} | {peak:8.0f} |")
    if options.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
