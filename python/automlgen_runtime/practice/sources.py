"""Finding files inside installed packages without importing them, and hashing what was taken."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from pathlib import Path

import pandas as pd

from automlgen_runtime.task_errors import UserFault


def package_folder(name: str) -> Path:
    """Where the package `name` is installed; raises `UserFault` when it is not."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise UserFault("python-missing", f'The Python package "{name}" is not installed.', f"pip install {name}")
    return Path(next(iter(spec.submodule_search_locations)))


def data_file(package: str, name: str) -> Path:
    """A file inside an installed package; raises `UserFault` where the package, or this version of it, lacks it."""
    path = package_folder(package) / name
    if path.is_file():
        return path
    raise UserFault(
        "practice-data-missing",
        f"The installed {package} does not carry {name}.",
        "Install the version in python/requirements.lock, or choose another competition.",
    )


def version_of(distribution: str) -> str:
    """The installed version; raises `UserFault` when there is none."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        raise UserFault(
            "python-missing", f'The Python package "{distribution}" is not installed.', f"pip install {distribution}"
        ) from None


def file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def table_hash(table: pd.DataFrame) -> str:
    return hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
