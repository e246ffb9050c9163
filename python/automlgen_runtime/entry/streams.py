"""Output of a program, of which the head and the tail are kept however much it writes."""

import contextlib
import os
from dataclasses import dataclass, field

HEAD_BYTES = 8_000
TAIL_BYTES = 24_000
COPIED_BYTES = 4 * 1024 * 1024


@dataclass
class KeptOutput:
    total: int = 0
    copy_to: int | None = None
    """Descriptor that gets what is printed as well, up to a limit: the log of a container."""
    _head: bytearray = field(default_factory=bytearray)
    _tail: bytearray = field(default_factory=bytearray)

    def add(self, chunk: bytes) -> None:
        if self.copy_to is not None and self.total < COPIED_BYTES:
            with contextlib.suppress(OSError):
                os.write(self.copy_to, chunk[: COPIED_BYTES - self.total])
        self.total += len(chunk)
        self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._tail += chunk
        if len(self._tail) > 4 * TAIL_BYTES:
            del self._tail[:-TAIL_BYTES]

    @property
    def head(self) -> str:
        return readable(bytes(self._head))

    @property
    def tail(self) -> str:
        return readable(bytes(self._tail[-TAIL_BYTES:]))


def readable(data: bytes) -> str:
    """Text that any JSON reader and any database takes: no invalid UTF-8, no NUL."""
    return data.decode("utf-8", errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
