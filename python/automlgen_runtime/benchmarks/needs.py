"""Which packages a piece of grading code needs, read from its imports without running it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "Levenshtein": "levenshtein",
    "dotenv": "python-dotenv",
    "nltk": "nltk",
    "rouge_score": "rouge-score",
}
"""Modules whose distribution has another name."""

ALWAYS = ("pandas",)
"""What the runner itself reads tables with."""


def requirements(checkout: Path | None, entry: Path) -> list[str]:
    """Requirement lines for `entry` and what it imports of the checkout, in the versions the checkout asks for."""
    modules = set(ALWAYS) | third_party(checkout, entry)
    wanted = constraints(checkout) if checkout else {}
    names = {DISTRIBUTIONS.get(module, module) for module in modules}
    return sorted(wanted.get(plain(name), name) for name in names)


def third_party(checkout: Path | None, entry: Path) -> set[str]:
    """Top-level modules that are neither of the standard library nor of the checkout, found through its own files."""
    found: set[str] = set()
    seen: set[Path] = set()
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name, level in imports(path):
            local = local_files(checkout, path, name, level)
            waiting.extend(local)
            top = name.split(".")[0]
            if level == 0 and not local and top and not is_of(checkout, top) and top not in sys.stdlib_module_names:
                found.add(top)
    return found


def imports(path: Path) -> list[tuple[str, int]]:
    """Imports that run when the module is loaded: not those inside functions."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, OSError):
        return []
    found: list[tuple[str, int]] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found.extend((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            found.append((base, node.level))
            found.extend((f"{base}.{alias.name}".strip("."), node.level) for alias in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def is_of(checkout: Path | None, top: str) -> bool:
    return checkout is not None and ((checkout / top).is_dir() or (checkout / f"{top}.py").is_file())


def local_files(checkout: Path | None, path: Path, name: str, level: int) -> list[Path]:
    """Files of the checkout that an import loads: the module, and the `__init__.py` of its packages."""
    parts = name.split(".") if name else []
    if level > 0:
        base: Path | None = path.parents[level - 1]
    else:
        base = checkout
    if base is None:
        return []
    found = []
    for end in range(1, len(parts) + 1):
        place = base.joinpath(*parts[:end])
        found.extend(file for file in (place / "__init__.py", place.with_name(place.name + ".py")) if file.is_file())
    return found


def constraints(checkout: Path) -> dict[str, str]:
    """Requirement lines of the checkout's pyproject.toml by the plain name of the distribution."""
    file = checkout / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except tomllib.TOMLDecodeError:
        return {}
    return {plain(re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0]): line for line in project.get("dependencies", [])}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
