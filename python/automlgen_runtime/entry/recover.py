"""Ends whatever outlived a supervisor that died."""

import contextlib
import os
import signal
from pathlib import Path

from automlgen_runtime.entry import disk, processes
from automlgen_runtime.entry.cgroup import existing_group
from automlgen_runtime.entry.files import read_json
from automlgen_runtime.entry.folders import Folders
from automlgen_runtime.entry.request import Request


def kill_leftovers(request: Request, folders: Folders) -> None:
    """With a namespace the kernel has done this already; without one we look for the user, the group and the folder."""
    uid = (read_json(folders.slot) or {}).get("uid")
    for view in request.views:
        group = existing_group(f"{request.id}-{view.name}")
        for pid in group.members():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        group.remove()
    if uid is not None and request.level == "process+uid":
        processes.kill_all_of_uid(uid)
    for one in processes.all_processes():
        if one.pid != os.getpid() and _works_in(one.pid, folders.work):
            processes.send(one, signal.SIGKILL)
    disk.remove_tree(folders.work)


def _works_in(pid: int, folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder)
    return False
