"""The first container of a pod without a data volume: brings the prepared tables of each view from the worker.

A view arrives as one stream: for each file a line of JSON with path and size, then its bytes; a last line says that
it was all.
"""

import http.client
import json
import time
from pathlib import Path
from typing import IO, Any

from automlgen_runtime.entry.endpoint import (
    CHUNK_BYTES,
    Deadline,
    Endpoint,
    Unavailable,
    pauses_until,
    read_endpoint,
    say,
)

PATIENCE_SECONDS = 300
LONGEST_LINE = 64 * 1024


def fetch(endpoint_file: Path, target: Path) -> int:
    endpoint = read_endpoint(endpoint_file)
    for view in endpoint.views:
        began = time.monotonic()
        files, size = fetch_view(endpoint, view, target / view, lambda end=began + PATIENCE_SECONDS: end)
        say(f"view {view}: {files} files, {size} bytes in {time.monotonic() - began:.2f} s")
    return 0


def fetch_view(endpoint: Endpoint, view: str, target: Path, deadline: Deadline) -> tuple[int, int]:
    """Number of files and bytes. A broken stream is fetched again from its start."""
    last: Exception | None = None
    for pause in pauses_until(deadline):
        try:
            with endpoint.get(f"views/{view}") as response:
                return unpack(response, target)
        except (OSError, http.client.HTTPException, Unavailable, ValueError) as error:
            last = error
            say(f"view {view}: {error}")
        time.sleep(pause)
    raise Unavailable(f"view {view}: {last}")


def unpack(stream: IO[bytes] | http.client.HTTPResponse, target: Path) -> tuple[int, int]:
    """Raises ValueError when the stream is not whole."""
    target.mkdir(parents=True, exist_ok=True)
    files = total = 0
    while True:
        head = read_head(stream)
        if head.get("end"):
            if head["files"] != files:
                raise ValueError(f"{files} of {head['files']} files arrived")
            return files, total
        path = inside(target, head["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        copy(stream, path, head["bytes"])
        files, total = files + 1, total + head["bytes"]


def read_head(stream: IO[bytes] | http.client.HTTPResponse) -> dict[str, Any]:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise ValueError("the stream ended too early")
    return json.loads(line)


def inside(target: Path, name: str) -> Path:
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or ".." in parts:
        raise ValueError(f"{name!r} lies outside")
    return target.joinpath(*parts)


def copy(stream: IO[bytes] | http.client.HTTPResponse, path: Path, size: int) -> None:
    with path.open("wb") as file:
        left = size
        while left > 0:
            chunk = stream.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise ValueError("the stream ended within a file")
            file.write(chunk)
            left -= len(chunk)
