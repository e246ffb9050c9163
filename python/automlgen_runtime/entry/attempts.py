"""Run by the probe as if it were a candidate: tries to break out in the known ways and prints what it could do.

One file without imports of ours, because a candidate has none either.
"""

import contextlib
import ctypes
import json
import os
import socket
from pathlib import Path

MS_REMOUNT_BIND = 32 | 4096
CLONE_NEWUSER = 0x10000000


def main() -> None:
    given = json.loads(os.environ["AUTOMLGEN_PROBE"])
    # The namespace last: it would change what the others see.
    could = {
        "remount": remount("/job/input") or remount("/usr"),
        "core_pattern": opens_for_writing("/proc/sys/kernel/core_pattern"),
        "network": connects(given["port"]),
        "hidden": reads(given["hidden"]),
        "input": opens_for_writing("input/data.csv"),
        "outside": opens_for_writing("/usr/automlgen-probe") or opens_for_writing("/automlgen-probe"),
        "signal": signals(given["pid"]),
        "namespace": makes_namespace(),
    }
    print(json.dumps(could))


def remount(path: str) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.mount(None, path.encode(), None, MS_REMOUNT_BIND, None) == 0


def makes_namespace() -> bool:
    return ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) == 0


def opens_for_writing(path: str) -> bool:
    flags = os.O_WRONLY if path.startswith("/proc") else os.O_WRONLY | os.O_CREAT
    try:
        os.close(os.open(path, flags))
    except OSError:
        return False
    if "probe" in path:
        with contextlib.suppress(OSError):
            Path(path).unlink()
    return True


def connects(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex(("127.0.0.1", port)) == 0


def reads(path: str) -> bool:
    try:
        Path(path).read_text(encoding="utf-8")
    except OSError:
        return False
    return True


def signals(pid: int) -> bool:
    """Whether the supervisor could be reached. Signal 0 does nothing to it."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return b"automlgen" in Path(f"/proc/{pid}/cmdline").read_bytes()


main()
