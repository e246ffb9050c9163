"""Run by the executor as if it were a candidate, in every view of a run: tries to reach what a candidate must not.

It is told where everything lies, so that nothing but the sandbox stands in its way, and writes down what it got.
Trusted code judges that (`src/activities/attest-judge.ts`). One file without imports of ours: a candidate has none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GIVEN: dict[str, Any] = json.loads("@GIVEN@")
OUTPUT = Path("working/attestation.json")
MARK = f"left-behind-{GIVEN['nonce']}"
NOWHERE = (("IPv4", socket.AF_INET, "192.0.2.1"), ("IPv6", socket.AF_INET6, "2001:db8::1"))
"""Addresses kept free for documentation: asking for a route to them sends nothing."""
MOST_NAMES = 12
MOST_FOLDERS = 4_000
SECONDS = 1.0


def main() -> None:
    mounts = mounts_seen()
    attempts = [
        *left_behind(),
        *(reach(place["what"], place["path"]) for place in [*GIVEN["places"], *told_by_mounts(mounts)]),
        *around(),
        *(connect(server["what"], server["host"], server["port"]) for server in GIVEN["servers"]),
        *routes(),
        *others_processes(),
        environment(),
        *changes(),
    ]
    leave_behind()
    seen = {
        "attempts": attempts,
        "mounts": mounts,
        "environment": sorted(os.environ),
        "input": tree_hash(Path("input")),
        "user": os.getuid(),
    }
    OUTPUT.write_text(json.dumps(seen), encoding="utf-8")


def attempt(what: str, target: str, reached: str | None, refused: str = "") -> dict[str, Any]:
    """`reached` says what was got; None that it was refused, and `refused` how."""
    found = {"what": what, "target": target, "reached": reached is not None}
    return {**found, "detail": (refused if reached is None else reached)[:200]}


def reach(what: str, path: str) -> dict[str, Any]:
    """By its own name, through a link, and through the roots and working folders of every visible process."""
    refused: list[str] = []
    for way in ways_to(path):
        try:
            found = look(way)
        except OSError as error:
            refused.append(os.strerror(error.errno or 0))
            continue
        if found is not None:
            return attempt(what, path, found if way == path else f"{found} (through {way})")
        refused.append("an empty folder on the way to what is shown")
    return attempt(what, path, None, refused[0])


def ways_to(path: str) -> Iterator[str]:
    yield path
    link = Path("working/link")
    with contextlib.suppress(OSError):
        link.symlink_to(path)
        yield str(link.absolute())
        link.unlink()
    with contextlib.suppress(OSError):
        os.link(path, "working/hard")
        yield "working/hard"
        os.unlink("working/hard")  # noqa: PTH108
    for pid in pids():
        if pid != os.getpid():
            yield f"/proc/{pid}/root{path}"
            yield f"/proc/{pid}/cwd/../../../../../../../..{path}"


def look(path: str) -> str | None:
    """What lies there. None for a folder in which nothing was found but the way to what the sandbox shows anyway."""
    status = os.stat(path)  # noqa: PTH116
    if not stat.S_ISDIR(status.st_mode):
        with open(path, "rb") as file:  # noqa: PTH123
            return f"read {len(file.read(64))} of {status.st_size} bytes"
    shown, home = shown_folders(), os.path.realpath(path)
    names = [name for name in os.listdir(path) if not leads_to(f"{home.rstrip('/')}/{name}", shown)]  # noqa: PTH208
    return f"listed {len(names)} names" if names else None


def leads_to(path: str, shown: list[str]) -> bool:
    return any(folder == path or is_below(folder, path) for folder in shown)


def is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")


def shown_folders() -> list[str]:
    """Where something is mounted, without the root itself."""
    return [mount["path"] for mount in mounts_seen() if mount["path"] != "/"]


def told_by_mounts(mounts: list[dict[str, str]]) -> list[dict[str, str]]:
    """The table of mounts names folders of the machine: everything beside them is tried as well."""
    places = []
    for mount in mounts:
        if mount["path"] in ("/job", "/job/input"):
            source = Path(mount["source"])
            places += [
                {"what": f"the machine's path of {mount['path']}", "path": str(source)},
                {"what": f"what lies beside {mount['path']}", "path": str(source.parent)},
                {"what": f"the control folder beside {mount['path']}", "path": str(source.parent.parent / "control")},
            ]
    own = {"/", "/tmp", "/dev", "/dev/shm"}  # In here these are folders of the sandbox's own.
    return [place for place in places if place["path"] not in own]


def around() -> Iterator[dict[str, Any]]:
    """Whatever can be found by walking, in case something lies where nobody thought of."""
    wanted = set(GIVEN["names"])
    found: list[str] = []
    own = ("input", "working", "solution.py", sys.prefix, sys.base_prefix, "/proc", "/usr")
    shown = {os.path.realpath(name) for name in own}
    seen = 0
    for top in ("/", ".."):
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if os.path.realpath(f"{folder}/{name}") not in shown]
            found += [path for name in set(files) & wanted if opens(path := f"{folder}/{name}")]
            seen += 1
            if seen > MOST_FOLDERS:
                break
    listed = ", ".join(sorted(found)[:MOST_NAMES])
    yield attempt("files named like ours, anywhere", ", ".join(sorted(wanted)), listed or None, f"{seen} folders read")


def changes() -> Iterator[dict[str, Any]]:
    """What would change the next view or another program."""
    for what, path in (("change the input", "input/automlgen-probe"), ("write outside", "/automlgen-probe")):
        try:
            with open(path, "w", encoding="ascii"):  # noqa: PTH123
                pass
            os.unlink(path)  # noqa: PTH108
            # Where no mount protects the original, the program has a copy of its own.
            fine = what == "change the input" and GIVEN["level"] not in ("full", "pod")
            yield attempt(what, path, None if fine else "written", "only a copy was changed")
        except OSError as error:
            yield attempt(what, path, None, os.strerror(error.errno or 0))


def tree_hash(top: Path) -> str:
    """SHA-256 over path and content of every file, in the order of the paths' bytes."""
    digest = hashlib.sha256()
    for path in sorted((one for one in top.rglob("*") if one.is_file()), key=lambda one: os.fsencode(one)):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(os.fsencode(path.relative_to(top)) + f"\0{content}\n".encode())
    return digest.hexdigest()


