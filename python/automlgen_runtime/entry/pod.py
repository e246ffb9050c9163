"""The main container of a Kubernetes Job: takes what it was given to its work folder, supervises, ends with a code.

The exit code says roughly what the status says in full: all that is left when status and log are lost.
"""

import contextlib
import ctypes
import hashlib
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from automlgen_runtime.entry.endpoint import DELIVERED
from automlgen_runtime.entry.files import read_json
from automlgen_runtime.entry.folders import Folders
from automlgen_runtime.entry.supervisor import supervise

CODES = {"timeout": 124, "memory": 122, "disk": 121, "output": 121, "processes": 120, "cancelled": 143}
# Long enough for a worker that restarts.
DELIVERY_SECONDS = 120
POLL_SECONDS = 0.05
NO_OUTPUT = 119
INFRASTRUCTURE = 118


def run_pod(given: Path, workspace: Path, delivery: Path) -> int:
    """The collector is told to end as soon as this container has, so it is given time to deliver first."""
    folders = Folders(workspace)
    folders.control.mkdir(mode=0o700, exist_ok=True)
    for source, target in ((given / "program.py", folders.program), (given / "request.json", folders.request)):
        if not target.exists():
            shutil.copyfile(source, target)
    close_to_others()
    try:
        supervise(workspace)
    except Exception:  # Its own fault, never the program's: a trace-back would end us like one of the program.
        traceback.print_exc()
    status = read_json(folders.status)
    code = exit_code_of(status) if status else INFRASTRUCTURE
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(code))
    if status:
        digest = hashlib.sha256(folders.status.read_bytes()).hexdigest()
        await_delivery(delivery / DELIVERED, digest, time.monotonic() + DELIVERY_SECONDS)
    return code


def close_to_others() -> None:
    """The program has our user: without this it could read our memory and write its own results into it."""
    pr_set_dumpable = 4
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_dumpable, 0, 0, 0, 0)


def await_delivery(mark: Path, digest: str, deadline: float) -> None:
    """Until the mark names this very status: the program may have had another one delivered before."""
    while text_of(mark) != digest and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return None


def exit_code_of(status: dict[str, Any]) -> int:
    """0 exactly when every view did what it should."""
    if status["cause"] is not None:
        return INFRASTRUCTURE
    failed = next((view for view in status["views"] if view["failed"]), None)
    if failed is None:
        return CODES["cancelled"] if status["cancelled"] is not None else 0
    if failed["verdict"] is not None:
        return CODES[failed["verdict"]]
    return failed["exitCode"] or NO_OUTPUT
