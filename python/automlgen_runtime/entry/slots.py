"""Capacity tokens: one locked file for each slot. The kernel frees a token when its owner dies, however it dies."""

import fcntl
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.02
# Between the ranges that systemd hands out; one uid for each running execution of the machine.
FIRST_UID, LAST_UID = 60720, 61180


@dataclass(frozen=True)
class Slot:
    index: int
    lock: int
    """File descriptor whose lock is the token; it stays open until the process ends."""


def acquire_slot(folder: Path, count: int) -> Slot:
    """Waits in line for a free slot. Those who wait block on one lock; the first in line tries the slots."""
    folder.mkdir(parents=True, exist_ok=True)
    queue = open_lock(folder / "queue.lock")
    fcntl.flock(queue, fcntl.LOCK_EX)
    try:
        while True:
            for index in range(count):
                lock = open_lock(folder / f"{index}.lock")
                if try_lock(lock):
                    return Slot(index, lock)
                os.close(lock)
            time.sleep(POLL_SECONDS)
    finally:
        os.close(queue)


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def reserve_uid() -> tuple[int, socket.socket]:
    """A uid that no other execution of this machine uses, since process limits are counted by uid.

    Held while the socket is open.     Raises RuntimeError when all are taken.
    """
    for uid in range(FIRST_UID, LAST_UID):
        guard = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            guard.bind(f"\0automlgen-uid-{uid}")
            return uid, guard
        except OSError:
            guard.close()
    raise RuntimeError(f"Every uid from {FIRST_UID} to {LAST_UID} is in use by another execution.")


def cores_of_slot(index: int, cpus: float) -> list[int]:
    """The fixed cores of a slot, so that equal slots have equal threads. Wraps around past the last core."""
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if not available:
        return []
    wanted = min(len(available), max(1, int(cpus)))
    return sorted({available[(index * wanted + offset) % len(available)] for offset in range(wanted)})
