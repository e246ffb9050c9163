"""Names one process for good: a pid alone is given out again, pid + start time + boot is not."""

import os
from pathlib import Path
from typing import Any


def boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def start_ticks(pid: int) -> str:
    """Field 22 of `stat`, counted behind the name, which may hold spaces and brackets. Empty without such a process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def own_identity() -> dict[str, Any]:
    pid = os.getpid()
    return {"pid": pid, "startTicks": start_ticks(pid), "bootId": boot_id()}
