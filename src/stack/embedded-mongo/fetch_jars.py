"""Fetches Java archives by coordinate and keeps them only if their hash is the pinned one.

Usage: `python fetch_jars.py LOCK FOLDER`, with jgo on PYTHONPATH.
Each line of LOCK is `<sha256> <group>:<artifact>:<version>`.
Ends with status 1 and one line on the error stream when an archive cannot be had or has another hash.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import MavenContext

ATTEMPTS = 3


def fetch(context: MavenContext, line: str, folder: Path) -> str:
    """Puts one archive into `folder` and returns its file name."""
    expected, coordinate = line.split()
    group, artifact, version = coordinate.split(":")
    path = resolve(context, group, artifact, version)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"hash mismatch for {coordinate}: expected {expected}, got {found}")
    shutil.copyfile(path, folder / path.name)
    return path.name


def resolve(context: MavenContext, group: str, artifact: str, version: str) -> Path:
    """Downloads one archive, trying again after a fault of the network."""
    wanted = context.project(group, artifact).at_version(version).artifact()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return Path(wanted.resolve())
        except OSError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
            # A half-written file would count as downloaded.
            Path(wanted.cached_path).unlink(missing_ok=True)
    raise AssertionError("unreachable")


def main(lock: str, target: str) -> None:
    lines = Path(lock).read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory(dir=target) as scratch, ThreadPoolExecutor(8) as pool:
        context = MavenContext(repo_cache=Path(scratch), timeout=30)
        for name in pool.map(lambda line: fetch(context, line, Path(target)), lines):
            print(name, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
