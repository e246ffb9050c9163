"""What runs below a process: found through /proc, measured, signalled."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    cpu_seconds: float
    """Own and that of children it has waited for."""
    start_ticks: str
    state: str


def descendants(root: int) -> list[Process]:
    """Every process below `root`, without `root`. Orphans of a namespace go to its first process, so none is missed."""
    children: dict[int, list[Process]] = {}
    for process in all_processes():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += [process.pid for process in below]
    return found


def all_processes() -> list[Process]:
    try:
        names = os.listdir(PROC)  # noqa: PTH208
    except OSError:
        return []
    return [process for name in names if name.isdigit() and (process := read_process(int(name)))]


def read_process(pid: int) -> Process | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    if len(fields) < 20:
        return None
    cpu = sum(int(field) for field in fields[11:15]) / TICKS
    return Process(pid, int(fields[1]), cpu, fields[19], fields[0])


def memory_kib(pid: int) -> tuple[int, int]:
    """Anonymous and shared memory now, and the largest resident size so far. Zeros when the process is gone."""
    now = peak = 0
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        for line in file:
            if line.startswith(("RssAnon:", "RssShmem:")):
                now += int(line.split()[1])
            elif line.startswith("VmHWM:"):
                peak = int(line.split()[1])
    return now, peak


def proportional_kib(pid: int) -> tuple[int, int]:
    """Anonymous and shared memory, shared pages divided among their users: forked pools are not charged twice."""
    anonymous = shared = 0
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:  # noqa: PTH123
        for line in file:
            if line.startswith("Pss_Anon:"):
                anonymous = int(line.split()[1])
            elif line.startswith("Pss_Shmem:"):
                shared = int(line.split()[1])
    return anonymous, shared


def catches(pid: int, number: int) -> bool:
    """Whether the process has a handler of its own for the signal."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        for line in file:
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return False


def send(process: Process, number: int) -> None:
    """Signals exactly this process, never a later one with the same pid."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return
    try:
        now = read_process(process.pid)
        if now and now.start_ticks == process.start_ticks:
            signal.pidfd_send_signal(handle, number)
    except OSError:
        pass
    finally:
        os.close(handle)


def kill_all_of_uid(uid: int) -> None:
    """Ends every process of a user at once, so that none can fork away in between. Needs root."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)
