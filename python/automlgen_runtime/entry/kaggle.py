"""The paths of Kaggle's notebooks, for programs that name them: `/kaggle/input/<competition>` and `/kaggle/working`."""

import re
from pathlib import Path

from automlgen_runtime.entry import disk

COMPETITION = re.compile(rb"/kaggle/input/([A-Za-z0-9][A-Za-z0-9_-]{0,99})(?=[/\"'\s])")
MOST_NAMES = 8
READ_BYTES = 1024 * 1024


def options(program: Path, shown: Path) -> list[str]:
    """Options of bubblewrap that show the view under each name that the program has for it; none when it has none."""
    names = names_in(program)
    if names is None:
        return []
    inputs = [f"/kaggle/input/{name}" for name in names] or ["/kaggle/input"]
    folders = [part for path in ("/kaggle", "/kaggle/input") for part in ("--perms", "0755", "--dir", path)]
    binds = [part for path in inputs for part in ("--ro-bind", str(shown), path)]
    return [*folders, *binds, "--symlink", "/job/working", "/kaggle/working"]


def link(program: Path, shown: Path, working: Path, top: Path) -> None:
    """The same by links below `top`, for an image in which `/kaggle` is a link to there."""
    names = names_in(program)
    disk.remove_tree(top)
    if names is None:
        return
    top.mkdir()
    (top / "working").symlink_to(working)
    if not names:
        (top / "input").symlink_to(shown)
        return
    (top / "input").mkdir()
    for name in names:
        (top / "input" / name).symlink_to(shown)


def names_in(program: Path) -> list[str] | None:
    """Competitions that the program names; None when it knows nothing of such paths."""
    with program.open("rb") as file:
        text = file.read(READ_BYTES)
    if b"/kaggle/" not in text:
        return None
    return sorted({name.decode("ascii") for name in COMPETITION.findall(text)})[:MOST_NAMES]
