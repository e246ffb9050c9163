"""Finds out how strongly this machine confines a program, by running one that tries to break out."""

import json
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from automlgen_runtime.entry import disk
from automlgen_runtime.entry.cgroup import try_control_group
from automlgen_runtime.entry.folders import Folders
from automlgen_runtime.entry.place import place_for
from automlgen_runtime.entry.request import Level, Limits, Request, View
from automlgen_runtime.entry.slots import reserve_uid
from automlgen_runtime.entry.start import StartFailed, become_reaper
from automlgen_runtime.entry.view import run_view

PROGRAM = Path(__file__).with_name("attempts.py")
LIMITS = Limits(cpus=1, memory_mib=512, disk_mib=16, shm_mib=16, gpus=0, pids=64, run_seconds=20)
# What must have been refused for a level to hold.
REQUIRED: dict[Level, tuple[str, ...]] = {
    "full": ("remount", "core_pattern", "network", "hidden", "input", "outside", "signal", "namespace"),
    "process+uid": ("core_pattern", "hidden", "outside", "signal"),
    "process": (),
}


@dataclass
class Report:
    level: Level = "process"
    network: str = "open"
    memory: str = "polled"
    processes: str = "polled"
    attempts: dict[str, dict[str, bool]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def probe(argument: str) -> int:
    """Prints the report as one line of JSON."""
    given = json.loads(argument)
    become_reaper()
    report = Report()
    top = Path(tempfile.mkdtemp(prefix="probe-", dir=given["folder"]))
    try:
        _probe_levels(report, given, top)
        _probe_group(report)
    finally:
        disk.remove_tree(top)
    print(json.dumps(report.__dict__))
    return 0


def _probe_levels(report: Report, given: dict[str, Any], top: Path) -> None:
    if not given.get("bwrap"):
        report.notes.append("bubblewrap was not found, so programs are not kept in a sandbox.")
    for level in _levels(given):
        could = _attempt(level, given, top, report.notes)
        if could is None:
            continue
        report.attempts[level] = could
        broken = [name for name in REQUIRED[level] if could[name]]
        if not broken:
            report.level = level
            report.network = "open" if could["network"] else "blocked"
            return
        report.notes.append(f"Level {level} does not hold here: a program could reach {', '.join(broken)}.")
    if "process" not in report.attempts:
        report.notes.append("Not even a bare program could be started.")


def _levels(given: dict[str, Any]) -> list[Level]:
    levels: list[Level] = ["full"] if given.get("bwrap") else []
    if os.geteuid() == 0:
        levels.append("process+uid")
    return [*levels, "process"]


def _attempt(level: Level, given: dict[str, Any], top: Path, notes: list[str]) -> dict[str, bool] | None:
    folders = Folders(top / level)
    folders.control.mkdir(parents=True, mode=0o700)
    shutil.copyfile(PROGRAM, folders.program)
    shown = top / "input"
    shown.mkdir(exist_ok=True)
    (shown / "data.csv").write_text("1\n", encoding="utf-8")
    top.chmod(0o755)
    hidden = folders.control / "hidden.txt"
    hidden.write_text("answers", encoding="utf-8")
    hidden.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = json.dumps({"port": server.getsockname()[1], "hidden": str(hidden), "pid": os.getpid()})
        request = _request(level, given, shown, told)
        try:
            return _run(request, folders)
        except (StartFailed, OSError, RuntimeError, ValueError) as error:
            notes.append(f"Level {level} could not be had: {str(error)[:300]}")
            return None


def _request(level: Level, given: dict[str, Any], shown: Path, told: str) -> Request:
    return Request(
        id=f"probe-{os.getpid()}",
        level=level,
        bwrap=Path(given["bwrap"]) if given.get("bwrap") else None,
        python=Path(given["python"]),
        slots_folder=Path("/nonexistent"),
        slots=1,
        views=(View("probe", shown),),
        limits=replace(LIMITS),
        network="none",
        environment={"AUTOMLGEN_PROBE": told},
        outputs=("none",),
        output_cap_mib=1,
    )


def _run(request: Request, folders: Folders) -> dict[str, bool]:
    uid, guard = reserve_uid() if os.geteuid() == 0 and request.level != "process" else (None, None)
    wake, other = socket.socketpair()
    try:
        with place_for(request, request.views[0], folders, uid, []) as place:
            ended = run_view(request, place, lambda: False, wake.fileno())
    finally:
        for one in (wake, other, guard):
            if one:
                one.close()
    if ended.exit_code != 0:
        said = ended.stderr.tail[-200:].strip()
        raise RuntimeError(f"the probing program ended with exit code {ended.exit_code}: {said}")
    return json.loads(ended.stdout.tail)


def _probe_group(report: Report) -> None:
    group = try_control_group(f"probe-{os.getpid()}", LIMITS)
    if group and group.limits_memory:
        report.memory = "cgroup"
    if group and group.limits_processes:
        report.processes = "cgroup"
    elif report.level != "process":
        report.processes = "rlimit"
    if group:
        group.remove()
