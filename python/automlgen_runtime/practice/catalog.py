"""The practice competitions by id."""

from __future__ import annotations

from automlgen_runtime.practice.birthweight import COMPETITION as BIRTHWEIGHT
from automlgen_runtime.practice.competition import Competition

COMPETITIONS: dict[str, Competition] = {c.id: c for c in (BIRTHWEIGHT,)}
