"""Runs one view to its end: watches time, memory, processes, disk and output, and keeps what it printed."""

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from automlgen_runtime.entry import disk, processes
from automlgen_runtime.entry.measure import Meter
from automlgen_runtime.entry.request import Limits, Request
from automlgen_runtime.entry.start import Place, Started, program_command, start
from automlgen_runtime.entry.streams import KeptOutput

POLL_SECONDS = 0.1
MOST_OUTPUT_BYTES = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
TRACE_SECONDS = 0.3
MIB = 1024 * 1024


@dataclass
class Ended:
    """What is known about a view after nothing of it runs any more."""

    exit_code: int | None = None
    signal: str | None = None
    verdict: str | None = None
    """Why we ended it: timeout, memory, disk, processes, output, cancelled. None when it ended by itself."""
    detail: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mib: float = 0.0
    out_of_memory_kills: int = 0
    stopped: bool = True
    stdout: KeptOutput = field(default_factory=KeptOutput)
    stderr: KeptOutput = field(default_factory=KeptOutput)


def run_view(request: Request, place: Place, stopped: Callable[[], bool], wake: int) -> Ended:
    """`wake` is a descriptor that becomes readable when `stopped` may have changed. Raises StartFailed."""
    started = start(request, place, program_command(request))
    try:
        return _Watch(request, place, started).follow(stopped, wake)
    finally:
        started.kill()
        started.close()


class _Watch:
    def __init__(self, request: Request, place: Place, started: Started) -> None:
        self.request, self.place, self.started = request, place, started
        self.limits: Limits = request.limits
        self.meter = Meter(started, place.group)
        self.ended = Ended()
        if request.level == "pod":
            self.ended.stdout.copy_to, self.ended.stderr.copy_to = 1, 2
        self.began = time.monotonic()
        self.next_disk = self.began + POLL_SECONDS
        self.asked_to_stop = False

    def follow(self, stopped: Callable[[], bool], wake: int) -> Ended:
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            selector.register(self.started.handle, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            next_poll = self.began
            while not self._has_ended():
                now = time.monotonic()
                if stopped():
                    self.ended.verdict = "cancelled"
                elif now >= next_poll:
                    self._poll(now)
                    next_poll = now + POLL_SECONDS
                if self.ended.verdict:
                    break
                for key, _ in selector.select(max(0.0, next_poll - time.monotonic())):
                    self._read(key)
            self._finish(selector)
        return self.ended

    def _register(self, selector: selectors.BaseSelector) -> None:
        process, ended = self.started.process, self.ended
        for stream, kept in ((process.stdout, ended.stdout), (process.stderr, ended.stderr)):
            if stream:
                os.set_blocking(stream.fileno(), False)
                selector.register(stream.fileno(), selectors.EVENT_READ, (selector, kept))

    def _has_ended(self) -> bool:
        return self.started.process.poll() is not None

    def _read(self, key: selectors.SelectorKey) -> bool:
        """True when something was read."""
        if key.data is None:
            return False
        selector, kept = key.data
        with contextlib.suppress(BlockingIOError):
            chunk = os.read(key.fd, CHUNK_BYTES)
            kept.add(chunk)
            if not chunk:
                selector.unregister(key.fd)
            if self.ended.stdout.total + self.ended.stderr.total > MOST_OUTPUT_BYTES:
                self._decide("output", f"more than {MOST_OUTPUT_BYTES // MIB} MiB printed")
            return bool(chunk)
        return False

    def _decide(self, verdict: str, detail: str) -> None:
        if self.ended.verdict is None:
            self.ended.verdict, self.ended.detail = verdict, detail

    def _poll(self, now: float) -> None:
        reading = self.meter.read()
        limits = self.limits
        if reading.memory_mib > limits.memory_mib and (used := self.meter.confirmed_mib()) > limits.memory_mib:
            self._decide("memory", f"{used:.0f} MiB in use")
        elif self.place.group and self.place.group.out_of_memory_kills() > 0:
            # The kernel may have shot a worker of a pool, for which its parent would wait forever.
            self._decide("memory", "the kernel ended a process of it")
        if reading.processes > limits.pids:
            self._decide("processes", f"{reading.processes} processes")
        if now >= self.next_disk:
            self._poll_disk()
        self._poll_time(now - self.began)

    def _poll_disk(self) -> None:
        before = time.monotonic()
        limit = self.limits.disk_mib * MIB
        try:
            used = disk.usage(self.place.work, limit)
        except OSError as error:
            # Moved away, or closed to us: nobody but the program does that.
            self._decide("disk", f"its folder cannot be looked into ({error.strerror})")
            return
        if used.bytes > limit:
            self._decide("disk", f"more than {self.limits.disk_mib} MiB written")
        elif used.files > disk.MOST_FILES:
            self._decide("disk", f"more than {disk.MOST_FILES} files written")
        elif used.too_deep:
            self._decide("disk", f"folders nested deeper than {disk.DEEPEST}")
        after = time.monotonic()
        self.next_disk = after + max(POLL_SECONDS, 5 * (after - before))

    def _poll_time(self, seconds: float) -> None:
        limit = self.limits.run_seconds
        if seconds >= limit:
            self._print_position()
            self._decide("timeout", f"still running after {limit:g} s")
        elif seconds >= limit - min(5.0, 0.1 * limit) and not self.asked_to_stop:
            self.asked_to_stop = True
            # Only those who listen: for the others it would be an early end.
            for one in self._program_processes():
                if processes.catches(one.pid, signal.SIGTERM):
                    processes.send(one, signal.SIGTERM)

    def _print_position(self) -> None:
        """Lets Python print the line that is running, which says to the author where the time went."""
        listening = [one for one in self._program_processes() if processes.catches(one.pid, signal.SIGABRT)]
        for one in listening[:1]:
            processes.send(one, signal.SIGABRT)
        if listening:
            self._drain(TRACE_SECONDS)

    def _program_processes(self) -> list[processes.Process]:
        below = processes.descendants(self.started.root)
        return [one for one in below if one.pid != self.started.first_pid and one.state != "Z"]

    def _drain(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            selector.register(self.started.handle, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0 and not self._has_ended():
                for key, _ in selector.select(left):
                    self._read(key)

    def _finish(self, selector: selectors.BaseSelector) -> None:
        ended = self.ended
        ended.seconds = time.monotonic() - self.began
        code = self.started.process.poll()
        ended.stopped = self.started.kill()
        self._read_rest(selector)
        ended.cpu_seconds, ended.peak_memory_mib = self.meter.totals()
        ended.out_of_memory_kills = self.place.group.out_of_memory_kills() if self.place.group else 0
        if code is None:
            return
        number = -code if code < 0 else code - 128
        if code != 0 and self.asked_to_stop:
            self._decide("timeout", f"asked to stop shortly before {self.limits.run_seconds:g} s")
        # bubblewrap reports a signal as 128 + number.
        if code < 0 or 0 < number < signal.NSIG:
            with contextlib.suppress(ValueError):
                ended.signal = signal.Signals(number).name
        ended.exit_code = 128 + number if code < 0 else code

    def _read_rest(self, selector: selectors.BaseSelector) -> None:
        """What was still in the pipes. Every writer is dead, so this ends."""
        deadline = time.monotonic() + 1
        keys = [key for key in list(selector.get_map().values()) if key.data]
        for key in keys:
            while time.monotonic() < deadline and self._read(key):
                pass
