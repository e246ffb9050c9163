"""Owns one execution from its request to its status. Whatever kills the executor, this goes on.

Order under the lock: a status means done; a process file without a status means that a supervisor died. So no program
is ever started twice under one id, not even by two requests at once.
"""

import contextlib
import fcntl
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automlgen_runtime.entry import control, disk
from automlgen_runtime.entry.collect import collect
from automlgen_runtime.entry.files import read_json, write_json
from automlgen_runtime.entry.folders import Folders
from automlgen_runtime.entry.identity import own_identity
from automlgen_runtime.entry.milestones import ALL, milestones
from automlgen_runtime.entry.place import place_for
from automlgen_runtime.entry.recover import kill_leftovers
from automlgen_runtime.entry.request import Request, View, read_request
from automlgen_runtime.entry.slots import acquire_slot, cores_of_slot, open_lock, reserve_uid, try_lock
from automlgen_runtime.entry.start import StartFailed, become_reaper
from automlgen_runtime.entry.view import Ended, run_view

OWNED_BY_ANOTHER = 75


class Stop(Exception):
    """Raised out of the wait for a slot."""


class StopSignal:
    """SIGTERM as a flag for the running view, and as an exception while waiting for a slot."""

    def __init__(self) -> None:
        self.set = False
        self.waiting = False
        self.wake, other = socket.socketpair()
        other.setblocking(False)
        self._other = other
        signal.signal(signal.SIGTERM, self._arrived)
        signal.set_wakeup_fd(other.fileno(), warn_on_full_buffer=False)

    def _arrived(self, *_: object) -> None:
        self.set = True
        if self.waiting:
            raise Stop

    def is_set(self) -> bool:
        return self.set


@dataclass(frozen=True)
class Execution:
    request: Request
    folders: Folders
    program: str


def supervise(top: Path) -> int:
    """0 when the status is there, 75 when another supervisor owns the execution."""
    folders = Folders(top)
    lock = open_lock(folders.lock)
    if not try_lock(lock):
        return OWNED_BY_ANOTHER
    if folders.status.exists():
        disk.remove_tree(folders.work)
        return 0
    request = read_request(folders.request)
    # Now: what stands there later may be the program's.
    program = folders.program.read_text(encoding="utf-8", errors="replace")
    execution = Execution(request, folders, program)
    if folders.pid.exists():
        kill_leftovers(request, folders)
        _end(execution, [], cause="supervisor-lost", message="The supervisor of the program died.")
        return 0
    stop = StopSignal()
    write_json(folders.pid, own_identity())
    _run(execution, stop)
    disk.remove_tree(folders.work)
    fcntl.flock(lock, fcntl.LOCK_UN)
    return 0


def _run(execution: Execution, stop: StopSignal) -> None:
    request, folders = execution.request, execution.folders
    views: list[dict[str, Any]] = []
    try:
        write_json(folders.progress, {"phase": "queued", "since": time.time()})
        slot = _wait_for_slot(request, folders, stop)
        become_reaper()
        own_user = os.geteuid() == 0 and request.level in ("full", "process+uid")
        uid, guard = reserve_uid() if own_user else (None, None)
        # Pods share the cores of their node: fixed ones would be the same in all of them.
        cores = [] if request.level == "pod" else cores_of_slot(slot, request.limits.cpus)
        write_json(folders.slot, {"slot": slot, "uid": uid})
        with guard or contextlib.nullcontext():
            for view in request.views:
                write_json(folders.progress, {"phase": "running", "view": view.name, "since": time.time()})
                views.append(_run_one(request, view, folders, uid, cores, stop))
                if views[-1]["failed"]:
                    break
        _end(execution, views, cancelled=_cancel_reason(folders, stop))
    except Stop:
        _end(execution, views, cancelled=_cancel_reason(folders, stop))
    except StartFailed as failure:
        _end(execution, views, cause="sandbox-failed", message=f"The sandbox did not start: {failure}"[:600])
    except Exception as error:
        _end(execution, views, cause="supervisor-failed", message=f"{type(error).__name__}: {error}"[:600])
        raise


def _wait_for_slot(request: Request, folders: Folders, stop: StopSignal) -> int:
    # The request to cancel is written before the signal is sent, so one of the two is always seen.
    stop.waiting = True
    if stop.set or folders.cancel.exists():
        raise Stop
    slot = acquire_slot(request.slots_folder, request.slots)
    stop.waiting = False
    return slot.index


def _run_one(
    request: Request, view: View, folders: Folders, uid: int | None, cores: list[int], stop: StopSignal
) -> dict[str, Any]:
    with folders.starts.open("a", encoding="ascii") as file:
        file.write(f"{view.name} {os.getpid()}\n")
    with place_for(request, view, folders, uid, cores) as place:
        try:
            ended = run_view(request, place, stop.is_set, stop.wake.fileno())
        finally:
            # A pod runs one view, so nothing is lost.
            if request.level == "pod":
                control.renew(folders.control)
        fine = ended.verdict is None and ended.exit_code == 0 and ended.stopped
        outputs = _collect(request, view, folders, place.work) if fine else []
    return {**_facts(view, ended), "outputs": outputs, "failed": not fine or not _usable(outputs), "kept": ended}


def _collect(request: Request, view: View, folders: Folders, work: Path) -> list[dict[str, Any]]:
    return collect(work / "working", list(request.outputs), folders.outputs(view.name), request.output_cap_mib)


def _usable(outputs: list[dict[str, Any]]) -> bool:
    return "bytes" in outputs[0] and not any("refused" in output for output in outputs)


def _facts(view: View, ended: Ended) -> dict[str, Any]:
    return {
        "name": view.name,
        "exitCode": ended.exit_code,
        "signal": ended.signal,
        "verdict": ended.verdict,
        "detail": ended.detail,
        "seconds": round(ended.seconds, 4),
        "cpuSeconds": round(ended.cpu_seconds, 4),
        "peakMemoryMiB": round(ended.peak_memory_mib, 2),
        "outOfMemoryKills": ended.out_of_memory_kills,
        "stopped": ended.stopped,
    }


def _cancel_reason(folders: Folders, stop: StopSignal) -> str | None:
    asked = read_json(folders.cancel)
    if asked:
        return str(asked["reason"])
    return "the supervisor was asked to end" if stop.set else None


def _end(
    execution: Execution,
    views: list[dict[str, Any]],
    *,
    cause: str | None = None,
    message: str = "",
    cancelled: str | None = None,
) -> None:
    """Writes the status. A cancel that came after the last view had ended changes nothing."""
    request = execution.request
    kept: list[Ended] = [view.pop("kept") for view in views]
    last = kept[-1] if kept else Ended()
    complete = len(views) == len(request.views) and not views[-1]["failed"]
    if complete or (views and views[-1]["failed"] and last.verdict != "cancelled"):
        cancelled = None
    status = {
        "cause": cause,
        "message": message,
        "cancelled": cancelled,
        "views": views,
        "milestones": ALL if complete else milestones(execution.program, last),
        "gpus": request.limits.gpus,
        "stdoutTail": last.stdout.tail,
        "stderrHead": last.stderr.head,
        "stderrTail": last.stderr.tail,
    }
    write_json(execution.folders.status, status)
