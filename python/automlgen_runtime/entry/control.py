"""The control folder of a pod, where program and supervisor share a user: what stands there is the program's word.

It may be a pipe that blocks whoever opens it, a link to a device without end, a folder where a file belongs. So nothing
in it is opened after the program has begun, and all of it goes before the supervisor writes.
"""

from pathlib import Path

from automlgen_runtime.entry import disk


def renew(control: Path) -> None:
    """Leaves an empty folder of our own. Only once nothing of the program runs any more."""
    clear(control)
    control.mkdir(mode=0o700)


def clear(path: Path) -> None:
    """Removes whatever bears the name, with all that it holds; follows no link. Harmless when there is nothing."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):
        path.chmod(0o700)
        disk.remove_tree(path)
