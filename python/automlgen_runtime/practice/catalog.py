"""The practice competitions by id."""

from __future__ import annotations

from automlgen_runtime.practice.birthweight import COMPETITION as BIRTHWEIGHT
from automlgen_runtime.practice.competition import Competition
from automlgen_runtime.practice.docstrings import COMPETITION as DOCSTRINGS
from automlgen_runtime.practice.textures import COMPETITION as TEXTURES

COMPETITIONS: dict[str, Competition] = {c.id: c for c in (BIRTHWEIGHT, DOCSTRINGS, TEXTURES)}
