"""Takes the files a program left, once nothing of it runs. What it put there instead of a file is refused by name."""

import contextlib
import os
import stat
from pathlib import Path
from typing import Any

from automlgen_runtime.entry.disk import DIRECTORY

MIB = 1024 * 1024
COPY_BYTES = 1024 * 1024


class Refused(Exception):
    """The message completes the sentence "working/<name> …"."""


def collect(working: Path, names: list[str], target: Path, cap_mib: int) -> list[dict[str, Any]]:
    """Copies each named file below `working` to `target`.

    One record a name: with `bytes`, with `refused`, or with neither when there is no such file.
    """
    return [_collect_one(working, name, target / name, cap_mib) for name in names]


def _collect_one(working: Path, name: str, target: Path, cap_mib: int) -> dict[str, Any]:
    try:
        source = open_inside(working, name)
    except FileNotFoundError:
        return {"name": name}
    except Refused as refused:
        return {"name": name, "refused": str(refused)}
    try:
        return {"name": name, "bytes": _copy(source, target, cap_mib * MIB)}
    except Refused as refused:
        with contextlib.suppress(FileNotFoundError):
            target.unlink()
        return {"name": name, "refused": str(refused)}
    finally:
        os.close(source)


def open_inside(folder: Path, name: str) -> int:
    """Opens a regular file with one link below `folder`, following no link on the way and blocking on nothing.

    Raises FileNotFoundError when there is none, Refused for anything else that bears the name.
    """
    *parents, last = Path(name).parts
    handles: list[int] = []
    try:
        handles.append(_open_directory(str(folder), None))
        for part in parents:
            handles.append(_open_directory(part, handles[-1]))
        return _open_regular(last, handles[-1])
    finally:
        for handle in handles:
            os.close(handle)


def _open_directory(name: str, parent: int | None) -> int:
    try:
        return os.open(name, DIRECTORY, dir_fd=parent)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Refused(f"lies in {Path(name).name!r}, which is not a folder") from error


def _open_regular(name: str, parent: int) -> int:
    try:
        info = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Refused(f"cannot be looked at ({error.strerror})") from error
    _require_plain(info)
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})") from error
    try:
        _require_plain(os.fstat(handle))
    except Refused:
        os.close(handle)
        raise
    return handle


KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFDIR: "a folder",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def _require_plain(info: os.stat_result) -> None:
    kind = stat.S_IFMT(info.st_mode)
    if kind != stat.S_IFREG:
        raise Refused(f"is {KINDS.get(kind, 'a special file')}, not a plain file")
    if info.st_nlink != 1:
        raise Refused(f"has {info.st_nlink} hard links, not one")


def _copy(source: int, target: Path, cap: int) -> int:
    size = os.fstat(source).st_size
    if size > cap:
        raise Refused(f"has {-(-size // MIB)} MiB, and the most is {cap // MIB} MiB")
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = 0
    with target.open("wb") as file:
        while chunk := os.read(source, COPY_BYTES):
            copied += len(chunk)
            if copied > cap:
                raise Refused(f"has more than {cap // MIB} MiB")
            file.write(chunk)
    return copied
