"""Tells from inside a pod what a program there could reach. Standard library only.

`python -I -S pod_probe.py '{"forbidden": ["host:port"], "endpoint": "http://host:port", "seconds": 3}'` writes one JSON
object to standard output, and to the termination message of the container where there is one. Whether the findings are
good or bad is the caller's to say: the exit code is 0 unless the probe itself fails.
"""

import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
TERMINATION_MESSAGE = Path("/dev/termination-log")
LONGEST_MESSAGE = 4096
NAME = "kubernetes.default.svc"


def attempt(address: str, seconds: float) -> str:
    """`reached`, `refused` (something answered, perhaps the policy itself) or `silent`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=seconds):
            return "reached"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "silent"


def resolves(name: str) -> bool:
    try:
        socket.getaddrinfo(name, 443)
    except OSError:
        return False
    return True


def api_server() -> list[str]:
    """Every pod is told its address, and it listens for certain."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT")
    return [f"{host}:{port}"] if host and port else []


def writable(folder: str) -> bool:
    path = Path(folder, f".probe-{os.getpid()}")
    try:
        path.touch(exist_ok=False)
    except OSError:
        return False
    path.unlink()
    return True


def process_status() -> dict[str, str]:
    """What the kernel lets this process do."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return {name: fields[name].strip() for name in ("CapEff", "NoNewPrivs", "Seccomp") if name in fields}


def limit(*paths: str) -> int | None:
    """The first control group file that holds a number."""
    for path in paths:
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if text.isdigit() and int(text) < 1 << 60:
            return int(text)
    return None


def look(request: dict) -> dict:
    seconds = float(request.get("seconds", 3))
    forbidden = [*api_server(), *request.get("forbidden", [])]
    endpoint = urlsplit(request.get("endpoint") or "")
    with ThreadPoolExecutor(16) as pool:
        named = pool.submit(resolves, NAME)
        ends = list(pool.map(lambda address: attempt(address, seconds), forbidden))
        at_endpoint = attempt(f"{endpoint.hostname}:{endpoint.port}", seconds) if endpoint.hostname else None
    by_end = {end: [a for a, e in zip(forbidden, ends, strict=True) if e == end] for end in ("reached", "refused")}
    return {
        **by_end,
        "tried": len(forbidden),
        "endpoint": at_endpoint,
        "names": named.result(),
        "token": TOKEN.exists(),
        "rootWritable": writable("/"),
        "uid": os.getuid(),
        "status": process_status(),
        "memoryBytes": limit("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        "pids": limit("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"),
    }


def main(arguments: list[str]) -> None:
    text = json.dumps(look(json.loads(arguments[0])))
    print(text, flush=True)
    if TERMINATION_MESSAGE.exists():
        TERMINATION_MESSAGE.write_text(text[:LONGEST_MESSAGE], encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
