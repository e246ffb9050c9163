"""The size of the experiment. Everything that bounds its cost is here and is printed with the results."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
"""Raised whenever records of an earlier version cannot be used any more."""


@dataclass(frozen=True)
class Plan:
    """Bounds of one recording."""

    #: Programs of the composer that are drawn, and the most that are kept.
    drawn: int = 26
    kept: int = 16
    #: CPU seconds on one view that the kept programs may need together, and each of them.
    pool_seconds: float = 6.5
    program_seconds: float = 1.1
    #: What the composer is told: it sizes programs by their limits.
    told_seconds: int = 8
    #: A run is stopped at this many CPU seconds.
    killed_after: int = 12
    #: Labelled rows and test rows that are kept of tables, and of texts and images.
    table_rows: int = 5_000
    other_rows: int = 1_800
    test_rows: int = 2_500
    other_tests: int = 1_000

    def labelled(self, modality: str) -> int:
        return self.table_rows if modality == "tabular" else self.other_rows

    def tests(self, modality: str) -> int:
        return self.test_rows if modality == "tabular" else self.other_tests

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}