def nooks() -> list[Path]:
    """Every place where a program can leave something."""
    names = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "MPLCONFIGDIR")
    own = [Path(os.environ[name]) for name in names if name in os.environ]
    places = [Path(), Path("working"), Path("input"), Path(".."), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    return [*places, *own, Path("/run")]


def left_behind() -> Iterator[dict[str, Any]]:
    found = [str(place / MARK) for place in nooks() if (place / MARK).exists()]
    yield attempt("files of an earlier view", MARK, ", ".join(found) or None, "none found")
    old = [pid for pid in pids() if MARK in command_of(pid)]
    yield attempt("processes of an earlier view", MARK, str(old) if old else None, "none found")
    with socket.socket(socket.AF_UNIX) as client:
        code = client.connect_ex(f"\0{MARK}")
    yield attempt("an abstract socket of an earlier view", MARK, None if code else "connected", os.strerror(code))


def leave_behind() -> None:
    for place in nooks():
        with contextlib.suppress(OSError):
            (place / MARK).write_text("x", encoding="ascii")
    listen = (
        f"import socket, time; s = socket.socket(socket.AF_UNIX); s.bind('\\0{MARK}'); s.listen(); print(flush=True); "
        "time.sleep(600)"
    )
    child = subprocess.Popen([sys.executable, "-c", listen], stdout=subprocess.PIPE, start_new_session=True)
    if child.stdout:
        child.stdout.readline()


def pids() -> list[int]:
    with contextlib.suppress(OSError):
        return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208
    return []


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def others_processes() -> Iterator[dict[str, Any]]:
    """Environment, memory and files of every process that is neither this one nor the first of the sandbox."""
    for what, name in (("the environment", "environ"), ("the memory", "mem"), ("the open files", "fd")):
        got = [pid for pid in pids() if pid not in own_family() and opens(f"/proc/{pid}/{name}")]
        yield attempt(f"{what} of other processes", f"/proc/*/{name}", f"of {got[:8]}" if got else None, "none opened")
    hit = [pid for pid in GIVEN["processes"] if pid != os.getpid() and signals(pid)]
    targets = ", ".join(str(pid) for pid in GIVEN["processes"])
    yield attempt("signal the worker", targets, f"reached {hit}" if hit else None, "no such process, or not permitted")


def own_family() -> set[int]:
    """This process, and the sandbox's first one, which is bubblewrap and was given nothing."""
    return {os.getpid(), 1} if GIVEN["level"] == "full" else {os.getpid()}


def opens(path: str) -> bool:
    try:
        if Path(path).is_dir():
            return bool(os.listdir(path))  # noqa: PTH208
        with open(path, "rb") as file:  # noqa: PTH123
            return bool(file.read(1)) if path.endswith("environ") else True
    except OSError:
        return False


def signals(pid: int) -> bool:
    """Signal 0 does nothing. A pid of the machine may be another process in here."""
    with contextlib.suppress(OSError):
        os.kill(pid, 0)
        return GIVEN["worker"] in command_of(pid)
    return False


def environment() -> dict[str, Any]:
    """Values of the worker's environment under whatever name; it is told their salted hashes only."""
    known: dict[str, str] = GIVEN["environment"]
    values = [GIVEN["nonce"] + value for value in os.environ.values()]
    digests = [hashlib.sha256(value.encode(errors="surrogateescape")).hexdigest() for value in values]
    found = [known[digest] for digest in digests if digest in known]
    listed = ", ".join(sorted(set(found)))
    return attempt("the worker's environment", f"{len(known)} values", listed or None, "none of them")


def connect(what: str, host: str, port: int) -> dict[str, Any]:
    try:
        socket.create_connection((host, port), SECONDS).close()
    except OSError as error:
        return attempt(what, f"{host}:{port}", None, str(error))
    return attempt(what, f"{host}:{port}", "connected")


def routes() -> Iterator[dict[str, Any]]:
    for name, family, address in NOWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as client:
                client.connect((address, 9))
            yield attempt(f"an {name} route to the outside", address, "there is one")
        except OSError as error:
            yield attempt(f"an {name} route to the outside", address, None, os.strerror(error.errno or 0))
    names = sorted({name for _, name in socket.if_nameindex()} - {"lo"})
    yield attempt("network interfaces", "all but the loopback", ", ".join(names) or None, "none")


def mounts_seen() -> list[dict[str, str]]:
    """Path in here, path on the machine's file system, kind of file system, and access, as the kernel tells them."""
    mounts = []
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        before, after = line.split(" - ")
        fields = before.split()
        access = "read-only" if "ro" in fields[5].split(",") else "writable"
        path, source = (_unescaped(text) for text in (fields[4], fields[3]))
        mounts.append({"path": path, "source": source, "kind": after.split()[0], "access": access})
    return mounts


def _unescaped(text: str) -> str:
    return text.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


main()
