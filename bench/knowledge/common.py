"""What the measurements share: practice data, the shipped feature code, and how a figure is printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "authors" / "composer" / "templates"


def practice(name: str, seed: int = 1) -> Path:
    """The public folder of a practice competition, built into the folder for temporary files if it is not there yet."""
    folder = Path(tempfile.gettempdir()) / "automlgen-bench-knowledge" / f"{name}-{seed}"
    command = [sys.executable, "-m", "automlgen_runtime.practice.build", name, "--seed", str(seed), "--to", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return Path(json.loads(done.stdout)["publicFolder"])


def shipped(slug: str, function: str, **values: object) -> Callable[..., np.ndarray]:
    """The function of a feature component exactly as programs get it, with its parameters filled in."""
    text = (TEMPLATES / f"{slug}.py.tpl").read_text()
    sections = dict(re.findall(r"^#: (imports|functions)\n(.*?)(?=^#: |\Z)", text, re.M | re.S))
    source = sections.get("imports", "") + sections["functions"]
    for name, value in values.items():
        source = source.replace(f"__{name}__", repr(value))
    scope: dict[str, object] = {"np": np, "pd": pd}
    exec(source, scope)
    made = scope[function]
    assert callable(made)
    return made


def line(name: str, *figures: float, digits: int = 3) -> None:
    """One line of output: a name and its figures."""
    print(f"{name:<52}", *(f"{figure:.{digits}f}" for figure in figures), flush=True)
