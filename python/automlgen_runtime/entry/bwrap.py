"""The options of bubblewrap, in the order in which they work. Measured recipes: see docs/sandbox.md."""

from dataclasses import dataclass
from pathlib import Path

from automlgen_runtime.entry import kaggle
from automlgen_runtime.entry.layout import interpreter_folders, parents_of
from automlgen_runtime.entry.request import Request

LAUNCHER = Path(__file__).with_name("launch.py")
INSIDE_LAUNCHER = "/run/launch.py"
MIB = 1024 * 1024
SYSTEM_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/nix/store")
NETWORK_FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl", "/etc/pki")


@dataclass(frozen=True)
class Mounts:
    work: Path
    input: Path
    program: Path
    passwd: int
    """Descriptor with the two lines of `/etc/passwd`."""


def options(request: Request, mounts: Mounts, environment: dict[str, str], *, root: bool) -> list[str]:
    """`root`: started by root, so without a user namespace; the launcher drops the user inside."""
    return [
        *_namespaces(request, root=root),
        *_system(request),
        *_memory_folders(request),
        *_interpreter(request),
        *_job(mounts),
        *_environment(environment),
    ]


def _namespaces(request: Request, *, root: bool) -> list[str]:
    # A user namespace made by root would keep all capabilities inside and make read-only binds writable.
    privileges = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    user = privileges if root else ["--unshare-user", "--disable-userns"]
    network = ["--unshare-net"] if request.network == "none" else []
    others = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    return [*user, *others, *network, "--die-with-parent", "--new-session", "--clearenv"]


def _system(request: Request) -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in SYSTEM_LINKS:
        path = Path("/") / name
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--perms", "0755", "--dir", "/etc"]
    for name in SYSTEM_FILES + (NETWORK_FILES if request.network == "open" else ()):
        arguments += ["--ro-bind-try", name, name]
    return [*arguments, "--proc", "/proc", "--dev", "/dev", *_devices(request)]


def _devices(request: Request) -> list[str]:
    if request.limits.gpus == 0:
        return []
    found = sorted(Path("/dev").glob("nvidia*"))
    return [part for path in found for part in ("--dev-bind-try", str(path), str(path))]


def _memory_folders(request: Request) -> list[str]:
    # Before the binds: a cache below /tmp would be hidden by a later mount.
    # Without a size each may take half of the memory.
    sizes = {"/tmp": request.limits.tmp_mib, "/dev/shm": request.limits.shm_mib}
    return [
        part for path, mib in sizes.items() for part in ("--perms", "1777", "--size", str(mib * MIB), "--tmpfs", path)
    ]


def _interpreter(request: Request) -> list[str]:
    folders = interpreter_folders(request.python)
    for kept in (request.slots_folder, *(view.input for view in request.views)):
        for folder in (Path("/usr"), *folders):
            if kept.is_relative_to(folder):
                raise ValueError(f"{kept} lies in {folder}, which every program may read: keep data elsewhere")
    parents = [part for path in parents_of(folders) for part in ("--perms", "0755", "--dir", str(path))]
    return parents + [part for path in folders for part in ("--ro-bind", str(path), str(path))]


def _job(mounts: Mounts) -> list[str]:
    return [
        *("--perms", "0644", "--ro-bind-data", str(mounts.passwd), "/etc/passwd"),
        *("--perms", "0755", "--dir", "/run", "--ro-bind", str(LAUNCHER), INSIDE_LAUNCHER),
        *("--bind", str(mounts.work), "/job", "--ro-bind", str(mounts.input), "/job/input", "--chdir", "/job"),
        *kaggle.options(mounts.program, mounts.input),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
    ]


def _environment(environment: dict[str, str]) -> list[str]:
    return [part for name, value in environment.items() for part in ("--setenv", name, value)]
