"""Makes the empty folders in which one view runs, and gives them to the user it runs as."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from automlgen_runtime.entry import disk, kaggle
from automlgen_runtime.entry.cgroup import try_control_group
from automlgen_runtime.entry.folders import Folders
from automlgen_runtime.entry.request import Request, View
from automlgen_runtime.entry.start import SCRIPT, Place


@contextmanager
def place_for(request: Request, view: View, folders: Folders, uid: int | None, cores: list[int]) -> Iterator[Place]:
    """Work folder with the program, an empty `working` and `input`; removed with everything in it at the end."""
    work = folders.work / view.name
    disk.remove_tree(work)
    work.mkdir(parents=True)
    for name in ("working", "input"):
        (work / name).mkdir()
    shutil.copyfile(folders.program, work / SCRIPT)
    given = [work, work / "working", work / SCRIPT]
    if request.level == "pod":
        # The original is mounted read-only.
        (work / "input").rmdir()
        (work / "input").symlink_to(view.input)
        kaggle.link(folders.program, view.input, work / "working", folders.top / "kaggle")
    elif request.level != "full":
        # No mount to protect the original, so the program gets a copy.
        shutil.copytree(view.input, work / "input", dirs_exist_ok=True)
    if request.level != "full":
        (work / ".tmp").mkdir()
        given.append(work / ".tmp")
        # Nor anything that keeps other programs out: in a race the copy holds the answers of their folds.
        work.chmod(0o700)
    if uid is not None:
        for path in given:
            os.chown(path, uid, uid, follow_symlinks=False)
    group = try_control_group(f"{request.id}-{view.name}", request.limits)
    try:
        yield Place(work, view.input, uid, tuple(cores), group)
    finally:
        if group:
            group.remove()
