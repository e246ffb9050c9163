"""A record whose every answer can be worked out by hand: each program misses the truth by numbers of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from ruler import store
from ruler.plan import Plan

ROWS, TESTS = 400, 200
Miss = float | tuple[float, float]
"""Off by this much everywhere, or on even and on odd rows."""


def write_record(
    folder: Path, misses: list[Miss], own: list[float] | None = None, refit: float = 0.5, seed: int = 1
) -> store.Record:
    """Program i is off by misses[i], by own[i] on its own split, by refit x misses[i] when refitted."""
    pairs = np.array([miss if isinstance(miss, tuple) else (miss, miss) for miss in misses])
    random = np.random.default_rng(5)
    truth, private = random.normal(100, 20, ROWS), random.normal(100, 20, TESTS)
    fold = np.arange(ROWS) % 5
    ids = [f"r{i}" for i in range(ROWS + TESTS)]
    draft = folder / "draft"
    (draft / "hidden").mkdir(parents=True)
    labels = pd.DataFrame(
        {"row_id": ids[:ROWS], "part": [f"fold{k + 1}" for k in fold], "label": [repr(float(v)) for v in truth]}
    )
    labels.to_csv(draft / "hidden" / "labels.csv", index=False)
    tests = pd.DataFrame({"row_id": ids[ROWS:], "original_id": [f"t{i}" for i in range(TESTS)]})
    tests.to_csv(draft / "hidden" / "test_ids.csv", index=False)
    answers = pd.DataFrame({"id": tests["original_id"], "y": [repr(float(v)) for v in private]})
    answers.iloc[::-1].to_csv(draft / "answers.csv", index=False)
    card = {
        "taskId": "toy",
        "metric": "rmse",
        "direction": "minimise",
        "modality": "tabular",
        "target": "y",
        "idColumn": "id",
        "submissionColumns": ["y"],
        "targetRange": [-1e6, 1e6],
    }
    store.write_json(draft / "card.json", card)
    store.write_json(draft / "split.json", {"mode": "folds", "folds": 5, "seed": seed, "relation": "random"})
    off, off_test = (pairs[:, np.arange(count) % 2] for count in (ROWS, TESTS))
    own_rows = np.stack([random.permutation(ROWS)[:80] for _ in misses])
    np.savez_compressed(
        draft / "predictions.npz",
        hidden=truth + off,
        tests=np.repeat((private + off_test)[:, None], 5, axis=1),
        full=private + refit * off_test,
        own=truth[own_rows] + np.array(own or pairs[:, 0])[:, None],
        own_rows=own_rows,
    )
    programs = [
        {"id": f"n{i + 1}", "family": f"family {i}", "seconds": 1.0, "printed": 1.0, "summary": "", "sha256": ""}
        for i in range(len(misses))
    ]
    rows = {"labelled": ROWS, "test": TESTS, "labelledBefore": ROWS, "testBefore": TESTS}
    about = {"competition": "toy", "seed": seed, "plan": Plan().as_json(), "rows": rows, "lost": [], "cpuSeconds": 1.0}
    goal = folder / "toy" / str(seed)
    store.seal(draft, goal, {**about, "programs": programs})
    return store.load(goal)


def record_json(folder: Path) -> dict:
    return json.loads((folder / store.NAME).read_text("utf-8"))
