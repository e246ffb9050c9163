"""Output of a program, of which the head and the tail are kept however much it writes."""

from dataclasses import dataclass, field

HEAD_BYTES = 8_000
TAIL_BYTES = 24_000


@dataclass
class KeptOutput:
    total: int = 0
    _head: bytearray = field(default_factory=bytearray)
    _tail: bytearray = field(default_factory=bytearray)

    def add(self, chunk: bytes) -> None:
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
