"""Processor time and memory of a running program, summed over all its processes."""

import contextlib
import os
from dataclasses import dataclass

from automlgen_runtime.entry import processes
from automlgen_runtime.entry.cgroup import ControlGroup
from automlgen_runtime.entry.start import Started

MIB = 1024 * 1024


@dataclass(frozen=True)
class Reading:
    memory_mib: float
    processes: int


class Meter:
    """Exact from the control group where there is one; else by polling, short of the last tenth of a second."""

    def __init__(self, started: Started, group: ControlGroup | None) -> None:
        self._started, self._group = started, group
        self._peak_kib = 0
        self._cpu_seconds = 0.0
        self._pids: list[int] = []

    def read(self) -> Reading:
        below = processes.descendants(self._started.root)
        now = largest = 0
        for one in below:
            used, peak = processes.memory_kib(one.pid)
            now += used
            largest = max(largest, peak)
        self._pids = [one.pid for one in below]
        # Processes that nobody waited for take their share with them, so the sum may fall.
        self._cpu_seconds = max(self._cpu_seconds, sum(one.cpu_seconds for one in below))
        self._peak_kib = max(self._peak_kib, now, largest)
        return Reading((now + self._files_in_memory_kib()) / 1024, len(below))

    def confirmed_mib(self) -> float:
        """Memory with shared pages counted once; slower than `read`, so asked only near the limit."""
        shared = [processes.proportional_kib(pid) for pid in self._pids]
        anonymous = sum(one for one, _ in shared)
        in_files = max(sum(one for _, one in shared), self._files_in_memory_kib())
        if anonymous + in_files == 0:
            return self.read().memory_mib
        return (anonymous + in_files) / 1024

    def totals(self) -> tuple[float, float]:
        """CPU seconds and the peak in MiB."""
        exact = self._group.cpu_seconds() if self._group else None
        return (exact if exact is not None else self._cpu_seconds), self._peak_kib / 1024

    def _files_in_memory_kib(self) -> int:
        """`/tmp` and `/dev/shm` of the sandbox lie in memory and belong to no process."""
        if self._started.first_pid is None:
            return 0
        total = 0
        for name in ("tmp", "dev/shm"):
            with contextlib.suppress(OSError):
                info = os.statvfs(f"/proc/{self._started.first_pid}/root/{name}")
                total += (info.f_blocks - info.f_bfree) * info.f_frsize
        return total // 1024
