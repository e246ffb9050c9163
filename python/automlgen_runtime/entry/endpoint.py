"""Talks to the artefact endpoint of the worker. The token opens this one execution and nothing else."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from automlgen_runtime.entry.files import read_json

CONNECT_SECONDS = 20
# A file that says to the main container that everything is with the worker.
DELIVERED = "delivered"
CHUNK_BYTES = 1024 * 1024
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)


Deadline = Callable[[], float]
"""By the monotonic clock; asked each time, since an order to end may bring it forward."""


class Unavailable(Exception):
    """The endpoint did not answer, or asked to come again."""


class Rejected(Exception):
    """The endpoint will not take this, however often it is asked."""


@dataclass(frozen=True)
class Endpoint:
    id: str
    url: str
    token: str
    views: tuple[str, ...]
    outputs: tuple[str, ...]
    cap_mib: int
    grace_seconds: float

    def put(self, path: str, body: bytes | IO[bytes], size: int, deadline: Deadline) -> None:
        """Tries again until `deadline`. Raises Unavailable or Rejected."""
        last: Exception | None = None
        for pause in pauses_until(deadline):
            try:
                if hasattr(body, "seek"):
                    body.seek(0)
                self._send("PUT", path, body, size).read()
                return
            except (OSError, http.client.HTTPException, Unavailable) as error:
                last = error
            time.sleep(pause)
        raise Unavailable(f"{path}: {last}")

    def get(self, path: str) -> http.client.HTTPResponse:
        """Raises Unavailable or Rejected, or a fault of the network."""
        return self._send("GET", path, None, 0)

    def _send(self, method: str, path: str, body: bytes | IO[bytes] | None, size: int) -> http.client.HTTPResponse:
        target = urlsplit(self.url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.hostname or "", target.port, timeout=CONNECT_SECONDS, blocksize=CHUNK_BYTES)
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Length"] = str(size)
        connection.request(method, f"{target.path}/v1/executions/{self.id}/{quote(path)}", body, headers)
        response = connection.getresponse()
        if response.status < 300:
            return response
        said = response.read(500).decode("utf-8", errors="replace").strip()
        connection.close()
        fault = Unavailable if response.status in (408, 429) or response.status >= 500 else Rejected
        raise fault(f"{response.status} {said}")


def pauses_until(deadline: Deadline) -> Iterator[float]:
    """At least one try, however late it is."""
    turn = 0
    while True:
        left = deadline() - time.monotonic()
        yield max(0.0, min(PAUSES[min(turn, len(PAUSES) - 1)], left))
        turn += 1
        if left <= 0:
            return


def read_endpoint(path: Path) -> Endpoint:
    data: dict[str, Any] = read_json(path)
    return Endpoint(
        id=data["id"],
        url=data["url"],
        token=data["token"],
        views=tuple(data["views"]),
        outputs=tuple(data["outputs"]),
        cap_mib=data["capMiB"],
        grace_seconds=data["graceSeconds"],
    )


def say(text: str) -> None:
    """One line for the log of the container."""
    print(json.dumps({"at": round(time.time(), 3), "said": text}), flush=True)
