"""Which folders an interpreter needs to start: its environment, its base, every link on the way, and its library."""

import os
import re
import sys
from pathlib import Path

SYSTEM = Path("/usr")


def interpreter_folders(python: Path) -> list[Path]:
    """Folders to show read-only at their own paths so that `python` runs, outermost first, without `/usr`."""
    prefixes = [Path(sys.base_prefix), Path(sys.base_exec_prefix)]
    # A link in ~/bin must not show the whole home.
    prefixes += [folder for link in links_of(python) if is_prefix(folder := link.parent.parent)]
    prefixes += library_folders()
    folders = {path for prefix in prefixes for path in (without_dots(prefix), prefix.resolve())}
    wanted = [folder for folder in folders if not folder.is_relative_to(SYSTEM) and folder != Path("/")]
    return sorted(folder for folder in wanted if not any(other in folder.parents for other in wanted))


def is_prefix(folder: Path) -> bool:
    """Whether the folder is an installed Python or a virtual environment."""
    return (folder / "pyvenv.cfg").is_file() or any(folder.glob("lib*/python3*"))


def without_dots(path: Path) -> Path:
    """Absolute, with links kept: each of them has to be shown."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def links_of(path: Path) -> list[Path]:
    """The path and every link that it goes through, in order."""
    chain = [path]
    while chain[-1].is_symlink() and len(chain) < 40:
        chain.append(without_dots(chain[-1].parent / chain[-1].readlink()))
    return chain


def library_folders() -> list[Path]:
    """Where this very process found libpython, when it is a shared library outside its prefix."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = {Path(path).parent for path in re.findall(r"(/\S*/libpython[^/\s]*\.so\S*)", maps)}
    base = Path(sys.base_prefix).resolve()
    return [folder for folder in found if not folder.is_relative_to(base)]


def parents_of(folders: list[Path]) -> list[Path]:
    """Every proper parent, outermost first: bubblewrap would make them with mode 0700."""
    parents = {parent for folder in folders for parent in folder.parents if parent != Path("/")}
    return sorted(parents, key=lambda path: len(path.parts))
