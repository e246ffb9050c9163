"""Folders that a hostile program filled: measured and removed through directory handles, never through long paths."""

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 50_000
DEEPEST = 64
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Usage:
    bytes: int
    files: int
    too_deep: bool


def usage(folder: Path, stop_bytes: int) -> Usage:
    """What lies below `folder`, in allocated bytes. Counting ends early once a limit is passed."""
    total = files = 0
    waiting: list[tuple[int, int]] = [(os.open(folder, DIRECTORY), 0)]
    too_deep = False
    try:
        while waiting and total <= stop_bytes and files <= MOST_FILES:
            handle, depth = waiting.pop()
            try:
                for info in entries(handle):
                    files += 1
                    total += info[1].st_blocks * 512
                    if not stat.S_ISDIR(info[1].st_mode):
                        continue
                    if depth >= DEEPEST or len(waiting) > 400:
                        too_deep = True
                        continue
                    with contextlib.suppress(OSError):
                        waiting.append((os.open(info[0], DIRECTORY, dir_fd=handle), depth + 1))
            finally:
                os.close(handle)
    finally:
        for handle, _ in waiting:
            os.close(handle)
    return Usage(total, files, too_deep)


def entries(handle: int) -> list[tuple[str, os.stat_result]]:
    found = []
    with contextlib.suppress(OSError), os.scandir(handle) as listing:
        for entry in listing:
            with contextlib.suppress(OSError):
                found.append((entry.name, entry.stat(follow_symlinks=False)))
            if len(found) > MOST_FILES:
                break
    return found


def remove_tree(folder: Path) -> None:
    """Removes a folder of any depth. Inner folders are first moved up beside each other, so no path grows long.

    Only for trees in which nothing runs any more. Harmless when there is no such folder.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        top = os.open(folder, DIRECTORY)
        try:
            _empty(top)
        finally:
            os.close(top)
        folder.rmdir()


def _empty(top: int) -> None:
    counter, token = 0, os.urandom(8).hex()
    while folders := _drop_files(top, top):
        for name in folders:
            inner = _open_anyway(name, top)
            try:
                for child in _drop_files(inner, inner):
                    os.close(_open_anyway(child, inner))
                    counter += 1
                    os.rename(child, f".{counter}.{token}", src_dir_fd=inner, dst_dir_fd=top)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)


def _drop_files(handle: int, base: int) -> list[str]:
    """Unlinks what is no folder; returns the names of the folders."""
    folders = []
    for name in os.listdir(handle):
        try:
            os.unlink(name, dir_fd=base)
        except (IsADirectoryError, PermissionError):
            folders.append(name)
    return folders


def _open_anyway(name: str, parent: int) -> int:
    """Opens an own folder whose permissions may have been taken away."""
    with contextlib.suppress(OSError):
        os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, DIRECTORY, dir_fd=parent)
