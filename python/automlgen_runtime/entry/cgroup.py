"""Exact limits of memory and processes, where the kernel lets us have a control group. Tried, not assumed."""

import contextlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from automlgen_runtime.entry.request import Limits

MIB = 1024 * 1024


@dataclass
class ControlGroup:
    """A group of its own for one view. `folders` by controller; version 2 has one folder for all."""

    version: int
    folders: dict[str, Path] = field(default_factory=dict)

    @property
    def limits_memory(self) -> bool:
        return "memory" in self.folders

    @property
    def limits_processes(self) -> bool:
        return "pids" in self.folders

    def join_self(self) -> None:
        for folder in set(self.folders.values()):
            (folder / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def out_of_memory_kills(self) -> int:
        if not self.limits_memory:
            return 0
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        return _counter(self.folders["memory"] / name, "oom_kill")

    def cpu_seconds(self) -> float | None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            if self.version == 2:
                return _counter(self.folders["memory"] / "cpu.stat", "usage_usec") / 1e6
            return int((self.folders["cpuacct"] / "cpuacct.usage").read_text(encoding="ascii")) / 1e9
        return None

    def members(self) -> list[int]:
        pids: set[int] = set()
        for folder in set(self.folders.values()):
            with contextlib.suppress(OSError):
                pids |= {int(pid) for pid in (folder / "cgroup.procs").read_text(encoding="ascii").split()}
        return sorted(pids)

    def remove(self) -> None:
        """The kernel needs a moment after the last member has gone."""
        for folder in set(self.folders.values()):
            for _ in range(50):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)


def try_control_group(name: str, limits: Limits) -> ControlGroup | None:
    """None when no controller can be used; the limits are then polled."""
    for make in (_version_one, _version_two):
        with contextlib.suppress(OSError):
            group = make(name, limits)
            if group.folders:
                return group
            group.remove()
    return None


def existing_group(name: str) -> ControlGroup:
    """The group that a supervisor of that name left behind; without folders when there is none."""
    one = {key: path for key, path in _folders_of_version_one(name).items() if path.is_dir()}
    if one:
        return ControlGroup(1, one)
    for base in _roots_of_version_two():
        if (path := base / "automlgen" / name).is_dir():
            return ControlGroup(2, {"memory": path})
    return ControlGroup(2)


def _version_one(name: str, limits: Limits) -> ControlGroup:
    group = ControlGroup(1)
    for controller, folder in _folders_of_version_one(name).items():
        with contextlib.suppress(OSError):
            folder.mkdir()
            group.folders[controller] = folder
    try:
        if group.limits_memory:
            _write(group.folders["memory"] / "memory.limit_in_bytes", limits.memory_mib * MIB)
            with contextlib.suppress(OSError):
                _write(group.folders["memory"] / "memory.memsw.limit_in_bytes", limits.memory_mib * MIB)
        if group.limits_processes:
            _write(group.folders["pids"] / "pids.max", limits.pids)
    except OSError:
        group.remove()
        raise
    return group


def _folders_of_version_one(name: str) -> dict[str, Path]:
    own = {
        controller: path
        for _, controllers, path in _own_groups()
        for controller in controllers.split(",")
        if controller in ("memory", "pids", "cpuacct")
    }
    found = {}
    for root, point, options in _mounts("cgroup"):
        for controller in own.keys() & set(options.split(",")):
            below = own[controller]
            inner = below[len(root) :] if root != "/" and below.startswith(root) else below
            found[controller] = Path(point + inner.rstrip("/")) / name
    return found


def _version_two(name: str, limits: Limits) -> ControlGroup:
    for base in _roots_of_version_two():
        with contextlib.suppress(OSError):
            parent = base / "automlgen"
            _write(base / "cgroup.subtree_control", "+memory +pids")
            parent.mkdir(exist_ok=True)
            _write(parent / "cgroup.subtree_control", "+memory +pids")
            folder = parent / name
            folder.mkdir()
            group = ControlGroup(2, {"memory": folder, "pids": folder})
            try:
                _write(folder / "memory.max", limits.memory_mib * MIB)
                _write(folder / "pids.max", limits.pids)
                with contextlib.suppress(OSError):
                    _write(folder / "memory.swap.max", 0)
                with contextlib.suppress(OSError):
                    _write(folder / "memory.oom.group", 1)
            except OSError:
                group.remove()
                raise
            return group
    return ControlGroup(2)


def _roots_of_version_two() -> list[Path]:
    """The top of the hierarchy, and the group of this process where that was delegated to its user."""
    own = [path for number, controllers, path in _own_groups() if number == "0" and controllers == ""]
    bases = []
    for _, point, _ in _mounts("cgroup2"):
        bases.append(Path(point))
        bases += [Path(point + path) for path in own if path != "/"]
    return bases


def _own_groups() -> list[tuple[str, str, str]]:
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        return [(parts[0], parts[1], parts[2]) for line in lines if len(parts := line.split(":", 2)) == 3]
    return []


def _mounts(kind: str) -> list[tuple[str, str, str]]:
    """Root inside the hierarchy, mount point, and options of every mount of that file system."""
    found = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
            before, _, after = line.partition(" - ")
            fields, kinds = before.split(), after.split()
            if kinds[0] == kind:
                found.append((fields[3], fields[4], kinds[2]))
    return found


def _counter(path: Path, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in path.read_text(encoding="ascii").splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0


def _write(path: Path, value: int | str) -> None:
    path.write_text(str(value), encoding="ascii")
