"""A split of a program's own: a random fifth of the labelled rows, drawn anew for each program and blind to groups."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
from automlgen_runtime.tables import write_table

from ruler.smaller import read

SHARE = 0.2


def write_own_view(full: Path, goal: Path, id_column: str, number: int, seed: int, among: Collection[str]) -> list[str]:
    """The view on which program `number` tests itself; returns the ids it is tested on. Other files are linked.

    `among`: ids of the rows whose truth is recorded. In a task in time the earliest rows are hidden in no fold.
    """
    goal.mkdir(parents=True)
    for path in full.iterdir():
        if path.name not in ("train.csv", "test.csv", "sample_submission.csv"):
            (goal / path.name).symlink_to(path)
    train, test, sample = (read(full / name) for name in ("train.csv", "test.csv", "sample_submission.csv"))
    known = np.flatnonzero(train[id_column].isin(among))
    chosen = np.random.default_rng([seed, number, 43]).permutation(known)[: round(SHARE * len(known))]
    inner, outer = train.drop(index=train.index[chosen]), train.iloc[chosen]
    write_table(inner, goal / "train.csv")
    write_table(outer[list(test.columns)], goal / "test.csv")
    ids = outer[id_column].tolist()
    constants = {name: sample[name].iloc[0] for name in sample.columns if name != id_column}
    write_table(pd.DataFrame({id_column: ids, **constants})[list(sample.columns)], goal / "sample_submission.csv")
    return ids
