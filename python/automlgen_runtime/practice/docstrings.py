"""p06: which library a docstring comes from. Read with `ast`: no library is imported."""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import tfidf_logistic
from automlgen_runtime.practice.sources import package_folder, table_hash

LIBRARIES = {
    "matplotlib": "matplotlib",
    "networkx": "networkx",
    "numpy": "numpy",
    "pandas": "pandas",
    "scipy": "scipy",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "statsmodels": "statsmodels",
    "xgboost": "xgboost-cpu",
}
"""Import name (the label) and distribution."""
MOST = 1_600
"""Docstrings of one library: the largest would drown the others."""
SHORTEST, LONGEST = 40, 600
TEST_SHARE = 0.3
_NAMES = re.compile(
    r"\b(?:matplotlib|pyplot|plt|mpl|networkx|nx|numpy|np|pandas|pd|scipy|skimage|scikit-image|sklearn|scikit-learn|"
    r"scikit|statsmodels|sm|xgboost|xgb)\b",
    re.IGNORECASE,
)
"""Names that would give the answer away; replaced by a neutral word."""

DESCRIPTION = """# Docstrings

Each row is the first paragraph of a docstring of a function, method or class of one of nine Python libraries. Say which
library it comes from, as probabilities. The libraries' own names were replaced by `LIBRARY`.

## Files

- `train.csv`: `id`, `text`, `library` (the target), `file` (an opaque name of the source file)
- `test.csv`: `id`, `text`
- `sample_submission.csv`: the form of the answer

No source file has docstrings in both tables, so divide by `file` when you validate: docstrings of a
file resemble each other.

## Evaluation

Multi-class log loss (`logloss`), smaller is better. The submission has `id` and one column per library.
"""


def take() -> Material:
    parts = [_of_library(library) for library in LIBRARIES]
    table = pd.concat(parts, ignore_index=True)
    # A text that several libraries use tells nothing; of several in one library the first stays.
    shared = table.groupby("text")["library"].transform("nunique") > 1
    table = table[~shared].drop_duplicates("text").reset_index(drop=True)
    order = table["text"].map(lambda text: hashlib.sha256(text.encode()).hexdigest()).sort_values(kind="stable").index
    table = table.loc[order].groupby("library", sort=True).head(MOST).sort_index().reset_index(drop=True)
    return Material(table, {"docstrings": table_hash(table)})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 6]))
    table = material.table
    files = np.array(sorted(table["file"].unique()))
    names = dict(zip(files, (f"f{n:04d}" for n in rng.permutation(len(files))), strict=True))
    in_test = set(_test_files(table, files, rng))
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    table.insert(0, "id", [f"d{n:05d}" for n in rng.permutation(len(table))])
    test = table["file"].isin(in_test)
    table["file"] = table["file"].map(names)
    table = table[["id", "text", "library", "file"]]
    return Division(train=table[~test].reset_index(drop=True), test=table[test].reset_index(drop=True))


def _test_files(table: pd.DataFrame, files: np.ndarray, rng: np.random.Generator) -> Iterator[str]:
    """Files at random, library by library, until they hold 30 % of its docstrings."""
    sizes = table.groupby("file").size()
    for library in LIBRARIES:
        own = [name for name in files if name.startswith(f"{library}/")]
        wanted = TEST_SHARE * float(sizes[own].sum())
        for name in rng.permutation(own):
            if wanted <= sizes[name] / 2:
                continue
            wanted -= float(sizes[name])
            yield str(name)


def _of_library(library: str) -> pd.DataFrame:
    root = package_folder(library)
    rows = []
    for path in sorted(root.rglob("*.py")):
        name = f"{library}/{path.relative_to(root).as_posix()}"
        if "/tests/" in name or path.name.startswith("test_") or path.name == "conftest.py":
            continue
        rows += [(text, library, name) for text in _paragraphs(path)]
    return pd.DataFrame(rows, columns=["text", "library", "file"])


def _paragraphs(path: Path) -> Iterator[str]:
    """First paragraphs of all docstrings below the module's own, on one line each."""
    source = path.read_text("utf-8", errors="replace")
    if '"""' not in source and "'''" not in source:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            return
    for node in _definitions(tree):
        text = ast.get_docstring(node)
        if text is None:
            continue
        paragraph = _NAMES.sub("LIBRARY", " ".join(text.split("\n\n")[0].split()))
        if len(paragraph) >= SHORTEST:
            yield paragraph[:LONGEST]


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definitions(node: ast.AST) -> Iterator[_Definition]:
    """Functions and classes in statements; expressions hold none and are most of a tree."""
    for field in ("body", "orelse", "finalbody", "handlers"):
        for child in getattr(node, field, ()):
            if isinstance(child, _Definition):
                yield child
            yield from _definitions(child)


COMPETITION = Competition(
    id="p06-docstrings",
    title="Which library a docstring comes from",
    metric="logloss",
    direction="minimise",
    target="library",
    id_column="id",
    columns=tuple(LIBRARIES),
    description=DESCRIPTION,
    licence="Texts of the named libraries, under their own licences (BSD-3, PSF-like, Apache-2.0).",
    split_rule="whole source files at random within each library, 70 % train, 30 % test",
    noise={"unpairedSE": 0.018, "pairedSE": 0.0065},
    task_lines=('group = "file"',),
    packages=tuple(sorted(LIBRARIES.values())),
    take=take,
    divide=divide,
    reference=lambda division: tfidf_logistic(division, "library", "id", "text"),
    reference_note="word TF-IDF and logistic regression with scikit-learn's defaults",
    group="file",
)
