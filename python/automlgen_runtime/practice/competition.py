"""What a practice competition consists of; one module per competition makes one of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Material:
    """Real data taken out of an installed package, before any split: the same for every seed."""

    table: pd.DataFrame
    #: SHA-256 by name of what was taken: a different value makes the competition a variant.
    sources: dict[str, str]


@dataclass(frozen=True)
class Division:
    """The tables of one seed. `test` still has its target; it never leaves the private folder."""

    train: pd.DataFrame
    test: pd.DataFrame
    #: PNG bytes by path below `public/`.
    images: dict[str, bytes] = field(default_factory=dict)
    #: Columns by test row that the grader needs beside the answers: `metric_group`, `scale`, `weight`.
    beside: pd.DataFrame | None = None


@dataclass(frozen=True)
class Competition:
    id: str
    title: str
    metric: str
    direction: str
    target: str
    id_column: str
    #: Columns of the submission after the id.
    columns: tuple[str, ...]
    description: str
    licence: str
    split_rule: str
    #: Standard errors of the reference table, for the manifest.
    noise: dict[str, float]
    #: Further lines of task.toml.
    task_lines: tuple[str, ...]
    #: Distributions that the data come from.
    packages: tuple[str, ...]
    take: Callable[[], Material]
    divide: Callable[[Material, int], Division]
    #: Predictions of the reference program for the test rows, in submission form.
    reference: Callable[[Division], pd.DataFrame]
    reference_note: str
    #: Column of the test rows that groups them, kept beside the answers for honest standard errors.
    group: str | None = None
    #: Whether programs see the group of the test rows, so that it can be found by comparing the tables.
    group_shown: bool = False
    #: `metric_options` of task.toml.
    metric_options: dict[str, Any] = field(default_factory=dict)

    @property
    def unseen(self) -> list[str]:
        """Columns of `Division.test` that never become public."""
        return [self.target] if self.group is None or self.group_shown else [self.target, self.group]
