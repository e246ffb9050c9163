"""The environment of a program: what it needs to run and to use its cores, and nothing of ours."""

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
    return variables | request.environment
