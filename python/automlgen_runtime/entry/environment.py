"""The environment of a program: what it needs to run and to use its cores, and nothing of ours."""

import os
import re

from automlgen_runtime.entry.request import Request

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
USER = "candidate"
# What device plugins and their images say to a container about its devices.
DEVICES = re.compile(r"^(CUDA|NVIDIA|NVSHMEM|NCCL|ROCR|HIP|HSA)_|^(LD_LIBRARY_PATH|GPU_DEVICE_ORDINAL)$")


def environment_of(request: Request, threads: int, temporary: str) -> dict[str, str]:
    variables = {
        "PATH": f"{request.python.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": temporary,
        "TMPDIR": temporary,
        "XDG_CACHE_HOME": f"{temporary}/.cache",
        "MPLCONFIGDIR": f"{temporary}/.matplotlib",
        "USER": USER,
        "LOGNAME": USER,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        **dict.fromkeys(THREAD_VARIABLES, str(threads)),
    }
    return devices_of(request) | variables | request.environment


def unpinned_threads(request: Request) -> int:
    """Threads for a program that has no cores of its own: in a pod as many as were requested for it."""
    return max(1, int(request.limits.cpus)) if request.level == "pod" else 1


def devices_of(request: Request) -> dict[str, str]:
    if request.level != "pod":
        return {}
    return {name: value for name, value in os.environ.items() if DEVICES.match(name)}
