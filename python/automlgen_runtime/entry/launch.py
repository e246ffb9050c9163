"""Runs inside the sandbox just before the program: takes away privileges, sets limits, and becomes the program.

Started as `python -I -S launch.py <settings as JSON> <command…>`. One file: the sandbox shows nothing else of ours.
Writes one byte to the descriptor `ready` just before it becomes the program, or the reason why it could not.
"""

import contextlib
import json
import os
import resource
import signal
import sys
from typing import Any

MIB = 1024 * 1024
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 24, 38, 22
HIGHEST_CAPABILITY = 63


def main() -> None:
    settings = json.loads(sys.argv[1])
    ready = settings["ready"]
    os.set_inheritable(ready, False)
    try:
        prepare(settings)
        os.write(ready, b"1")
        os.execve(sys.argv[2], sys.argv[2:], dict(os.environ))
    except BaseException as error:
        os.write(ready, f"{type(error).__name__}: {error}".encode())
        os._exit(127)


def prepare(settings: dict[str, Any]) -> None:
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    yield_to_others(settings)
    limit_resources(settings)
    drop_user(settings)
    if settings["bare"]:
        lock_bare_process(settings)
    os.umask(0o022)


def yield_to_others(settings: dict[str, Any]) -> None:
    """First in line for the kernel's out-of-memory killer, last in line for the processor, on its own cores."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")
    with contextlib.suppress(OSError):
        os.nice(10)
    if settings["cores"]:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, settings["cores"])


def limit_resources(settings: dict[str, Any]) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: settings["diskMiB"] * MIB,
        resource.RLIMIT_DATA: settings["dataMiB"] and settings["dataMiB"] * MIB,
        resource.RLIMIT_NPROC: settings["processes"],
        resource.RLIMIT_NOFILE: 4096,
    }
    for name, value in wanted.items():
        if value is not None:
            hard = resource.getrlimit(name)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(name, (value, value))


def drop_user(settings: dict[str, Any]) -> None:
    uid = settings["uid"]
    if uid is None:
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if os.getresuid() != (uid, uid, uid):
        raise PermissionError(f"the user could not be changed to {uid}")


def lock_bare_process(settings: dict[str, Any]) -> None:
    """Without a sandbox around it: no way to more privileges, and an end together with the supervisor."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getuid() == 0:
        for capability in range(HIGHEST_CAPABILITY + 1):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != settings["parent"]:
        raise ProcessLookupError("the supervisor has ended")


if __name__ == "__main__":
    main()
