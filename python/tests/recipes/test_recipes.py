"""Every debug recipe is proven: its broken program ends with an error that its signature finds, the fixed one runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
ENTRIES = HERE.parents[2] / "src" / "knowledge" / "entries" / "strategy" / "debug"
RUNTIME = HERE.parents[1] / "automlgen_runtime"
CHECKS = [
    RUNTIME / "submission.py",
    RUNTIME / "cells.py",
    RUNTIME / "plausibility.py",
    RUNTIME / "entry" / "view.py",
    HERE.parents[2] / "src" / "execution" / "local" / "classify.ts",
]
SLUGS = sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir())

PRODUCT_RECIPES = {
    "submission-ids": [
        "ids more than once, for example",
        "ids that ./input/test.csv has not, for example",
        "Predict every row of ./input/test.csv.",
    ],
    "submission-numbers": [
        "rows with NaN or infinite numbers, for example",
        "rows whose probabilities do not sum to 1, for example",
        "rows with probabilities outside 0 to 1, for example",
        "needs numbers of 0 or above",
    ],
    "out-of-time": ["still running after", "asked to stop shortly before"],
    "no-submission-written": ["The program ended without an error but did not write working/"],
    "constant-prediction": ["predictions are the same: the program learnt nothing from the features."],
}
"""Recipes for messages of the product itself: words of its checks that the recipe's example lines must hold."""


class Ended(NamedTuple):
    code: int
    stderr: str


@pytest.fixture(scope="session")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """How each program ended, by `<slug>/<broken|fixed>`."""
    programs = [PROGRAMS / slug / f"{which}.py" for slug in SLUGS for which in ("broken", "fixed")]
    command = [sys.executable, "-W", "ignore", str(HERE / "fork_host.py"), str(tmp_path_factory.mktemp("recipes"))]
    result = subprocess.run([*command, *map(str, programs)], capture_output=True, text=True, check=True, timeout=600)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return {f"{Path(r['program']).parent.name}/{Path(r['program']).stem}": Ended(r["code"], r["stderr"]) for r in rows}


def signature_of(slug: str) -> re.Pattern[str]:
    """The entry's expression; named groups are written in the way of JavaScript there."""
    text = (ENTRIES / f"{slug}.md").read_text(encoding="utf-8")
    quoted = re.search(r"^signature: '(.*)'$", text, re.MULTILINE)
    assert quoted is not None, f"{slug}.md has no signature in single quotes"
    return re.compile(quoted[1].replace("''", "'").replace("(?<", "(?P<"), re.MULTILINE)


@pytest.mark.parametrize("slug", SLUGS)
def test_broken_program_fails_with_the_signature(slug: str, ended: dict[str, Ended]) -> None:
    code, stderr = ended[f"{slug}/broken"]
    assert code == 1
    assert signature_of(slug).search(stderr), stderr[-2000:]


@pytest.mark.parametrize("slug", SLUGS)
def test_fixed_program_runs(slug: str, ended: dict[str, Ended]) -> None:
    code, stderr = ended[f"{slug}/fixed"]
    assert code == 0, stderr[-2000:]
    assert not signature_of(slug).search(stderr)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_other_recipe_claims_the_error(slug: str, ended: dict[str, Ended]) -> None:
    others = {path.stem for path in ENTRIES.glob("*.md")} - {slug}
    assert {other for other in others if signature_of(other).search(ended[f"{slug}/broken"].stderr)} == set()


def test_every_recipe_is_proven_or_speaks_of_the_product() -> None:
    assert {path.stem for path in ENTRIES.glob("*.md")} == {*SLUGS, *PRODUCT_RECIPES}


@pytest.mark.parametrize("slug", PRODUCT_RECIPES)
def test_product_recipes_use_the_words_of_the_checks(slug: str) -> None:
    checks = "".join(path.read_text(encoding="utf-8") for path in CHECKS)
    examples = (ENTRIES / f"{slug}.md").read_text(encoding="utf-8").split("level:")[0]
    for words in PRODUCT_RECIPES[slug]:
        assert words in checks, f"the checks no longer say: {words}"
        assert words in examples
        assert signature_of(slug).search(examples)
