"""Starts the launcher of one view: inside bubblewrap, or bare where no sandbox can be had."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from automlgen_runtime.entry import bwrap, processes
from automlgen_runtime.entry.cgroup import ControlGroup
from automlgen_runtime.entry.environment import USER, environment_of, unpinned_threads
from automlgen_runtime.entry.request import Request
from automlgen_runtime.entry.seccomp import filter_for_this_machine

START_SECONDS = 20
SCRIPT = "solution.py"


@dataclass(frozen=True)
class Place:
    """Where and as whom one view runs."""

    work: Path
    input: Path
    uid: int | None
    cores: tuple[int, ...]
    group: ControlGroup | None


@dataclass
class Started:
    process: subprocess.Popen[bytes]
    handle: int
    """pidfd of what was started; readable when it has ended."""
    first: int | None
    """pidfd of the first process of the namespace: once it has ended, nothing runs in there."""
    first_pid: int | None
    uid: int | None

    @property
    def root(self) -> int:
        """Everything below this pid belongs to the program."""
        return self.process.pid if self.first_pid is not None else os.getpid()

    def kill(self) -> bool:
        """Ends everything that was started. False when something withstood for five seconds."""
        if self.first is None:
            return self._kill_bare()
        for handle in (self.first, self.handle):
            with contextlib.suppress(OSError):
                processes.signal.pidfd_send_signal(handle, processes.signal.SIGKILL)
        gone = all(_ends(handle, 5.0) for handle in (self.first, self.handle))
        self.process.wait()
        return gone

    def _kill_bare(self) -> bool:
        """We are the reaper of every orphan below us, so the loop sees them all."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if self.uid is not None:
                processes.kill_all_of_uid(self.uid)
            alive = [one for one in processes.descendants(os.getpid()) if one.state != "Z"]
            for one in alive:
                processes.send(one, processes.signal.SIGKILL)
            self.process.poll()
            _reap_orphans(self.process.pid)
            if not alive and self.process.poll() is not None:
                return True
            time.sleep(0.005)
        return False

    def close(self) -> None:
        for handle in (self.handle, self.first):
            if handle is not None:
                os.close(handle)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


class StartFailed(Exception):
    """The sandbox or the launcher did not come up; the message is theirs."""


def start(request: Request, place: Place, command: list[str]) -> Started:
    """Returns once the program itself begins. For the main thread only: the sandbox ends with its thread."""
    ready_read, ready_write = os.pipe()
    os.set_inheritable(ready_write, True)
    try:
        started = (
            _start_bare(request, place, command, ready_write)
            if request.level != "full" or request.bwrap is None
            else _start_sandbox(request, place, command, ready_write)
        )
    finally:
        os.close(ready_write)
    try:
        _await_ready(started, ready_read)
    finally:
        os.close(ready_read)
    return started


def program_command(request: Request) -> list[str]:
    # faulthandler: the line that was running is printed when the time is up, and nothing else changes.
    return [str(request.python), "-X", "faulthandler", "-u", SCRIPT]


def _start_sandbox(request: Request, place: Place, command: list[str], ready: int) -> Started:
    root = os.geteuid() == 0
    passwd = _memory_file(f"root:x:0:0::/:/\n{USER}:x:{place.uid or os.getuid()}:{place.uid or os.getgid()}::/tmp:/\n")
    environment = environment_of(request, len(place.cores) or 1, "/tmp")
    options = bwrap.options(
        request, bwrap.Mounts(place.work, place.input, place.work / SCRIPT, passwd), environment, root=root
    )
    info_read, info_write = os.pipe()
    passed = [passwd, info_write, ready]
    options += ["--info-fd", str(info_write)]
    rules = filter_for_this_machine()
    if rules:
        passed.append(_memory_file(rules))
        options += ["--seccomp", str(passed[-1])]
    passed.append(_memory_file("\0".join(options)))
    launcher = [str(request.python), "-I", "-S", bwrap.INSIDE_LAUNCHER, _settings(request, place, ready, bare=False)]
    arguments = [str(request.bwrap), "--args", str(passed[-1]), "--", *launcher, *command]
    try:
        process = _spawn(arguments, place, passed, None, {})
    finally:
        for descriptor in passed:
            if descriptor != ready:
                os.close(descriptor)
    first_pid = _first_pid(info_read)
    handle = os.pidfd_open(process.pid)
    if first_pid is None:
        return Started(process, handle, None, None, None)
    try:
        return Started(process, handle, os.pidfd_open(first_pid), first_pid, place.uid)
    except ProcessLookupError:
        return Started(process, handle, None, None, None)


def _start_bare(request: Request, place: Place, command: list[str], ready: int) -> Started:
    temporary = place.work / ".tmp"
    settings = _settings(request, place, ready, bare=True)
    arguments = [str(request.python), "-I", "-S", str(bwrap.LAUNCHER), settings, *command]
    environment = environment_of(request, len(place.cores) or unpinned_threads(request), str(temporary))
    process = _spawn(arguments, place, [ready], place.work, environment)
    return Started(process, os.pidfd_open(process.pid), None, None, place.uid)


def _spawn(
    arguments: list[str], place: Place, passed: list[int], folder: Path | None, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    join: Callable[[], None] | None = place.group.join_self if place.group else None
    return subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=passed,
        cwd=folder or "/",
        env=environment,
        start_new_session=True,
        preexec_fn=join,
    )


def _settings(request: Request, place: Place, ready: int, *, bare: bool) -> str:
    limits = request.limits
    settings = {
        "ready": ready,
        "uid": place.uid,
        "cores": place.cores,
        "diskMiB": limits.disk_mib,
        # Address space of drivers is not memory in use.
        "dataMiB": None if limits.gpus else limits.memory_mib,
        # Counted by user: without a user of its own it would strike whoever started us.
        "processes": None if request.level in ("process", "pod") else limits.pids,
        "bare": bare,
        "parent": os.getpid(),
    }
    return json.dumps(settings)


def _await_ready(started: Started, ready: int) -> None:
    poller = select.poll()
    poller.register(ready, select.POLLIN)
    answered = poller.poll(START_SECONDS * 1000)
    word = os.read(ready, 4096) if answered else b"no answer"
    if word == b"1":
        return
    if started.first is None and started.uid is None:
        started.process.kill()
    else:
        started.kill()
    said = started.process.stderr.read(4096) if started.process.stderr else b""
    started.process.wait()
    started.close()
    reason = " ".join(part.decode("utf-8", errors="replace").strip() for part in (word, said) if part)
    raise StartFailed(reason or f"ended with exit code {started.process.returncode} before the program began")


def _first_pid(info: int) -> int | None:
    text = b""
    while chunk := os.read(info, 4096):
        text += chunk
        if b"}" in text:
            break
    os.close(info)
    try:
        return int(json.loads(text)["child-pid"])
    except (ValueError, KeyError):
        return None


def _memory_file(content: str | bytes) -> int:
    descriptor = os.memfd_create("automlgen", 0)
    os.write(descriptor, content if isinstance(content, bytes) else content.encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.set_inheritable(descriptor, True)
    return descriptor


def _ends(handle: int, seconds: float) -> bool:
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def _reap_orphans(main: int) -> None:
    for one in processes.descendants(os.getpid()):
        if one.state == "Z" and one.pid != main:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(one.pid, os.WNOHANG)


def become_reaper() -> None:
    """Orphans below this process come to it instead of to the first process of the machine."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    pr_set_child_subreaper = 36
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
