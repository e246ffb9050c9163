"""The sidecar of a pod: takes status and outputs to the worker, whatever ended the program.

It waits for the status or for the order to end. Either way it uploads what is there and repeats the essentials in its
termination message, which stays in the pod's record when the upload failed. Afterwards it waits: a sidecar that ends is
started again.
"""

import contextlib
import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from automlgen_runtime.entry.collect import Refused, open_inside
from automlgen_runtime.entry.endpoint import (
    CHUNK_BYTES,
    DELIVERED,
    Deadline,
    Endpoint,
    read_endpoint,
    say,
)

POLL_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 3.0
TERMINATION_LOG = Path("/dev/termination-log")
MOST_MESSAGE_BYTES = 4000
MOST_STATUS_BYTES = 1024 * 1024
# Kept of the grace period for the end of the sidecar itself.
RESERVE_SECONDS = 3
# Without an order to end there is time for a worker that restarts.
PATIENCE_SECONDS = 120


@dataclass
class Report:
    """What is repeated in the termination message."""

    uploaded: bool = False
    status: dict[str, Any] | None = None
    digest: str | None = None
    """SHA-256 of the status as it was read; not part of the message."""
    files: list[tuple[str, str, int, str]] = field(default_factory=list)
    """View, name, bytes, SHA-256."""
    error: str | None = None


class Order:
    """SIGTERM, remembered."""

    def __init__(self) -> None:
        self.came_at: float | None = None
        signal.signal(signal.SIGTERM, self._arrived)

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        if self.came_at is None:
            self.came_at = time.monotonic()


def collect_outputs(
    endpoint_file: Path, workspace: Path, delivery: Path, termination_log: Path = TERMINATION_LOG
) -> int:
    order = Order()
    endpoint = read_endpoint(endpoint_file)
    control = workspace / "control"
    report = Report()
    tried: str | None = None
    pause = POLL_SECONDS

    def attempt() -> Report:
        """The mark comes last: the main container ends when it sees it."""
        made = deliver(endpoint, control, deadline_of(endpoint, order))
        write_message(made, termination_log)
        if made.uploaded and made.digest is not None:
            (delivery / DELIVERED).write_text(made.digest, encoding="ascii")
        say(f"uploaded: {made.uploaded}, files: {len(made.files)}, {made.error or 'no error'}")
        return made

    # The program can write a status before the supervisor does, so the one that stands there last has to be taken.
    while order.came_at is None:
        now = digest_of_status(control)
        if now is not None and now != tried:
            report, tried = attempt(), now
            # A program that changes it all the time does not keep the worker busy.
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        time.sleep(pause)
    if not report.uploaded or digest_of_status(control) not in (None, tried):
        # The order may have come while the worker was away: one more try.
        attempt()
    return 0


def deadline_of(endpoint: Endpoint, order: Order) -> Deadline:
    patient = time.monotonic() + PATIENCE_SECONDS

    def deadline() -> float:
        if order.came_at is None:
            return patient
        return order.came_at + max(1.0, endpoint.grace_seconds - RESERVE_SECONDS)

    return deadline


def deliver(endpoint: Endpoint, control: Path, deadline: Deadline) -> Report:
    """Outputs first, status last: whoever sees the status can rely on them."""
    report = Report()
    try:
        status, report.digest = read_status(control)
        report.status = essentials(status) if status else None
        for view in endpoint.views:
            for name in endpoint.outputs:
                one = upload(endpoint, control / "outputs" / view, view, name, deadline)
                if one:
                    report.files.append(one)
        body = json.dumps({"status": status, "files": report.files}).encode()
        endpoint.put("status", body, len(body), deadline)
        report.uploaded = True
    except Exception as error:  # What stands there may be a program's, and a collector that dies delivers nothing.
        report.error = f"{type(error).__name__}: {error}"[:300]
    return report


def read_status(control: Path) -> tuple[dict[str, Any], str] | tuple[None, None]:
    """With the SHA-256 of its bytes. Raises whatever a text that is none makes the parser raise."""
    text = bytes_of_status(control)
    if text is None:
        return None, None
    status = json.loads(text)
    if not isinstance(status, dict):
        raise ValueError("the status is no object")
    return status, hashlib.sha256(text).hexdigest()


def bytes_of_status(control: Path) -> bytes | None:
    """Program and supervisor share a user here, so the program may have put anything in its place."""
    try:
        handle = open_inside(control, "status.json")
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        text = file.read(MOST_STATUS_BYTES + 1)
    if len(text) > MOST_STATUS_BYTES:
        raise ValueError("the status is too large")
    return text


def digest_of_status(control: Path) -> str | None:
    """Changes with the status; what cannot be read is told by why."""
    try:
        text = bytes_of_status(control)
    except (Refused, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None if text is None else hashlib.sha256(text).hexdigest()


def upload(
    endpoint: Endpoint, folder: Path, view: str, name: str, deadline: Deadline
) -> tuple[str, str, int, str] | None:
    try:
        handle = open_inside(folder, name)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > endpoint.cap_mib * 1024 * 1024:
            raise Refused(f"{view}/{name} has {size} bytes")
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
        endpoint.put(f"outputs/{view}/{name}", file, size, deadline)
    return view, name, size, digest.hexdigest()


def essentials(status: dict[str, Any]) -> dict[str, Any]:
    """The status without what the program printed, short enough for a termination message."""
    short = {key: status.get(key) for key in ("cause", "cancelled", "milestones", "gpus")}
    short["message"] = str(status.get("message", ""))[:200]
    short["views"] = [{**view, "detail": str(view.get("detail", ""))[:80]} for view in status.get("views", [])]
    return {**short, "stdoutTail": "", "stderrHead": "", "stderrTail": str(status.get("stderrTail", ""))[-600:]}


def write_message(report: Report, path: Path) -> None:
    """Kubernetes keeps 4096 bytes. What does not fit goes, the least important first."""
    whole = {"v": 1, "uploaded": report.uploaded, "error": report.error, "files": report.files, "status": report.status}
    shorter = {**whole, "status": {**report.status, "stderrTail": ""}} if report.status else whole
    text = ""
    for message in (whole, shorter, {**shorter, "files": []}, {**whole, "files": [], "status": None}):
        with contextlib.suppress(RecursionError):
            text = json.dumps(message, separators=(",", ":"))
            if len(text.encode()) <= MOST_MESSAGE_BYTES:
                break
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        say(f"no termination message: {error}")
