"""The practice competitions by id."""

from __future__ import annotations

from automlgen_runtime.practice.birthweight import COMPETITION as BIRTHWEIGHT
from automlgen_runtime.practice.clinic import COMPETITION as CLINIC
from automlgen_runtime.practice.competition import Competition
from automlgen_runtime.practice.diamonds import COMPETITION as DIAMONDS
from automlgen_runtime.practice.docstrings import COMPETITION as DOCSTRINGS
from automlgen_runtime.practice.fertility import COMPETITION as FERTILITY
from automlgen_runtime.practice.manifest import COMPETITION as MANIFEST
from automlgen_runtime.practice.manifest import LEAK_DRILL
from automlgen_runtime.practice.marriage import COMPETITION as MARRIAGE
from automlgen_runtime.practice.melting import COMPETITION as MELTING
from automlgen_runtime.practice.noisy_digits import COMPETITION as NOISY_DIGITS
from automlgen_runtime.practice.textures import COMPETITION as TEXTURES
from automlgen_runtime.practice.ui_language import COMPETITION as UI_LANGUAGE

_ALL: tuple[Competition, ...] = (
    MANIFEST,
    LEAK_DRILL,
    BIRTHWEIGHT,
    CLINIC,
    MARRIAGE,
    MELTING,
    DOCSTRINGS,
    UI_LANGUAGE,
    NOISY_DIGITS,
    TEXTURES,
    FERTILITY,
    DIAMONDS,
)
COMPETITIONS: dict[str, Competition] = {competition.id: competition for competition in _ALL}
