"""The evaluator process: JSON lines in, JSON lines out.

Request `{"id", "method", "params"}`; reply `{"id", "result"}` or `{"id", "error": {"kind": "user" | "internal", "code",
"message", "next"}}`, in the order of the requests. Heavy modules are imported once. Whatever else is printed goes to
standard error: the replies' channel is a duplicate of standard output that only this module knows.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TextIO

METHODS = {
    "profile": "automlgen_runtime.profile:profile",
    "prepare": "automlgen_runtime.prepare:prepare",
    "evaluate": "automlgen_runtime.evaluate:evaluate",
    "choose": "automlgen_runtime.final:choose_final",
    "write_submission": "automlgen_runtime.write:write_submission",
    "grade": "automlgen_runtime.grade:grade",
}
WARM = ("automlgen_runtime.evaluate", "automlgen_runtime.write", "automlgen_runtime.grade")


def ping(_: Mapping[str, Any]) -> dict[str, Any]:
    """Answers once everything heavy is imported."""
    import numpy as np

    return {"pid": os.getpid(), "python": sys.version.split()[0], "numpy": np.__version__}


def metrics(_: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The metric table, for the check that both halves of the product hold the same one."""
    from automlgen_runtime.metrics import METRICS

    return {name: {"direction": m.direction, "predictions": m.predictions} for name, m in METRICS.items()}


def method_named(name: str) -> Callable[[Any], Any]:
    if name in OWN:
        return OWN[name]
    if name not in METHODS:
        raise KeyError(f"There is no method {name!r}.")
    module, function = METHODS[name].split(":")
    return getattr(importlib.import_module(module), function)


OWN = {"ping": ping, "metrics": metrics}


def reply_to(line: str) -> dict[str, Any]:
    """Never raises: a fault of a request is an answer."""
    request_id: object = None
    try:
        request = json.loads(line)
        request_id = request["id"]
        return {"id": request_id, "result": method_named(request["method"])(request.get("params"))}
    except Exception as fault:
        return {"id": request_id, "error": _error(fault)}


def _error(fault: Exception) -> dict[str, str]:
    """Faults that people can act on carry `code` and `next`; everything else is a defect, traced on standard error."""
    code, step = getattr(fault, "code", None), getattr(fault, "next", None)
    if isinstance(code, str) and isinstance(step, str):
        return {"kind": "user", "code": code, "message": str(fault), "next": step}
    if any(kind.__name__ == "UndefinedScoreError" for kind in type(fault).__mro__):
        return {
            "kind": "user",
            "code": "metric-mismatch",
            "message": str(fault),
            "next": "Choose a metric that fits the target, or give more labelled rows.",
        }
    traceback.print_exception(fault, file=sys.stderr)
    message = f"{type(fault).__name__}: {str(fault)[:500]}"
    return {"kind": "internal", "code": "evaluator-failed", "message": message, "next": "See the evaluator's log."}


def _encoded(reply: dict[str, Any]) -> str:
    try:
        return json.dumps(reply, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as fault:
        return json.dumps({"id": reply["id"], "error": _error(fault)})


def serve(requests: TextIO, replies: TextIO) -> None:
    """Until the requests end."""
    for line in requests:
        if line.strip():
            replies.write(_encoded(reply_to(line)) + "\n")
            replies.flush()


def main() -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")
    for module in WARM:
        importlib.import_module(module)
    serve(open(0, encoding="utf-8", closefd=False), replies)  # noqa: SIM115


if __name__ == "__main__":
    main()
