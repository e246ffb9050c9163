"""Tells from inside a pod what a program there could reach. Standard library only.

`python -I -S pod_probe.py '{"forbidden": ["host:port"], "endpoint": "http://host:port", "seconds": 3}'` writes one JSON
object to standard output, and to the termination message of the container where there is one. Whether the findings are
good or bad is the caller's to say: the exit code is 0 unless the probe itself fails. With `"peer"` it tries the pod
that another one of it is, started with `{"listen": port, "seconds": 60}`, which does nothing but answer; with
`"processes"` it starts as many threads.
"""

import _thread
import json
import os
import signal
import socket
import sys
import threading
import time
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


def most_processes(wanted: int) -> int | None:
    """How many threads, which count as processes, a limit let us have; None when `wanted` were no trouble."""
    release = threading.Event()
    before = threading.stack_size(64 * 1024)
    try:
        for count in range(wanted):
            try:
                _thread.start_new_thread(release.wait, ())
            except RuntimeError:
                return count
        return None
    finally:
        threading.stack_size(before)
        release.set()


def answer(port: int, seconds: float) -> None:
    """On every interface of either family."""
    six = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if six else socket.AF_INET
    deadline = time.monotonic() + seconds
    with socket.create_server(("", port), family=family, dualstack_ipv6=six) as server:
        while (left := deadline - time.monotonic()) > 0:
            server.settimeout(left)
            try:
                server.accept()[0].close()
            except OSError:
                continue


def look(request: dict) -> dict:
    seconds = float(request.get("seconds", 3))
    forbidden = [*api_server(), *request.get("forbidden", [])]
    endpoint = urlsplit(request.get("endpoint") or "")
    with ThreadPoolExecutor(16) as pool:
        named = pool.submit(resolves, NAME)
        ends = list(pool.map(lambda address: attempt(address, seconds), forbidden))
        at_peer = attempt(request["peer"], seconds) if request.get("peer") else None
        at_endpoint = attempt(f"{endpoint.hostname}:{endpoint.port}", seconds) if endpoint.hostname else None
    by_end = {end: [a for a, e in zip(forbidden, ends, strict=True) if e == end] for end in ("reached", "refused")}
    return {
        **by_end,
        "tried": len(forbidden),
        "endpoint": at_endpoint,
        "peer": at_peer,
        "names": named.result(),
        "token": TOKEN.exists(),
        "rootWritable": writable("/"),
        "uid": os.getuid(),
        "status": process_status(),
        "memoryBytes": limit("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        # The limit of a pod stands above the group that its container sees, so it is found by trying.
        "pids": most_processes(int(request.get("processes", 0))),
    }


def main(arguments: list[str]) -> None:
    request = json.loads(arguments[0])
    if "listen" in request:
        # The first process of a container hears no order to end but one that it waits for.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        answer(request["listen"], float(request["seconds"]))
        return
    text = json.dumps(look(request))
    print(text, flush=True)
    if TERMINATION_MESSAGE.exists():
        TERMINATION_MESSAGE.write_text(text[:LONGEST_MESSAGE], encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
