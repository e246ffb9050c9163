"""Applies every rule to the records and writes small results, from which the tables are made.

    PYTHONPATH=python:bench python -m ruler.measure [--cache folder] [--results folder] [--competitions ...] [--again]

A setting that was measured from the same record is left as it is, unless `--again`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from ruler import arrivals, rules, store
from ruler.setting import Setting
from ruler.takes import oracle

RESULTS = Path(__file__).resolve().parent / "results"


def measure(record: store.Record) -> dict[str, Any]:
    """All values of one competition at one seed."""
    seed = record.about["seed"]
    tally = rules.Tally()
    with tempfile.TemporaryDirectory(prefix="bench-ruler-") as place:
        setting = Setting(record, Path(place))
        rules.own_splits(setting, tally)
        rules.cross_validation(setting, tally)
        rules.hidden_rows(setting, tally, seed)
        if not setting.timed:
            rules.whole_folds(setting, tally)
            arrivals.arriving(setting, tally, seed)
        alone = oracle(setting)
        sign = setting.private.ruler.metric.sign
        timed, grouped = setting.timed, setting.groups is not None
    return {
        "seed": seed,
        "record": record.about["files"]["predictions.npz"][:16],
        "programs": setting.count,
        "best": _short(sign * max(sign * value for value in alone)),
        "median": _short(float(np.median(alone))),
        "relation": "time" if timed else "group" if grouped else "random",
        "cpuSeconds": record.about["cpuSeconds"],
        "values": {key: _short(float(np.mean(found))) for key, found in sorted(tally.values.items())},
        "shown": {
            key: [_short(float(x)) for x in np.mean(np.array(found), axis=0)]
            for key, found in sorted(tally.shown.items())
        },
        "counts": {key: _short(float(np.mean(found))) for key, found in sorted(tally.counts.items())},
    }


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def update(path: Path, record: store.Record, again: bool) -> str:
    """Adds the setting to the file of its competition."""
    about = record.about
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {"settings": []}
    same = [s for s in found["settings"] if s["seed"] == about["seed"]]
    if same and same[0]["record"] == about["files"]["predictions.npz"][:16] and not again:
        return "measured before"
    measured = measure(record)
    rest = [s for s in found["settings"] if s["seed"] != about["seed"]]
    result = {
        "competition": about["competition"],
        "metric": record.card["metric"],
        "direction": record.card["direction"],
        "modality": record.card["modality"],
        "rows": about["rows"],
        "plan": about["plan"],
        "pool": [
            {**{key: p[key] for key in ("id", "summary", "seconds")}, "sha256": p["sha256"][:12]}
            for p in about["programs"]
        ],
        "settings": sorted([*rest, measured], key=lambda s: s["seed"]),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_text(result), "utf-8")
    return f"best single {measured['best']:g}"


def _text(result: dict[str, Any]) -> str:
    """JSON with one line per setting and per program: small, and readable in a diff."""
    lines = {
        key: json.dumps(value, ensure_ascii=False) for key, value in result.items() if key not in ("pool", "settings")
    }
    head = ",\n".join(f' "{key}": {value}' for key, value in lines.items())
    lists = ",\n".join(
        f' "{key}": [\n' + ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in result[key]) + "\n ]"
        for key in ("pool", "settings")
    )
    return f"{{\n{head},\n{lists}\n}}\n"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=store.default_cache())
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--competitions", nargs="+")
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    for folder in store.records(options.cache):
        name = folder.parent.name
        if options.competitions and name not in options.competitions:
            continue
        told = update(options.results / f"{name}.json", store.load(folder), options.again)
        print(f"{name}, seed {folder.name}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
